"""What the stages take of an invocation, for the simulation: the processor's time measured here, with as many orders as
there are in it, and write units counted; the latency of AWS's calls as docs/performance/prices.json assumes it.
"""

import time
import timeit
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import linear_regression, median
from typing import Any

import boto3

from benchmarks.stopwatch import Invocation, watching, without_logs
from tests.support.call_counts import count
from tests.support.cloud import memory_of
from tests.support.costs import PRICES
from tests.support.in_turn import in_turn
from tests.support.new_world import new_session, world_of
from tests.support.orders import SEED, entered
from tests.support.world import World

BATCHES = (1, 10, 50)
REPEATED = 8
LOOP, USUAL_SECONDS = "sum(range(10_000))", 175e-6
"""What a usual server of 2025 takes for the loop: 150 to 190 µs. A simulation is of such a one, wherever it runs."""
ENGINE = "lit_pool_matching_engine"
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
    """By stage: seconds of a usual processor as Lambda gives it, and write units. The orders of an invocation are one
    customer's; `customer` are the seconds that the lit engine takes for each further one, who has a report of its own.
    """

    seconds: Mapping[str, Line]
    units: Mapping[str, Line]
    customer: float = 0.0


def measured() -> ServiceTimes:
    with without_logs(), in_turn():  # whose time a thread's is cannot be told
        session = new_session()
        seconds: dict[str, dict[int, float]] = {}
        units: dict[str, dict[int, float]] = {}
        for number in BATCHES:
            orders = [SEED] * number
            with _world(session, orders) as world:
                for stage, counted in count(world, orders).items():
                    units.setdefault(stage, {})[number] = counted["write units"]
                for stage, its_seconds in _medians(list(_invocations(world, orders))):
                    seconds.setdefault(stage, {})[number] = its_seconds
        most = BATCHES[-1]
        of_many = [entered(customerId=f"{each:06}") for each in range(1, most + 1)]
        with _world(session, of_many) as world:
            many = dict(_medians(list(_invocations(world, of_many))))
    usual = USUAL_SECONDS / loop_seconds()
    factors = {stage: usual * max(1.0, WHOLE_PROCESSOR_MEGABYTES / memory_of(stage)) for stage in seconds}
    return ServiceTimes(
        {stage: _line(each, factors[stage]) for stage, each in seconds.items()},
        {stage: _line(each) for stage, each in units.items()},
        max(many[ENGINE] - seconds[ENGINE][most], 0.0) / (most - 1) * factors[ENGINE],
    )


def loop_seconds() -> float:
    """What LOOP takes here, of the processor."""
    return min(timeit.repeat(LOOP, number=100, repeat=10, timer=time.process_time)) / 100


@contextmanager
def _world(session: boto3.Session, orders: Sequence[Mapping[str, Any]]) -> Iterator[World]:
    """A warm system in memory, whose customers can pay for orders like these."""
    with world_of(World, session) as world:
        for customer in {each["customerId"] for each in orders}:
            world.put_customer(customer, "100000000000.00")
        assert world.post(orders[0])[0] == 202
        world.settle()
        yield world


def _invocations(world: World, orders: Sequence[Mapping[str, Any]]) -> Iterator[list[Invocation]]:
    """Of each of several requests with these orders."""
    body: Any = orders if len(orders) > 1 else orders[0]
    with watching(world) as invocations:
        for _ in range(REPEATED):
            invocations.clear()
            assert world.post(body)[0] == 202
            world.settle()
            if len(orders) == 1:
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
