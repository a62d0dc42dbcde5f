"""A customer's limits, checked before an order is accepted and before it is replaced.

Every broker must have such checks before an order reaches a market (SEC rule 15c3-5; MiFID II's RTS 6, article 15).
"""

from dataclasses import dataclass
from decimal import Decimal

from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.orders import Order, Side
from trading.domain.quotes import Quote


@dataclass(frozen=True, slots=True)
class CustomerLimits:
    """One customer's limits. None means that there is no limit.

    `highest_order_value` is the most that one order may be worth, USD. `highest_open_orders` is how many orders may be
    open at once. `collar` is how far beyond the quote a limit price may be, as a fraction of the quote. `highest_short`
    is how many shares of a ticker may be sold short; the default is none.
    """

    highest_order_value: Decimal | None = None
    highest_open_orders: int | None = None
    collar: Decimal | None = None
    highest_short: int = 0

    @property
    def need_a_quote(self) -> bool:
        """Whether an order can be checked only with a quote."""
        return self.highest_order_value is not None or self.collar is not None

    def room(self, open_orders: int) -> int | None:
        """How many more orders may be opened; None means any number."""
        return None if self.highest_open_orders is None else self.highest_open_orders - open_orders


UNLIMITED = CustomerLimits()
"""The limits of a customer for whom none were set: it may do anything but sell short."""


def refusal_of(order: Order, quote: Quote, limits: CustomerLimits) -> Refusal | None:
    """Why these limits forbid the order, whatever the account has; None if they allow it."""
    worth, highest = value_of(order, quote), limits.highest_order_value
    if highest is not None and worth > highest:
        detail = f"The order is worth {money.text(worth)} USD, {money.text(highest)} USD are the most that it may be."
        return Refusal("order-value-too-large", detail)
    if limits.collar is None or order.price is None:
        return None
    furthest = collared(order.side, order.stop_price or quote.reference(order.side), limits.collar)
    if order.price > furthest if order.side is Side.BUY else order.price < furthest:
        limit, end = money.text(order.price), money.text(furthest)
        detail = f"The limit of {limit} USD is outside the collar, which ends at {end} USD."
        return Refusal("price-outside-collar", detail)
    return None


def value_of(order: Order, quote: Quote) -> Decimal:
    """What the order is worth, USD, without fees: a buy at the worst price that it may trade at, a sell at its limit,
    or at the bid where that is higher.
    """
    if order.side is Side.BUY:
        return order.protection_price * order.quantity
    return max(order.price or quote.bid, quote.bid) * order.quantity


def collared(side: Side, price: Decimal, collar: Decimal) -> Decimal:
    """The worst price that is within the collar of this one, USD."""
    return money.highest_buy(price, collar) if side is Side.BUY else money.lowest_sell(price, collar)
