"""Our book."""

from tests.book.engines.commands import Cancel, Enter, Fill
from trading.domain.matching.book import Book
from trading.domain.matching.working_order import Canceled, Event, Traded, WorkingOrder
from trading.domain.orders import SelfTrade


class Ours:
    def __init__(self) -> None:
        self.book = Book()

    def enter(self, order: Enter) -> list[Event]:
        return self.book.enter(
            WorkingOrder(
                order.id, "any", order.buys, order.quantity, order.price, order.tif, SelfTrade.OFF, terms=order.number
            )
        )

    def cancel(self, order: Cancel) -> bool:
        return isinstance(self.book.cancel(order.id, "any")[0], Canceled)

    def fills(self, answer: list[Event]) -> list[Fill]:
        return [Fill(each.maker.terms, each.quantity, each.price) for each in answer if isinstance(each, Traded)]
