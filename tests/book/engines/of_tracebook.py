"""The reference engine of `tracebook-conformance`: pure Python."""

from tracebook.core.order import OrderSide
from tracebook.core.orderbook import OrderBook, OrderResult

from tests.book.engines.commands import Cancel, Enter, Fill
from trading.domain.orders import TimeInForce


class Tracebook:
    def __init__(self) -> None:
        self.book = OrderBook("X", tick_size=1.0)
        self.entries = {
            TimeInForce.GTC: self.book.submit_limit_order,
            TimeInForce.IOC: self.book.submit_ioc_order,
            TimeInForce.FOK: self.book.submit_fok_order,
        }
        self.ids: dict[int, int] = {}
        self.numbers: dict[int, int] = {}

    def enter(self, order: Enter) -> OrderResult:
        side = OrderSide.BUY if order.buys else OrderSide.SELL
        answer = self.entries[order.tif](side, order.price, order.quantity)
        # It names orders itself, one after the other.
        number = len(self.ids) + 1
        self.ids[order.number] = number
        self.numbers[number] = order.number
        return answer

    def cancel(self, order: Cancel) -> bool:
        return self.book.cancel_order(self.ids[order.number])

    def fills(self, answer: OrderResult) -> list[Fill]:
        if answer.order is None:
            raise ValueError(answer.rejected_reason)
        buys = answer.order.side == OrderSide.BUY
        return [
            Fill(self.numbers[each.sell_order_id if buys else each.buy_order_id], int(each.quantity), int(each.price))
            for each in answer.trades
        ]
