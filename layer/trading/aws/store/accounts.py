"""Accounts in TradesStore: the writes that create a customer, with the ledger entries of what it brings in."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from trading.aws.store import customer_items, dynamodb, keys, ledger, positions, transactions
from trading.aws.store.positions import Position
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares, deposited
from trading.domain.errors import Refusal
from trading.domain.ids import derived


def account_of(table: str, customer_id: str) -> dict[str, Any]:
    """A customer's item. Raises the refusal `not-found` if there is no such customer."""
    account = dynamodb.get(table, keys.customer(customer_id))
    if account is None:
        raise Refusal("not-found", f"There is no customer {customer_id}.")
    return account


def opened(table: str, customer_id: str, entries: Iterable[LedgerEntry]) -> Iterator[dict[str, Any]]:
    """The writes of the transaction that creates a customer, if the id is free, with what it brings in: at most one
    deposit, and a transfer per ticker.
    """
    cash = money.ZERO
    for entry in entries:
        cash += entry.posting.cash
        yield transactions.put_new(table, ledger.entry_item(entry))
        if entry.ticker:
            yield transferred(table, entry, Position())
    yield customer_items.create(table, customer_id, cash)
    yield transactions.put_new(table, {**keys.known(customer_id)})


def brought_in(
    customer_id: str, time: str, cash: Decimal, shares: Iterable[tuple[str, int, Decimal]]
) -> Iterator[LedgerEntry]:
    """The ledger entries of what a new customer brings in: cash, USD, and for each ticker how many shares and what
    these had cost.
    """
    if cash:
        its_id = derived(customer_id, "opening deposit")
        yield LedgerEntry(its_id, customer_id, EntryKind.DEPOSIT, time, "opening", deposited(cash))
    for ticker, quantity, cost in shares:
        yield LedgerEntry(
            entry_id=derived(customer_id, f"opening transfer of {ticker}"),
            customer_id=customer_id,
            kind=EntryKind.TRANSFER,
            time=time,
            reference="opening",
            ticker=ticker,
            shares=Shares(available=quantity, settled=quantity),
            cost=cost,
            sequence=1,
        )


def transferred(table: str, entry: LedgerEntry, before: Position, least: int | None = None) -> dict[str, Any]:
    """The write that moves transferred shares, and what they had cost, into or out of the position as it was before. If
    `least` is given, at least that many shares must be `available`.
    """
    after = before.after(before.holding.transferred(entry.shares.available, entry.cost), {})
    key = keys.position(entry.customer_id, str(entry.ticker))
    return positions.change(table, key, before, after, entry.shares, {}, least)


def shorted_by(entry: LedgerEntry, before: Position) -> Decimal:
    """By how much a transfer changes what open short shares were sold for, USD: below zero if it closes some."""
    return before.holding.transferred(entry.shares.available, entry.cost).shorted - before.holding.shorted
