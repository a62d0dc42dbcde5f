"""The order: what a customer asked for and what was fixed when it was accepted; its state."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from itertools import repeat

from trading.domain import fees, money
from trading.domain.errors import IllegalTransition

CUSTOMER_ID = re.compile(r"[0-9]{6}")
TICKER = re.compile(r"[A-Z][A-Z.]{0,9}")
CLIENT_ORDER_ID = re.compile(r"[A-Za-z0-9._:-]{1,36}")
ORDER_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MAX_SHARES = 10_000_000
"""The most shares of one order. More of them would keep an engine busy until its time limit, again and again."""
MAX_SLICES = 10_000
"""The most slices of one order: a dark engine crosses this many in a fifth of a second."""


class Side(StrEnum):
    """FIX 54; `direction` on the wire."""

    BUY = "Buy"
    SELL = "Sell"


class OrdType(StrEnum):
    """FIX 40; `type` on the wire."""

    MARKET = "Market"
    LIMIT = "Limit"
    STOP = "Stop"
    STOP_LIMIT = "StopLimit"


class OrdStatus(StrEnum):
    """FIX 39; `state` on the wire. `TRANSITIONS` says which states may follow."""

    PENDING_NEW = "PendingNew"
    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    FILLED = "Filled"
    PENDING_CANCEL = "PendingCancel"
    CANCELED = "Canceled"
    PENDING_REPLACE = "PendingReplace"
    REJECTED = "Rejected"
    EXPIRED = "Expired"


class OrderEvent(StrEnum):
    """What moves an order from one state to the next: a report of an engine (FIX 150, ExecType), or a request (FIX 35,
    MsgType).
    """

    ACKNOWLEDGED = "Acknowledged"
    """An engine has the order (150=0)."""
    TRADED = "Traded"
    """A part of it is filled, a part is still open (150=F)."""
    FILLED = "Filled"
    """All of it is filled (150=F)."""
    CANCELED = "Canceled"
    """The open part was canceled (150=4)."""
    EXPIRED = "Expired"
    """The open part ended with the session (150=C)."""
    REJECTED = "Rejected"
    """A rule forbids it (150=8)."""
    CANCEL_REQUESTED = "CancelRequested"
    """Its customer asked to cancel it (35=F), and no engine has decided yet."""
    REPLACE_REQUESTED = "ReplaceRequested"
    """Its customer asked to replace it (35=G), and no engine has decided yet."""


class TimeInForce(StrEnum):
    """FIX 59."""

    DAY = "Day"
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    OPG = "OPG"
    """At the opening (59=2)."""
    CLS = "CLS"
    """At the close (59=7)."""


AT_ONCE = frozenset({TimeInForce.IOC, TimeInForce.FOK})
"""Immediate orders: what cannot be executed at once ends."""
AT_AUCTION = frozenset({TimeInForce.OPG, TimeInForce.CLS})
"""Orders for one auction: what that does not execute ends."""
AT_MARKET = frozenset({OrdType.MARKET, OrdType.STOP})
"""Orders without a limit of their own: they do not wait for a better market."""


class SelfTrade(StrEnum):
    """What happens when an order meets one of its own account (FIX 2964)."""

    CANCEL_NEWEST = "CancelNewest"
    CANCEL_OLDEST = "CancelOldest"
    CANCEL_BOTH = "CancelBoth"
    DECREMENT = "DecrementAndCancel"
    OFF = "Off"


class Peg(StrEnum):
    """What the price of a pegged order follows (FIX 18, ExecInst); the field's name on the wire."""

    MIDPOINT = "pegToMidpoint"
    """18=M: the middle of best bid and ask."""
    PRIMARY = "pegToPrimary"
    """18=R: the best price of its own side."""


class PoolType(StrEnum):
    """Where an order is routed: hidden (dark) or displayed (lit) liquidity."""

    DARK = "Dark"
    LIT = "Lit"


@dataclass(frozen=True, slots=True)
class Quote:
    """A ticker's reference bid and ask, USD a share, and the time of the quote; it is empty for a first quote, which
    comes with the listing of a ticker.
    """

    bid: Decimal
    ask: Decimal
    time: str = ""

    def reference(self, side: Side) -> Decimal:
        """The price at which the other side trades: a buyer pays the ask, a seller gets the bid."""
        return self.ask if side is Side.BUY else self.bid


@dataclass(frozen=True, slots=True)
class DisplayedQuote:
    """The best bid and ask that the lit pools displayed at `time`, USD a share, with their sizes in shares. A side that
    was empty is None. Before the first command in a ticker this is the reference quote, which has no sizes.
    """

    time: str
    bid: Decimal | None
    ask: Decimal | None
    bid_size: int | None = None
    ask_size: int | None = None


@dataclass(frozen=True, slots=True)
class MarketQuote:
    """The quotes of a ticker when an order arrives: the reference quote and the displayed one."""

    reference: Quote
    displayed: DisplayedQuote


@dataclass(frozen=True, slots=True)
class Order:
    """An accepted order. Everything that its reservation depends on is fixed here. So later changes of configuration or
    quotes can neither use more money than was reserved nor release a different amount.

    `price` is the limit, None if there is none; `protection_price` is the worst price it may trade at. `highest_fee` is
    the most that a slice of at most `slice_size` shares may cost where fees are drawn, USD. `highest_rate` is the most
    that a share may cost where fees go by shares, USD. `peg_offset` is how far a pegged order stays away from the price
    that it follows, USD a share. `arrival_bid` and `arrival_ask` are the best prices that were
    displayed when it arrived, None for a side that was empty. The quality of its executions is measured against them.
    """

    order_id: str
    customer_id: str
    side: Side
    ticker: str
    type: OrdType
    quantity: int
    price: Decimal | None
    order_date: str
    session_date: str
    protection_price: Decimal
    highest_fee: Decimal
    highest_rate: Decimal
    slice_size: int
    client_order_id: str | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    stop_price: Decimal | None = None
    minimum_quantity: int = 0
    post_only: bool = False
    pool_only: bool = False
    self_trade: SelfTrade = SelfTrade.CANCEL_NEWEST
    peg: Peg | None = None
    peg_offset: Decimal = money.ZERO
    arrival_bid: Decimal | None = None
    arrival_ask: Decimal | None = None

    @property
    def split(self) -> bool:
        """Whether the order is larger than a slice."""
        return self.quantity > self.slice_size

    def within_protection(self, price: Decimal) -> Decimal:
        """`price`, or the protection price where that is better for the customer."""
        return (min if self.side is Side.BUY else max)(price, self.protection_price)

    def reservation(self, leaves: int) -> Decimal:
        """The most cash that `leaves` shares of the order can take, USD. When that number changes, the difference is
        released.

        A buy takes price and fees. A sell takes no cash: its fees are never more than its proceeds.
        """
        if self.side is Side.SELL:
            return money.ZERO
        return self.protection_price * leaves + self.highest_fees(leaves)

    def highest_fees(self, quantity: int) -> Decimal:
        """The highest fees of so many shares of the order, USD."""
        return fees.highest(quantity, self.slice_size, self.highest_fee, self.highest_rate)


def slices(quantity: int, slice_size: int) -> Iterator[int]:
    """The slices that a quantity is split into: full ones, and a rest."""
    full, rest = divmod(quantity, slice_size)
    yield from repeat(slice_size, full)
    if rest:
        yield rest


FIX_CODES: Mapping[OrdStatus, str] = {
    OrdStatus.PENDING_NEW: "A",
    OrdStatus.NEW: "0",
    OrdStatus.PARTIALLY_FILLED: "1",
    OrdStatus.FILLED: "2",
    OrdStatus.CANCELED: "4",
    OrdStatus.PENDING_CANCEL: "6",
    OrdStatus.REJECTED: "8",
    OrdStatus.EXPIRED: "C",
    OrdStatus.PENDING_REPLACE: "E",
}
"""FIX's code of each state (39)."""

TRANSITIONS: Mapping[tuple[OrdStatus, OrderEvent], OrdStatus] = {
    (OrdStatus.PENDING_NEW, OrderEvent.ACKNOWLEDGED): OrdStatus.NEW,
    (OrdStatus.PENDING_NEW, OrderEvent.TRADED): OrdStatus.PARTIALLY_FILLED,
    (OrdStatus.PENDING_NEW, OrderEvent.FILLED): OrdStatus.FILLED,
    (OrdStatus.PENDING_NEW, OrderEvent.CANCELED): OrdStatus.CANCELED,
    (OrdStatus.PENDING_NEW, OrderEvent.EXPIRED): OrdStatus.EXPIRED,
    (OrdStatus.PENDING_NEW, OrderEvent.REJECTED): OrdStatus.REJECTED,
    (OrdStatus.PENDING_NEW, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
    (OrdStatus.PENDING_NEW, OrderEvent.REPLACE_REQUESTED): OrdStatus.PENDING_REPLACE,
    (OrdStatus.NEW, OrderEvent.ACKNOWLEDGED): OrdStatus.NEW,  # by the next engine on its way
    (OrdStatus.NEW, OrderEvent.TRADED): OrdStatus.PARTIALLY_FILLED,
    (OrdStatus.NEW, OrderEvent.FILLED): OrdStatus.FILLED,
    (OrdStatus.NEW, OrderEvent.CANCELED): OrdStatus.CANCELED,
    (OrdStatus.NEW, OrderEvent.EXPIRED): OrdStatus.EXPIRED,
    (OrdStatus.NEW, OrderEvent.REJECTED): OrdStatus.REJECTED,
    (OrdStatus.NEW, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
    (OrdStatus.NEW, OrderEvent.REPLACE_REQUESTED): OrdStatus.PENDING_REPLACE,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.ACKNOWLEDGED): OrdStatus.PARTIALLY_FILLED,  # what is left of it rests
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.TRADED): OrdStatus.PARTIALLY_FILLED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.FILLED): OrdStatus.FILLED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.CANCELED): OrdStatus.CANCELED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.EXPIRED): OrdStatus.EXPIRED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.REJECTED): OrdStatus.REJECTED,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
    (OrdStatus.PARTIALLY_FILLED, OrderEvent.REPLACE_REQUESTED): OrdStatus.PENDING_REPLACE,
    (OrdStatus.PENDING_REPLACE, OrderEvent.CANCEL_REQUESTED): OrdStatus.PENDING_CANCEL,
}
"""The state after an event. A pair that is not here is forbidden. Nothing happens to an order that has ended. While a
request waits for its answer no other may follow, except a cancel after a replacement.

A waiting request is shown instead of the state that the order's quantities make. Once it is decided, the order is in
that state again: with its new terms after a replacement (FIX 150=5, Replaced); as it was if the request was refused
(FIX 35=9, OrderCancelReject); ended if it was filled or canceled meanwhile.
"""

ENDED = frozenset({OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED})
"""The states in which an order has ended: nothing follows."""


def next_state(state: OrdStatus, event: OrderEvent) -> OrdStatus:
    """The state after the event. Raises IllegalTransition where the table has none."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"an order that is {state} cannot become {event}") from None


def state_of(
    cumulative: int,
    leaves: int,
    ending: OrdStatus | str | None = None,
    *,
    answered: bool = True,
    requests: Iterable[OrderEvent] = (),
) -> OrdStatus:
    """An order's state (FIX 39) from its quantities, in whatever sequence its reports were booked.

    `leaves` is what may still be open. `ending` is how it ended, None if nothing of it ended unfilled. `answered` says
    that an engine has it. `requests` are those that wait for an answer, the oldest first.
    """
    events = [OrderEvent.ACKNOWLEDGED] if answered else []
    if leaves:
        events += [OrderEvent.TRADED] if cumulative else []
        events += requests
    else:
        events.append(OrderEvent.FILLED if ending is None else OrderEvent(ending))
    return reduce(next_state, events, OrdStatus.PENDING_NEW)
