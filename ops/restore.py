"""Restores what was lost from what remains: tickers' tapes, days and bars, and engines' snapshots, from the journals;
the index of open orders from the orders.

It may be done at any time, also while orders come in, and again after it was interrupted.
"""

import time
from itertools import islice, product
from typing import Any

from ops.console import Failure
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import KEPT, Snapshots
from trading.aws.engine.ticker_state import recalled, snapshot_of
from trading.aws.store import customer_items, directory, dynamodb, keys, ledger, transactions
from trading.aws.store.accounts import account_of
from trading.aws.store.days import DAY, bar_items, counted, day_item
from trading.aws.store.tape import put_on_tape
from trading.domain.matching.models import BOOKS
from trading.domain.messages.market import prints_in
from trading.domain.orders import PoolType
from trading.domain.tape import Prints

ATTEMPTS = 5
SECONDS_PER_WRITE = 10.0


class Busy(Failure):
    """Trades of these tickers were counted without a pause, so their days are unchanged."""


def statistics(trades_store: str, order_books: str, date: str) -> list[str]:
    """Makes the tape, the statistics and the bars of a day what the engines' journals say, and gives the tickers that
    were traded. Where no trade is left nothing is changed. Raises Busy.
    """
    restored, busy = [], []
    for ticker in sorted(directory.tickers(trades_store)):
        for _ in range(ATTEMPTS):
            seen = dynamodb.get(trades_store, keys.ticker_day(ticker, date))
            tape = _printed(order_books, ticker, date)
            if not tape:
                break
            if _counted(trades_store, ticker, date, seen, tape):
                restored.append(ticker)
                break
        else:
            busy.append(ticker)
    if busy:
        raise Busy(f"Trades were counted all the while, so these days are unchanged. Try again: {', '.join(busy)}.")
    return restored


def _printed(order_books: str, ticker: str, date: str) -> list[Prints]:
    """What the journals of a ticker put on the tape on a day."""
    return [
        prints
        for pool in PoolType
        for _, messages in Journal(order_books, pool).entries_of(ticker, date)
        for prints in prints_in(messages or ())
    ]


def _counted(table: str, ticker: str, date: str, seen: dict[str, Any] | None, tape: list[Prints]) -> bool:
    """Puts these prints on the tape and makes the day what they say; False if others were counted since it was `seen`.
    The day was seen before the journals were read: all that is counted in it is among these.
    """
    day, bars = counted(tape)
    put_on_tape(table, tape)
    dynamodb.put_many(table, list(bar_items(ticker, bars)))
    condition, values = "attribute_not_exists(#day)", None
    if seen and DAY in seen:
        condition, values = "#day = :seen", {":seen": seen[DAY]}
    write = transactions.put_if(table, day_item(ticker, date, day), condition, values, {"#day": DAY})
    try:
        transactions.commit([write], time.monotonic() + SECONDS_PER_WRITE)
    except transactions.TransactionCanceled:
        return False
    return True


def open_orders(table: str) -> list[str]:
    """Makes the index hold every order of which something is open and that its customer's item does not name, and no
    other. Returns the ids of the orders that were wrong in it: they were accepted before the index existed. Bookings
    that come meanwhile keep it themselves.
    """
    return [order_id for customer_id in directory.customers(table) for order_id in _open_orders_of(table, customer_id)]


def _open_orders_of(table: str, customer_id: str) -> list[str]:
    orders = ledger.items(table, customer_id, keys.ORDER, f"{keys.ORDER}~")
    wrong = [order for order in orders if bool(order["leavesQuantity"]) != (keys.OPEN_ORDER in order)]
    # Read after the orders, so that it names each of them that it named before and that has not ended since.
    named = customer_items.open_orders_of(account_of(table, customer_id)) if wrong else []
    return [str(order["orderId"]) for order in wrong if order["orderId"] not in named and _indexed(table, order)]


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


def snapshots(trades_store: str, order_books: str, bucket: str) -> list[str]:
    """Takes the last snapshots of every ticker and pool type again, from the journal alone. Returns the entries that
    they are of. They equal what the stage wrote, to the byte.
    """
    taken = []
    for pool, ticker in product(PoolType, directory.tickers(trades_store)):
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
