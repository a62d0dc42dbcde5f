"""Whom an order meets in the dark pools at a midpoint: other customers' orders, then simulated hidden liquidity."""

from collections.abc import Iterator

from trading.domain.ids import derived, draw
from trading.domain.market import Market
from trading.domain.matching.dark_book import DarkBook
from trading.domain.matching.pool import house_order
from trading.domain.matching.working_order import WorkingOrder
from trading.domain.orders import PoolType, SelfTrade, TimeInForce, slices

Contra = tuple[WorkingOrder, int]
"""An order of the other side, and the shares that trade with it."""


def crossing(resting: DarkBook, order: WorkingOrder, midpoint: int, seed: str, market: Market) -> list[Contra]:
    """What the order trades with at this midpoint, in half ticks; nothing if that is less than its minimum. Chance is
    drawn by the seed. No order is changed.
    """
    contras = [*_customers(resting, order, midpoint)]
    left = order.leaves - sum(quantity for _, quantity in contras)
    contras += _simulated(order, left, midpoint, seed, market)
    least = order.leaves if order.tif is TimeInForce.FOK else min(order.minimum, order.leaves)
    return contras if sum(quantity for _, quantity in contras) >= least else []


def _customers(resting: DarkBook, order: WorkingOrder, midpoint: int) -> Iterator[Contra]:
    """The customers' orders that it trades with, and how much with each."""
    leaves = order.leaves
    for maker in resting.against(midpoint, buys=order.buys):
        if not leaves:
            return
        own = maker.account == order.account and order.self_trade is not SelfTrade.OFF
        quantity = min(leaves, maker.leaves)
        large_enough = quantity >= min(maker.minimum, maker.leaves)
        if large_enough and not own:
            leaves -= quantity
            yield maker, quantity


def _simulated(order: WorkingOrder, leaves: int, midpoint: int, seed: str, market: Market) -> Iterator[Contra]:
    """Simulated liquidity, slice by slice."""
    venues = list(market.venues[PoolType.DARK])
    for number, quantity in enumerate(slices(leaves, order.terms.order.slice_size)):
        name = derived(seed, f"slice {number}")
        if draw(name, "crosses in the dark", 2) == 0:
            venue = venues[draw(name, "venue", len(venues))]
            yield house_order(name, buys=not order.buys, quantity=quantity, price=midpoint, venue=venue), quantity


def within_limit(order: WorkingOrder, price: int) -> bool:
    """Whether the price is within the order's limit."""
    return order.price is None or (price <= order.price if order.buys else price >= order.price)
