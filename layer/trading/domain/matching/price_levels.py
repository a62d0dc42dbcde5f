"""One side of a book: its price levels, each a queue of orders."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator

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

    def depth(self, prices: int) -> Depth:
        """The best `prices` prices. Looks at no order of any other price."""
        shown: Depth = {}
        for key in reversed(self.keys):
            price = self.price(key)
            if price not in shown and len(shown) == prices:
                break
            exchanges = shown.setdefault(price, {})
            for order in self.levels[key].values():
                shares, orders = exchanges.get(order.venue, (0, 0))
                exchanges[order.venue] = (shares + order.leaves, orders + 1)
        return shown


class Displayed(BookSide):
    """A side that knows the shares of each level. Whoever changes the open quantity of an order here changes `shares`,
    too.
    """

    __slots__ = ("shares",)

    def __init__(self, sign: int) -> None:
        super().__init__(sign)
        self.shares: dict[int, int] = {}

    def add(self, order: WorkingOrder) -> None:
        super().add(order)
        self.shares[order.key] = self.shares.get(order.key, 0) + order.leaves

    def remove(self, order: WorkingOrder) -> None:
        self.shares[order.key] -= order.leaves
        super().remove(order)

    def drop(self, key: int) -> None:
        super().drop(key)
        del self.shares[key]
