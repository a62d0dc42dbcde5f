"""The smart order router's decisions: which pool an order goes to first, and whom a mass cancel goes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.messages.commands import MassCancel, NewOrder, new_order_id
from trading.domain.orders import Order, PoolType


@dataclass(frozen=True, slots=True)
class Route:
    """Committed on the order, so that routing it again gives the same command whatever has changed since."""

    pool: PoolType


@dataclass(frozen=True, slots=True)
class MassCancelRequest:
    """A customer asked at this `time` to cancel all that is open of its orders, in one ticker or in all, and trades on:
    what it enters later stays. `request_id` is a UUID; the time is not before that of any order that it has had an
    answer to.
    """

    customer_id: str
    request_id: str
    time: str
    ticker: str | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A customer was stopped at this `time`: all that is open of its orders is to end (a kill switch, as SEC rule
    15c3-5 and MiFID II's RTS 6, article 12, ask for). `request_id` is a UUID; the time is not before that of any order
    that was accepted until then: it is taken when new orders are refused already.
    """

    customer_id: str
    request_id: str
    time: str


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


def cancels_of(asked: Suspension | MassCancelRequest, tickers: Iterable[str]) -> Iterator[tuple[PoolType, MassCancel]]:
    """A mass cancel for every ticker and pool: no other stage knows where a customer's orders are. The lit pools get it
    from the dark engine once more, after what that passed on before.
    """
    trades_on = isinstance(asked, MassCancelRequest)
    for ticker in tickers:
        for pool in PoolType:
            command_id = derived(asked.request_id, f"cancels for {asked.customer_id} in {pool} {ticker}")
            command = MassCancel(
                command_id, asked.request_id, ticker, asked.customer_id, asked.time, trades_on=trades_on
            )
            yield pool, command
