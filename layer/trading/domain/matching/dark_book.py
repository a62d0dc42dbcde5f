"""The orders that rest in a dark pool: by id, and by side and limit, so that those that cross are found quickly."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from heapq import merge
from operator import attrgetter
from typing import Any, Self

from trading.domain.matching.event_codec import terms_from, terms_values
from trading.domain.matching.price_levels import BookSide
from trading.domain.matching.working_order import Canceled, Replaced, WorkingOrder


class DarkBook(MutableMapping[str, WorkingOrder]):
    """Orders by id, in their order of arrival. An order's limit must not change while it is here."""

    def __init__(self) -> None:
        self._orders: dict[str, WorkingOrder] = {}
        self._bids, self._asks = BookSide(1), BookSide(-1)
        self._arrivals = 0

    def against(self, price: int, *, buys: bool) -> Iterator[WorkingOrder]:
        """The orders of the other side that trade at this price, in the order of their arrival."""
        side = self._asks if buys else self._bids
        within = side.keys[bisect_left(side.keys, side.bound(price)) :]
        return merge(*(side.levels[key].values() for key in within), key=attrgetter("arrival"))

    def reached(self, price: int, before: int | None) -> list[WorkingOrder]:
        """The orders that trade at this price and did not at the one `before`, in the order of their arrival; without
        one before, all that trade.
        """
        levels = []
        for half in (self._bids, self._asks):
            end = len(half.keys) if before is None else bisect_left(half.keys, half.bound(before))
            levels += [half.levels[key].values() for key in half.keys[bisect_left(half.keys, half.bound(price)) : end]]
        return [*merge(*levels, key=attrgetter("arrival"))]

    def end(self, ends: Callable[[WorkingOrder], bool], reason: str) -> list[Canceled]:
        """Ends the orders for which `ends` holds, in the order of their arrival."""
        return [self.take_out(order, reason) for order in [*self.values()] if ends(order)]

    def take_out(self, order: WorkingOrder, reason: str) -> Canceled:
        """Removes an order, and cancels all that is open of it."""
        event = Canceled(order, order.leaves, 0, reason)
        order.leaves = 0
        del self[order.id]
        return event

    def replace(self, order: WorkingOrder, change: Replaced) -> None:
        """Gives an order its new terms, and removes it if it does not keep its place."""
        order.quantity, order.price, order.leaves = change.quantity, change.price, change.leaves
        order.terms = change.terms
        if not change.kept:
            del self[order.id]

    def reduce(self, order_id: str, leaves: int) -> None:
        """Sets the open quantity of an order that rests here. An incoming one does not, nor does the house's."""
        if order_id not in self:
            return
        if leaves:
            self[order_id].leaves = leaves
        else:
            del self[order_id]

    def __getitem__(self, order_id: str) -> WorkingOrder:
        return self._orders[order_id]

    def __setitem__(self, order_id: str, order: WorkingOrder) -> None:
        self._arrivals = order.arrival = self._arrivals + 1
        self._put(order)

    def __delitem__(self, order_id: str) -> None:
        order = self._orders.pop(order_id)
        self._side_of(order).remove(order)

    def __iter__(self) -> Iterator[str]:
        return iter(self._orders)

    def __len__(self) -> int:
        return len(self._orders)

    def snapshot(self) -> dict[str, Any]:
        """The whole book as JSON values."""
        return {"resting": [each.packed(terms_values) for each in self.values()], "arrivals": self._arrivals}

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        hidden = cls()
        for values in snapshot["resting"]:
            hidden._put(WorkingOrder.unpacked(values, terms_from))
        hidden._arrivals = snapshot["arrivals"]
        return hidden

    def _put(self, order: WorkingOrder) -> None:
        side = self._side_of(order)
        order.key = side.key(order.price, 0)  # type: ignore[arg-type] # the limit of what rests is its protection at least
        side.add(order)
        self._orders[order.id] = order

    def _side_of(self, order: WorkingOrder) -> BookSide:
        return self._bids if order.buys else self._asks
