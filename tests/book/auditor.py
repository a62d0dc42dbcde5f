"""The book's rules once more, the slow and simple way: what every event must be, from lists that only events change."""

from collections.abc import Iterable
from dataclasses import dataclass

from trading.domain.matching.book import Book
from trading.domain.matching.working_order import (
    Canceled,
    Elected,
    Event,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.orders import SelfTrade, TimeInForce


@dataclass(eq=False)
class Seen:
    """An order as its events tell: its quantity is traded, canceled or open."""

    order: WorkingOrder
    quantity: int
    price: int | None
    leaves: int
    traded: int = 0
    canceled: int = 0

    def takes(self, price: int) -> bool:
        return self.price is None or (self.price >= price if self.order.buys else self.price <= price)


class Auditor:
    def __init__(self, ranks: dict[str, int]) -> None:
        self.ranks = ranks
        self.last: int | None = None
        self.seen: dict[str, Seen] = {}
        self.resting: list[Seen] = []  # in order of arrival, as the next
        self.waiting: list[Seen] = []
        self.taker: Seen | None = None
        self.fills: list[tuple[str, int, int | None]] = []  # which the taker still has to get

    def entered(self, order: WorkingOrder, events: list[Event]) -> None:
        """An order that was not rejected."""
        seen = self.seen[order.id] = Seen(order, order.quantity, order.price, order.quantity)
        if isinstance(events[0], Waiting):
            assert not self._reached(seen)
            assert len(events) == 1
        else:
            assert order.stop is None or self._reached(seen)
            self._comes_to_market(seen, order.minimum)
        self.happened(events)

    def happened(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case Traded():
                    self._traded(event)
                case Rested(order, leaves):
                    self._rested(self.seen[order.id], leaves)
                case Waiting(order):
                    self.waiting.append(self.seen[order.id])
                case Elected(order):
                    self._elected(self.seen[order.id])
                case Canceled(order, quantity, leaves, reason):
                    self._canceled(self.seen[order.id], quantity, leaves, reason)
                case Replaced(order, quantity, price, leaves, kept):
                    self._replaced(self.seen[order.id], quantity, price, leaves, kept)
        self._has_its_fills()
        assert not any(map(self._reached, self.waiting))

    def agrees(self, book: Book) -> None:
        """Nothing is in the book but what the events tell, and nothing is missing."""
        assert {order.id: order.leaves for order in book.orders.values()} == {
            s.order.id: s.leaves for s in self.resting
        }
        assert list(book.stops) == [seen.order.id for seen in self.waiting]
        assert book.last == self.last
        for seen in self.seen.values():
            assert seen.quantity == seen.traded + seen.canceled + seen.leaves
            assert min(seen.traded, seen.canceled, seen.leaves) >= 0
        for buys in (True, False):
            queue = self._queue(buys=buys)
            assert book.best(buys=buys) == (queue[0].price if queue else None)
            half = book.bids if buys else book.asks
            assert [order.id for order in half.best_first()] == [seen.order.id for seen in queue]
            assert half.keys == sorted(half.levels)
            assert all(half.levels.values())
        bid, ask = book.best(buys=True), book.best(buys=False)
        assert bid is None or ask is None or bid < ask

    # --------------------------------------------------------------- rules

    def _queue(self, *, buys: bool) -> list[Seen]:
        """Best price first, then the exchange's rank, then who came first."""

        arrivals = {seen: number for number, seen in enumerate(self.resting)}

        def place(seen: Seen) -> tuple[int, int, int]:
            assert seen.price is not None
            return (-seen.price if buys else seen.price, self.ranks.get(seen.order.venue, 0), arrivals[seen])

        return sorted((seen for seen in self.resting if seen.order.buys == buys), key=place)

    def _expected(self, taker: Seen) -> list[tuple[str, int, int | None]]:
        fills: list[tuple[str, int, int | None]] = []
        leaves, order = taker.leaves, taker.order
        for maker in self._queue(buys=not order.buys):
            assert maker.price is not None
            if not leaves or not taker.takes(maker.price):
                break
            quantity = min(leaves, maker.leaves)
            if maker.order.account != order.account or order.self_trade is SelfTrade.OFF:
                fills.append((maker.order.id, quantity, maker.price))
                leaves -= quantity
            elif order.self_trade is SelfTrade.DECREMENT:
                leaves -= quantity
            elif order.self_trade is not SelfTrade.CANCEL_OLDEST:
                break
        return fills

    def _comes_to_market(self, taker: Seen, minimum: int) -> None:
        self._has_its_fills()
        self.taker = taker
        self.fills = self._expected(taker)
        needed = taker.leaves if taker.order.tif is TimeInForce.FOK else min(minimum, taker.leaves)
        if sum(quantity for _, quantity, _ in self.fills) < needed or taker.order.post_only:
            self.fills = []

    def _has_its_fills(self) -> None:
        """Whoever came to the market got all that was there for it, and then rests or has ended."""
        assert not self.fills
        assert self.taker is None or not self.taker.leaves or self.taker in self.resting
        self.taker = None

    def _traded(self, event: Traded) -> None:
        maker, taker = self.seen[event.maker.id], self.seen[event.taker.id]
        assert taker is self.taker
        assert (event.maker.id, event.quantity, event.price) == self.fills.pop(0)
        for seen in (maker, taker):
            seen.traded += event.quantity
            seen.leaves -= event.quantity
        assert (event.maker_leaves, event.taker_leaves) == (maker.leaves, taker.leaves)
        self.last = event.price
        self._leaves_if_ended(maker)

    def _rested(self, seen: Seen, leaves: int) -> None:
        assert seen is self.taker
        assert seen.leaves == leaves > 0
        assert seen.price is not None
        assert seen.order.tif in {TimeInForce.DAY, TimeInForce.GTC}
        self.resting.append(seen)

    def _reached(self, seen: Seen) -> bool:
        stop = seen.order.stop
        assert stop is not None
        return self.last is not None and (self.last >= stop if seen.order.buys else self.last <= stop)

    def _elected(self, seen: Seen) -> None:
        reached = [each for each in self.waiting if self._reached(each)]
        buys = sorted((each for each in reached if each.order.buys), key=lambda each: each.order.stop or 0)
        sells = sorted((each for each in reached if not each.order.buys), key=lambda each: -(each.order.stop or 0))
        assert seen is [*buys, *sells][0]
        self.waiting.remove(seen)
        self._comes_to_market(seen, seen.order.minimum)

    def _canceled(self, seen: Seen, quantity: int, leaves: int, reason: str) -> None:
        seen.canceled += quantity
        seen.leaves -= quantity
        assert quantity > 0
        assert seen.leaves == leaves
        self._leaves_if_ended(seen)

    def _replaced(self, seen: Seen, quantity: int, price: int | None, leaves: int, kept: bool) -> None:
        smaller = price == seen.price and quantity <= seen.quantity
        assert kept == (smaller or leaves == 0 or seen in self.waiting)
        seen.leaves += quantity - seen.quantity
        seen.quantity = quantity
        seen.price = price
        assert seen.leaves == leaves
        if kept:
            self._leaves_if_ended(seen)
        else:
            self.resting.remove(seen)
            self._comes_to_market(seen, 0)

    def _leaves_if_ended(self, seen: Seen) -> None:
        for queue in (self.resting, self.waiting):
            if not seen.leaves and seen in queue:
                queue.remove(seen)
