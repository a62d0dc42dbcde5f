"""`liquibook`: C++ behind Python objects."""

import liquibook

from tests.book.engines.commands import Cancel, Enter, Fill
from trading.domain.orders import TimeInForce

CONDITIONS = {
    TimeInForce.GTC: liquibook.oc_no_conditions,
    TimeInForce.IOC: liquibook.oc_immediate_or_cancel,
    TimeInForce.FOK: liquibook.oc_fill_or_kill,
}


class Listener(liquibook.OrderListener):
    """Keeps what happened. Every callback must be there."""

    def __init__(self) -> None:
        super().__init__()
        self.filled: list[tuple[int, int, int]] = []
        self.canceled = False

    def on_fill(self, taker: liquibook.SimpleOrder, maker: liquibook.SimpleOrder, quantity: int, price: int) -> None:
        self.filled.append((maker.order_id_, quantity, price))

    def on_cancel(self, order: liquibook.SimpleOrder) -> None:
        self.canceled = True

    def on_accept(self, order: liquibook.SimpleOrder) -> None:
        """Nothing to keep."""

    def on_cancel_reject(self, order: liquibook.SimpleOrder, reason: str) -> None:
        """Nothing to keep."""


class Liquibook:
    def __init__(self) -> None:
        self.listener = Listener()
        self.book = liquibook.DepthOrderBook()
        self.book.set_order_listener(self.listener)
        self.orders: dict[int, liquibook.SimpleOrder] = {}
        self.numbers: dict[int, int] = {}

    def enter(self, order: Enter) -> list[tuple[int, int, int]]:
        theirs = liquibook.SimpleOrder(order.buys, order.price, order.quantity)
        self.orders[order.number] = theirs
        self.numbers[theirs.order_id_] = order.number
        self.listener.filled = []
        self.book.add(theirs, CONDITIONS[order.tif])
        return self.listener.filled

    def cancel(self, order: Cancel) -> bool:
        self.listener.canceled = False
        self.book.cancel(self.orders[order.number])
        return self.listener.canceled

    def fills(self, answer: list[tuple[int, int, int]]) -> list[Fill]:
        return [Fill(self.numbers[maker], quantity, price) for maker, quantity, price in answer]
