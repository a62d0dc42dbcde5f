"""Reads what is stored of a customer: the last closing, the movements since, and what they made of account, positions
and orders.

How much is read depends on what has happened since the closing, and on the histories of older orders that were reported
on.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from reconciliation.ledger_records import Item, booked_of, placed_of
from reconciliation.rules.balances import NOTHING, amounts, held_on_top
from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from reconciliation.rules.customer_records import CustomerRecords, OrderHistory
from reconciliation.rules.movements import BookingRecord, Movements, OrderRecord
from reconciliation.rules.orders import Reported
from trading.aws import clock
from trading.aws.store import closings, dynamodb, items, keys, ledger, order_bookings, positions
from trading.aws.store.order_bookings import EARLIER, NAMED
from trading.domain import money
from trading.domain.errors import Unprocessable
from trading.domain.messages.commands import ReplaceOrder
from trading.domain.times import days_after, session_date

T = TypeVar("T")
ATTEMPTS = 4
FIRST_PAUSE = 0.2
"""Seconds before a customer that changed meanwhile is read again; doubled each time."""


def read(table: str, customer_id: str, date: str) -> tuple[CustomerRecords, bool]:
    """The customer's records with all movements since the last closing before a date, and whether they are of one
    instant: nothing changed the account or a position while the rest was read. If something did, they are read again, a
    few times.
    """
    pause = FIRST_PAUSE
    for _ in range(ATTEMPTS - 1):
        records, still = _read(table, customer_id, date)
        if still:
            return records, True
        time.sleep(clock.jitter(pause))
        pause *= 2
    return _read(table, customer_id, date)


def _read(table: str, customer_id: str, date: str) -> tuple[CustomerRecords, bool]:
    present = _account_and_positions(table, customer_id)
    reader = _Reader(table, customer_id)
    records = reader.records(reader.closing(date), *present)
    return records, _account_and_positions(table, customer_id) == present


def _account_and_positions(table: str, customer_id: str) -> tuple[Item, dict[str, Item]]:
    """The customer's item, and its positions by ticker."""
    account = dynamodb.get(table, {**keys.customer(customer_id)}) or {}
    stored_items = ledger.items(table, customer_id, keys.POSITION, f"{keys.POSITION}~")
    return account, {item["SK"].removeprefix(keys.POSITION): item for item in stored_items}


@dataclass(slots=True)
class _Reader:
    """Reads one customer. A record that cannot be read, or is missing, becomes a break in `found`. Of the orders and
    bookings that were read, `orders` and `bookings` have which bookings they name.
    """

    table: str
    customer_id: str
    found: list[Break] = field(default_factory=list)
    orders: list[Item] = field(default_factory=list)
    bookings: dict[str, Item] = field(default_factory=dict)

    def closing(self, date: str) -> closings.Closing:
        """The last closing before a date; the one before the first day if it cannot be read."""
        try:
            return closings.last_before(self.table, self.customer_id, date)
        except Unprocessable as problem:
            self._unreadable(Where(self.customer_id, reference=problem.context["key"]), problem)
            return closings.Closing()

    def records(self, closing: closings.Closing, account: Item, held: Mapping[str, Item]) -> CustomerRecords:
        first, last = days_after(closing.date, 1), days_after(session_date(clock.now()), 1)
        movements = self._movements(ledger.stored(self.table, self.customer_id, first, last))
        histories, before, named = self._histories(movements)
        return CustomerRecords(
            customer_id=self.customer_id,
            account=account,
            positions={name: state for name, item in held.items() for state in self._each(item, positions.state_of)},
            opening={**NOTHING, **amounts(closing.balances), **closing.totals},
            openings={ticker: positions.state_of(item) for ticker, item in closing.positions.items()},
            movements=movements,
            histories=histories,
            named=named,
            reporting=_reporting((*movements.booked, *before), named.keys()),
            unreadable=tuple(dict.fromkeys(self.found)),
        )

    def _movements(self, items: Iterable[Item]) -> Movements:
        placed, booked, entries = [], [], []
        for item in items:
            if item["SK"].startswith(keys.ORDER):
                self._note(item)
                placed += self._each(item, placed_of)
            elif item["SK"].startswith(keys.ENTRY):
                entries += self._each(item, ledger.entry_of)
            else:
                self.bookings[item["SK"]] = {EARLIER: item.get(EARLIER, {})}
                booked += self._each(item, booked_of)
        return Movements(tuple(placed), tuple(booked), tuple(entries))

    def _each(self, item: Item, of: Callable[[Item], T]) -> list[T]:
        try:
            return [of(item)]
        except Unprocessable as problem:
            self._unreadable(Where(self.customer_id, item.get("ticker"), item["SK"]), problem)
            return []

    def _unreadable(self, where: Where, problem: Unprocessable) -> None:
        stored = SideRecord("the item", {"reason": problem.reason})
        self.found += differing(BreakKind.UNREADABLE, where, stored, SideRecord("the ledger", None))

    def _note(self, order: Item) -> None:
        self.orders.append({name: order[name] for name in ("PK", "SK", NAMED) if name in order})

    def _histories(
        self, movements: Movements
    ) -> tuple[tuple[OrderHistory, ...], tuple[BookingRecord, ...], dict[str, list[str]]]:
        """The histories of the orders that were placed or reported on, earlier bookings of these orders, and which
        bookings each order names.
        """
        placed = {each.order.order_id: each for each in movements.placed}
        older = {report.order.order_id for _, report in movements.reports()} - placed.keys()
        for order_id in sorted(older):
            placed |= {each.order.order_id: each for each in self._placed(order_id)}
        named, earlier = order_bookings.read(self.table, self.orders, self.bookings)
        before = self._movements(earlier).booked
        reported = _by_order((*movements.booked, *before))
        histories = []
        for order_id, each in placed.items():
            history = OrderHistory(each, tuple(reported[order_id]), held_on_top(movements.entries, order_id))
            histories.append(self._with_requests(history, older=order_id in older))
        return tuple(histories), before, named

    def _placed(self, order_id: str) -> list[OrderRecord]:
        """The order, in a list; an empty list and a break if it is missing or cannot be read."""
        item = dynamodb.get(self.table, keys.order(self.customer_id, order_id))
        if item is not None:
            self._note(item)
            return self._each(item, placed_of)
        where = Where(self.customer_id, reference=order_id)
        order, bookings = SideRecord("the order", None), SideRecord("its bookings", {"order": order_id})
        self.found += differing(BreakKind.ORDER, where, order, bookings)
        return []

    def _with_requests(self, history: OrderHistory, *, older: bool) -> OrderHistory:
        """Completes a history from the requests to replace its order: with the order as it was entered and, if it is
        older, with everything that its replacements reserved.
        """
        order_id = history.placed.order.order_id
        changes = [change for _, each in sorted(history.reported, key=_time) for change in each.changes]
        done = [change.change_id for change in changes if change.price is not None]
        if not older and not done:
            return history
        prefix = f"{keys.CHANGE}{order_id}#"
        stored_items = ledger.items(self.table, self.customer_id, prefix, f"{prefix}~")
        asked = [change for item in stored_items for change in self._each(item, items.change_of)]
        replacements = {each.change_id: each for each in asked if isinstance(each, ReplaceOrder)}
        entered = (replacements[each].order for each in done if each in replacements)
        first = next((each for each in entered if each.quantity == history.placed.order.quantity), history.placed.order)
        history = replace(history, placed=replace(history.placed, order=first))
        if older:
            history = replace(history, on_top=sum((each.reserved for each in replacements.values()), money.ZERO))
        return history


def _time(reported: Reported) -> str:
    return reported[0]


def _by_order(bookings: Iterable[BookingRecord]) -> dict[str, list[Reported]]:
    """The reports on each order, in the order in which they happened."""
    reported = defaultdict(list)
    for booked in sorted(bookings, key=lambda each: (each.reports.time, each.reports.booking_id)):
        for each in booked.reports.orders:
            reported[each.order.order_id].append((booked.reports.time, each))
    return reported


def _reporting(bookings: Iterable[BookingRecord], order_ids: Container[str]) -> dict[str, list[str]]:
    """The sort keys of the bookings that report on these orders, by order."""
    reporting = defaultdict(list)
    for booked in bookings:
        for each in booked.reports.orders:
            if each.order.order_id in order_ids:
                reporting[each.order.order_id].append(keys.booking(booked.reports)["SK"])
    return reporting
