"""The state of an order book: which orders are open, and where each of them stands.

It follows from the journal alone: `fold` of the events that happened to a book makes an equal book. `book` decides what
happens.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import Any, Self

from trading.domain.matching.price_levels import RANKS, BookSide, Displayed, HeldOrders
from trading.domain.matching.working_order import (
    Called,
    Canceled,
    Elected,
    Event,
    Moved,
    Opened,
    Ranked,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.orders import TimeInForce
from trading.domain.tape import Auction, Depth

AUCTIONS = {
    TimeInForce.OPG: Auction.OPENING,
    TimeInForce.IOC: Auction.OPENING,
    TimeInForce.CLS: Auction.CLOSING,
}
"""Which auction an order is held for: a market order that came before the opening is for the opening, too."""


class BookState:
    """`ranks`, from 0 to 63, orders the exchanges by their access fee, the lowest first; equal ranks share a queue."""

    def __init__(self, ranks: Mapping[str, int] | None = None) -> None:
        self.bids = Displayed(1)
        self.asks = Displayed(-1)
        self.orders: dict[str, WorkingOrder] = {}
        self.stops: dict[str, WorkingOrder] = {}
        self.held: dict[str, WorkingOrder] = {}
        """The orders that wait for an auction."""
        self.pegs: dict[str, WorkingOrder] = {}
        """Those of `orders` whose price follows the quote."""
        self.collects = False
        self._buy_stops, self._sell_stops = BookSide(-1), BookSide(1)
        self._held_by_auction = {auction: HeldOrders(Displayed(1), Displayed(-1)) for auction in Auction}
        self.last: int | None = None
        self.ranks = _valid(ranks or {})
        self._arrivals = 0

    # ------------------------------------------------------------- questions

    def find(self, order_id: str) -> WorkingOrder | None:
        """The order, if it rests or waits here."""
        return self.orders.get(order_id) or self.stops.get(order_id) or self.held.get(order_id)

    def best(self, *, buys: bool) -> int | None:
        """The best price of a side."""
        side = self.bids if buys else self.asks
        return side.price(side.keys[-1]) if side.keys else None

    def anchor(self, *, buys: bool) -> int | None:
        """The best price of a side among the orders that are not pegged."""
        return (self.bids if buys else self.asks).anchor()

    def top(self, *, buys: bool) -> tuple[int, int] | None:
        """The best price of a side and the shares at it, over all exchanges."""
        best = self.best(buys=buys)
        side = self.bids if buys else self.asks
        if best is None:
            return None
        bound = side.bound(best)
        return best, sum(side.shares(key) for key in takewhile(lambda key: key >= bound, reversed(side.keys)))

    def depth(self, prices: int) -> tuple[Depth, Depth]:
        """The best `prices` prices of the bids and of the asks. Waiting stops are in neither."""
        return self.bids.depth(prices), self.asks.depth(prices)

    # ------------------------------------------------------------------ fold

    def fold(self, events: Iterable[Event]) -> None:
        """Applies events of the journal. Their orders may be copies: the book finds its own by id."""
        for event in events:
            match event:
                case Traded():
                    self._fold_traded(event)
                case Rested(order, leaves):
                    order.leaves = leaves
                    self._rest(order)
                case Waiting(order):
                    self._wait(order)
                case Elected(order):
                    self.remove(self.stops[order.id])
                case Canceled(order, _, leaves, _):
                    self._fold_canceled(order.id, leaves)
                case Ranked(ranks):
                    self.rank(ranks)
                case Called() | Opened():
                    self.collects = isinstance(event, Called)
                case Replaced() | Moved():
                    self._fold_changed(event)

    def _known(self, order_id: str) -> WorkingOrder:
        order = self.find(order_id)
        if order is None:
            raise LookupError(f"the book has no order {order_id}")
        return order

    def _fold_changed(self, event: Replaced | Moved) -> None:
        order = self._known(event.order.id)
        if isinstance(event, Replaced):
            self._replace(order, event.quantity, event.price, event.leaves, kept=event.kept, terms=event.terms)
            return
        self.remove(order)
        order.price = event.price
        self._rest(order)

    def _fold_traded(self, trade: Traded) -> None:
        self._fill(self._known(trade.maker.id), trade.maker_leaves)
        if (taker := self.find(trade.taker.id)) is not None:  # in an auction, and of an order that moved
            self._fill(taker, trade.taker_leaves)
        self.last = trade.price

    def _fold_canceled(self, order_id: str, leaves: int) -> None:
        """Applies a cancel. An incoming order that ended without resting is not in the book."""
        order = self.find(order_id)
        if order is not None:
            self._fill(order, leaves)

    # -------------------------------------------------------------- snapshot

    def snapshot(self, terms: Callable[[Any], Any]) -> dict[str, Any]:
        """The whole book as JSON values; `terms` converts the orders' terms."""
        return {
            "ranks": self.ranks,
            "orders": [each.packed(terms) for each in sorted(self.orders.values(), key=lambda order: order.arrival)],
            "stops": [each.packed(terms) for each in self.stops.values()],
            "held": [each.packed(terms) for each in self.held.values()],
            "collects": self.collects,
            "last": self.last,
            "arrivals": self._arrivals,
        }

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any], terms: Callable[[Any], Any]) -> Self:
        """The book of a snapshot; `terms` restores the orders' terms."""
        book = cls(snapshot["ranks"])
        for values in snapshot["orders"]:
            order = WorkingOrder.unpacked(values, terms)
            book._stand(order)
        for values in snapshot["stops"]:
            book._add_stop(WorkingOrder.unpacked(values, terms))
        for values in snapshot.get("held", ()):
            book._hold(WorkingOrder.unpacked(values, terms))
        book.collects = snapshot.get("collects", False)
        book.last = snapshot["last"]
        book._arrivals = snapshot["arrivals"]
        return book

    # --------------------------------------------------------------- changes

    def rank(self, ranks: Mapping[str, int]) -> None:
        """Gives the exchanges new ranks; orders with equal price and rank keep their order of arrival."""
        self.ranks = _valid(ranks)
        resting = sorted(self.orders.values(), key=lambda order: order.arrival)
        self.bids, self.asks = Displayed(1), Displayed(-1)
        for order in resting:
            self._queue(order)

    def _rest(self, order: WorkingOrder) -> None:
        self._arrivals = order.arrival = self._arrivals + 1
        self._stand(order)

    def _stand(self, order: WorkingOrder) -> None:
        self.orders[order.id] = order
        if order.follows:
            self.pegs[order.id] = order
        self._queue(order)

    def _queue(self, order: WorkingOrder) -> None:
        side = self.bids if order.buys else self.asks
        order.key = side.key(order.price, self.ranks.get(order.venue, 0))  # type: ignore[arg-type] # what rests has a price
        side.add(order)

    def _wait(self, order: WorkingOrder) -> None:
        self._arrivals = order.arrival = self._arrivals + 1
        if order.stop is None:
            self._hold(order)
        else:
            self._add_stop(order)

    def _hold(self, order: WorkingOrder) -> None:
        side = self._held_side(order)
        order.key = side.key(order.price, 0)  # type: ignore[arg-type] # all have one: their protection price, if no other
        side.add(order)
        self.held[order.id] = order

    def _held_side(self, order: WorkingOrder) -> Displayed:
        held = self._held_by_auction[AUCTIONS[order.tif]]
        return held.bids if order.buys else held.asks

    def _add_stop(self, order: WorkingOrder) -> None:
        side = self._stops_of(order)
        order.key = side.key(order.stop, 0)  # type: ignore[arg-type] # what waits has a stop
        side.add(order)
        self.stops[order.id] = order

    def _stops_of(self, order: WorkingOrder) -> BookSide:
        return self._buy_stops if order.buys else self._sell_stops

    def remove(self, order: WorkingOrder) -> None:
        """Removes an order from where it stands. Its open quantity stays."""
        if order.id in self.stops:
            del self.stops[order.id]
            self._stops_of(order).remove(order)
        elif order.id in self.held:
            del self.held[order.id]
            self._held_side(order).remove(order)
        else:
            del self.orders[order.id]
            self.pegs.pop(order.id, None)
            (self.bids if order.buys else self.asks).remove(order)

    def take_out(self, order: WorkingOrder, reason: str) -> Canceled:
        """Removes an order, and cancels all that is open of it."""
        event = Canceled(order, order.leaves, 0, reason)
        self.remove(order)
        order.leaves = 0
        return event

    def _replace(
        self, order: WorkingOrder, quantity: int, price: int | None, leaves: int, *, kept: bool, terms: object
    ) -> None:
        if not kept or not leaves:
            self.remove(order)
        if terms is not None:
            order.terms = terms
        order.quantity = quantity
        order.price = price
        self.set_leaves(order, leaves)

    def _fill(self, order: WorkingOrder, leaves: int) -> None:
        """Sets the open quantity of an order. One that has none left leaves the book."""
        self.set_leaves(order, leaves)
        if not leaves:
            self.remove(order)

    def set_leaves(self, order: WorkingOrder, leaves: int) -> None:
        """Sets the open quantity of an order."""
        if order.id in self.orders:
            (self.bids if order.buys else self.asks).count(order, leaves - order.leaves)
        elif order.id in self.held:
            self._held_side(order).count(order, leaves - order.leaves)
        order.leaves = leaves


def _valid(ranks: Mapping[str, int]) -> dict[str, int]:
    """The ranks, checked: one out of range would change the price that a level's key stands for."""
    if not all(0 <= rank < RANKS for rank in ranks.values()):
        raise ValueError(f"ranks are from 0 to {RANKS - 1}: {ranks}")
    return dict(ranks)
