"""The simulated market makers of the lit pools, each at its exchange, which always quote both sides.

- A market maker quotes `size` shares on each of its levels, at every exchange that has one, around the reference quote.
- After every command it refills its quotes, in the order of exchanges, sides and levels. A refilled quote goes to the
  end of its queue. It trades with what it meets, so that an order at its price never waits.
- When the reference or the configuration changes, the market maker cancels those of its quotes that are no longer right
  and enters new ones: what rests at a price that has become marketable trades, stops are elected. Quotes that are still
  right keep their place.
"""

from collections.abc import Iterable, Iterator

from trading.domain import money
from trading.domain.market import Market
from trading.domain.matching import pegs
from trading.domain.matching.book import Book
from trading.domain.matching.pool import HOUSE, Event, house_order
from trading.domain.matching.working_order import Traded, WorkingOrder
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote


class MarketMakers:
    """Their quotes in a book."""

    def __init__(self) -> None:
        self.quoted_by: tuple[Market, Quote | None] | None = None
        """The configuration and the reference by which they quoted last, in this instance. From then on `_quotes` has
        all of their quotes.
        """
        self._quotes: dict[str, WorkingOrder] = {}

    def requote(self, book: Book, market: Market, reference: Quote | None) -> list[Event]:
        """Replaces the quotes that are not what they should be. Pegged orders follow before new ones are entered."""
        events: list[Event] = []
        before = self._quotes
        if self.quoted_by is None:
            before = {order.id: order for order in book.orders.values() if order.account == HOUSE}
        self.quoted_by = market, reference
        self._quotes = _quotes(market, reference)
        standing = {name: book.orders[name] for name in before if name in book.orders}
        right = {name for name, quote in self._quotes.items() if name in standing and _same(standing[name], quote)}
        if len(right) == len(standing) == len(self._quotes):
            return events
        for name in standing:
            if name not in right:
                events += book.cancel(name, HOUSE, "requoted")
        events += pegs.moved(book, *self._coming(book))
        for name, quote in self._quotes.items():
            if name not in right:
                events += book.enter(_copy(quote))
        self.refill(book, events)
        return events

    def refill(self, book: Book, events: list[Event]) -> None:
        """Refills the quotes that traded in these events. Adds what happens, until no quote trades any more."""
        seen = 0
        while taken := _taken(events[seen:]):
            seen = len(events)
            for name, quote in self._quotes.items():
                if name in taken:
                    if name in book.orders:
                        events += book.cancel(name, HOUSE, "refilled")
                    events += book.enter(_copy(quote))

    def _coming(self, book: Book) -> tuple[int | None, int | None]:
        """Best bid and ask once the market makers' new quotes are there. Resting orders that these cross
        will have traded by then, so only the quotes count.
        """
        quotes = [(order.price or 0, order.buys) for order in self._quotes.values()]
        bid = max((price for price, buys in quotes if buys), default=None)
        ask = min((price for price, buys in quotes if not buys), default=None)
        bids, asks = ([each for each in pair if each] for pair in zip((bid, ask), pegs.anchors(book), strict=True))
        best = max(bids, default=None), min(asks, default=None)
        return (bid, ask) if best[0] and best[1] and best[0] >= best[1] else best


def _taken(events: Iterable[Event]) -> set[str]:
    """The names of the quotes that traded."""
    traded = [event for event in events if isinstance(event, Traded)]
    makers = {event.maker.id for event in traded if event.maker.account == HOUSE}
    return makers | {event.taker.id for event in traded if event.taker.account == HOUSE}


def _quotes(market: Market, reference: Quote | None) -> dict[str, WorkingOrder]:
    """The quotes that the market makers should have, by name; none without a reference."""
    return {} if reference is None else {quote.id: quote for quote in _each_quote(market, reference)}


def _each_quote(market: Market, reference: Quote) -> Iterator[WorkingOrder]:
    bid, ask = money.half_ticks(reference.bid), money.half_ticks(reference.ask)
    for venue in market.venues[PoolType.LIT].values():
        maker = venue.market_maker
        if maker is None:
            continue
        for level in range(maker.levels):
            away = maker.spread + level * maker.step
            for buys, price in ((True, bid - away), (False, ask + away)):
                if price > 0:
                    name = f"{HOUSE}:{venue.name}:{'bid' if buys else 'offer'}:{level}"
                    yield house_order(name, buys=buys, quantity=maker.size, price=price, venue=venue.name)


def _same(order: WorkingOrder, quote: WorkingOrder) -> bool:
    return (order.price, order.leaves) == (quote.price, quote.leaves)


def _copy(quote: WorkingOrder) -> WorkingOrder:
    return house_order(quote.id, buys=quote.buys, quantity=quote.quantity, price=quote.price or 0, venue=quote.venue)
