"""Self-trade prevention (FIX 2964): what happens when an order meets one of its own account.

Venues decide this differently. The choices here:
- It follows the incoming order's instruction. It acts when the order meets one of its own account: what stood before
  that has already traded, as at Nasdaq and CME. Decrement takes the smaller quantity off both orders. An order's
  quantity stays what was asked for: traded, canceled and open quantity always add up to it.
- Fill-or-kill and minimum quantity count only what can really trade. They count no order of the same account, and
  nothing behind one that would cancel the incoming order.
"""

from trading.domain.matching.book_state import BookState
from trading.domain.matching.working_order import Canceled, Event, WorkingOrder
from trading.domain.orders import SelfTrade

OFF = SelfTrade.OFF
REASON = "self-trade"


def prevent(book: BookState, taker: WorkingOrder, maker: WorkingOrder) -> list[Event]:
    """Prevents a trade between two orders of one account."""
    if taker.self_trade is SelfTrade.DECREMENT:
        quantity = min(taker.leaves, maker.leaves)
        book.set_leaves(maker, maker.leaves - quantity)
        taker.leaves -= quantity
        if not maker.leaves:
            book.remove(maker)
        return [Canceled(order, quantity, order.leaves, REASON) for order in (maker, taker)]
    events: list[Event] = []
    if taker.self_trade in {SelfTrade.CANCEL_OLDEST, SelfTrade.CANCEL_BOTH}:
        events.append(book.take_out(maker, REASON))
    if taker.self_trade in {SelfTrade.CANCEL_NEWEST, SelfTrade.CANCEL_BOTH}:
        events.append(Canceled(taker, taker.leaves, 0, REASON))
        taker.leaves = 0
    return events


def can_trade(book: BookState, taker: WorkingOrder, needed: int) -> bool:
    """Whether at least `needed` shares of an incoming order can trade."""
    side = book.asks if taker.buys else book.bids
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
