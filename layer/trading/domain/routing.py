"""The smart order router's decision: which pool an order goes to first, and how it is split."""

from collections.abc import Iterator
from dataclasses import dataclass

from trading.domain.commands import NewOrder
from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.orders import Order, PoolType

SLICES_PER_COMMAND = 250
"""Bounds a command, its journal entry, its bookings and every message between, however large the order is."""


@dataclass(frozen=True, slots=True)
class Route:
    """Committed on the order, so that routing it again gives the same commands whatever has changed since."""

    pool: PoolType
    slices_per_command: int


def route_of(order: Order, market: Market) -> Route:
    """Tickers on the dark-pool list go to the dark pools first, all others to the lit pools."""
    pool = PoolType.DARK if order.ticker in market.dark_pool_tickers else PoolType.LIT
    return Route(pool, SLICES_PER_COMMAND)


def commands_of(order: Order, route: Route) -> Iterator[NewOrder]:
    """The order's slices, in commands of at most `route.slices_per_command` each."""
    for first in range(0, order.slices, route.slices_per_command):
        slices = range(first, min(first + route.slices_per_command, order.slices))
        yield NewOrder(derived(order.order_id, f"slices from {first}"), order, tuple(slices))
