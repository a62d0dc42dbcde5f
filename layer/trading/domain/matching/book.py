"""A limit order book of one instrument: price-time priority over all exchanges, deterministic, prices in half ticks.

An incoming order trades with the best price first, then at the exchange with the lower access fee (its rank), then with
the order that has rested longest. It trades at the resting order's price. Every method returns the events that
happened. `fold` of these events on an equal book leads to an equal book, so the journal of events is the book.

Venues decide some rules differently. The choices here:
- Self-trade prevention (FIX 2964) follows the incoming order's instruction. It acts when the order meets one of its own
  account: what stood before that has already traded, as at Nasdaq and CME. Decrement takes the smaller quantity off
  both orders. An order's quantity stays what was asked for: traded, canceled and open quantity always add up to it.
- Fill-or-kill and minimum quantity count only what can really trade. They count no order of the same account, and
  nothing behind one that would cancel the incoming order. A minimum is for immediate orders: an order that rests has
  met it.
- A post-only order (FIX 18=6) that would trade is rejected, not repriced. A post-only stop that would trade when it is
  elected is canceled.
- A smaller quantity keeps the order's place. A new price or a larger quantity moves it to the end of the queue (as FIX
  35=G at most exchanges). The new quantity is the order's total (FIX 38), with what was filled or decremented.
- The last trade elects a stop (FIX 99): a buy at or above its stop price, a sell at or below. A stop that is already
  reached on arrival is elected at once. When one price elects several, buys go first, from the lowest stop up, then
  sells from the highest down, equal stops in their order of arrival. Each matches to its end before the next.
- A pegged order that moves goes to the end of the queue at its new price, and trades with what it meets there.
- While the book `collects`, nothing trades and no stop is elected: orders rest even where they cross. An order for an
  auction is held apart from them. The auction takes both, and stops follow when trading begins.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any, Self

from trading.domain.matching.auction import allocated, uncross
from trading.domain.matching.price_levels import RANKS, BookSide, Displayed
from trading.domain.matching.working_order import (
    Called,
    Canceled,
    Elected,
    Event,
    Moved,
    Opened,
    Ranked,
    Rejected,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.orders import SelfTrade, TimeInForce
from trading.domain.tape import Auction, Depth, Uncross

IOC, FOK, OFF = TimeInForce.IOC, TimeInForce.FOK, SelfTrade.OFF
OPG, CLS = TimeInForce.OPG, TimeInForce.CLS
AT_OPENING = frozenset({OPG, IOC})
"""The orders that are held for the opening: those that ask for it, and market orders that came before it."""
HELD = {Auction.OPENING: AT_OPENING, Auction.CLOSING: frozenset({CLS})}


class Book:
    """`ranks`, from 0 to 63, orders the exchanges by their access fee, the lowest first; equal ranks share a queue."""

    def __init__(self, ranks: Mapping[str, int] | None = None) -> None:
        self.bids = Displayed(1)
        self.asks = Displayed(-1)
        self.orders: dict[str, WorkingOrder] = {}
        self.stops: dict[str, WorkingOrder] = {}
        self.held: dict[str, WorkingOrder] = {}
        self.pegs: dict[str, WorkingOrder] = {}
        """Those of `orders` whose price follows the quote."""
        self.collects = False
        self._buy_stops, self._sell_stops = BookSide(-1), BookSide(1)
        self.last: int | None = None
        self.ranks = _valid(ranks or {})
        self._arrivals = 0

    # ----------------------------------------------------------- commands

    def enter(self, order: WorkingOrder) -> list[Event]:
        """A new order: trades what it can, then rests, waits or ends."""
        if self.find(order.id):
            return [Rejected(order.id, "duplicate-order")]
        if order.stop is not None and (self.collects or not self._reached(order)):
            self._wait(order)
            return [Waiting(order)]
        if order.post_only and self._crosses(order.buys, order.price):
            return [Rejected(order.id, "would-trade")]
        events: list[Event] = []
        last = self.last
        self._execute(order, events, order.minimum)
        if self.stops and self.last != last:
            self._elect(events)
        return events

    def cancel(self, order_id: str, account: str, reason: str = "requested") -> list[Event]:
        """Takes the order out of the book."""
        order = self.find(order_id)
        if order is None:
            return [Rejected(order_id, "unknown-order")]
        if order.account != account:
            return [Rejected(order_id, "not-owner")]
        return [self._end(order, reason)]

    def replace(
        self, order_id: str, account: str, quantity: int, price: int | None, terms: object = None
    ) -> list[Event]:
        """Changes an open order's total quantity and price, and its terms, if new ones are given."""
        order = self.find(order_id)
        if order is None:
            return [Rejected(order_id, "unknown-order")]
        if order.account != account:
            return [Rejected(order_id, "not-owner")]
        leaves = quantity - (order.quantity - order.leaves)
        if leaves < 0:
            return [Rejected(order_id, "below-filled")]
        waits = order.id in self.stops
        if order.post_only and not waits and self._crosses(order.buys, price):
            return [Rejected(order_id, "would-trade")]
        kept = waits or leaves == 0 or (price == order.price and leaves <= order.leaves)
        before = order.terms if terms is not None else None
        events: list[Event] = [Replaced(order, quantity, price, leaves, kept, terms, before)]
        self._replace(order, quantity, price, leaves, kept=kept, terms=terms)
        if not kept:
            last = self.last
            self._execute(order, events, 0)
            if self.stops and self.last != last:
                self._elect(events)
        return events

    def move(self, order_id: str, price: int) -> list[Event]:
        """Gives a pegged order that rests here another price. It loses its place, and trades with what it meets."""
        order = self.orders[order_id]
        self._remove(order)
        self._arrivals = order.arrival = self._arrivals + 1
        order.price = price
        events: list[Event] = [Moved(order, price)]
        last = self.last
        side = self.asks if order.buys else self.bids
        self._sweep(order, side, side.bound(price), events)
        if order.leaves:
            self._stand(order)
        if self.stops and self.last != last:
            self._elect(events)
        return events

    def end(self, ends: Callable[[WorkingOrder], bool], reason: str) -> list[Event]:
        """Ends the orders for which `ends` holds, in the order in which they stand in the book."""
        standing = [*self.bids.best_first(), *self.asks.best_first(), *self.stops.values(), *self.held.values()]
        return [self._end(each, reason) for each in standing if ends(each)]

    def call(self, time: str, reference: int | None) -> list[Event]:
        """Ends trading with an auction. From then on orders collect."""
        self.collects = True
        events: list[Event] = [Called(time), *self._auction(Auction.CLOSING, reference)]
        return events + self.end(lambda order: order.tif is CLS, "auction-over")

    def open(self, time: str, reference: int | None) -> list[Event]:
        """Begins to trade, with an auction of what has collected."""
        events: list[Event] = [*self._auction(Auction.OPENING, reference)]
        events += self.end(lambda order: order.id in self.held and order.tif is OPG, "auction-over")
        events += self.end(lambda order: order.id in self.held and order.tif is IOC, "immediate-or-cancel")
        self.collects = False
        events.append(Opened(time))
        self._elect(events)
        return events

    def rank(self, ranks: Mapping[str, int]) -> None:
        """Gives the exchanges new ranks; orders with equal price and rank keep their order of arrival."""
        self.ranks = _valid(ranks)
        resting = sorted(self.orders.values(), key=lambda order: order.arrival)
        self.bids, self.asks = Displayed(1), Displayed(-1)
        for order in resting:
            self._queue(order)

    # ------------------------------------------------------------- questions

    def find(self, order_id: str) -> WorkingOrder | None:
        """The order, if it rests or waits here."""
        return self.orders.get(order_id) or self.stops.get(order_id) or self.held.get(order_id)

    def indication(self, reference: int | None) -> Uncross | None:
        """The next auction as it would be now; None if nothing would trade in it."""
        return self._uncross(HELD[Auction.OPENING if self.collects else Auction.CLOSING], reference)

    def best(self, *, buys: bool) -> int | None:
        """The best price of a side."""
        side = self.bids if buys else self.asks
        return next(iter(side.levels[side.keys[-1]].values())).price if side.keys else None

    def anchor(self, *, buys: bool) -> int | None:
        """The best price of a side among the orders that are not pegged."""
        side = self.bids if buys else self.asks
        return next((order.price for order in side.best_first() if not order.follows), None)

    def top(self, *, buys: bool) -> tuple[int, int] | None:
        """The best price of a side and the shares at it, over all exchanges."""
        best = self.best(buys=buys)
        side = self.bids if buys else self.asks
        if best is None:
            return None
        bound = side.bound(best)
        return best, sum(side.shares[key] for key in takewhile(lambda key: key >= bound, reversed(side.keys)))

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
                    self._remove(self.stops[order.id])
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
        self._remove(order)
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
            book._watch(WorkingOrder.unpacked(values, terms))
        for values in snapshot.get("held", ()):
            order = WorkingOrder.unpacked(values, terms)
            book.held[order.id] = order
        book.collects = snapshot.get("collects", False)
        book.last = snapshot["last"]
        book._arrivals = snapshot["arrivals"]
        return book

    # -------------------------------------------------------------- matching

    def _execute(self, order: WorkingOrder, events: list[Event], minimum: int) -> None:
        tif = order.tif
        if tif is CLS or (self.collects and tif in AT_OPENING):
            self._wait(order)
            events.append(Waiting(order))
            return
        if self.collects:
            self._rest(order)
            events.append(Rested(order, order.leaves))
            return
        if minimum or tif is FOK:
            needed = order.leaves if tif is FOK else min(minimum, order.leaves)
            if not self._can_trade(order, needed):
                events.append(Canceled(order, order.leaves, 0, "too-little-to-trade-with"))
                order.leaves = 0
                return
        side = self.asks if order.buys else self.bids
        keys = side.keys
        if keys and keys[-1] >= (bound := side.bound(order.price)):
            self._sweep(order, side, bound, events)
        if order.leaves:
            if order.price is None or tif is IOC:
                events.append(Canceled(order, order.leaves, 0, "immediate-or-cancel"))
                order.leaves = 0
            else:
                self._rest(order)
                events.append(Rested(order, order.leaves))

    def _sweep(self, taker: WorkingOrder, side: Displayed, bound: int, events: list[Event]) -> None:
        keys, levels, orders = side.keys, side.levels, self.orders
        leaves = taker.leaves
        while leaves and keys:
            key = keys[-1]
            if key < bound:
                break
            level = levels[key]
            taken = 0
            while leaves and level:
                maker = next(iter(level.values()))
                if maker.account == taker.account and taker.self_trade is not OFF:
                    taker.leaves = leaves
                    self._prevent(taker, maker, events)
                    leaves = taker.leaves
                    if key not in levels:
                        break
                    continue
                quantity = maker.leaves
                if quantity > leaves:
                    maker.leaves = quantity - leaves
                    taken += leaves
                    events.append(Traded(maker, taker, leaves, maker.price, maker.leaves, 0))  # type: ignore[arg-type] # what rests has a price
                    leaves = 0
                else:
                    leaves -= quantity
                    taken += quantity
                    maker.leaves = 0
                    level.popitem(last=False)
                    del orders[maker.id]
                    if maker.follows:
                        del self.pegs[maker.id]
                    events.append(Traded(maker, taker, quantity, maker.price, 0, leaves))  # type: ignore[arg-type] # what rests has a price
                self.last = maker.price
            if level:
                side.shares[key] -= taken
            elif key in levels:
                side.drop(key)
        taker.leaves = leaves

    def _prevent(self, taker: WorkingOrder, maker: WorkingOrder, events: list[Event]) -> None:
        """Prevents a trade between two orders of one account."""
        reason = "self-trade"
        if taker.self_trade is SelfTrade.DECREMENT:
            quantity = min(taker.leaves, maker.leaves)
            self._set_leaves(maker, maker.leaves - quantity)
            taker.leaves -= quantity
            events += [Canceled(order, quantity, order.leaves, reason) for order in (maker, taker)]
            if not maker.leaves:
                self._remove(maker)
            return
        if taker.self_trade in {SelfTrade.CANCEL_OLDEST, SelfTrade.CANCEL_BOTH}:
            events.append(self._end(maker, reason))
        if taker.self_trade in {SelfTrade.CANCEL_NEWEST, SelfTrade.CANCEL_BOTH}:
            events.append(Canceled(taker, taker.leaves, 0, reason))
            taker.leaves = 0

    def _can_trade(self, taker: WorkingOrder, needed: int) -> bool:
        side = self.asks if taker.buys else self.bids
        bound = side.bound(taker.price)
        spare = taker.leaves - needed
        for key in reversed(side.keys):
            if key < bound:
                return False
            for maker in side.levels[key].values():
                if maker.account == taker.account and taker.self_trade is not OFF:
                    if taker.self_trade is SelfTrade.CANCEL_OLDEST:
                        continue
                    if taker.self_trade is SelfTrade.DECREMENT and maker.leaves <= spare:
                        spare -= maker.leaves
                        continue
                    return False
                needed -= maker.leaves
                if needed <= 0:
                    return True
        return False

    def _auction(self, auction: Auction, reference: int | None) -> Iterator[Traded]:
        """Executes what stands in the book and the orders that are held for this auction, all at one price."""
        held = HELD[auction]
        found = self._uncross(held, reference)
        if found is None:
            return
        price = found.price
        apart = [order for order in self.held.values() if order.tif in held]
        buys = [*self.bids.best_first(), *(order for order in apart if order.buys)]
        sells = [*self.asks.best_first(), *(order for order in apart if not order.buys)]
        for buyer, seller, quantity in [*allocated(buys, sells, found.volume)]:
            maker, taker = (buyer, seller) if buyer.arrival < seller.arrival else (seller, buyer)
            self._fill(maker, maker.leaves - quantity)
            self._fill(taker, taker.leaves - quantity)
            self.last = price
            yield Traded(maker, taker, quantity, price, maker.leaves, taker.leaves, auction=auction)

    def _uncross(self, held: Container[TimeInForce], reference: int | None) -> Uncross | None:
        bids, asks = (
            [(side.price(key), shares) for key, shares in side.shares.items()] for side in (self.bids, self.asks)
        )
        for order in self.held.values():
            if order.tif in held:
                (bids if order.buys else asks).append((order.price, order.leaves))  # type: ignore[arg-type] # all have one
        return uncross(bids, asks, reference)

    def _elect(self, events: list[Event]) -> None:
        while (order := self._next_stop()) is not None:
            self._remove(order)
            events.append(Elected(order))
            if order.post_only and self._crosses(order.buys, order.price):
                events.append(Canceled(order, order.leaves, 0, "would-trade"))
                order.leaves = 0
            else:
                self._execute(order, events, order.minimum)

    def _next_stop(self) -> WorkingOrder | None:
        for side in (self._buy_stops, self._sell_stops):
            order = next(side.best_first(), None)
            if order is not None and self._reached(order):
                return order
        return None

    def _reached(self, order: WorkingOrder) -> bool:
        if self.last is None or order.stop is None:
            return False
        return self.last >= order.stop if order.buys else self.last <= order.stop

    def _crosses(self, buys: bool, price: int | None) -> bool:  # noqa: FBT001
        side = self.asks if buys else self.bids
        return not self.collects and bool(side.keys) and side.keys[-1] >= side.bound(price)

    # ----------------------------------------------------------------- state

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
            self.held[order.id] = order
        else:
            self._watch(order)

    def _watch(self, order: WorkingOrder) -> None:
        side = self._stops_of(order)
        order.key = side.key(order.stop, 0)  # type: ignore[arg-type] # what waits has a stop
        side.add(order)
        self.stops[order.id] = order

    def _stops_of(self, order: WorkingOrder) -> BookSide:
        return self._buy_stops if order.buys else self._sell_stops

    def _remove(self, order: WorkingOrder) -> None:
        if order.id in self.stops:
            del self.stops[order.id]
            self._stops_of(order).remove(order)
        elif order.id in self.held:
            del self.held[order.id]
        else:
            del self.orders[order.id]
            self.pegs.pop(order.id, None)
            (self.bids if order.buys else self.asks).remove(order)

    def _end(self, order: WorkingOrder, reason: str) -> Canceled:
        event = Canceled(order, order.leaves, 0, reason)
        self._remove(order)
        order.leaves = 0
        return event

    def _replace(
        self, order: WorkingOrder, quantity: int, price: int | None, leaves: int, *, kept: bool, terms: object
    ) -> None:
        if not kept or not leaves:
            self._remove(order)
        if terms is not None:
            order.terms = terms
        order.quantity = quantity
        order.price = price
        self._set_leaves(order, leaves)

    def _fill(self, order: WorkingOrder, leaves: int) -> None:
        """Sets the open quantity of an order; one that has none leaves the book."""
        self._set_leaves(order, leaves)
        if not leaves:
            self._remove(order)

    def _set_leaves(self, order: WorkingOrder, leaves: int) -> None:
        """Sets the open quantity of an order."""
        if order.id in self.orders:
            (self.bids if order.buys else self.asks).shares[order.key] += leaves - order.leaves
        order.leaves = leaves


def _valid(ranks: Mapping[str, int]) -> dict[str, int]:
    """The ranks, checked: one out of range would change the price that a level's key stands for."""
    if not all(0 <= rank < RANKS for rank in ranks.values()):
        raise ValueError(f"ranks are from 0 to {RANKS - 1}: {ranks}")
    return dict(ranks)
