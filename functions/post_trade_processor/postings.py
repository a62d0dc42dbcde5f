"""The writes of a booking: the booking itself, the customer's cash, the position, the orders with their steps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from customer_state import CustomerState
from order_changes import OrderChange, change_of, write

from trading.aws.store import customer_items, dynamodb, items, keys, positions
from trading.aws.store.order_view import shown
from trading.aws.store.positions import Position
from trading.domain.accounts.ledger import Shares
from trading.domain.executions import Effect, ExecutionReports, OrderReport, effect_of

BOOKING = "the booking"
CUSTOMER = "the customer's reservation"
POSITION = "the position"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a booking leads to, if all stands as it is known: its number, the position and the orders afterwards."""

    sequence: int
    effect: Effect
    before: Position
    after: Position
    changes: Mapping[str, OrderChange]
    orders: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def outcome_of(reports: ExecutionReports, known: CustomerState) -> Outcome:
    """What booking these reports leads to. An order that is not there has no item afterwards."""
    before, effect, sequence = known.position(reports.ticker), effect_of(reports), known.sequence + 1
    changes = {each.order.order_id: change_of(each, _leaves(each, known), sequence) for each in reports.orders}
    orders = {its_id: change.of(known.orders[its_id]) for its_id, change in changes.items() if its_id in known.orders}
    after = before.after(before.holding.booked(reports), effect.due)
    return Outcome(sequence, effect, before, after, changes, orders)


def writes_of(
    reports: ExecutionReports, known: CustomerState, outcome: Outcome, settlement_date: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The writes by the name of what they write; what does not change is not written."""
    table, effect, before, after = known.table, outcome.effect, outcome.before, outcome.after
    item = items.booking_item(reports, effect, settlement_date, after if reports.traded else None, outcome.sequence)
    yield BOOKING, dynamodb.put_new(table, item)
    closing, shorted = _closing(reports, known), after.holding.shorted - before.holding.shorted
    yield CUSTOMER, customer_items.book(table, reports, effect.posting, closing, shorted, outcome.sequence)
    if reports.traded:
        key = keys.position(reports.customer_id, reports.ticker)
        yield POSITION, positions.change(table, key, before, after, effect.shares, {"fees": effect.posting.fees})
        for date in effect.due.keys() - before.due.keys():
            due = keys.due(date, reports.customer_id, reports.ticker)
            yield f"what is due on {date}", dynamodb.put(table, due)
    elif effect.shares:
        yield POSITION, _given_back(table, reports, effect.shares)
    for each in reports.orders:
        its_id = each.order.order_id
        yield its_id, write(table, each, outcome.changes[its_id], known.orders.get(its_id))
        order = shown(outcome.orders[its_id]) if its_id in outcome.orders else None
        yield f"a step of {its_id}", dynamodb.put_new(table, items.step_item(reports, each, order))


def _given_back(table: str, reports: ExecutionReports, shares: Shares) -> dict[str, Any]:
    """Makes shares available again that were reserved and not sold."""
    return dynamodb.update(
        table,
        keys.position(reports.customer_id, reports.ticker),
        "ADD available :more, reserved :released",
        "reserved >= :sold",
        {":more": shares.available, ":released": shares.reserved, ":sold": -shares.reserved},
    )


def _leaves(each: OrderReport, known: CustomerState) -> int:
    """What is open of the order."""
    item = known.orders.get(each.order.order_id)
    return int(item["leavesQuantity"]) if item else 0


def _closing(reports: ExecutionReports, known: CustomerState) -> int:
    """How many orders the booking closes, less those that it opens again."""
    closing = 0
    for each in reports.orders:
        leaves = _leaves(each, known)
        closing += bool(leaves) - bool(leaves - each.taken)
    return closing
