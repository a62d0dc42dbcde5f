"""Closing balances: what a customer's ledger came to at the end of a day, kept so that no question needs all of it.

They are kept of days that reconcile, by the stage that finds that they do. Whatever is asked of a day starts at the
last one before it and adds the ledger's lines since.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trading.aws import clients, dynamodb, keys, ledger
from trading.domain.ledger import Posting, Shares
from trading.domain.statements import Balances
from trading.domain.times import days_after

BEFORE_ALL = "1999-12-31"
"""The date of the closing before the first one."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A customer's balances at the end of `date`, USD, and its positions' items by ticker. Before the first day there
    is nothing.
    """

    date: str = BEFORE_ALL
    balances: Posting = field(default_factory=Posting)
    positions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def last_before(table: str, customer_id: str, date: str) -> Closing:
    """The last closing of a day before this one."""
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


def closing_item(customer_id: str, closing: Closing) -> dict[str, Any]:
    return {
        **keys.closing(customer_id, closing.date),
        "date": closing.date,
        "balances": ledger.posting_fields(closing.balances) or {},
        "positions": closing.positions,
    }


def closing_of(item: Mapping[str, Any]) -> Closing:
    return Closing(item["date"], ledger.posting_from(item["balances"]), item["positions"])


def balances_at_start(table: str, customer_id: str, date: str) -> Balances:
    """What a customer had in each account and of each ticker when `date` began."""
    closing = last_before(table, customer_id, date)
    shares = {
        ticker: Shares(*(int(fields.get(name, 0)) for name in Shares.__slots__))
        for ticker, fields in closing.positions.items()
    }
    since = ledger.lines(table, customer_id, days_after(closing.date, 1), days_after(date, -1))
    return Balances(closing.balances, shares).after(since)
