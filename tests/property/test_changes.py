"""Orders come, are changed, end all at once and expire: shares and money are whole, in whatever order it is booked."""

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.matching import QUOTE, cancel, cancel_all, command, expire, numbers, replacement
from tests.support.samples import MARKET
from trading.domain.executions import ExecutionReports, effect_of
from trading.domain.ids import derived
from trading.domain.matching import models
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.pool import Conditions
from trading.domain.messages.commands import Command, NewOrder, ReplaceOrder
from trading.domain.messages.events import TRADES, reports_from
from trading.domain.messages.wire import Message
from trading.domain.orders import Order, PoolType, Side

TIME = "2026-11-22T14:30:00.000Z"
CUSTOMERS = ("000001", "000002")
steps = st.lists(
    st.tuples(
        st.sampled_from(["new", "cancel", "replace", "halt", "expire"]),
        st.sampled_from(["Buy", "Sell"]),
        st.integers(1, 3000),
        st.sampled_from(["150.00", "161.85", "161.89", "161.90", "170.00"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


class Day:
    """What customers ask for, with what each request reserves, and what an engine makes of it."""

    def __init__(self, pool: PoolType) -> None:
        numbers.last = 0
        self.pool = pool
        self.book = models.POOLS[MARKET.matching_models[pool], pool]()
        self.orders: list[NewOrder] = []
        self.came: set[str] = set()
        self.held: Counter[str] = Counter()
        self.cash: dict[str, Decimal] = dict.fromkeys(CUSTOMERS, Decimal(0))
        self.messages: list[Message] = []

    def asks(self, kind: str, direction: str, quantity: int, price: str, which: int) -> None:
        if kind == "expire":
            self.execute(expire("2026-11-22"))
        elif kind == "halt":
            self.execute(cancel_all(CUSTOMERS[which % 2]))
        elif kind == "new" or not self.orders:
            new = command(direction, quantity, price, CUSTOMERS[which % 2], pool_only=self.pool is PoolType.DARK)
            self.orders.append(new)
            self.reserves(new.order, quantity, new.order.reservation(quantity))
            self.execute(new)
            self.came.add(new.order.order_id)
        else:
            order = self.orders[which % len(self.orders)]
            change = cancel(order) if kind == "cancel" else replacement(self.standing(order), quantity, price)
            if isinstance(change, ReplaceOrder):
                self.reserves(change.order, change.more, change.reserved)
            self.execute(change)

    def standing(self, new: NewOrder) -> NewOrder:
        """The order as its last replacement left it."""
        reports = [each for booking in self.bookings() for each in booking.orders]
        own = [each.order for each in reports if each.order.order_id == new.order.order_id]
        last: Order = own[-1] if own else new.order
        return NewOrder(new.command_id, last, last.quantity)

    def reserves(self, order: Order, shares: int, cash: Decimal) -> None:
        self.held[order.order_id] += shares
        self.cash[order.customer_id] += cash

    def execute(self, asked: Command) -> None:
        reporter = Reporter(fees_of(self.pool, MARKET))
        conditions = Conditions(MARKET, QUOTE)
        reporter.add(asked, self.book.execute(asked, conditions, lambda order: order.order_id in self.came))
        entry = derived(asked.command_id, f"entry {len(self.messages)}")
        self.messages += models.messages_of(entry, len(self.messages) + 1, self.pool, reporter, TIME)

    def bookings(self) -> list[ExecutionReports]:
        return [reports_from(message.body) for message in self.messages if message.topic == TRADES]


@given(st.sampled_from(PoolType), steps, st.data())
def test_when_all_has_ended_nothing_is_held_and_every_share_is_filled_or_given_back(
    pool: PoolType, asked: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    day = Day(pool)
    for step in asked:
        day.asks(*step)
    day.execute(expire("2026-11-22"))
    for booking in data.draw(st.permutations(day.bookings())):
        effect = effect_of(booking)
        posting = effect.posting
        assert posting.cash + posting.reserved + booking.spent + posting.fees == booking.proceeds
        day.cash[booking.customer_id] += posting.reserved
        assert day.cash[booking.customer_id] >= 0
        for each in booking.orders:
            day.held[each.order.order_id] -= each.filled + each.ended + each.returned
            assert day.held[each.order.order_id] >= 0
        sold = [each for each in booking.orders if each.order.side is Side.SELL]
        assert effect.shares.reserved == -sum(each.filled + each.ended + each.returned for each in sold)
    assert not +day.held
    assert set(day.cash.values()) == {0}
