"""What the pools of every matching model have in common: what they look at, and how orders stand in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from trading.domain import money
from trading.domain.market import Market
from trading.domain.matching import working_order
from trading.domain.matching.working_order import Rejected, WorkingOrder
from trading.domain.messages.commands import CancelOrder, Change, Command, MassCancel, NewOrder, ReplaceOrder
from trading.domain.orders import AT_ONCE, Order, OrdType, Quote, Side, TimeInForce

HOUSE = "MM"
"""The account of simulated liquidity. It is never booked: only customers have books."""


class Passed(NamedTuple):
    """So many shares of the order go on from the dark to the lit pools."""

    order: WorkingOrder
    quantity: int


class Forwarded(NamedTuple):
    """A request goes on from the dark to the lit pools, after what is left of its orders. `id` is that of the order
    that is to change, or of a request that is about all orders of a customer.
    """

    id: str


class Overtaken(NamedTuple):
    """A cancel came before its order, which ends when it comes."""

    order_id: str


class Halted(NamedTuple):
    """What this customer had entered until then, and what has not come yet, ends when it comes."""

    customer_id: str
    time: str


class MassCanceled(NamedTuple):
    """As if suspended, but this customer asked for it and trades on."""

    customer_id: str
    time: str


class Closed(NamedTuple):
    """A session was closed at this time: what was entered until then and lasts no longer ends when it comes."""

    time: str


Event = working_order.Event | Passed | Forwarded | Overtaken | Halted | MassCanceled | Closed

Arrived = Callable[[Order], bool]
"""Whether the command that brings an order to this engine was executed before."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a decision rests on beside the command. The quote is the reference for lit pools, the displayed best bid and
    offer for dark ones.
    """

    market: Market
    quote: Quote | None


class Pool(Protocol):
    """A ticker's orders in one pool type. Its state is the fold of those of its events that are `journaled`."""

    def execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]: ...

    def journaled(self, events: Sequence[Event]) -> Sequence[Event]: ...

    def fold(self, events: Iterable[Event]) -> None: ...

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Makes an empty pool what the snapshot was taken of. If it raises, the pool is still empty."""


class KeptPool(Pool, Protocol):
    """A pool with state. Its snapshot has values that JSON has."""

    def snapshot(self) -> dict[str, Any]: ...


def customer_order(command: NewOrder, venue: str = "") -> WorkingOrder:
    """The command's order as a pool works it. Its limit is never beyond its protection price; what has no limit of its
    own does not wait for a better market (FIX 40=1 and 3).
    """
    order = command.order
    at_market = order.type in {OrdType.MARKET, OrdType.STOP}
    return WorkingOrder(
        id=order.order_id,
        account=order.customer_id,
        buys=order.side is Side.BUY,
        quantity=command.quantity,
        price=money.steps(order.protection_price),
        tif=TimeInForce.IOC if at_market and order.time_in_force is not TimeInForce.FOK else order.time_in_force,
        self_trade=order.self_trade,
        venue=venue,
        minimum=_minimum(command, at_market=at_market),
        post_only=order.post_only,
        stop=None if order.stop_price is None else money.steps(order.stop_price),
        terms=command,
    )


def _minimum(command: NewOrder, *, at_market: bool) -> int:
    """What is still to be filled of the order's minimum (FIX 110): what the dark pools filled before counts."""
    order = command.order
    immediate = at_market or order.time_in_force in AT_ONCE
    if not immediate and not order.pool_only:
        return 0
    return max(order.minimum_quantity - (order.quantity - command.quantity), 0)


def house_order(name: str, *, buys: bool, quantity: int, price: int, venue: str) -> WorkingOrder:
    return WorkingOrder(name, HOUSE, buys, quantity, price, venue=venue)


def amended(order: WorkingOrder, change: ReplaceOrder) -> NewOrder | Rejected:
    """The terms of an order that stands in a pool after the change, or why it cannot have them.

    The quantity that is asked for is the order's total (FIX 38): what other pools filled is part of it. Something must
    stay open, else it is a cancel; and all that is open must be paid for.
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
    """What becomes of the change of an order that does not stand in the pool: it is `gone`, or has not come yet."""
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
    """Whether a working order is a customer's that ends when a session is closed at this time."""
    return order.account != HOUSE and is_over(order.terms.order, closed)


def is_over(order: Order, closed: str) -> bool:
    """Whether a session that was closed at this time was the order's. Only GTC lasts longer (FIX 59=1); a stop of any
    other kind does not wait longer either.
    """
    return order.time_in_force is not TimeInForce.GTC and order.order_date <= closed
