"""One side of a book: its price levels, each a queue of orders."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator

from trading.domain.working import Working

RANKS = 64
"""More than there are exchanges: a level's key is its price times this, less the rank of its exchanges."""


class Half:
    """Levels by key, the best key last. `sign` is 1 for bids and -1 for asks: the higher key is always the better."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, OrderedDict[str, Working]] = {}

    def add(self, order: Working) -> None:
        level = self.levels.get(order.key)
        if level is None:
            level = self.levels[order.key] = OrderedDict()
            insort(self.keys, order.key)
        level[order.id] = order

    def remove(self, order: Working) -> None:
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
        """The key of a level: by price, then by rank, the lower of which is better."""
        return self.sign * price * RANKS - rank

    def bound(self, price: int | None) -> int:
        """The lowest key that an incoming order of the other side with this limit (None is none) trades with."""
        if price is None:
            return self.keys[0] if self.keys else 0
        return self.sign * price * RANKS - RANKS + 1

    def best_first(self) -> Iterator[Working]:
        for key in reversed(self.keys):
            yield from self.levels[key].values()
