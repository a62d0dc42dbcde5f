"""Checks which of a customer's orders are refused: by its limits, and by what is known of its account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from limits_cache import suspended

from trading.aws.store import customer_items
from trading.domain import money
from trading.domain.accounts.limits import CustomerLimits, refusal_of
from trading.domain.errors import Refusal
from trading.domain.orders import Order, Side
from trading.domain.quotes import MarketQuote, Quote


@dataclass(slots=True)
class Account:
    """A customer's account as far as it is known. It is `crowded` if its item names as many open orders as it may. This
    and `limits` may be from an earlier request, as long as the customer was not `seen` in this one. The rest is known
    from failed conditions only; None is unknown.
    """

    limits: CustomerLimits
    crowded: bool = False
    seen: bool = False
    suspended: bool = False
    open_orders: int = 0
    cash: Decimal | None = None
    shares: dict[str, int] = field(default_factory=dict)

    def see(self, item: Mapping[str, Any], limits: CustomerLimits) -> None:
        """Takes over what the customer's item says, with its limits."""
        self.limits = limits
        self.crowded = customer_items.is_crowded(item)
        self.seen = True
        self.suspended = "halted" in item
        self.open_orders = int(item.get("openOrders", 0))
        self.cash = item["cash"]

    def refusals(self, orders: Sequence[Order], quotes: Mapping[str, MarketQuote]) -> dict[str, Refusal]:
        """The refused orders, by id. Cash, shares and room go to the others, one by one."""
        left = replace(self, shares=dict(self.shares))
        refusals: dict[str, Refusal] = {}
        for order in orders:
            if refusal := left.refusal_of(order, quotes[order.ticker].reference):
                refusals[order.order_id] = refusal
            else:
                left.take(order)
        return refusals

    def refusal_of(self, order: Order, quote: Quote) -> Refusal | None:
        """Why this order is refused; None if nothing is known that forbids it."""
        if self.suspended:
            return suspended(order.customer_id)
        return (
            refusal_of(order, quote, self.limits) or self._no_room() or self._no_cash(order) or self._no_shares(order)
        )

    def _no_room(self) -> Refusal | None:
        room = self.limits.room(self.open_orders)
        if room is None or room > 0:
            return None
        detail = f"{self.open_orders} orders are open, {self.limits.highest_open_orders} may be."
        return Refusal("too-many-open-orders", detail)

    def _no_cash(self, order: Order) -> Refusal | None:
        needed = order.reservation(order.quantity)
        if self.cash is None or needed <= self.cash:
            return None
        detail = f"The order needs {money.text(needed)} USD, {money.text(self.cash)} USD are available."
        return Refusal("insufficient-funds", detail)

    def _no_shares(self, order: Order) -> Refusal | None:
        held = self.shares.get(order.ticker)
        if order.side is Side.BUY or held is None or order.quantity <= held + self.limits.highest_short:
            return None
        return insufficient_shares(f"The order sells {order.quantity} {order.ticker}", held, self.limits)

    def take(self, order: Order) -> None:
        """Takes what an accepted order needs, so that the next ones have the rest."""
        self.open_orders += 1
        if self.cash is not None:
            self.cash -= order.reservation(order.quantity)
        if order.side is Side.SELL and order.ticker in self.shares:
            self.shares[order.ticker] -= order.quantity


def insufficient_shares(what: str, held: int, limits: CustomerLimits) -> Refusal:
    """Refuses to sell more than the shares `held` (negative if short) and those that may be sold short."""
    if not limits.highest_short:
        return Refusal("insufficient-shares", f"{what}, {held} are available.")
    left = max(held + limits.highest_short, 0)
    return Refusal("insufficient-shares", f"{what}, {left} may be sold, up to {limits.highest_short} short.")
