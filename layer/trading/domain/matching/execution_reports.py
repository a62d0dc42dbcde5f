"""Turns what happened in a pool into reports on orders: what each order releases, and what each trade costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from trading.domain import money
from trading.domain.executions import (
    MAX_BOOKED_EXECUTIONS,
    MAX_BOOKED_ORDERS,
    ChangeKind,
    ChangeOutcome,
    Ending,
    Execution,
    OrderReport,
)
from trading.domain.ids import derived
from trading.domain.matching.fees import Fee, charged
from trading.domain.matching.pool import HOUSE, Event, Forwarded, Passed, Told, Watched
from trading.domain.matching.working_order import Canceled, Rejected, Replaced, Rested, Traded, Waiting, WorkingOrder
from trading.domain.messages.commands import (
    CancelOrder,
    Change,
    Command,
    MassCancel,
    NewOrder,
    ReplaceOrder,
    WatchQuote,
    cancel_id,
    lit_id,
)
from trading.domain.order_status import OrderEvent, OrdStatus, next_state
from trading.domain.orders import Order, Side

STATUS = {"expired": OrdStatus.EXPIRED, "auction-over": OrdStatus.EXPIRED, "would-trade": OrdStatus.REJECTED}
"""The final status by the reason; for any other reason an order is canceled."""


@dataclass(slots=True)
class _Draft:
    """A report in the making. `number` is its place in its booking. `leaves` are the shares still open, `reserved` is
    what the order holds for them, `released` what it gave back, USD. `state` follows only what happened in this commit:
    what the order was before, each pool knows in its own way.
    """

    number: int
    order: Order
    leaves: int
    reserved: Decimal
    not_matched_in_dark_pool: bool = False
    released: Decimal = money.ZERO
    executions: list[Execution] = field(default_factory=list)
    ending: Ending | None = None
    changes: list[ChangeOutcome] = field(default_factory=list)
    state: OrdStatus = OrdStatus.PENDING_NEW

    def move(self, event: OrderEvent) -> None:
        """Moves the order to its next state. Raises IllegalTransition if this cannot happen to it any more."""
        self.state = next_state(self.state, event)

    def set_leaves(self, leaves: int) -> Decimal:
        """Sets how many shares are still open, and returns what that releases, USD."""
        reserved = self.order.reservation(leaves)
        freed = self.reserved - reserved
        self.leaves = leaves
        self.released += freed
        self.reserved = reserved
        return freed

    def replaced(self, change: ReplaceOrder, order: Order, leaves: int) -> None:
        """Gives the order its new terms, and what the request reserved for them."""
        by = order.quantity - self.order.quantity
        self.order = order
        self.reserved += change.reserved
        self.set_leaves(leaves)
        self.changes.append(
            ChangeOutcome(change.change_id, ChangeKind.REPLACE, None, order.quantity, order.price, by, change.more - by)
        )

    def report(self) -> OrderReport:
        return OrderReport(
            order=self.order,
            executions=tuple(self.executions),
            released=self.released,
            ending=self.ending,
            not_matched_in_dark_pool=self.not_matched_in_dark_pool,
            changes=tuple(self.changes),
            closed=not self.leaves,
        )


@dataclass(slots=True)
class _Booking:
    """Reports on one customer's orders that are booked together. One booking is closed before the next begins, so that
    the bookings of a commit have everything in the order in which it happened. `last` is the number of the report that
    traded last, `turn` how often a trade has gone back to an earlier report.
    """

    drafts: dict[str, _Draft] = field(default_factory=dict)
    executions: int = 0
    last: int = 0
    turn: int = 0

    def takes(self, order_id: str) -> bool:
        """Whether a new report, on this order, fits in."""
        return order_id not in self.drafts and len(self.drafts) < MAX_BOOKED_ORDERS

    def next_turn(self, draft: _Draft) -> int:
        """Counts one more trade, of this report, and returns its turn."""
        self.turn += draft.number < self.last
        self.last = draft.number
        self.executions += 1
        return self.turn


class Reporter:
    """Collects the events of one commit into reports. `fee` gives what a trade costs one side."""

    def __init__(self, fee: Fee) -> None:
        self._fee = fee
        self._bookings: dict[str, list[_Booking]] = {}
        self._current: dict[str, _Draft] = {}
        self._before: dict[str, NewOrder] = {}
        self.to_lit: list[Command] = []
        """The commands that go to the lit pools: what goes on there, and whether their quote is watched."""
        self.displayed: tuple[str, Told] | None = None
        """The ticker and the quote that the dark engine is told of: the last one."""

    def add(self, command: Command, events: Sequence[Event]) -> None:
        """Adds the events that a command led to, on whichever orders."""
        self._before = {event.order.id: event.before for event in events if isinstance(event, Replaced)}
        for event in events:
            match event:
                case Traded(maker, taker, _, _, maker_leaves, taker_leaves, auction):
                    self._trade(event, maker, maker_leaves, rested=not auction, counted=taker.account == HOUSE)
                    self._trade(event, taker, taker_leaves, rested=False, counted=True)
                case Canceled(order, quantity, leaves, reason):
                    self._end(order, quantity, leaves, reason)
                case Rested(order, leaves):
                    self._acknowledge(order, leaves)
                case Waiting(order):
                    self._acknowledge(order, order.leaves)
                case _:
                    self._answer(command, event)

    def _answer(self, command: Command, event: Event) -> None:
        """Handles the events that answer the command itself."""
        match command, event:
            case NewOrder(), Rejected(order_id, reason) if (
                order_id == command.order.order_id and reason != "duplicate-order"
            ):
                draft = self._of(command, command.quantity)
                draft.move(OrderEvent.REJECTED)
                draft.set_leaves(0)
                draft.ending = Ending(command.quantity, OrdStatus.REJECTED, reason)
            case NewOrder(), Passed(_, quantity):
                rest_id = lit_id(command.command_id)
                self.to_lit.append(NewOrder(rest_id, command.order, quantity, not_matched_in_dark_pool=True))
            case ReplaceOrder(), Replaced(order, _, _, leaves, _, terms, before):
                draft = self._of(before, leaves - (terms.quantity - before.quantity))
                draft.replaced(command, terms.order, leaves)
                del self._before[order.id]
            case ((CancelOrder() | ReplaceOrder()), Rejected(order_id, reason)) if order_id == command.order.order_id:
                self._refuse(command, reason)
            case ((CancelOrder() | ReplaceOrder() | MassCancel()), Forwarded()):
                self.to_lit.append(replace(command, command_id=lit_id(command.command_id), forwarded=True))
            case _, Told():
                self.displayed = command.ticker, event
            case _, Watched() if not isinstance(command, WatchQuote):
                self.to_lit.append(_watch(command, event))

    def _refuse(self, change: Change, reason: str) -> None:
        """Reports a refused change apart from the order's other events: the report gives back what the request
        reserved, and leaves the order's own reservation as it is.
        """
        outcome, released = ChangeOutcome(change.change_id, ChangeKind.CANCEL, reason), money.ZERO
        if isinstance(change, ReplaceOrder):
            outcome = ChangeOutcome(change.change_id, ChangeKind.REPLACE, reason, returned=change.more)
            released = change.reserved
        draft = self._begin(change.order, change.order.quantity, money.ZERO)
        draft.released = released
        draft.changes.append(outcome)

    def reports(self) -> Iterator[tuple[OrderReport, ...]]:
        """The reports that are booked together: those of one customer, no order twice. A customer's bookings are in the
        order in which things happened.
        """
        for bookings in self._bookings.values():
            for booking in bookings:
                yield tuple(draft.report() for draft in booking.drafts.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened to any order of a customer."""
        return not self._bookings and not self.to_lit

    def _acknowledge(self, order: WorkingOrder, leaves: int) -> None:
        if draft := self._draft(order, leaves):
            draft.move(OrderEvent.ACKNOWLEDGED)

    def _trade(self, event: Traded, order: WorkingOrder, leaves: int, *, rested: bool, counted: bool) -> None:
        draft = self._draft(order, leaves + event.quantity, trades=1)
        if draft is None:
            return
        draft.move(OrderEvent.TRADED if leaves else OrderEvent.FILLED)
        price = money.from_half_ticks(event.price)
        released = draft.set_leaves(leaves)
        notional = money.notional(price, event.quantity)
        brought_in = notional if draft.order.side is Side.SELL else -notional
        fee = charged(self._fee(event, rested), released, brought_in)
        turn = self._bookings[draft.order.customer_id][-1].next_turn(draft)
        draft.executions.append(Execution(event.quantity, price, event.maker.venue, fee, counted, turn))

    def _end(self, order: WorkingOrder, quantity: int, leaves: int, reason: str) -> None:
        draft = self._draft(order, leaves + quantity)
        if draft is None:
            return
        status = STATUS.get(reason, OrdStatus.CANCELED)
        if not leaves:
            draft.move(OrderEvent(status))
        draft.set_leaves(leaves)
        before = draft.ending.quantity if draft.ending else 0
        draft.ending = Ending(before + quantity, status, reason)
        if reason == "requested":
            draft.changes.append(ChangeOutcome(cancel_id(order.id), ChangeKind.CANCEL))

    def _draft(self, order: WorkingOrder, leaves: int, *, trades: int = 0) -> _Draft | None:
        """The order's draft, given that `leaves` shares of it were open; None for the house's orders. What happened
        before a replacement is reported under the terms of that time.
        """
        if order.account == HOUSE:
            return None
        return self._of(self._before.get(order.id, order.terms), leaves, trades=trades)

    def _of(self, terms: NewOrder, leaves: int, *, trades: int = 0) -> _Draft:
        """The order's draft in its customer's current booking, or in the next one if `trades` more do not fit into this
        one.
        """
        order = terms.order
        begun: Sequence[_Booking] = self._bookings.get(order.customer_id, ())
        full = bool(begun) and begun[-1].executions + trades > MAX_BOOKED_EXECUTIONS
        draft = self._current.get(order.order_id)
        if full or draft is None or begun[-1].drafts.get(order.order_id) is not draft:
            before = draft
            draft = self._begin(order, leaves, order.reservation(leaves), full=full)
            draft.state = before.state if before else OrdStatus.PENDING_NEW
            draft.not_matched_in_dark_pool = terms.not_matched_in_dark_pool
            self._current[order.order_id] = draft
        return draft

    def _begin(self, order: Order, leaves: int, reserved: Decimal, *, full: bool = False) -> _Draft:
        """Begins a draft in the customer's current booking, or in a new one if that is `full` or does not take the
        order.
        """
        begun = self._bookings.setdefault(order.customer_id, [])
        if full or not begun or not begun[-1].takes(order.order_id):
            begun.append(_Booking())
        drafts = begun[-1].drafts
        draft = drafts[order.order_id] = _Draft(len(drafts), order, leaves, reserved)
        return draft


def _watch(command: Command, event: Watched) -> WatchQuote:
    """The request of the dark engine that follows from a command."""
    midpoint = None if event.midpoint is None else money.from_half_ticks(event.midpoint)
    watch_id = derived(command.command_id, f"watch {event.number}")
    return WatchQuote(watch_id, command.ticker, command.session_date, event.number, event.on, midpoint)
