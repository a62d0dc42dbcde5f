"""A limit order book of one instrument: price-time priority over all exchanges, deterministic, prices in half ticks.

An incoming order trades with the best price first, then at the exchange with the lower access fee (its rank), then with
the order that has rested longest. It trades at the resting order's price. Every command returns the events that
happened. `fold` of these events on an equal book leads to an equal book, so the journal of events is the book.

Venues decide some rules differently. The choices here, beside those of `self_trade`:
- A minimum quantity is for immediate orders: an order that rests has met it.
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

from collections.abc import Callable, Iterator

from trading.domain.matching.auction import allocated, uncross
from trading.domain.matching.book_state import AUCTIONS, BookState
from trading.domain.matching.price_levels import Displayed, crossing
from trading.domain.matching.self_trade import can_trade, prevent
from trading.domain.matching.working_order import (
    Called,
    Canceled,
    Elected,
    Event,
    Moved,
    Opened,
    Rejected,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.orders import SelfTrade, TimeInForce
from trading.domain.tape import Auction, Uncross

IOC, FOK, OFF = TimeInForce.IOC, TimeInForce.FOK, SelfTrade.OFF
OPG, CLS = TimeInForce.OPG, TimeInForce.CLS


class Book(BookState):
    """The book, and what happens in it at each command."""

    # -------------------------------------------------------------- commands

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
        return [self.take_out(order, reason)]

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
        self.remove(order)
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
        return [self.take_out(each, reason) for each in standing if ends(each)]

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

    # -------------------------------------------------------------- matching

    def _execute(self, order: WorkingOrder, events: list[Event], minimum: int) -> None:
        tif = order.tif
        if tif is CLS or (self.collects and tif in AUCTIONS):
            self._wait(order)
            events.append(Waiting(order))
            return
        if self.collects:
            self._rest(order)
            events.append(Rested(order, order.leaves))
            return
        if minimum or tif is FOK:
            needed = order.leaves if tif is FOK else min(minimum, order.leaves)
            if not can_trade(self, order, needed):
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
            while leaves and level:
                maker = next(iter(level.values()))
                if maker.account == taker.account and taker.self_trade is not OFF:
                    taker.leaves = leaves
                    events += prevent(self, taker, maker)
                    leaves = taker.leaves
                    if key not in levels:
                        break
                    continue
                quantity = maker.leaves
                if quantity > leaves:
                    maker.leaves = quantity - leaves
                    side.count(maker, -leaves)
                    events.append(Traded(maker, taker, leaves, maker.price, maker.leaves, 0))  # type: ignore[arg-type] # what rests has a price
                    leaves = 0
                else:
                    leaves -= quantity
                    side.count(maker, -quantity, -1)
                    maker.leaves = 0
                    level.popitem(last=False)
                    del orders[maker.id]
                    if maker.follows:
                        del self.pegs[maker.id]
                    events.append(Traded(maker, taker, quantity, maker.price, 0, leaves))  # type: ignore[arg-type] # what rests has a price
                self.last = maker.price
            if not level and key in levels:
                side.drop(key)
        taker.leaves = leaves

    def _elect(self, events: list[Event]) -> None:
        while (order := self._next_stop()) is not None:
            self.remove(order)
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

    # -------------------------------------------------------------- auctions

    def _auction(self, auction: Auction, reference: int | None) -> Iterator[Traded]:
        """Executes what stands in the book and the orders that are held for this auction, all at one price."""
        found = self._uncross(auction, reference)
        if found is None:
            return
        price, held = found.price, self._held_by_auction[auction]
        buys = [*self.bids.best_first(), *held.bids.best_first()]
        sells = [*self.asks.best_first(), *held.asks.best_first()]
        for buyer, seller, quantity in [*allocated(buys, sells, found.volume)]:
            maker, taker = (buyer, seller) if buyer.arrival < seller.arrival else (seller, buyer)
            self._fill(maker, maker.leaves - quantity)
            self._fill(taker, taker.leaves - quantity)
            self.last = price
            yield Traded(maker, taker, quantity, price, maker.leaves, taker.leaves, auction=auction)

    def indication(self, reference: int | None) -> Uncross | None:
        """The next auction as it would be now; None if nothing would trade in it."""
        return self._uncross(Auction.OPENING if self.collects else Auction.CLOSING, reference)

    def _uncross(self, auction: Auction, reference: int | None) -> Uncross | None:
        """Looks at no price that nothing could trade with."""
        held = self._held_by_auction[auction]
        bids, asks = (self.bids, held.bids), (self.asks, held.asks)
        return uncross(crossing(bids, asks), crossing(asks, bids), reference)
