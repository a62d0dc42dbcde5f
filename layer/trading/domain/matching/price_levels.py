"""One side of a book: its price levels, each a queue of orders."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from typing import NamedTuple

from trading.domain.matching.working_order import WorkingOrder
from trading.domain.tape import Depth

RANKS = 64
"""More than there are exchanges: a level's key is its price times this, less the rank of its exchange."""


class BookSide:
    """One side of a book: its levels by key, the best key last. `sign` is 1 for bids and -1 for asks, so that the
    higher key is always the better.
    """

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, OrderedDict[str, WorkingOrder]] = {}

    def add(self, order: WorkingOrder) -> None:
        level = self.levels.get(order.key)
        if level is None:
            level = self.levels[order.key] = OrderedDict()
            insort(self.keys, order.key)
        level[order.id] = order

    def remove(self, order: WorkingOrder) -> None:
        level = self.levels[order.key]
        del level[order.id]
        if not level:
            self.drop(order.key)

    def drop(self, key: int) -> None:
        del self.levels[key]
        if self.keys[-1] == key:
            self.keys.pop()
        else:
            del self.keys[bisect_left(self.keys, key)]

    def key(self, price: int, rank: int) -> int:
        """The key of a level: by price, then by rank, where the lower is better."""
        return self.sign * price * RANKS - rank

    def price(self, key: int) -> int:
        """The price of a level's key."""
        return self.sign * -(-key // RANKS)

    def bound(self, price: int | None) -> int:
        """The lowest key that an incoming order of the other side trades with, given its limit; None is no limit."""
        if price is None:
            return self.keys[0] if self.keys else 0
        return self.sign * price * RANKS - RANKS + 1

    def best_first(self) -> Iterator[WorkingOrder]:
        for key in reversed(self.keys):
            yield from self.levels[key].values()


class Displayed(BookSide):
    """A side that knows the shares and the number of orders of each level, by exchange, and how many of the orders are
    pegged. So neither what is displayed nor what pegged orders follow costs a look at the orders. Whoever changes an
    order that stands here calls `count`, too.
    """

    __slots__ = ("exchanges", "pegged")

    def __init__(self, sign: int) -> None:
        super().__init__(sign)
        self.exchanges: dict[int, dict[str, tuple[int, int]]] = {}
        self.pegged: dict[int, int] = {}

    def add(self, order: WorkingOrder) -> None:
        super().add(order)
        self.exchanges.setdefault(order.key, {})
        self.count(order, order.leaves, 1)

    def remove(self, order: WorkingOrder) -> None:
        self.count(order, -order.leaves, -1)
        super().remove(order)

    def drop(self, key: int) -> None:
        super().drop(key)
        del self.exchanges[key]
        self.pegged.pop(key, None)

    def count(self, order: WorkingOrder, shares: int, orders: int = 0) -> None:
        """Adds so many shares and orders to those of the order's level and exchange; below zero it takes them away."""
        exchanges = self.exchanges[order.key]
        known_shares, known_orders = exchanges.get(order.venue, (0, 0))
        if known_orders + orders:
            exchanges[order.venue] = known_shares + shares, known_orders + orders
        else:
            del exchanges[order.venue]
        if order.follows:
            self.pegged[order.key] = self.pegged.get(order.key, 0) + orders

    def anchor(self) -> int | None:
        """The best price of the orders that are not pegged."""
        return next(
            (self.price(key) for key in reversed(self.keys) if self._orders(key) > self.pegged.get(key, 0)), None
        )

    def _orders(self, key: int) -> int:
        return sum(orders for _, orders in self.exchanges[key].values())

    def shares(self, key: int) -> int:
        """The shares of a level."""
        return sum(shares for shares, _ in self.exchanges[key].values())

    def reaching(self, limit: int) -> Iterator[tuple[int, int]]:
        """The prices that an order of the other side with this limit could trade at, and their shares, the best first.
        Looks at one other price at the most.
        """
        bound = self.bound(limit)
        return ((self.price(key), self.shares(key)) for key in takewhile(lambda key: key >= bound, reversed(self.keys)))

    def depth(self, prices: int) -> Depth:
        """The best `prices` prices. Looks at no other price. Exchanges of one level are in the order of their names,
        whatever came first.
        """
        shown: Depth = {}
        for key in reversed(self.keys):
            price = self.price(key)
            if price not in shown and len(shown) == prices:
                break
            shown.setdefault(price, {}).update(sorted(self.exchanges[key].items()))
        return shown


class HeldOrders(NamedTuple):
    """The orders that are held for an auction, apart from the book."""

    bids: Displayed
    asks: Displayed


def crossing(own: Sequence[Displayed], others: Sequence[Displayed]) -> Iterator[tuple[int, int]]:
    """The prices of sides, and their shares, that could trade with the best price of the opposite sides."""
    best = [each.keys[-1] for each in others if each.keys]
    if not best:
        return iter(())
    limit = others[0].price(max(best))
    return chain.from_iterable(each.reaching(limit) for each in own)
