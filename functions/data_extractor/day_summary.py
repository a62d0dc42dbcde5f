"""What a statement says of a day beside its lines, from stored balances: those at the day's start and at its end."""

from collections.abc import Iterator, Mapping
from typing import Any

from trading.aws.store import closings, customer_items, dynamodb, keys, ledger
from trading.aws.store.closings import Closing
from trading.domain import money
from trading.domain.accounts.ledger import Shares
from trading.domain.accounts.statements import Balances, DaySummary, Turnover
from trading.domain.times import days_after

Item = Mapping[str, Any]

AMOUNTS = ("spent", "proceeds", "deposits", "withdrawals")


def stored_summary(table: str, customer_id: str, date: str, account: Item | None) -> DaySummary | None:
    """The summary of a day that begins with a closing, or with nothing, and ends with one. `account` is the customer's
    item if the day is today: it ends with what there is now. None if something moved since the closing before, or if
    these balances do not say how many trades there were.
    """
    before = closings.last_before(table, customer_id, date)
    after = _closing(table, customer_id, date) if account is None else _now(table, customer_id, account)
    if after is None or not _counts_trades(before) or not _counts_trades(after):
        return None
    between = ledger.stored(table, customer_id, days_after(before.date, 1), days_after(date, -1), at_once=1)
    if next(between, None) is not None:
        return None
    moved = (
        ticker
        for ticker, item in after.positions.items()
        if item.get("sequence", 0) != before.positions.get(ticker, {}).get("sequence", 0)
    )
    return DaySummary(_balances(before), _balances(after), _turnover(after) - _turnover(before), frozenset(moved))


def _closing(table: str, customer_id: str, date: str) -> Closing | None:
    item = dynamodb.get(table, keys.closing(customer_id, date))
    return closings.closing_of(item) if item else None


def _now(table: str, customer_id: str, account: Item) -> Closing:
    """What there is now, as a closing."""
    positions = {
        item["SK"].removeprefix(keys.POSITION): item
        for item in ledger.items(table, customer_id, keys.POSITION, f"{keys.POSITION}~")
    }
    return Closing(balances=customer_items.accounts_of(account), positions=positions, totals=account)


def _counts_trades(closing: Closing) -> bool:
    """Whether the trades were counted from the first one on."""
    return "trades" in closing.totals or not any(closing.totals.get(name) for name in ("spent", "proceeds"))


def _balances(closing: Closing) -> Balances:
    return Balances(closing.balances, dict(_shares(closing.positions)))


def _shares(positions: Mapping[str, Item]) -> Iterator[tuple[str, Shares]]:
    for ticker, item in positions.items():
        yield ticker, Shares(*(int(item.get(name, 0)) for name in Shares.__slots__))


def _turnover(closing: Closing) -> Turnover:
    bought, sold, deposits, withdrawals = (closing.totals.get(name, money.ZERO) for name in AMOUNTS)
    return Turnover(bought, sold, deposits, withdrawals, int(closing.totals.get("trades", 0)))
