"""From what happened in a pool to what is told of it: reports by order, what each releases, what each trade costs."""

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
from trading.domain.fees import Fee, charged
from trading.domain.matching.pool import HOUSE, Event, Forwarded, Passed
from trading.domain.matching.working_order import Canceled, Rejected, Replaced, Rested, Traded, Waiting, WorkingOrder
from trading.domain.messages.commands import (
    CancelOrder,
    Change,
    Command,
    MassCancel,
    NewOrder,
    ReplaceOrder,
    cancel_id,
    lit_id,
)
from trading.domain.orders import Order, OrderEvent, OrdStatus, Side, next_state

STATUS = {"expired": OrdStatus.EXPIRED, "would-trade": OrdStatus.REJECTED}
"""How an order ended for this reason; for any other it is canceled."""


@dataclass(slots=True)
class _Draft:
    """A report in the making, with its number in its booking; `leaves` are the shares that are still open, `reserved`
    is what the order holds for them, `released` what it gave back, USD. `state` is the order's by what this commit
    did: what it was before, each pool knows in its own way.
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
        """Raises IllegalTransition if this cannot happen to the order any more."""
        self.state = next_state(self.state, event)

    def open(self, leaves: int) -> Decimal:
        """So many shares are still open: what that releases, USD."""
        reserved = self.order.reservation(leaves)
        freed = self.reserved - reserved
        self.leaves = leaves
        self.released += freed
        self.reserved = reserved
        return freed

    def replaced(self, change: ReplaceOrder, order: Order, leaves: int) -> None:
        """The order is another one, and holds what the request reserved for that."""
        by = order.quantity - self.order.quantity
        self.order = order
        self.reserved += change.reserved
        self.open(leaves)
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
    """What is booked together of a customer's. It is closed before the next one begins, so that what one commit did is
    in the bookings in the order in which it happened. `last` is the number of the report of the last trade, `turn` how
    often trades had come back to a report that stands before it.
    """

    drafts: dict[str, _Draft] = field(default_factory=dict)
    executions: int = 0
    last: int = 0
    turn: int = 0

    def takes(self, order_id: str) -> bool:
        """Whether another report, of this order, fits in."""
        return order_id not in self.drafts and len(self.drafts) < MAX_BOOKED_ORDERS

    def add(self, draft: _Draft, execution: Execution) -> None:
        """A trade, with its turn."""
        self.turn += draft.number < self.last
        self.last = draft.number
        self.executions += 1
        draft.executions.append(replace(execution, turn=self.turn))


class Reporter:
    """Collects what happened in one commit. `fee` says what a trade costs a side."""

    def __init__(self, fee: Fee) -> None:
        self._fee = fee
        self._bookings: dict[str, list[_Booking]] = {}
        self._current: dict[str, _Draft] = {}
        self._before: dict[str, NewOrder] = {}
        self.rests: list[Command] = []
        """What goes on to the lit pools."""

    def add(self, command: Command, events: Sequence[Event]) -> None:
        """The events that this command led to, of whichever orders."""
        self._before = {event.order.id: event.before for event in events if isinstance(event, Replaced)}
        for event in events:
            match event:
                case Traded(maker, taker, _, _, maker_leaves, taker_leaves):
                    self._trade(event, maker, maker_leaves, rested=True, counted=taker.account == HOUSE)
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
        """The events that are about the command itself."""
        match command, event:
            case NewOrder(), Rejected(order_id, reason) if (
                order_id == command.order.order_id and reason != "duplicate-order"
            ):
                draft = self._of(command, command.quantity)
                draft.move(OrderEvent.REJECTED)
                draft.open(0)
                draft.ending = Ending(command.quantity, OrdStatus.REJECTED, reason)
            case NewOrder(), Passed(_, quantity):
                rest_id = lit_id(command.command_id)
                self.rests.append(NewOrder(rest_id, command.order, quantity, not_matched_in_dark_pool=True))
            case ReplaceOrder(), Replaced(order, _, _, leaves, _, terms, before):
                draft = self._of(before, leaves - (terms.quantity - before.quantity))
                draft.replaced(command, terms.order, leaves)
                del self._before[order.id]
            case ((CancelOrder() | ReplaceOrder()), Rejected(order_id, reason)) if order_id == command.order.order_id:
                self._refuse(command, reason)
            case ((CancelOrder() | ReplaceOrder() | MassCancel()), Forwarded()):
                self.rests.append(replace(command, command_id=lit_id(command.command_id), forwarded=True))

    def _refuse(self, change: Change, reason: str) -> None:
        """A report of its own: it gives back what the request reserved and leaves the order's reservation as it is."""
        outcome, released = ChangeOutcome(change.change_id, ChangeKind.CANCEL, reason), money.ZERO
        if isinstance(change, ReplaceOrder):
            outcome = ChangeOutcome(change.change_id, ChangeKind.REPLACE, reason, returned=change.more)
            released = change.reserved
        draft = self._begin(change.order, change.order.quantity, money.ZERO)
        draft.released = released
        draft.changes.append(outcome)

    def reports(self) -> Iterator[tuple[OrderReport, ...]]:
        """What is booked together: the reports of one customer, no order twice. A customer's follow one another as it
        happened.
        """
        for bookings in self._bookings.values():
            for booking in bookings:
                yield tuple(draft.report() for draft in booking.drafts.values())

    def _acknowledge(self, order: WorkingOrder, leaves: int) -> None:
        if draft := self._draft(order, leaves):
            draft.move(OrderEvent.ACKNOWLEDGED)

    def _trade(self, event: Traded, order: WorkingOrder, leaves: int, *, rested: bool, counted: bool) -> None:
        draft = self._draft(order, leaves + event.quantity, trades=1)
        if draft is None:
            return
        draft.move(OrderEvent.TRADED if leaves else OrderEvent.FILLED)
        price = money.at(event.price)
        released = draft.open(leaves)
        notional = money.notional(price, event.quantity)
        brought_in = notional if draft.order.side is Side.SELL else -notional
        fee = charged(self._fee(event, rested), released, brought_in)
        booking = self._bookings[draft.order.customer_id][-1]
        booking.add(draft, Execution(event.quantity, price, event.maker.venue, fee, counted))

    def _end(self, order: WorkingOrder, quantity: int, leaves: int, reason: str) -> None:
        draft = self._draft(order, leaves + quantity)
        if draft is None:
            return
        status = STATUS.get(reason, OrdStatus.CANCELED)
        if not leaves:
            draft.move(OrderEvent(status))
        draft.open(leaves)
        before = draft.ending.quantity if draft.ending else 0
        draft.ending = Ending(before + quantity, status, reason)
        if reason == "requested":
            draft.changes.append(ChangeOutcome(cancel_id(order.id), ChangeKind.CANCEL))

    def _draft(self, order: WorkingOrder, leaves: int, *, trades: int = 0) -> _Draft | None:
        """The order's draft, of which so many shares were open; None for the house's orders. What happened before the
        order was replaced happened under its terms of then.
        """
        if order.account == HOUSE:
            return None
        return self._of(self._before.get(order.id, order.terms), leaves, trades=trades)

    def _of(self, terms: NewOrder, leaves: int, *, trades: int = 0) -> _Draft:
        """The order's report in its customer's booking; with so many more `trades`, in the next one if they do not fit
        into this one.
        """
        order = terms.order
        begun = self._bookings.get(order.customer_id, [_Booking()])
        full = begun[-1].executions + trades > MAX_BOOKED_EXECUTIONS
        draft = self._current.get(order.order_id)
        if full or draft is None or begun[-1].drafts.get(order.order_id) is not draft:
            before = draft
            draft = self._begin(order, leaves, order.reservation(leaves), full=full)
            draft.state = before.state if before else OrdStatus.PENDING_NEW
            draft.not_matched_in_dark_pool = terms.not_matched_in_dark_pool
            self._current[order.order_id] = draft
        return draft

    def _begin(self, order: Order, leaves: int, reserved: Decimal, *, full: bool = False) -> _Draft:
        """Another report, in the customer's booking or, if that is `full` or does not take it, in the next one."""
        begun = self._bookings.setdefault(order.customer_id, [])
        if full or not begun or not begun[-1].takes(order.order_id):
            begun.append(_Booking())
        drafts = begun[-1].drafts
        draft = drafts[order.order_id] = _Draft(len(drafts), order, leaves, reserved)
        return draft
