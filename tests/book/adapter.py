"""Our book behind the protocol of `tracebook-conformance`, by standard input and output. By hand, from the top folder:

    PYTHONPATH=layer .venv/bin/tracebook-conformance qualify --profile fifo-full-v1 --output-dir OUT \\
        --candidate .venv/bin/python -m tests.book.adapter
"""

import sys
from decimal import Decimal

from tracebook.conformance import (
    BookSnapshot,
    BookState,
    ConformanceConfig,
    EngineMetadata,
    Observation,
    Outcome,
    RestingOrder,
    TradeFill,
    canonical_decimal,
    serve_stdio,
)
from tracebook.core.order import OrderSide, OrderType, SelfTradePolicy
from tracebook.events import MarketEvent

from trading.domain.matching.book import Book
from trading.domain.matching.price_levels import BookSide
from trading.domain.matching.working_order import Event, Rejected, Replaced, Traded, WorkingOrder
from trading.domain.orders import SelfTrade, TimeInForce

TIFS = {
    OrderType.LIMIT: TimeInForce.GTC,
    OrderType.MARKET: TimeInForce.IOC,
    OrderType.IOC: TimeInForce.IOC,
    OrderType.FOK: TimeInForce.FOK,
}
SELF_TRADES = {
    SelfTradePolicy.NONE: SelfTrade.OFF,
    SelfTradePolicy.CANCEL_RESTING: SelfTrade.CANCEL_OLDEST,
    SelfTradePolicy.CANCEL_INCOMING: SelfTrade.CANCEL_NEWEST,
}
REASONS = {
    "duplicate-order": "DUPLICATE_ORDER_ID",
    "unknown-order": "ORDER_NOT_ACTIVE",
    "no-price": "INVALID_ORDER",
}


class Adapter:
    """A book per symbol. Its prices and quantities are decimals, the book's are whole steps."""

    metadata = EngineMetadata("serverless-trading-system", "1", "Python")

    def __init__(self, config: ConformanceConfig) -> None:
        self.self_trade = SELF_TRADES[config.self_trade_policy]
        self.tick = Decimal(canonical_decimal(config.tick_size))
        self.lot = Decimal(1).scaleb(-config.quantity_decimal_places)
        self.books: dict[str, Book] = {}

    def apply(self, event: MarketEvent, index: int) -> Observation:
        events = self._happens(event)
        rejected = [each.reason for each in events if isinstance(each, Rejected)]
        outcome = Outcome("rejected", REASONS[rejected[0]]) if rejected else Outcome("applied")
        fills = tuple(self._fill(event.symbol, each) for each in events if isinstance(each, Traded))
        state = self.snapshot()
        return Observation(index, outcome, fills, state.digest(), state.order_count)

    def snapshot(self) -> BookState:
        return BookState(
            tuple(
                BookSnapshot(symbol, self._queue(book.bids), self._queue(book.asks))
                for symbol, book in sorted(self.books.items())
            )
        )

    def close(self) -> None:
        """Nothing to close."""

    # -------------------------------------------------------------- commands

    def _happens(self, event: MarketEvent) -> list[Event]:
        if event.op == "clear":
            self.books[event.symbol] = Book()
            return []
        name = str(event.order_id)
        if event.op == "new":
            return self._enters(self.books.setdefault(event.symbol, Book()), name, event)
        book = self.books.get(event.symbol, Book())
        order = book.orders.get(name)
        if order is None:
            return book.cancel(name, "")
        if event.op == "cancel":
            return book.cancel(name, order.account)
        if event.op == "reduce":
            return book.replace(name, order.account, order.quantity - self._lots(event.quantity), order.price)
        return self._replaces(book, order, event)

    def _enters(self, book: Book, name: str, event: MarketEvent) -> list[Event]:
        price = None if event.order_type == OrderType.MARKET else self._ticks(event.price)
        if price == 0:
            # Off the grid it is no price: in this system the entry of orders refuses it, not the book.
            return [Rejected(name, "no-price")]
        quantity, buys = self._lots(event.quantity), event.side == OrderSide.BUY
        return book.enter(
            WorkingOrder(name, str(event.owner), buys, quantity, price, TIFS[event.order_type], self.self_trade)
        )

    def _replaces(self, book: Book, order: WorkingOrder, event: MarketEvent) -> list[Event]:
        """Tracebook moves every replaced order to the end of its queue. Here a smaller quantity keeps its place, as at
        most exchanges: what kept its place is entered anew.
        """
        price = order.price if event.price is None else self._ticks(event.price)
        leaves = order.leaves if event.quantity is None else self._lots(event.quantity)
        events = book.replace(order.id, order.account, order.quantity - order.leaves + leaves, price)
        if isinstance(events[0], Replaced) and events[0].kept:
            book.cancel(order.id, order.account)
            return book.enter(
                WorkingOrder(order.id, order.account, order.buys, leaves, price, order.tif, order.self_trade)
            )
        return events

    # ------------------------------------------------------------- numbers

    def _ticks(self, price: float | None) -> int:
        return round(Decimal(canonical_decimal(price)) / self.tick)

    def _lots(self, quantity: float | None) -> int:
        return int(Decimal(canonical_decimal(quantity)) / self.lot)

    def _fill(self, symbol: str, trade: Traded) -> TradeFill:
        buy, sell = (trade.taker, trade.maker) if trade.taker.buys else (trade.maker, trade.taker)
        price, quantity = trade.price * self.tick, trade.quantity * self.lot
        return TradeFill(symbol, int(buy.id), int(sell.id), canonical_decimal(price), canonical_decimal(quantity))

    def _queue(self, half: BookSide) -> tuple[RestingOrder, ...]:
        return tuple(
            RestingOrder(
                int(order.id), canonical_decimal((order.price or 0) * self.tick),
                canonical_decimal(order.leaves * self.lot), int(order.account),
            )
            for order in half.best_first()
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(serve_stdio(Adapter))
