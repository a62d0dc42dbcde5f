"""`matching-engine`: Python, with messages and a sorted list from libraries. Needs Python 3.12."""

from typing import Any

from matching_engine.domain import CancelOrder, NewOrder, SelfTradePrevention, SequencedCommand, Side
from matching_engine.domain import TimeInForce as Tif
from matching_engine.engine import MatchingEngine as Theirs
from matching_engine.events import OrderCancelled, Trade

from tests.book.engines.commands import Cancel, Enter, Fill
from trading.domain.orders import TimeInForce

TIFS = {TimeInForce.GTC: Tif.GTC, TimeInForce.IOC: Tif.IOC, TimeInForce.FOK: Tif.FOK}


class MatchingEngine:
    def __init__(self) -> None:
        self.engine = Theirs()

    def enter(self, order: Enter) -> Any:
        side = Side.BUY if order.buys else Side.SELL
        theirs = NewOrder(
            order.number, 1, side, order.price, order.quantity, tif=TIFS[order.tif], stp=SelfTradePrevention.NONE
        )
        return self.engine.process(SequencedCommand(self.engine.last_seq + 1, 0, theirs))

    def cancel(self, order: Cancel) -> bool:
        events = self.engine.process(SequencedCommand(self.engine.last_seq + 1, 0, CancelOrder(order.number, 1)))
        return isinstance(events[0], OrderCancelled)

    def fills(self, answer: Any) -> list[Fill]:
        return [Fill(each.maker_order_id, each.qty, each.price) for each in answer if isinstance(each, Trade)]
