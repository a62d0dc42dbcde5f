"""What the pools of every matching model share: the conditions of their decisions, their events, and their orders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from trading.domain import money
from trading.domain.hours import ALWAYS_OPEN, Session
from trading.domain.market import Market
from trading.domain.matching import working_order
from trading.domain.matching.working_order import Rejected, WorkingOrder
from trading.domain.messages.commands import CancelOrder, Change, Command, MassCancel, NewOrder, ReplaceOrder
from trading.domain.orders import AT_MARKET, AT_ONCE, Order, Side, TimeInForce
from trading.domain.quotes import Quote
from trading.domain.tape import Display

LASTING = frozenset({TimeInForce.DAY, TimeInForce.GTC})
HOUSE = "MM"
"""The account of simulated liquidity. Nothing is booked for it: only customers have accounts to book to."""


class Passed(NamedTuple):
    """A quantity of the order goes on from the dark to the lit pools."""

    order: WorkingOrder
    quantity: int


class Forwarded(NamedTuple):
    """A request goes on from the dark to the lit pools, behind the rest of its orders. `id` is that of the order to
    change, or of a request about all orders of a customer.
    """

    id: str


class Overtaken(NamedTuple):
    """A cancel came before its order, which ends when it comes."""

    order_id: str


class Halted(NamedTuple):
    """The customer was suspended at this time. All orders that it entered until then end, also those that come to the
    pool later.
    """

    customer_id: str
    time: str


class MassCanceled(NamedTuple):
    """The customer asked for a mass cancel at this time, and trades on. All orders that it entered until then end, also
    those that come to the pool later.
    """

    customer_id: str
    time: str


class Closed(NamedTuple):
    """A session was closed at this time. All orders that were entered until then end, except GTC orders, also those
    that come to the pool later.
    """

    time: str


class Quoted(NamedTuple):
    """The reference quote is this one: prices in half ticks, and the time of the quote."""

    bid: int
    ask: int
    time: str


class Followed(NamedTuple):
    """What rests in the dark pools has crossed at this midpoint, in half ticks; None if there was none."""

    midpoint: int | None


class Watched(NamedTuple):
    """The dark engine watches the displayed quote, or not any more. Its requests are numbered. `midpoint` is what it
    has seen, in half ticks, None if there was none.
    """

    number: int
    on: bool
    midpoint: int | None


class Told(NamedTuple):
    """The dark engine is told that this is displayed, in half ticks. Without both prices there is no midpoint: this is
    remembered, and the dark engine is not told.
    """

    bid: int | None
    ask: int | None


Watching = Followed | Watched | Told
Event = working_order.Event | Quoted | Passed | Forwarded | Overtaken | Halted | MassCanceled | Closed | Watching

Arrived = Callable[[Order], bool]
"""Whether this engine has executed the command that brings the order to it."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a decision depends on besides the command. For dark pools the quote is the displayed best bid and offer. Lit
    pools know their reference quote; one that has none yet takes this one, the first of its ticker. `session` is what
    the pool type's opening hours say at the time of the decision; conditions that differ in it alone are equal.
    """

    market: Market
    quote: Quote | None
    session: Session = field(default=ALWAYS_OPEN, compare=False)


class Pool(Protocol):
    """A ticker's orders in one pool type. Its state is the fold of those of its events that are `journaled`."""

    @property
    def reference(self) -> Quote | None:
        """The reference quote, as the journal has it. None in dark pools, which trade by what the lit ones display."""

    def execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]: ...

    def journaled(self, events: Sequence[Event]) -> Sequence[Event]: ...

    def fold(self, events: Iterable[Event]) -> None: ...

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Restores an empty pool from a snapshot. If it raises, the pool is still empty."""

    def display(self) -> Display | None:
        """What the pool displays; None for one that displays nothing, ever."""


class KeptPool(Pool, Protocol):
    """A pool that snapshots are taken of, as JSON values."""

    def snapshot(self) -> dict[str, Any]: ...


def customer_order(command: NewOrder, venue: str = "") -> WorkingOrder:
    """The command's order as a working order. Its limit is never beyond its protection price. An order without a limit
    of its own does not wait for a better market (FIX 40=1 and 3).
    """
    order = command.order
    at_market = order.type in AT_MARKET
    return WorkingOrder(
        id=order.order_id,
        account=order.customer_id,
        buys=order.side is Side.BUY,
        quantity=command.quantity,
        price=money.half_ticks(order.protection_price),
        tif=TimeInForce.IOC if at_market and order.time_in_force in LASTING else order.time_in_force,
        self_trade=order.self_trade,
        venue=venue,
        minimum=_minimum(command, at_market=at_market),
        post_only=order.post_only,
        stop=None if order.stop_price is None else money.half_ticks(order.stop_price),
        terms=command,
    )


def _minimum(command: NewOrder, *, at_market: bool) -> int:
    """What is left of the order's minimum (FIX 110): what the dark pools filled counts towards it."""
    order = command.order
    immediate = at_market or order.time_in_force in AT_ONCE
    if not immediate and not order.pool_only:
        return 0
    return max(order.minimum_quantity - (order.quantity - command.quantity), 0)


def house_order(name: str, *, buys: bool, quantity: int, price: int, venue: str) -> WorkingOrder:
    return WorkingOrder(name, HOUSE, buys, quantity, price, venue=venue)


def amended(order: WorkingOrder, change: ReplaceOrder) -> NewOrder | Rejected:
    """The terms of a working order after a change, or why it cannot have them.

    The quantity asked for is the order's total (FIX 38), with what other pools filled. Some of it must stay open, or
    the request would be a cancel. All that is open must be reserved.
    """
    terms: NewOrder = order.terms
    if order.account != change.order.customer_id:
        return Rejected(order.id, "not-owner")
    if terms.order.price is None:
        return Rejected(order.id, "not-replaceable")
    quantity = change.quantity - (terms.order.quantity - terms.quantity)
    leaves = quantity - (order.quantity - order.leaves)
    if leaves <= 0:
        return Rejected(order.id, "below-filled")
    new = replace(terms.order, quantity=change.quantity, price=change.price, protection_price=change.price)
    more = change.quantity - terms.order.quantity if new.side is Side.SELL else 0
    if new.reservation(leaves) > terms.order.reservation(order.leaves) + change.reserved or more > change.more:
        return Rejected(order.id, "not-reserved")
    return NewOrder(change.command_id, new, quantity, terms.not_matched_in_dark_pool)


def not_here(change: Change, *, gone: bool) -> Event:
    """What becomes of a change whose order is not in the pool: the order is `gone`, or has not come yet."""
    order_id = change.order.order_id
    if gone:
        return Rejected(order_id, "too-late")
    return Overtaken(order_id) if isinstance(change, CancelOrder) else Rejected(order_id, "unknown-order")


def canceled_by(order: WorkingOrder, command: MassCancel) -> bool:
    """Whether a mass cancel ends the order."""
    if order.account != command.customer_id:
        return False
    if command.trades_on and order.terms.order.order_date > command.time:
        return False
    return not command.forwarded or bool(order.terms.not_matched_in_dark_pool)


def expires(order: WorkingOrder, closed: str) -> bool:
    """Whether a working order is a customer's and ends when a session is closed at this time."""
    return order.account != HOUSE and is_over(order.terms.order, closed)


def is_over(order: Order, closed: str) -> bool:
    """Whether an order ends when a session is closed at this time: every order does, also a stop that waits, except GTC
    orders (FIX 59=1).
    """
    return order.time_in_force is not TimeInForce.GTC and order.order_date <= closed
