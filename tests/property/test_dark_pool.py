"""Orders come to the dark pools and leave, and the quote moves: nobody who could trade is left to wait."""

import json
from collections import Counter
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.matching import QUIET, cancel, command, never, numbers, quoted, replacement
from trading.domain.ids import derived
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.pool import HOUSE, Conditions, Event, Watched
from trading.domain.matching.working_order import Canceled, Rejected, Replaced, Traded
from trading.domain.messages.commands import Command, NewOrder, QuoteChanged
from trading.domain.quotes import Quote

PRICES = [f"161.{cents:02}" for cents in range(80, 100, 2)]
steps = st.lists(
    st.tuples(
        st.sampled_from(["new", "new", "new", "cancel", "replace", "move", "move", "unseen move", "lock"]),
        st.sampled_from(["Buy", "Sell"]),
        st.integers(1, 3000),
        st.sampled_from(PRICES),
        st.integers(0, 9),
    ),
    max_size=24,
)


class Market:
    """Dark pools, and a follower that knows their journal alone. The lit engine tells of moves, or is yet to."""

    def __init__(self) -> None:
        numbers.last = 0
        self.pool, self.follower = DarkPool(), DarkPool()
        self.quote = Quote(Decimal("161.88"), Decimal("161.90"))
        self.orders: list[NewOrder] = []
        self.asked: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.watched = False

    def step(self, number: int, kind: str, side: str, quantity: int, price: str, which: int) -> None:
        order = self.orders[which % len(self.orders)] if self.orders else None
        if kind in {"move", "unseen move", "lock"}:
            away = Decimal(0) if kind == "lock" else Decimal("0.02")
            self.quote = Quote(Decimal(price), Decimal(price) + away)
            if kind == "move":
                told = quoted(price, str(Decimal(price) + away), f"2026-11-22T14:30:{number:02}.000Z")
                self.execute(QuoteChanged(derived(told.command_id, "displayed"), "COIN", told.quote))
        elif kind == "new" or order is None:
            made = command(side, quantity, price, f"00000{1 + which % 3}", pool_only=which != 0)
            self.orders.append(made)
            self.asked[made.order.order_id] += quantity
            self.execute(made)
        else:
            self.execute(cancel(order) if kind == "cancel" else replacement(order, quantity, price))

    def execute(self, asked: Command) -> None:
        events = self.pool.execute(asked, Conditions(QUIET, self.quote), never)
        for event in events:
            self._account(asked, event)
        self.follower.fold(events_from(json.loads(json.dumps([event_values(each) for each in events]))))
        assert self.follower.snapshot() == self.pool.snapshot()
        assert self.waiting() == []
        assert self.watched or not self.pool.resting
        assert self.watched is self.pool.watch.on

    def _account(self, asked: Command, event: Event) -> None:
        match event:
            case Traded(maker, taker, quantity, price):
                assert price == self.midpoint
                assert maker.account != taker.account
                for order in (maker, taker):
                    self.done[order.id] += quantity
                    assert order.price is not None
                    assert price <= order.price if order.buys else price >= order.price
            case Canceled(order, quantity):
                self.done[order.id] += quantity
            case Replaced(order, quantity):
                self.asked[order.id] = quantity
            case Watched(_, on, midpoint):
                self.watched = on
                assert midpoint == self.midpoint or not on or midpoint is None
            case Rejected(order_id) if isinstance(asked, NewOrder) and asked.order.order_id == order_id:
                self.done[order_id] += asked.quantity

    @property
    def midpoint(self) -> int | None:
        bid, ask = self.quote.bid, self.quote.ask
        return None if bid >= ask else int((bid + ask) * 100)

    def waiting(self) -> list[Any]:
        """The pairs of orders that could trade with each other, and do not."""
        midpoint = self.midpoint
        if midpoint is None:
            return []
        there = [(each, each.price or 0) for each in self.pool.resting.values()]
        buys = [each for each, limit in there if each.buys and limit >= midpoint]
        sells = [each for each, limit in there if not each.buys and limit <= midpoint]
        return [(buy.id, sell.id) for buy, sell in product(buys, sells) if buy.account != sell.account]


@given(steps)
def test_after_every_command_no_two_orders_that_could_trade_are_left_and_every_share_is_accounted_for(
    asked: list[tuple[Any, ...]],
) -> None:
    market = Market()
    for number, step in enumerate(asked):
        market.step(number, *step)
    for each in market.orders:
        order_id = each.order.order_id
        leaves = market.pool.resting[order_id].leaves if order_id in market.pool.resting else 0
        passed = not each.order.pool_only
        assert passed or market.done[order_id] + leaves == market.asked[order_id]
    assert HOUSE not in {each.account for each in market.pool.resting.values()}
