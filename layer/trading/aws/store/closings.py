"""Closing balances: a customer's balances at the end of a day, stored so that no question needs the whole ledger.

The reconciliation stores them for days without breaks. A question about a day starts from the last closing before it
and adds the ledger's lines since.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from trading.aws import clients
from trading.aws.store import dynamodb, keys, ledger, transactions
from trading.domain.accounts.ledger import Posting, Shares
from trading.domain.accounts.statements import Balances
from trading.domain.errors import Unprocessable, why
from trading.domain.messages.wire import UNREADABLE
from trading.domain.times import checked_date, days_after

BEFORE_ALL = "1999-12-31"
"""The date of the empty closing before the first day."""
KEEPING_SECONDS = 5.0
MAX_MISSED = 4000
"""How many bookings of a day one item can name."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A customer's balances at the end of `date`, USD, and its positions' items by ticker. `totals` are those of the
    customer's item that do not follow from the balances. Before the first day there is nothing.
    """

    date: str = BEFORE_ALL
    balances: Posting = field(default_factory=Posting)
    positions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    totals: Mapping[str, Decimal] = field(default_factory=dict)


def last_before(table: str, customer_id: str, date: str) -> Closing:
    """The last closing before this date. Raises Unprocessable if it cannot be read."""
    values = {":pk": keys.customer(customer_id)["PK"], ":first": keys.CLOSING}
    values[":last"] = keys.CLOSING + days_after(date, -1)
    answer = clients.dynamodb().query(
        TableName=table,
        KeyConditionExpression="PK = :pk AND SK BETWEEN :first AND :last",
        ExpressionAttributeValues=dynamodb.to_item(values),
        ScanIndexForward=False,
        Limit=1,
        ConsistentRead=True,
    )
    return closing_of(dynamodb.from_item(answer["Items"][0])) if answer["Items"] else Closing()


def closed(table: str, customer_id: str, date: str) -> bool:
    """Whether a customer's ledger is closed for this date. A day on which nothing moved has no closing of its own, so a
    later one counts as well.
    """
    first, last = keys.closing(customer_id, date)["SK"], f"{keys.CLOSING}~"
    return next(ledger.items(table, customer_id, first, last, 1), None) is not None


def closing_item(customer_id: str, closing: Closing) -> dict[str, Any]:
    return {
        **keys.closing(customer_id, closing.date),
        "date": closing.date,
        "balances": ledger.posting_fields(closing.balances) or {},
        "positions": closing.positions,
        "totals": closing.totals,
    }


def closing_of(item: Mapping[str, Any]) -> Closing:
    """Raises Unprocessable for what is not a closing."""
    try:
        balances = ledger.posting_from(item["balances"])
        return Closing(checked_date(item["date"]), balances, item["positions"], item["totals"])
    except UNREADABLE as error:
        raise Unprocessable(f"not a closing: {why(error)}", {"key": str(item.get("SK"))}) from error


def keep(table: str, customer_id: str, closing: Closing) -> Mapping[str, Any]:
    """Stores the closing, unless its day has one already. Returns the item that is there."""
    item = closing_item(customer_id, closing)
    try:
        transactions.write([transactions.put_new(table, item)], time.monotonic() + KEEPING_SECONDS)
    except transactions.TransactionCanceled as canceled:
        return canceled.reasons[0].item or {}
    return item


def miss(table: str, customer_id: str, date: str, bookings: Sequence[str]) -> None:
    """Remembers bookings of a day, by their sort keys, that an engine has published and that are not stored. They may
    come days later, and then stand in the ledger of their own day.
    """
    item = {**keys.missed(customer_id, date), "bookings": list(bookings[:MAX_MISSED])}
    transactions.write([transactions.put(table, item)], time.monotonic() + KEEPING_SECONDS)


def missing_before(table: str, customer_id: str, date: str) -> bool:
    """Whether a booking of an earlier day was missed and has still not come."""
    marks = ledger.items(table, customer_id, keys.MISSED, keys.MISSED + days_after(date, -1))
    missed = {booking for mark in marks for booking in mark["bookings"]}
    wanted = [{"PK": keys.customer(customer_id)["PK"], "SK": booking} for booking in sorted(missed)]
    return len(missed) > sum(1 for _ in dynamodb.get_many(table, wanted, consistent=True))


def balances_at_start(table: str, customer_id: str, date: str) -> Balances:
    """What a customer had in each account and of each ticker when `date` began."""
    closing = last_before(table, customer_id, date)
    shares = {
        ticker: Shares(*(int(fields.get(name, 0)) for name in Shares.__slots__))
        for ticker, fields in closing.positions.items()
    }
    since = ledger.lines(table, customer_id, days_after(closing.date, 1), days_after(date, -1))
    return Balances(closing.balances, shares).after(since)
