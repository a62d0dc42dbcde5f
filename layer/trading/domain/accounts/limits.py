"""What a customer may do at the most: checked before an order is accepted, and before it is replaced.

Checks of this kind are asked of every broker before an order reaches a market (SEC rule 15c3-5; MiFID II's RTS 6,
article 15).
"""

from dataclasses import dataclass
from decimal import Decimal

from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.orders import Order, Quote, Side


@dataclass(frozen=True, slots=True)
class CustomerLimits:
    """One customer's limits. What is None has none.

    `highest_order_value` is what one order may be worth, USD; `highest_open_orders` how many may be open at once;
    `collar` the fraction of the quote that a limit may be beyond it; `highest_short` how many shares of a ticker may be
    sold that the customer has not got, none by default.
    """

    highest_order_value: Decimal | None = None
    highest_open_orders: int | None = None
    collar: Decimal | None = None
    highest_short: int = 0

    @property
    def rest_on_the_quote(self) -> bool:
        """Whether it takes a quote to judge an order."""
        return self.highest_order_value is not None or self.collar is not None

    def room(self, open_orders: int) -> int | None:
        """So many more orders may be opened; None if any number."""
        return None if self.highest_open_orders is None else self.highest_open_orders - open_orders


UNLIMITED = CustomerLimits()
"""What a customer has for whom nothing was set: it may not sell short."""


def refusal_of(order: Order, quote: Quote, limits: CustomerLimits) -> Refusal | None:
    """Why the order may not be entered as it is, whatever the account has; None if it may."""
    worth, highest = value_of(order, quote), limits.highest_order_value
    if highest is not None and worth > highest:
        detail = f"The order is worth {money.text(worth)} USD, {money.text(highest)} USD are the most that it may be."
        return Refusal("order-value-too-large", detail)
    if limits.collar is None or order.price is None:
        return None
    furthest = collared(order.side, order.stop_price or quote.reference(order.side), limits.collar)
    if order.price > furthest if order.side is Side.BUY else order.price < furthest:
        detail = f"The limit of {money.text(order.price)} USD is beyond {money.text(furthest)} USD, its collar."
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
