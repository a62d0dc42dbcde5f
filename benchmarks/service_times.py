"""What the stages take of an invocation, for the simulation: the processor's time measured here, with as many orders as
there are in it, and write units counted; the latency of AWS's calls as docs/performance/prices.json assumes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import linear_regression, median
from typing import Any

from benchmarks.stopwatch import Invocation, watching, without_logs
from tests.support.call_counts import count
from tests.support.cloud import memory_of
from tests.support.costs import PRICES
from tests.support.in_turn import in_turn
from tests.support.new_world import new_session, world_of
from tests.support.orders import SEED
from tests.support.world import World

BATCHES = (1, 10, 50)
REPEATED = 8
WHOLE_PROCESSOR_MEGABYTES = 1769
"""With so much memory a function has one processor, with less its part of one (AWS's documentation of Lambda)."""
LATENCY: Mapping[str, float] = {
    name: each / 1000 for name, each in PRICES["assumed"]["milliseconds_of_latency"].items()
}
CALLS = {
    "order_entry": ["TransactWriteItems"],
    "smart_order_router": ["PublishBatch"],
    "lit_pool_matching_engine": ["PublishBatch", "PublishBatch", "PutItem"],
    "post_trade_processor": ["BatchGetItem", "PublishBatch", "TransactWriteItems"],
    "trades_data_aggregator": ["BatchWriteItem", "PutItem"],
}
"""Of one order alone, in the stages in its way and in the one that counts it. The simulation does these, and it is held
against what was counted.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """So much for an invocation, and so much for every order in it."""

    fixed: float
    each: float

    def of(self, orders: int) -> float:
        return self.fixed + self.each * orders


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """By stage: seconds of the processor as Lambda gives it, and write units."""

    seconds: Mapping[str, Line]
    units: Mapping[str, Line]


def measured() -> ServiceTimes:
    with without_logs(), in_turn():  # whose time a thread's is cannot be told
        session = new_session()
        seconds: dict[str, dict[int, float]] = {}
        units: dict[str, dict[int, float]] = {}
        for number in BATCHES:
            with world_of(World, session) as world:
                world.put_customer("000002", "100000000000.00")
                assert world.post(SEED)[0] == 202
                world.settle()
                for stage, counted in count(world, [SEED] * number).items():
                    units.setdefault(stage, {})[number] = counted["write units"]
                for stage, its_seconds in _medians(list(_invocations(world, number))):
                    seconds.setdefault(stage, {})[number] = its_seconds
    return ServiceTimes(
        {stage: _line(each, max(1.0, WHOLE_PROCESSOR_MEGABYTES / memory_of(stage))) for stage, each in seconds.items()},
        {stage: _line(each) for stage, each in units.items()},
    )


def _invocations(world: World, number: int) -> Iterator[list[Invocation]]:
    """Of each of several requests with so many orders."""
    body: Any = [SEED] * number if number > 1 else SEED
    with watching(world) as invocations:
        for _ in range(REPEATED):
            invocations.clear()
            assert world.post(body)[0] == 202
            world.settle()
            if number == 1:
                made = {each.stage: sorted(each.calls.elements()) for each in invocations if each.stage in CALLS}
                assert made == CALLS, made
            yield list(invocations)


def _medians(runs: Sequence[Sequence[Invocation]]) -> Iterator[tuple[str, float]]:
    """Stages with the seconds of all that they did for a request."""
    for stage in CALLS:
        yield stage, median(sum(each.seconds for each in run if each.stage == stage) for run in runs)


def _line(values: Mapping[int, float], factor: float = 1.0) -> Line:
    each, fixed = linear_regression(list(values), list(values.values()))
    return Line(max(fixed, 0.0) * factor, max(each, 0.0) * factor)
