"""The arithmetic of the simulation: what its parts do in a case whose answer is known."""

from typing import Any

import pytest
import simpy

from benchmarks import system
from benchmarks.flow import Groups, Items, Rates, Steps, Stream
from benchmarks.service_times import CALLS, LATENCY, Line, ServiceTimes
from benchmarks.simulation import Case, simulated
from benchmarks.system import NEXT_BATCH

SECOND = 1.0
SLOW_BUT_FIXED = ServiceTimes(
    seconds={stage: Line(fixed=0.001, each=0.0) for stage in CALLS} | {"lit_pool_matching_engine": Line(0.0, 0.05)},
    units={stage: Line(fixed=1.0, each=0.0) for stage in CALLS},
)
"""An engine that takes 50 ms an order can do less than 20 a second of one ticker, however they are packed."""


class Worker:
    """A stage that takes a second for every batch, and notes when it was done."""

    def __init__(self, size: int = 1, pause: float = 0.0) -> None:
        self.env = simpy.Environment()
        self.done: list[tuple[float, Any, list[Any]]] = []
        self.groups = Groups(self.env, size, self._work, pause)

    def _work(self, group: Any, batch: list[Any]) -> Steps:
        yield self.env.timeout(SECOND)
        self.done.append((self.env.now, group, batch))


def test_a_group_has_one_batch_at_a_time_and_keeps_its_order() -> None:
    worker = Worker()
    for number in range(3):
        worker.groups.put("COIN", number)
    worker.env.run()
    assert worker.done == [(1.0, "COIN", [0]), (2.0, "COIN", [1]), (3.0, "COIN", [2])]
    assert worker.groups.busy == {"COIN": 3.0}


def test_groups_do_not_hold_each_other_up() -> None:
    worker = Worker()
    for ticker in ("COIN", "COIN", "AMD"):
        worker.groups.put(ticker, 1)
    worker.env.run()
    assert [(time, group) for time, group, _ in worker.done] == [(1.0, "COIN"), (1.0, "AMD"), (2.0, "COIN")]


def test_a_group_rests_after_each_batch_and_is_busy_meanwhile() -> None:
    worker = Worker(pause=0.5)
    for ticker in ("COIN", "COIN", "AMD"):
        worker.groups.put(ticker, 1)
    worker.env.run()
    assert [(time, group) for time, group, _ in worker.done] == [(1.0, "COIN"), (1.0, "AMD"), (2.5, "COIN")]
    assert worker.groups.busy == {"COIN": 3.0, "AMD": 1.5}


def test_what_waits_comes_in_batches() -> None:
    worker = Worker(size=10)
    for number in range(25):
        worker.groups.put("COIN", number)
    worker.env.run()
    assert [len(batch) for _, _, batch in worker.done] == [10, 10, 5]


def test_a_key_takes_its_units_and_no_more() -> None:
    env = simpy.Environment()
    rates = Rates(env, 1_000)
    assert [rates.take("CUST#000002", 250) for _ in range(3)] == [0.0, 0.25, 0.5]
    assert rates.take("CUST#000001", 250) == 0.0


def test_an_item_is_changed_by_one_transaction_at_a_time() -> None:
    env = simpy.Environment()
    items = Items(env)
    for _ in range(3):
        env.process(items.change("CUST#000002", SECOND))
    env.run()
    assert env.now == 3.0


def test_records_come_in_order_when_their_shard_is_looked_at() -> None:
    worker = Worker(size=100)
    stream = Stream(worker.env, 1, 10, 4.0, worker.groups)
    for number in range(3):
        stream.put("CUST#000002", number)
    worker.env.run()
    [(time, _, batch)] = worker.done
    assert (time, batch) == (0.25 + SECOND, [0, 1, 2])


@pytest.mark.parametrize(("rate", "sustained"), [(14.0, True), (25.0, False)])
def test_more_than_the_slowest_part_can_do_is_not_sustained(rate: float, sustained: bool) -> None:
    outcome = simulated(Case("", tickers=1, customers=1_000, size=1), SLOW_BUT_FIXED, rate)
    assert outcome.sustained is sustained
    if not sustained:
        assert outcome.busiest[0].part == "`lit_pool_matching_engine`, a ticker"


@pytest.mark.parametrize(("customers", "sustained"), [(1, True), (1_000, False)])
def test_an_engine_takes_time_for_each_customer_that_it_reports_to(customers: int, *, sustained: bool) -> None:
    no_time = {stage: Line(fixed=0.001, each=0.0) for stage in CALLS}
    times = ServiceTimes(no_time, SLOW_BUT_FIXED.units, customer=0.05)
    assert simulated(Case("", tickers=1, customers=customers, size=1), times, 25.0).sustained is sustained


def test_the_same_seed_and_times_give_the_same() -> None:
    case = Case("", tickers=10, customers=100, size=50)
    assert simulated(case, SLOW_BUT_FIXED, 50.0) == simulated(case, SLOW_BUT_FIXED, 50.0)


@pytest.mark.parametrize(
    ("tickers", "customers", "part"),
    [(1, 1_000, "`lit_pool_matching_engine`, a ticker"), (100, 1, "`post_trade_processor`, a customer")],
)
def test_a_group_of_a_queue_rests_until_its_batch_is_removed(
    tickers: int, customers: int, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_time = ServiceTimes({stage: Line(fixed=0.001, each=0.0) for stage in CALLS}, SLOW_BUT_FIXED.units)
    case = Case("", tickers, customers, size=1)
    assert simulated(case, no_time, 30.0).sustained
    monkeypatch.setattr(system, "LATENCY", {**LATENCY, NEXT_BATCH: SECOND})
    outcome = simulated(case, no_time, 30.0)
    assert not outcome.sustained
    assert outcome.busiest[0].part == part
