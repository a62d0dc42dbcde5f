"""The smart order router's decision: which pool an order goes to first."""

from dataclasses import dataclass

from trading.domain.commands import NewOrder, new_order_id
from trading.domain.market import Market
from trading.domain.orders import Order, PoolType


@dataclass(frozen=True, slots=True)
class Route:
    """Committed on the order, so that routing it again gives the same command whatever has changed since."""

    pool: PoolType


def route_of(order: Order, market: Market) -> Route:
    """Tickers on the dark-pool list go to the dark pools first, all others to the lit pools.

    An order for the dark pools only goes there whatever its ticker; one that is to add displayed liquidity, or that
    waits for the market to trade at its stop, goes to the lit pools.
    """
    if order.pool_only:
        return Route(PoolType.DARK)
    listed = order.ticker in market.dark_pool_tickers
    return Route(PoolType.DARK if listed and not order.post_only and order.stop_price is None else PoolType.LIT)


def command_of(order: Order) -> NewOrder:
    """The order as the first command of its way."""
    return NewOrder(new_order_id(order.order_id), order, order.quantity)
