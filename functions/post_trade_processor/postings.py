"""What bookings lead to, and the writes that store it: the bookings themselves, the customer's cash, positions, orders.
An item that several bookings change is written once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from customer_state import CustomerState
from order_changes import OrderChange, change_of, leaves_of, write

from trading.aws.store import customer_items, items, keys, order_bookings, positions, transactions
from trading.aws.store.order_view import shown
from trading.aws.store.positions import Position
from trading.domain import money
from trading.domain.accounts.ledger import Posting, Shares
from trading.domain.executions import Effect, ExecutionReports, effect_of

CUSTOMER = "the customer's reservation"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What booking these reports leads to: the booking's number, the position and the orders afterwards; these also as
    they are `shown`. `closing` is how many orders it closes, less those that it opens again.
    """

    reports: ExecutionReports
    sequence: int
    effect: Effect
    position: Position
    changes: Mapping[str, OrderChange]
    orders: Mapping[str, Mapping[str, Any]]
    shown: Mapping[str, Mapping[str, Any]]
    closing: int

    def leave(self, known: CustomerState) -> None:
        """Brings what is known of the customer up to date with the booking."""
        known.sequence = self.sequence
        known.orders.update(self.orders)
        if self.reports.traded:
            known.positions[self.reports.ticker] = self.position

    def item(self, settlement_date: str) -> dict[str, Any]:
        """The item of the booking."""
        position = self.position if self.reports.traded else None
        item = items.booking_item(self.reports, self.effect, settlement_date, position, self.sequence, self.shown)
        earlier = {its_id: change.earlier for its_id, change in self.changes.items() if change.earlier}
        return item | {order_bookings.EARLIER: earlier or None}


def outcomes_of(several: Iterable[ExecutionReports], known: CustomerState) -> list[Outcome]:
    """What booking these reports one after the other leads to, if the table is as it is known."""
    outcomes, then = [], known.copy()
    for reports in several:
        outcomes.append(outcome_of(reports, then))
        outcomes[-1].leave(then)
    return outcomes


def outcome_of(reports: ExecutionReports, known: CustomerState) -> Outcome:
    """What booking these reports leads to. An order that is not there has no item afterwards."""
    position, effect, sequence = known.position(reports.ticker), effect_of(reports), known.sequence + 1
    booking, changes, closing = keys.booking(reports)["SK"], {}, 0
    for each in reports.orders:
        before = known.orders.get(each.order.order_id)
        changes[each.order.order_id] = change_of(each, before, sequence, booking)
        closing += bool(leaves_of(before)) - bool(leaves_of(before) - each.taken)
    orders = {its_id: change.of(known.orders[its_id]) for its_id, change in changes.items() if its_id in known.orders}
    if reports.traded:
        position = position.after(position.holding.booked(reports), effect.due)
    after = {its_id: shown(item) for its_id, item in orders.items()}
    return Outcome(reports, sequence, effect, position, changes, orders, after, closing)


def writes_of(
    outcomes: Sequence[Outcome], known: CustomerState, settlement_date: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The writes by the name of what they write; what does not change is not written. Raises Unprocessable if the
    bookings are not of the same orders.
    """
    for each in outcomes:
        yield each.reports.booking_id, transactions.put_new(known.table, each.item(settlement_date))
    after = {each.reports.ticker: each.position for each in outcomes}
    changes: dict[str, OrderChange] = {}
    for outcome in outcomes:
        for its_id, change in outcome.changes.items():
            changes[its_id] = changes[its_id].then(change) if its_id in changes else change
    ended = {its_id for its_id, change in changes.items() if leaves_of(known.orders.get(its_id)) == change.taken}
    yield CUSTOMER, _customer(outcomes, known, after, ended)
    for ticker, position in after.items():
        yield from _position([each for each in outcomes if each.reports.ticker == ticker], known, position)
    for its_id, change in changes.items():
        yield its_id, write(known.table, change, known.orders.get(its_id))


def position_name(ticker: str) -> str:
    """The name of the write of a position."""
    return f"the position in {ticker}"


def _customer(
    outcomes: Sequence[Outcome], known: CustomerState, after: Mapping[str, Position], ended: Collection[str]
) -> dict[str, Any]:
    shorted = sum((each.holding.shorted - known.position(of).holding.shorted for of, each in after.items()), money.ZERO)
    return customer_items.book(
        known.table,
        known.customer_id,
        [each.reports for each in outcomes],
        sum((each.effect.posting for each in outcomes), Posting()),
        sum(each.closing for each in outcomes),
        ended,
        shorted,
        outcomes[-1].sequence,
    )


def _position(
    outcomes: Sequence[Outcome], known: CustomerState, after: Position
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The writes of the position in a ticker after these bookings in it, and of the dates on which it is newly due."""
    customer_id, ticker = known.customer_id, outcomes[0].reports.ticker
    key, before = keys.position(customer_id, ticker), known.position(ticker)
    shares = sum((each.effect.shares for each in outcomes), Shares())
    if any(each.reports.traded for each in outcomes):
        fees = sum((each.effect.posting.fees for each in outcomes), money.ZERO)
        yield position_name(ticker), positions.change(known.table, key, before, after, shares, {"fees": fees})
        for date in after.due.keys() - before.due.keys():
            due = keys.due(date, customer_id, ticker)
            yield f"what is due of {ticker} on {date}", transactions.put(known.table, due)
    elif shares:
        yield position_name(ticker), _given_back(known.table, key, shares)


def _given_back(table: str, key: keys.Key, shares: Shares) -> dict[str, Any]:
    """Makes shares available again that were reserved and not sold."""
    return transactions.update(
        table,
        key,
        "ADD available :more, reserved :released",
        "reserved >= :sold",
        {":more": shares.available, ":released": shares.reserved, ":sold": -shares.reserved},
    )
