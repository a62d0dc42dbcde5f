"""Schedules that chance writes: which stage is given how much next, what comes twice or too early, which calls fail."""

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.crash.crash_world import CrashWorld, Point
from tests.crash.failures import Failure, failures_of
from tests.crash.story import Story
from tests.support import random_days
from tests.support.other_market import change_everything
from tests.support.stages import STAGES

ROUTER = "smart_order_router"
FED = [
    "dark_pool_matching_engine",
    "lit_pool_matching_engine",
    "post_trade_processor",
    "market_data",
    ROUTER,
    "trades_data_aggregator",
    "archiver",
    "live_market",
    "live_updates",
]
CALLS_AHEAD = 40

ODD: dict[str, tuple[int, int, int]] = {
    "crossed": (2, -2, 0),
    "late": (1, 1, 3600),
    "far": (5000, 5000, 0),
}
"""Quotes that move nothing: by how many cents their bid and ask are away, and how many seconds they are old."""
MAX_LISTENERS = 2

Decision = tuple[Any, ...]
"""Its name, which is a method of `Schedule`, and its arguments."""

numbers = st.integers(0, 30)
stages = st.sampled_from(FED)
decisions: st.SearchStrategy[Decision] = st.one_of(
    st.tuples(st.just("enter"), st.lists(random_days.orders("OPG", "CLS"), min_size=1, max_size=3)),
    st.tuples(st.just("enter"), st.lists(random_days.orders("OPG", "CLS"), min_size=1, max_size=3)),
    st.tuples(st.just("fail"), st.integers(1, CALLS_AHEAD), st.sampled_from(list(Failure))),
    st.tuples(st.just("fail"), st.integers(1, CALLS_AHEAD), st.sampled_from(list(Failure))),
    st.tuples(st.just("advance"), stages, st.integers(1, 10)),
    st.tuples(st.just("advance"), stages, st.integers(1, 10)),
    st.tuples(st.just("advance"), stages, st.integers(1, 10)),
    st.tuples(st.just("cancel"), numbers),
    st.tuples(st.just("replace"), numbers, st.sampled_from([1, 50, 2000, 5000]), st.integers(-3, 3)),
    st.tuples(st.just("suspend"), random_days.customers),
    st.tuples(st.just("quote"), random_days.tickers, st.integers(-300, 300)),
    st.tuples(st.just("quote_oddly"), random_days.tickers, st.sampled_from(sorted(ODD))),
    st.tuples(st.just("put_quote"), random_days.tickers, st.integers(-3000, 3000), st.booleans()),
    st.tuples(st.just("trade_hours"), st.sampled_from(["on-command", "on-command", "always", "14:00-23:30"])),
    st.tuples(st.just("open_session")),
    st.tuples(st.just("close_session")),
    st.tuples(st.just("listen"), random_days.customers, random_days.tickers),
    st.tuples(st.just("repeat"), numbers),
    st.tuples(st.just("shuffle"), st.integers(0, 1000)),
    st.tuples(st.just("cool"), st.sampled_from(STAGES)),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 10])),
    st.tuples(st.just("change_everything")),
    st.tuples(st.just("next_day")),
)


class Schedule:
    """Plays decisions in a world. `failures` are those that happened."""

    def __init__(self, world: CrashWorld) -> None:
        self.story = Story(world)
        self._world = world
        self.failures = 0
        self._failing: dict[int, Failure] = {}
        self._orders: list[tuple[str, str]] = []
        for customer_id in random_days.CUSTOMERS:
            world.put_customer(customer_id, "400000.00", AMD=3000, COIN=2000)
        world.struck = self._struck

    def _struck(self, point: Point) -> Failure | None:
        failure = self._failing.pop(point.number, None)
        if failure not in failures_of(point.operation, starting=point.starting):
            return None
        self.failures += 1
        return failure

    def play(self, decision: Decision) -> None:
        name, *arguments = decision
        getattr(self, name)(*arguments)

    def end(self) -> None:
        self._failing.clear()
        for customer_id in random_days.CUSTOMERS:
            self.story.account("DELETE", "halt", of=customer_id)
        self.story.finish()

    def fail(self, calls_ahead: int, failure: Failure) -> None:
        self._failing[self._world.points + calls_ahead] = failure

    def enter(self, wanted: list[dict[str, Any]]) -> None:
        named = [
            random_days.as_entered(each) | {"clientOrderId": f"order-{len(self._orders) + number}"}
            for number, each in enumerate(wanted)
        ]
        self._orders += [(each["customerId"], each["clientOrderId"]) for each in named]
        self.story.post(*named)

    def cancel(self, number: int) -> None:
        self._change(number, self.story.cancel)

    def replace(self, number: int, quantity: int, away: int) -> None:
        price = str(random_days.PRICES["COIN"][1] + away * random_days.CENT)
        self._change(number, lambda name, of: self.story.replace(name, of, quantity=quantity, price=price))

    def _change(self, number: int, change: Callable[[str, str], int]) -> None:
        known = [(of, name) for of, name in self._orders if "orderId" in self.story.told.get(name, {})]
        if known:
            of, name = known[number % len(known)]
            change(name, of)

    def quote(self, ticker: str, away: int) -> None:
        """The market moves, by cents around the price of the first day."""
        bid, ask = (price + away * random_days.CENT for price in random_days.PRICES[ticker])
        self._world.quote(ticker, str(bid), str(ask))

    def quote_oddly(self, ticker: str, how: str) -> None:
        """A quote comes that is not to be applied."""
        more_bid, more_ask, seconds = ODD[how]
        bid, ask = random_days.PRICES[ticker]
        bid, ask = bid + more_bid * random_days.CENT, ask + more_ask * random_days.CENT
        self._world.quote(ticker, str(bid), str(ask), confirmed=False, seconds_old=seconds)

    def put_quote(self, ticker: str, away: int, confirmed: bool) -> None:
        """A broker sends a quote, which may be far from the last one."""
        bid, ask = (price + away * random_days.CENT for price in random_days.PRICES[ticker])
        self.story.put_quote(ticker, str(bid), str(ask), confirmed=confirmed)

    def trade_hours(self, hours: str) -> None:
        """The market has other opening hours, known to functions that start cold or have a minute behind them."""
        self._world.change_market(openingHours={"Dark": hours, "Lit": hours})

    def open_session(self) -> None:
        self._world.clock.advance(milliseconds=1)
        self.story.invoke("session_close", {"open": True})

    def close_session(self) -> None:
        self._world.clock.advance(milliseconds=1)
        self.story.invoke("session_close", {"sessionDate": self.story.today})
        self._world.clock.advance(milliseconds=1)

    def listen(self, customer_id: str, ticker: str) -> None:
        if len(self.story.listeners) < MAX_LISTENERS:
            self.story.listen(customer_id, ticker)

    def suspend(self, customer_id: str) -> None:
        self.story.account("PUT", "halt", of=customer_id)

    def advance(self, stage: str, most: int) -> None:
        """A stage is given what waits for it, so much at the most, and may fail."""
        self.story.attempt(lambda: self._world.pipeline.advance(stage, most))

    def repeat(self, number: int) -> None:
        """A stage is given an event that it had before."""
        if delivered := self._world.pipeline.delivered:
            before = delivered[number % len(delivered)]
            self.story.again += 1
            self.story.attempt(lambda: self._world.deliver(before.stage, before.event))

    def shuffle(self, seed: int) -> None:
        """The router is given what is to come, in any order, before it comes."""
        records = self._world.pipeline.unread(ROUTER)
        if records:
            event = {"Records": Random(seed).sample(records, len(records))}
            self.story.again += 1
            self.story.attempt(lambda: self._world.deliver(ROUTER, event))

    def cool(self, stage: str) -> None:
        self._world.forget(stage)

    def wait(self, hours: int) -> None:
        self._world.clock.advance(hours=hours)

    def change_everything(self) -> None:
        change_everything(self._world)

    def next_day(self) -> None:
        self.story.next_day()
