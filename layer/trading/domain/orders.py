"""The order: what a customer asked for and what was fixed when it was accepted; its state."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import repeat

from trading.domain import money

CUSTOMER_ID = re.compile(r"[0-9]{6}")
TICKER = re.compile(r"[A-Z][A-Z.]{0,9}")
ORDER_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOST_SHARES = 10_000_000
"""Of one order. What a sender claims beyond it would keep an engine busy until its time limit, again and again."""
MAX_SLICES = 10_000
"""Of one order: a dark engine crosses so many in a fifth of a second."""


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
    """FIX 39; `state` on the wire. What follows on what is in `TRANSITIONS`."""

    PENDING_NEW = "PendingNew"
    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    FILLED = "Filled"
    PENDING_CANCEL = "PendingCancel"
    CANCELED = "Canceled"
    PENDING_REPLACE = "PendingReplace"
    REJECTED = "Rejected"
    EXPIRED = "Expired"


_OPEN = frozenset({OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED})
_PENDING = frozenset({OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE})
_ENDED = frozenset({OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED})


class TimeInForce(StrEnum):
    """FIX 59."""

    DAY = "Day"
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


AT_ONCE = frozenset({TimeInForce.IOC, TimeInForce.FOK})
"""What is executed at once or not at all."""


class SelfTrade(StrEnum):
    """What happens when an order meets one of its own account (FIX 2964)."""

    CANCEL_NEWEST = "CancelNewest"
    CANCEL_OLDEST = "CancelOldest"
    CANCEL_BOTH = "CancelBoth"
    DECREMENT = "DecrementAndCancel"
    OFF = "Off"


class PoolType(StrEnum):
    """Where an order is routed: hidden (dark) or displayed (lit) liquidity."""

    DARK = "Dark"
    LIT = "Lit"


@dataclass(frozen=True, slots=True)
class Quote:
    """A ticker's reference bid and ask, USD a share."""

    bid: Decimal
    ask: Decimal

    def reference(self, side: Side) -> Decimal:
        """The price at which the other side trades: a buyer pays the ask, a seller gets the bid."""
        return self.ask if side is Side.BUY else self.bid


@dataclass(frozen=True, slots=True)
class Order:
    """An accepted order. All that its reservation rests on is fixed here, so later changes of configuration or quotes
    can neither use more money than was reserved nor release a different amount.

    `price` is the limit, None where there is none; `protection_price` the worst price it may trade at. `highest_fee` is
    the most that a slice of at most `slice_size` shares may cost where fees are drawn, `highest_rate` the most that a
    share may cost where they go by shares, USD.
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

    @property
    def split(self) -> bool:
        """Whether the order is larger than a slice."""
        return self.quantity > self.slice_size

    def within_protection(self, price: Decimal) -> Decimal:
        """`price`, or the protection price where that is better for the customer."""
        return (min if self.side is Side.BUY else max)(price, self.protection_price)

    def reservation(self, leaves: int) -> Decimal:
        """The cash that `leaves` shares of the order can take at the worst, USD; what a change of them releases is the
        difference.

        A buy takes price and fees. A sell takes none: it brings its proceeds, and its fees are never more than those.
        """
        if self.side is Side.SELL:
            return money.ZERO
        slice_fees = -(-leaves // self.slice_size) * self.highest_fee
        return self.protection_price * leaves + slice_fees + money.fees_at_most(self.highest_rate, leaves)


def slices(quantity: int, slice_size: int) -> Iterator[int]:
    """A quantity as the slices that it is split into: full ones and a rest."""
    full, rest = divmod(quantity, slice_size)
    yield from repeat(slice_size, full)
    if rest:
        yield rest


TRANSITIONS: Mapping[OrdStatus, tuple[str, frozenset[OrdStatus]]] = {
    OrdStatus.PENDING_NEW: ("A", _OPEN | _PENDING | _ENDED),
    OrdStatus.NEW: ("0", _OPEN | _PENDING | _ENDED),
    OrdStatus.PARTIALLY_FILLED: ("1", frozenset({OrdStatus.PARTIALLY_FILLED}) | _PENDING | _ENDED),
    OrdStatus.PENDING_CANCEL: ("6", _OPEN | _ENDED),
    OrdStatus.PENDING_REPLACE: ("E", _OPEN | _ENDED),
    OrdStatus.FILLED: ("2", frozenset()),
    OrdStatus.CANCELED: ("4", frozenset()),
    OrdStatus.EXPIRED: ("C", frozenset()),
    OrdStatus.REJECTED: ("8", frozenset()),
}
"""FIX's code of each state (39), and the states that may follow. A replacement that is done is no state of its own (FIX
150=5, Replaced): the order is New or PartiallyFilled again, under its new terms. A request that is refused (FIX 35=9)
leaves the order as it was; a fill that is faster than a request is a fill.
"""


def state_of(
    quantity: int, cumulative: int, leaves: int, ending: OrdStatus | str | None = None, *, answered: bool = True
) -> OrdStatus:
    """An order's state (FIX 39) from its quantities, whatever order its executions arrived in.

    `ending` is how an order ended that has nothing left and did not fill; `answered` whether an engine has it.
    """
    if leaves and not cumulative:
        return OrdStatus.NEW if answered else OrdStatus.PENDING_NEW
    if leaves:
        return OrdStatus.PARTIALLY_FILLED
    if cumulative == quantity:
        return OrdStatus.FILLED
    if ending is None:
        raise ValueError(f"an order of {quantity} with {cumulative} filled and nothing left has not ended")
    return OrdStatus(ending)
