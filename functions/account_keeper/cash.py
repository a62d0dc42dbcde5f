"""Deposits and withdrawals: an entry of the ledger and the customer's balances, in one transaction, once per reference.

The answer is always what is stored. Everything is read first. If the entry is not there yet, it is written, on
condition that the account has not become worse since, and everything is read again.
"""

import time
from collections.abc import Mapping
from typing import Any

from request_bodies import Transfer

from trading.aws import clock
from trading.aws.store import customer_items, dynamodb, keys, ledger
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry
from trading.domain.errors import Refusal, Unavailable
from trading.domain.ids import derived
from trading.domain.times import iso


def book_transfer(table: str, customer_id: str, asked: Transfer, deadline: float) -> dict[str, Any]:
    """Books a transfer once. Returns the entry as it was first stored, and the cash as it is now. Raises Refusal, and
    what `dynamodb.transact` raises except for conditions that fail.
    """
    customer_key, reference_key = keys.customer(customer_id), keys.reference(customer_id, asked.reference)
    while True:
        found = {item["SK"]: item for item in dynamodb.get_many(table, [customer_key, reference_key], consistent=True)}
        customer, first = found.get(customer_key["SK"]), found.get(reference_key["SK"])
        if customer is None:
            raise Refusal("not-found", f"There is no customer {customer_id}.")
        if first is not None:
            _require_same(asked, first)
            return _shown(customer_id, asked, first) | {"cash": money.text(customer["cash"])}
        if time.monotonic() > deadline:
            raise Unavailable("The account changes too fast, send the same again.")
        if asked.kind is EntryKind.WITHDRAWAL:
            try:
                _require_withdrawable(customer, asked)
            except Refusal:
                if any(
                    dynamodb.get_many(table, [reference_key], consistent=True)
                ):  # it was booked meanwhile, by an equal request
                    continue
                raise
        try:
            dynamodb.transact(_writes(table, customer_id, asked, customer), deadline)
        except dynamodb.TransactionCanceled:
            continue


def _require_same(asked: Transfer, first: Mapping[str, Any]) -> None:
    if (first["kind"], first["amount"]) != (asked.kind, asked.amount):
        raise Refusal("reference-reused", f"Something else was entered as {asked.reference}.")


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
    return [
        dynamodb.put_new(table, {**keys.reference(customer_id, asked.reference), **first}),
        dynamodb.put_new(table, ledger.entry_item(entry)),
        _balances(table, asked, customer_id, customer),
    ]


def _balances(table: str, asked: Transfer, customer_id: str, seen: Mapping[str, Any]) -> dict[str, Any]:
    if asked.kind is EntryKind.DEPOSIT:
        return customer_items.deposit(table, customer_id, asked.amount)
    return customer_items.withdraw(table, customer_id, asked.amount, seen)


def _shown(customer_id: str, asked: Transfer, first: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "customerId": customer_id,
        "entryId": first["entryId"],
        "type": asked.kind.value,
        "amount": money.text(asked.amount),
        "reference": asked.reference,
        "time": first["time"],
    }
