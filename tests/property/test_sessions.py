"""Orders come, are changed, canceled, and meet openings and closes by the clock and by hand: every share is accounted
for, no trade is beyond a limit, and a pool that reads the journal is the same.
"""

import json
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.matching import QUIET, QUOTE, cancel, command, expire, never, numbers, replacement
from tests.support.samples import MARKET
from trading.domain.hours import OpeningHours, opening_hours
from trading.domain.ids import derived
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import HOUSE, Conditions, Event
from trading.domain.matching.working_order import Canceled, Rejected, Replaced, Traded, WorkingOrder
from trading.domain.messages.commands import Command, NewOrder, OpenSession

DAY = "2026-11-22"
HOURS = (opening_hours("10:00-16:00"), opening_hours("on-command"), OpeningHours())
steps = st.lists(
    st.tuples(
        st.sampled_from(["new", "new", "new", "cancel", "replace", "open", "close", "mass expiry"]),
        st.sampled_from(["Buy", "Sell"]),
        st.integers(1, 1500),
        st.sampled_from(["161.85", "161.88", "161.89", "161.90", "161.95"]),
        st.sampled_from(["Day", "GTC", "IOC", "FOK", "OPG", "CLS"]),
        st.booleans(),
        st.integers(0, 9),
    ),
    max_size=24,
)


class Market:
    """A lit pool of which a command is asked every hour, and a follower that knows its journal alone."""

    def __init__(self, hours: OpeningHours, *, quiet: bool) -> None:
        numbers.last = 0
        self.pool, self.follower = LitPool(), LitPool()
        self.hours, self.market = hours, QUIET if quiet else MARKET
        self.orders: list[NewOrder] = []
        self.asked: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.hour = 0

    def step(self, kind: str, side: str, quantity: int, price: str, tif: str, at_market: bool, which: int) -> None:
        self.hour += 1
        time = f"{DAY[:8]}{22 + self.hour // 24:02}T{self.hour % 24:02}:00:00.000Z"
        order = self.orders[which % len(self.orders)] if self.orders else None
        if kind == "open":
            self.execute(time, OpenSession(derived(time, "open"), "COIN", time[:10], time))
        elif kind in {"close", "mass expiry"}:
            self.execute(time, expire(time[:10], time))
        elif kind == "new" or order is None:
            terms: dict[str, Any] = {"type": "Market", "protection_price": price} if at_market else {}
            made = command(
                side, quantity, None if at_market else price, f"00000{1 + which % 2}", time_in_force=tif,
                order_date=time, session_date=time[:10], **terms,
            )  # fmt: skip
            self.orders.append(made)
            self.asked[made.order.order_id] += quantity
            self.execute(time, made)
        else:
            self.execute(time, cancel(order) if kind == "cancel" else replacement(order, quantity, price))

    def execute(self, time: str, asked: Command) -> None:
        events = self.pool.execute(asked, Conditions(self.market, QUOTE, self.hours.at(time)), never)
        for event in events:
            self._account(asked, event)
        self.follower.fold(events_from(json.loads(json.dumps([event_values(each) for each in events]))))
        assert self.follower.snapshot() == self.pool.snapshot()
        restored = LitPool()
        restored.restore(json.loads(json.dumps(self.pool.snapshot())))
        assert restored.snapshot() == self.pool.snapshot()

    def _account(self, asked: Command, event: Event) -> None:
        match event:
            case Traded(maker, taker, quantity, price):
                for order in (maker, taker):
                    self.done[order.id] += quantity
                    assert order.price is not None
                    assert price <= order.price if order.buys else price >= order.price
                assert maker.buys is not taker.buys
            case Canceled(order, quantity):
                self.done[order.id] += quantity
            case Replaced(order, quantity):
                self.asked[order.id] = quantity
            case Rejected(order_id) if isinstance(asked, NewOrder) and asked.order.order_id == order_id:
                self.done[order_id] += asked.quantity

    def standing(self) -> dict[str, WorkingOrder]:
        book = self.pool.book
        return {each.id: each for each in (*book.orders.values(), *book.held.values()) if each.account != HOUSE}


@given(steps, st.sampled_from(HOURS), st.booleans())
def test_shares_are_traded_ended_or_open_whatever_the_phase_and_a_replay_gives_the_same(
    asked: list[tuple[Any, ...]], hours: OpeningHours, quiet: bool
) -> None:
    market = Market(hours, quiet=quiet)
    for step in asked:
        market.step(*step)
    standing = market.standing()
    for order_id, quantity in market.asked.items():
        leaves = standing[order_id].leaves if order_id in standing else 0
        assert market.done[order_id] + leaves == quantity
