"""Settles each position and value date in one transaction: the position, an entry of the ledger, the customer, and the
removal from the list of what is due.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clock
from trading.aws.store import account_changes, customer_items, dynamodb, keys, positions, transactions
from trading.aws.store.positions import Position
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares, settled
from trading.domain.errors import TradingError
from trading.domain.executions import Due
from trading.domain.ids import derived
from trading.domain.times import iso

CUSTOMERS_AT_ONCE = 8
POSITIONS_AT_ONCE = 1000
"""How many positions are held in memory."""

logger = Logger(child=True)


@dataclass(frozen=True, slots=True)
class SettlementTally:
    """The result: how many positions were settled, the net of their purchases and sales, USD, and how many are left."""

    settled: int = 0
    net: Decimal = money.ZERO
    left: int = 0

    def __add__(self, other: "SettlementTally") -> "SettlementTally":
        return SettlementTally(self.settled + other.settled, self.net + other.net, self.left + other.left)


def settle(table: str, date: str, deadline: float) -> SettlementTally:
    """Settles what is due on a value date, several customers at the same time.

    What fails is left and does not hold up the others. What was not begun by `deadline`, of time.monotonic, is left,
    too.
    """
    tally = SettlementTally()
    listed = _listed(table, date)
    with ThreadPoolExecutor(CUSTOMERS_AT_ONCE) as pool:
        while part := list(islice(listed, POSITIONS_AT_ONCE)):
            customers = [list(theirs) for _, theirs in groupby(part, key=itemgetter(0))]
            tally = sum(pool.map(lambda theirs: _settle_all(table, theirs, date, deadline), customers), tally)
    return tally


def _listed(table: str, date: str) -> Iterator[tuple[str, str]]:
    """Customer and ticker of what is due on the date, those of a customer together."""
    request: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": dynamodb.to_item({":pk": keys.due(date, "", "")["PK"]}),
        "ConsistentRead": True,
    }
    return map(keys.due_position, dynamodb.query(request))


def _settle_all(table: str, theirs: Sequence[tuple[str, str]], date: str, deadline: float) -> SettlementTally:
    """Settles a customer's positions one after the other, because all of them change the customer's item."""
    tally = SettlementTally()
    for customer_id, ticker in theirs:
        if time.monotonic() > deadline:
            tally += SettlementTally(left=1)
            continue
        try:
            due = _settle(table, customer_id, ticker, date, deadline)
        except (ClientError, BotoCoreError, TradingError):
            logger.exception("not settled", customer_id=customer_id, ticker=ticker, value_date=date)
            tally += SettlementTally(left=1)
        else:
            tally += SettlementTally(settled=1, net=due.cash) if due else SettlementTally()
    return tally


def _settle(table: str, customer_id: str, ticker: str, date: str, deadline: float) -> Due | None:
    """Settles what is due of a position on the date, once, and returns it; None if nothing was due.

    Raises what `transactions.write` raises, TransactionCanceled if there is no such customer or the entry is in the
    ledger and not in the position, and Unprocessable if the position cannot be read.
    """
    while True:
        before, number = _read(table, customer_id, ticker)
        writes = list(_writes(table, customer_id, ticker, date, before, number))
        try:
            transactions.write(writes, deadline)
        except transactions.TransactionCanceled as canceled:
            if not _changed_meanwhile(canceled) or time.monotonic() > deadline:
                raise
        else:
            return before.due.get(date)


def _read(table: str, customer_id: str, ticker: str) -> tuple[Position, int]:
    """The position, and the number of the account's next change."""
    wanted = [keys.position(customer_id, ticker), keys.customer(customer_id)]
    found = {item["SK"]: item for item in dynamodb.get_many(table, wanted, consistent=True)}
    position, customer = (found.get(key["SK"]) for key in wanted)
    return positions.position_of(position), customer_items.account_sequence_of(customer or {}) + 1


def _changed_meanwhile(canceled: transactions.TransactionCanceled) -> bool:
    """Whether the position was changed, or the customer, who is there."""
    position, *others = canceled.reasons
    return position.condition_failed or any(reason.item and reason.item["SK"] == reason.item["PK"] for reason in others)


def _writes(
    table: str, customer_id: str, ticker: str, date: str, before: Position, number: int
) -> Iterator[dict[str, Any]]:
    """The writes, the position's first. If nothing of it is due, it is only taken off the list."""
    position = keys.position(customer_id, ticker)
    due = before.due.get(date)
    if due is None:
        yield positions.nothing_due(table, position, date)
    else:
        after = before.settled(date)
        entry = _entry(customer_id, ticker, date, after.sequence, due)
        yield positions.change(table, position, before, after, entry.shares, {})
        yield transactions.put_new(table, account_changes.entry_item(entry, number))
        yield customer_items.settle(table, customer_id, number, due.cash)
    yield transactions.delete(table, keys.due(date, customer_id, ticker))


def _entry(customer_id: str, ticker: str, date: str, sequence: int, due: Due) -> LedgerEntry:
    return LedgerEntry(
        entry_id=derived(customer_id, f"settlement {sequence} of {ticker}"),
        customer_id=customer_id,
        kind=EntryKind.SETTLEMENT,
        time=iso(clock.now()),
        reference=date,
        posting=settled(due.cash),
        ticker=ticker,
        shares=Shares(settled=due.shares),
    )
