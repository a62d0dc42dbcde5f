"""What traders do, by habit: pure functions of draws and of what a trader sees.

The same draws and the same sight give the same action. Prices are ticks, so that no float comes near money.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traffic.tick_quotes import shown

LOT = 100


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An open order of the trader. `price` is in ticks, None for a market order."""

    order_id: str
    ticker: str
    buys: bool
    quantity: int
    filled: int
    price: int | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a trader sees: bid and ask in ticks of the tickers that it trades, which of them go to the dark pools first,
    and its own open orders, the oldest first.
    """

    quotes: Mapping[str, tuple[int, int]]
    dark: frozenset[str]
    open_orders: Sequence[OpenOrder] = ()


@dataclass(frozen=True, slots=True)
class Enter:
    """Enter an order with these fields of the API's contract."""

    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replace:
    """Ask for another total quantity or another limit."""

    order_id: str
    quantity: int | None = None
    price: str | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Ask to cancel an order."""

    order_id: str


Action = Enter | Replace | Cancel
Habit = Callable[[random.Random, Sight], Action]

QUOTES_OF_A_MAKER, BLOCKS, ORDERS_OF_A_CHANGER = 6, 4, 5
"""So many open orders and a trader of the habit cancels one before it enters another."""


def taker(draws: random.Random, sight: Sight) -> Action:
    """Takes what is there: market orders, and limits at the other side or through it that do not rest."""
    ticker, buys = _wanted(draws, sorted(sight.quotes))
    quantity = _lots(draws, 12) if draws.randrange(4) else 1 + draws.randrange(99)
    terms = _terms(ticker, quantity, buys=buys)
    if draws.randrange(5) not in {0, 1}:
        return Enter(terms | {"type": "Market"})
    bid, ask = sight.quotes[ticker]
    through = draws.randrange(3)
    time_in_force = "FOK" if not draws.randrange(4) else "IOC"
    return Enter(terms | _limit(ask + through if buys else bid - through) | {"timeInForce": time_in_force})


def maker(draws: random.Random, sight: Sight) -> Action:
    """Makes a market: rests on both sides at the best price or near it, and takes back what is farthest from it."""
    if len(sight.open_orders) >= QUOTES_OF_A_MAKER or (sight.open_orders and not draws.randrange(4)):
        return Cancel(max(sight.open_orders, key=lambda order: (_distance(order, sight), order.order_id)).order_id)
    ticker, buys = _wanted(draws, sorted(sight.quotes))
    bid, ask = sight.quotes[ticker]
    better = draws.randrange(2) if ask - bid > 1 else 0
    away = -better if better else draws.randrange(4)
    terms = _terms(ticker, _lots(draws, 8), buys=buys)
    return Enter(terms | _limit(bid - away if buys else ask + away) | {"postOnly": True})


def changer(draws: random.Random, sight: Sight) -> Action:
    """Changes its mind: enters orders away from the market, replaces their prices and quantities, cancels them."""
    mine = sight.open_orders
    if mine and (len(mine) >= ORDERS_OF_A_CHANGER or draws.randrange(3)):
        order = mine[draws.randrange(len(mine))]
        match draws.randrange(4):
            case 0 if order.price is not None:
                return Replace(order.order_id, price=_price(order.price + draws.randrange(-3, 4)))
            case 1:
                return Replace(order.order_id, quantity=order.filled + _lots(draws, 8))
        return Cancel(order.order_id)
    ticker, buys = _wanted(draws, sorted(sight.quotes))
    bid, ask = sight.quotes[ticker]
    away = 1 + draws.randrange(10)
    time_in_force = "GTC" if not draws.randrange(4) else "Day"
    terms = _terms(ticker, _lots(draws, 8), buys=buys) | {"timeInForce": time_in_force}
    return Enter(terms | _limit(bid - away if buys else ask + away))


def block_trader(draws: random.Random, sight: Sight) -> Action:
    """Moves blocks through the dark pools, most of them only there and some only in large parts."""
    if len(sight.open_orders) >= BLOCKS:
        return Cancel(sight.open_orders[0].order_id)
    ticker, buys = _wanted(draws, sorted(sight.dark & sight.quotes.keys()) or sorted(sight.quotes))
    quantity = 20 * _lots(draws, 10)
    bid, ask = sight.quotes[ticker]
    terms = _terms(ticker, quantity, buys=buys) | _limit(ask if buys else bid)
    if draws.randrange(4):
        terms |= {"poolOnly": True}
        if draws.randrange(2):
            terms |= {"minimumQuantity": quantity // 4}
    return Enter(terms)


HABITS: Mapping[str, Habit] = {"taker": taker, "maker": maker, "changer": changer, "block trader": block_trader}
"""Traders take them in turn."""


def _wanted(draws: random.Random, tickers: Sequence[str]) -> tuple[str, bool]:
    """A ticker, and whether to buy it."""
    return tickers[draws.randrange(len(tickers))], bool(draws.randrange(2))


def _lots(draws: random.Random, most: int) -> int:
    return LOT * (1 + draws.randrange(most))


def _terms(ticker: str, quantity: int, *, buys: bool) -> dict[str, Any]:
    return {"direction": "Buy" if buys else "Sell", "ticker": ticker, "quantity": quantity}


def _limit(ticks: int) -> dict[str, Any]:
    return {"type": "Limit", "price": _price(ticks)}


def _price(ticks: int) -> str:
    return shown(max(1, ticks))


def _distance(order: OpenOrder, sight: Sight) -> int:
    """How far an order is from the best price of its side, in ticks; one in a ticker that is not seen is far."""
    if order.price is None or order.ticker not in sight.quotes:
        return 1_000_000_000
    bid, ask = sight.quotes[order.ticker]
    return abs(order.price - (bid if order.buys else ask))
