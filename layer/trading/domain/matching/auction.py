"""The uncross of an auction: the one price at which the orders that have collected trade, and who trades with whom.

The price is a whole tick. It is the one
1. at which most shares trade;
2. of these, that leaves the smallest imbalance: shares that could trade at the price and find no other side;
3. of these, the highest if all of them leave shares to buy, the lowest if all leave shares to sell;
4. of these, the nearest to the reference price.
This is the sequence of the market model of Xetra (Deutsche Boerse, T7 release 7.1, 2019), where the third step is
called market pressure, and of Nasdaq's crosses (Equity 4, Rules 4752 and 4754), which end with the midpoint, too.

Shares go to the best limit first, then to the order that came first. Self-trade prevention is for continuous trading:
who stands on both sides of an auction does not choose with whom to trade.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from trading.domain import money
from trading.domain.matching.working_order import WorkingOrder
from trading.domain.tape import Uncross

TICK = money.half_ticks(money.TICK)
"""A tick, in half ticks."""

Level = tuple[int, int]
"""A limit in half ticks, and shares that have it."""


def uncross(buys: Iterable[Level], sells: Iterable[Level], reference: int | None) -> Uncross | None:
    """The price of an auction; None if nothing can trade. Without a reference price the middle of the prices that are
    equally good is the reference.
    """
    curves = _Curves(buys, sells)
    found = [curves.at(price) for price in curves.prices()]
    volume = max((each.volume for each in found), default=0)
    if not volume:
        return None
    found = [each for each in found if each.volume == volume]
    imbalance = min(abs(each.imbalance) for each in found)
    return curves.at(_price([each for each in found if abs(each.imbalance) == imbalance], reference))


def _price(found: Sequence[Uncross], reference: int | None) -> int:
    """One of the prices from the first to the last that was found: all of them trade as much, and leave as little."""
    lowest, highest = min(found).price, max(found).price
    to_buy = [each.price for each in found if each.imbalance > 0]
    to_sell = [each.price for each in found if each.imbalance < 0]
    if to_buy and not to_sell:
        return highest
    if to_sell and not to_buy:
        return lowest
    if to_buy:  # the best of either kind: neither is further than it must be from the price at which the sides meet
        lowest, highest = max(to_buy), min(to_sell)
    middle = (lowest + highest) // 2 if reference is None else reference
    return min(max(middle // TICK * TICK, lowest), highest)


def allocated(
    buys: Iterable[WorkingOrder], sells: Iterable[WorkingOrder], volume: int
) -> Iterator[tuple[WorkingOrder, WorkingOrder, int]]:
    """Who buys from whom, and how many shares, when `volume` shares trade: no more than either side has. The orders are
    not changed.
    """
    bought = deque(_shared_out(sorted(buys, key=lambda order: (-_limit(order), order.arrival)), volume))
    sold = deque(_shared_out(sorted(sells, key=lambda order: (_limit(order), order.arrival)), volume))
    while bought:
        (buyer, wanted), (seller, offered) = bought.popleft(), sold.popleft()
        shares = min(wanted, offered)
        yield buyer, seller, shares
        if wanted > shares:
            bought.appendleft((buyer, wanted - shares))
        if offered > shares:
            sold.appendleft((seller, offered - shares))


def _shared_out(orders: Iterable[WorkingOrder], volume: int) -> Iterator[tuple[WorkingOrder, int]]:
    """The shares of each order that trade, in the order of their priority."""
    for order in orders:
        if not volume:
            return
        shares = min(order.leaves, volume)
        volume -= shares
        yield order, shares


def _limit(order: WorkingOrder) -> int:
    """Every order that takes part has one: where its customer gave none, its protection price."""
    return order.price  # type: ignore[return-value] # an order without one does not come here


class _Curves:
    """How many shares would be bought and sold at each price."""

    def __init__(self, buys: Iterable[Level], sells: Iterable[Level]) -> None:
        self._bids, self._bought = _cumulated((-limit, shares) for limit, shares in buys)
        self._asks, self._sold = _cumulated(sells)

    def at(self, price: int) -> Uncross:
        demand = self._bought[bisect_right(self._bids, -price)]
        supply = self._sold[bisect_right(self._asks, price)]
        return Uncross(price, min(demand, supply), demand - supply)

    def prices(self) -> Iterator[int]:
        """The first and last tick of each range of prices in which demand and supply are the same."""
        for limit in self._bids:
            last = -limit // TICK * TICK
            yield from (last, last + TICK)
        for limit in self._asks:
            first = -(-limit // TICK) * TICK
            yield from (first - TICK, first)


def _cumulated(levels: Iterable[Level]) -> tuple[list[int], list[int]]:
    """The limits in ascending order, and the shares of the first 0, 1, 2, … of them."""
    ordered = sorted(levels)
    return [limit for limit, _ in ordered], [0, *accumulate(shares for _, shares in ordered)]
