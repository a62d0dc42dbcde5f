"""Deposits and withdrawals: an entry of the ledger and the balances, in one transaction, once per reference."""

from collections.abc import Mapping
from typing import Any

from references import Found, move_once, reused
from request_bodies import Transfer

from trading.aws import clock
from trading.aws.store import account_changes, customer_items, keys, transactions
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry
from trading.domain.errors import Refusal
from trading.domain.ids import derived
from trading.domain.times import iso


def book_transfer(table: str, customer_id: str, asked: Transfer, deadline: float) -> dict[str, Any]:
    """Books a transfer once. Returns the entry as it was first stored, and the cash as it is now. Raises Refusal, and
    what `transactions.write` raises except for conditions that fail.
    """
    own = keys.customer(customer_id)["SK"]

    def decide(found: Found) -> list[dict[str, Any]]:
        if asked.kind is EntryKind.WITHDRAWAL:
            _require_withdrawable(found[own], asked)
        return _writes(table, customer_id, asked, found[own])

    first, found = move_once(table, customer_id, asked.reference, [], decide, deadline)
    if (first["kind"], first.get("amount")) != (asked.kind, asked.amount):
        raise reused(asked.reference)
    return _shown(customer_id, asked, first) | {"cash": money.text(found[own]["cash"])}


def _require_withdrawable(customer: Mapping[str, Any], asked: Transfer) -> None:
    """Raises Refusal if the cash does not suffice, or cannot be withdrawn yet."""
    cash, needed = customer["cash"], money.text(asked.amount)
    if asked.amount > cash:
        detail = f"The withdrawal needs {needed} USD, {money.text(cash)} USD are available."
        raise Refusal("insufficient-funds", detail)
    held = customer_items.held_back_of(customer)
    if asked.amount > cash - held:
        left = money.text(max(cash - held, money.ZERO))
        detail = (
            f"The withdrawal needs {needed} USD. Of {money.text(cash)} USD, {left} USD can be withdrawn: the rest was "
            "got for sales that are not settled, or is needed to buy back what was sold short."
        )
        raise Refusal("not-settled", detail)


def _writes(table: str, customer_id: str, asked: Transfer, customer: Mapping[str, Any]) -> list[dict[str, Any]]:
    entry = LedgerEntry(
        entry_id=derived(customer_id, f"cash {asked.reference}"),
        customer_id=customer_id,
        kind=asked.kind,
        time=iso(clock.now()),
        reference=asked.reference,
        posting=asked.posting,
    )
    first = {"entryId": entry.entry_id, "kind": asked.kind.value, "amount": asked.amount, "time": entry.time}
    number = customer_items.account_sequence_of(customer) + 1
    return [
        transactions.put_new(table, {**keys.reference(customer_id, asked.reference), **first}),
        transactions.put_new(table, account_changes.entry_item(entry, number)),
        _balances(table, asked, customer_id, number, customer),
    ]


def _balances(table: str, asked: Transfer, customer_id: str, number: int, seen: Mapping[str, Any]) -> dict[str, Any]:
    if asked.kind is EntryKind.DEPOSIT:
        return customer_items.deposit(table, customer_id, number, asked.amount)
    return customer_items.withdraw(table, customer_id, number, asked.amount, seen)


def _shown(customer_id: str, asked: Transfer, first: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "customerId": customer_id,
        "entryId": first["entryId"],
        "type": asked.kind.value,
        "amount": money.text(asked.amount),
        "reference": asked.reference,
        "time": first["time"],
    }
