"""Restores what was lost from what remains: tickers' days from the bookings, engines' snapshots from the journals, the
index of open orders from the orders.

It may be done at any time, also while orders come in, and again after it was interrupted.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice, product
from typing import Any

from ops.console import Failure
from trading.aws import clients, clock
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import KEPT, Snapshots
from trading.aws.engine.ticker_state import recalled, snapshot_of
from trading.aws.store import dynamodb, items, keys, ledger
from trading.aws.store.days import bar_items, day_item, marker_item
from trading.domain.bars import bars_of
from trading.domain.executions import ExecutionReports
from trading.domain.matching.models import BOOKS
from trading.domain.orders import PoolType
from trading.domain.statistics import statistics_of

TRADES = "total:trades"
ATTEMPTS = 5
MARKERS_PER_TRANSACTION = 90
SECONDS_PER_TRANSACTION = 10.0


class Busy(Failure):
    """Bookings of these tickers were counted without a pause, so their days are unchanged."""


def statistics(table: str, date: str) -> list[str]:
    """Makes the statistics and bars of a day what its bookings say, and gives the tickers that were traded. Where no
    booking is left nothing is changed. Raises Busy.
    """
    left = set(items.tickers(table))
    restored: set[str] = set()
    for _ in range(ATTEMPTS):
        before = {ticker: _Day(table, ticker, date) for ticker in left}
        bookings = _bookings(table, date)
        done = {ticker for ticker in left & bookings.keys() if before[ticker].restored(bookings[ticker])}
        restored |= done
        left = (left & bookings.keys()) - done
        if not left:
            return sorted(restored)
    raise Busy(f"Bookings were counted all the while, so nothing was changed. Try again: {', '.join(sorted(left))}.")


def open_orders(table: str) -> list[str]:
    """Makes the index hold every order of which something is open, and no other. Returns the ids of the orders that
    were wrong in it: they were accepted before the index existed. Bookings that come meanwhile keep it themselves.
    """
    return [
        str(item["orderId"])
        for customer_id in items.customers(table)
        for item in ledger.items(table, customer_id, keys.ORDER, f"{keys.ORDER}~")
        if bool(item["leavesQuantity"]) != (keys.OPEN_ORDER in item) and _indexed(table, item)
    ]


def _indexed(table: str, item: dict[str, Any]) -> bool:
    """Whether the order is still as it was read, and is in the index now, or out of it."""
    is_open = bool(item["leavesQuantity"])
    there = dynamodb.update_if(
        table,
        keys.order(item["customerId"], item["orderId"]),
        "SET #open = :order" if is_open else "REMOVE #open",
        "leavesQuantity = :leaves",
        {":leaves": item["leavesQuantity"]} | ({":order": item["orderId"]} if is_open else {}),
        {"#open": keys.OPEN_ORDER},
    )
    return there is None


def _bookings(table: str, date: str) -> dict[str, list[ExecutionReports]]:
    """The bookings of a day that count in it, by ticker."""
    found: dict[str, list[ExecutionReports]] = defaultdict(list)
    for customer_id in items.customers(table):
        for item in ledger.items(table, customer_id, f"{keys.TRADE}{date}#", f"{keys.TRADE}{date}#~"):
            reports = items.reports_of(item)
            if reports.counted:
                found[reports.ticker].append(reports)
    return found


class _Day:
    """A ticker's day and its markers as they are, read before the bookings: all that is counted is among these.

    A booking counts when it has its marker. Day and markers change together, on condition that nobody has counted
    another booking meanwhile: one that is on its way is counted here or by the aggregator, once.
    """

    def __init__(self, table: str, ticker: str, date: str) -> None:
        self._table, self._ticker, self._date = table, ticker, date
        self._seen = (dynamodb.get(table, keys.ticker_day(ticker, date)) or {}).get(TRADES)
        prefix = keys.counted_booking(ticker, date, "")
        found = dynamodb.query(
            {
                "TableName": table,
                "KeyConditionExpression": "PK = :pk AND begins_with(SK, :prefix)",
                "ExpressionAttributeValues": dynamodb.to_item({":pk": prefix["PK"], ":prefix": prefix["SK"]}),
                "ProjectionExpression": "SK",
                "ConsistentRead": True,
            }
        )
        self._marked = {item["SK"].removeprefix(prefix["SK"]) for item in found}

    def restored(self, bookings: Sequence[ExecutionReports]) -> bool:
        """Whether the day is what these bookings say; False if another one was counted meanwhile."""
        counted = [each for each in bookings if each.booking_id in self._marked]
        new = [each for each in bookings if each.booking_id not in self._marked]
        for first in range(0, max(len(new), 1), MARKERS_PER_TRANSACTION):
            chunk = new[first : first + MARKERS_PER_TRANSACTION]
            counted += chunk
            if not self._written(counted, chunk):
                return False
        return True

    def _written(self, counted: Sequence[ExecutionReports], new: Sequence[ExecutionReports]) -> bool:
        bars = bars_of(counted)
        for bar in bar_items(self._ticker, bars):
            clients.dynamodb().put_item(TableName=self._table, Item=dynamodb.to_item(bar))
        item = day_item(self._ticker, self._date, statistics_of(counted), bars)
        unchanged = "attribute_not_exists(#trades)" if self._seen is None else "#trades = :seen"
        day: dict[str, Any] = {
            "TableName": self._table,
            "Item": dynamodb.to_item(item),
            "ConditionExpression": unchanged,
            "ExpressionAttributeNames": {"#trades": TRADES},
        }
        if self._seen is not None:
            day["ExpressionAttributeValues"] = dynamodb.to_item({":seen": self._seen})
        markers = [
            dynamodb.put_new(self._table, marker_item(self._ticker, self._date, each.booking_id, clock.now()))
            for each in new
        ]
        try:
            dynamodb.transact([{"Put": day}, *markers], time.monotonic() + SECONDS_PER_TRANSACTION)
        except dynamodb.TransactionCanceled:
            return False
        self._seen = item[TRADES]
        return True


def snapshots(trades_store: str, order_books: str, bucket: str) -> list[str]:
    """Takes the last snapshots of every ticker and pool type again, from the journal alone. Returns the entries that
    they are of. They equal what the stage wrote, to the byte.
    """
    taken = []
    for pool, ticker in product(PoolType, items.tickers(trades_store)):
        journal, kept = Journal(order_books, pool), Snapshots(bucket, pool)
        last = 0
        for sequence in sorted(islice(journal.due(ticker), KEPT)):
            book = BOOKS[pool]()
            memory = recalled(ticker, book, journal, kept, last, sequence)
            kept.write(ticker, sequence, snapshot_of(memory, book.snapshot()))
            journal.point_at_snapshot(ticker, sequence)
            taken.append(journal.numbered(ticker, sequence))
            last = sequence
    return taken
