"""Transfers of shares in and out: an entry of the ledger and the position, in one transaction, once per reference.

No money moves. Shares that come in have a cost, from which profit on them is computed. Shares that go out take their
part of the position's cost along.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from references import Found, move_once, reused
from request_bodies import ShareTransfer

from trading.aws import clock
from trading.aws.store import account_changes, accounts, customer_items, keys, positions, transactions
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares
from trading.domain.accounts.positions import withdrawable
from trading.domain.errors import Refusal
from trading.domain.ids import derived
from trading.domain.times import iso


def transfer_shares(table: str, customer_id: str, asked: ShareTransfer, deadline: float) -> dict[str, Any]:
    """Transfers shares once. Returns the entry as it was first stored, and the shares that can be sold now. Raises
    Refusal, and what `transactions.write` raises except for conditions that fail.
    """
    own = keys.customer(customer_id)["SK"]
    position_key, listed_key = keys.position(customer_id, asked.ticker), keys.listed(asked.ticker)

    def decide(found: Found) -> list[dict[str, Any]]:
        if listed_key["SK"] not in found:
            raise Refusal("unknown-ticker", f"{asked.ticker} is not traded here.")
        return list(_writes(table, found[own], asked, found.get(position_key["SK"])))

    first, found = move_once(table, customer_id, asked.reference, [position_key, listed_key], decide, deadline)
    _require_same(asked, first)
    return {
        "customerId": customer_id,
        "entryId": first["entryId"],
        "type": asked.type,
        "ticker": asked.ticker,
        "quantity": asked.quantity,
        "cost": money.text(first["cost"]),
        "reference": asked.reference,
        "time": first["time"],
        "available": int(found[position_key["SK"]]["available"]),
    }


def _require_same(asked: ShareTransfer, first: Mapping[str, Any]) -> None:
    names = ("kind", "type", "ticker", "quantity")
    same = [first.get(name) for name in names] == [EntryKind.TRANSFER, asked.type, asked.ticker, asked.quantity]
    if not same or asked.cost not in {None, first["cost"]}:
        raise reused(asked.reference)


def _writes(
    table: str, customer: Mapping[str, Any], asked: ShareTransfer, item: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """The writes that move a customer's shares into or out of the position as both were read. Raises Refusal if there
    are too few shares, or if they cannot be withdrawn yet.
    """
    customer_id, number = keys.customer_of(customer), customer_items.account_sequence_of(customer) + 1
    before, there = positions.position_of(item), positions.state_of(item).shares if item else Shares()
    least, cost, moved = None, asked.cost, asked.quantity
    if cost is None:
        _require_withdrawable(there, asked)
        least = asked.quantity + there.available - withdrawable(there)
        cost, moved = money.part(before.holding.cost, asked.quantity, before.holding.quantity), -asked.quantity
    entry = LedgerEntry(
        entry_id=derived(customer_id, f"shares {asked.reference}"),
        customer_id=customer_id,
        kind=EntryKind.TRANSFER,
        time=iso(clock.now()),
        reference=asked.reference,
        ticker=asked.ticker,
        shares=Shares(available=moved, settled=moved),
        cost=cost if moved > 0 else -cost,
        sequence=before.sequence + 1,
    )
    stored = {"entryId": entry.entry_id, "kind": entry.kind.value, "type": asked.type, "time": entry.time}
    terms = {"ticker": asked.ticker, "quantity": asked.quantity, "cost": cost}
    yield transactions.put_new(table, {**keys.reference(customer_id, asked.reference), **stored, **terms})
    yield transactions.put_new(table, account_changes.entry_item(entry, number))
    yield accounts.transferred(table, entry, before, least)
    yield customer_items.transfer(table, customer_id, number, accounts.shorted_by(entry, before))


def _require_withdrawable(there: Shares, asked: ShareTransfer) -> None:
    if asked.quantity > there.available:
        detail = f"The withdrawal needs {asked.quantity} {asked.ticker}, {max(there.available, 0)} are available."
        raise Refusal("insufficient-shares", detail)
    if asked.quantity > withdrawable(there):
        detail = (
            f"The withdrawal needs {asked.quantity} {asked.ticker}. Of {there.available}, {withdrawable(there)} can be "
            "withdrawn: the rest was bought and is not delivered yet."
        )
        raise Refusal("not-settled", detail)
