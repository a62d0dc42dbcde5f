"""The order: what a customer asked for, and what was fixed when it was accepted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import repeat

from trading.domain import money

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
class Order:
    """An accepted order. Everything that its reservation depends on is fixed here. So later changes of configuration or
    quotes can neither use more money than was reserved nor release a different amount.

    `price` is the limit, None if there is none; `protection_price` is the worst price it may trade at. `highest_fee` is
    the most that a slice of at most `slice_size` shares may cost where fees are drawn, USD. `highest_rate` is the most
    that a share may cost where fees go by shares, USD. `peg_offset` is how far a pegged order stays away from the price
    that it follows, USD a share. `arrival_bid` and `arrival_ask` are the best prices that were displayed when it
    arrived, None for a side that was empty. The quality of its executions is measured against them.
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
        """The highest fees of so many shares of the order, USD, in however many trades."""
        number_of_slices = -(-quantity // self.slice_size)
        return number_of_slices * self.highest_fee + money.rounded_up(self.highest_rate * quantity)


def slices(quantity: int, slice_size: int) -> Iterator[int]:
    """The slices that a quantity is split into: full ones, and a rest."""
    full, rest = divmod(quantity, slice_size)
    yield from repeat(slice_size, full)
    if rest:
        yield rest
