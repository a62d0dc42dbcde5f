"""The order: what a customer asked for and what was fixed when it was accepted; its slices; its state."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trading.domain import money
from trading.domain.ids import derived

CUSTOMER_ID = re.compile(r"[0-9]{6}")
TICKER = re.compile(r"[A-Z][A-Z.]{0,9}")
ORDER_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Side(StrEnum):
    """FIX 54; `direction` on the wire."""

    BUY = "Buy"
    SELL = "Sell"


class OrdType(StrEnum):
    """FIX 40; `type` on the wire."""

    MARKET = "Market"
    LIMIT = "Limit"


class OrdStatus(StrEnum):
    """FIX 39; `state` on the wire."""

    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    FILLED = "Filled"
    REJECTED = "Rejected"


class TimeInForce(StrEnum):
    """FIX 59."""

    DAY = "Day"
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


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

    `price` is the limit, None for a market order; `protection_price` the worst price it may trade at; `highest_fee`
    the most that one slice may cost; `slice_size` the largest slice it is split into.
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
    slice_size: int
    client_order_id: str | None = None

    @property
    def slices(self) -> int:
        """How many slices the order is split into: full ones and a rest."""
        return -(-self.quantity // self.slice_size)

    def slice_quantity(self, number: int) -> int:
        return min(self.slice_size, self.quantity - number * self.slice_size)

    def slice_id(self, number: int) -> str:
        return derived(self.order_id, f"slice {number}")

    def within_protection(self, price: Decimal) -> Decimal:
        """`price`, or the protection price where that is better for the customer."""
        return (min if self.side is Side.BUY else max)(price, self.protection_price)

    def reservation(self, slices: Iterable[int] | None = None) -> Decimal:
        """The cash that these slices (all, if not given) can take at the worst, USD.

        A buy takes price and fee. A sell brings its proceeds, so it takes cash only where the fee is higher.
        """
        wanted = range(self.slices) if slices is None else list(slices)
        rest = self.slices - 1
        full = len(wanted) - (rest in wanted)
        worst = full * self._worst_debit(self.slice_size)
        if rest in wanted:
            worst += self._worst_debit(self.slice_quantity(rest))
        return worst

    def _worst_debit(self, quantity: int) -> Decimal:
        notional = self.protection_price * quantity
        if self.side is Side.BUY:
            return notional + self.highest_fee
        return max(money.ZERO, self.highest_fee - notional)


def state_of(quantity: int, cumulative: int, leaves: int, ending: OrdStatus | None = None) -> OrdStatus:
    """An order's state (FIX 39) from its quantities, whatever order its executions arrived in.

    `ending` is how an order ended that has nothing left and did not fill.
    """
    if leaves:
        return OrdStatus.PARTIALLY_FILLED if cumulative else OrdStatus.NEW
    if cumulative == quantity:
        return OrdStatus.FILLED
    if ending is None:
        raise ValueError(f"an order of {quantity} with {cumulative} filled and nothing left has not ended")
    return ending
