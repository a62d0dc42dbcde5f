"""Pegged orders (FIX 40=P with 18=M or 18=R): their price follows the displayed quote, never beyond their limit.

- A peg to the midpoint (18=M) follows the middle of best bid and ask, one to the primary (18=R) the best price of its
  own side. The offset (FIX 211) is away from the other side. A price between two ticks is rounded away from it, too.
- The quote that they follow is that of the orders that are not pegged: pegs do not follow each other.
- An order that moves goes to the end of the queue at its new price, and trades with what it meets there.
- Without a quote to follow, or with one that is locked or crossed, an order stays where it is; a new one is rejected.
  While orders collect for an auction none moves.
"""

from trading.domain import money
from trading.domain.matching.book import Book
from trading.domain.matching.pool import Event
from trading.domain.orders import Order, Peg, Side

TICK = money.half_ticks(money.TICK)
"""A tick, in half ticks."""


def price_of(order: Order, bid: int | None, ask: int | None) -> int | None:
    """The price that a pegged order has at this quote, all in half ticks; None if there is none."""
    buys = order.side is Side.BUY
    if bid is not None and ask is not None and bid >= ask:
        return None
    if order.peg is Peg.PRIMARY:
        base = bid if buys else ask
    else:
        base = None if bid is None or ask is None else (bid + ask) // 2
    if base is None:
        return None
    offset = money.half_ticks(order.peg_offset)
    price = (base - offset) // TICK * TICK if buys else -(-(base + offset) // TICK) * TICK
    price = within_limit(order, price)
    return price if price > 0 else None


def within_limit(order: Order, price: int) -> int:
    """The price, or the order's limit where that is better for its customer; in half ticks."""
    limit = money.half_ticks(order.protection_price)
    return min(price, limit) if order.side is Side.BUY else max(price, limit)


def anchors(book: Book) -> tuple[int | None, int | None]:
    """Best bid and ask of the orders that are not pegged, in half ticks."""
    return book.anchor(buys=True), book.anchor(buys=False)


def moved(book: Book, bid: int | None, ask: int | None) -> list[Event]:
    """Moves the pegged orders that stand elsewhere to their prices at this quote, in the order of their arrival."""
    events: list[Event] = []
    if book.collects:
        return events
    for order in sorted(book.pegs.values(), key=lambda order: order.arrival):
        price = price_of(order.terms.order, bid, ask)
        if order.leaves and price is not None and price != order.price:
            events += book.move(order.id, price)
    return events
