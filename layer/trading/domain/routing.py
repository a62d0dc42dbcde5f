"""Which pool an order goes to first, decided when it is accepted, and which engines a mass cancel goes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.messages.commands import MassCancel, NewOrder, new_order_id
from trading.domain.orders import AT_AUCTION, Order, PoolType


@dataclass(frozen=True, slots=True)
class Route:
    """The pool that an order goes to first. It is committed on the order, so that routing it again gives the same
    command, whatever has changed since.
    """

    pool: PoolType


@dataclass(frozen=True, slots=True)
class MassCancelRequest:
    """A customer's request to cancel all its open orders, in one ticker or in all. The customer trades on: what it
    enters after `time` stays. `request_id` is a UUID. `time` is not before that of any order for which the customer has
    had an answer.
    """

    customer_id: str
    request_id: str
    time: str
    ticker: str | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """The suspension of a customer at this `time`: all its open orders must end (a kill switch, as SEC rule 15c3-5 and
    MiFID II's RTS 6, article 12, require). `request_id` is a UUID. `time` is not before that of any accepted order: it
    is taken when new orders are already refused.
    """

    customer_id: str
    request_id: str
    time: str


def route_of(order: Order, market: Market) -> Route:
    """Tickers on the dark-pool list go to the dark pools first, all others to the lit pools.

    An order with `pool_only` goes to the dark pools whatever its ticker. A post-only order, which is to add displayed
    liquidity, goes to the lit pools. So does a pegged one, which follows the displayed quote, a stop, which waits for
    the market to trade at its stop price, and an order for an auction.
    """
    if order.pool_only:
        return Route(PoolType.DARK)
    displayed = order.post_only or order.peg is not None
    lit = displayed or order.stop_price is not None or order.time_in_force in AT_AUCTION
    return Route(PoolType.LIT if lit or order.ticker not in market.dark_pool_tickers else PoolType.DARK)


def command_of(order: Order) -> NewOrder:
    """The command that brings an order to its first pool."""
    return NewOrder(new_order_id(order.order_id), order, order.quantity)


def cancels_of(asked: Suspension | MassCancelRequest, tickers: Iterable[str]) -> Iterator[tuple[PoolType, MassCancel]]:
    """A mass cancel for every ticker and pool, because no other stage knows where a customer's orders are. The dark
    engine forwards it to the lit pools once more, after what it passed on before.
    """
    trades_on = isinstance(asked, MassCancelRequest)
    for ticker in tickers:
        for pool in PoolType:
            command_id = derived(asked.request_id, f"cancels for {asked.customer_id} in {pool} {ticker}")
            command = MassCancel(
                command_id, asked.request_id, ticker, asked.customer_id, asked.time, trades_on=trades_on
            )
            yield pool, command
