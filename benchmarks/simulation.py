"""How much the system takes on AWS before its queues grow, and what then has most to do: simulated, for nothing of AWS
has been run. What is measured, documented and assumed is told apart in docs/performance/how-it-grows.md.

Requests come at random, at a rate that is raised until more comes in than is booked. The same seed and service times
give the same numbers. How long calls of AWS take is assumed, so all of it is simulated three times: with half of that,
with that, and with twice of it.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from multiprocessing import Pool
from statistics import mean, quantiles

import simpy

from benchmarks.figures import Figure, Section, figure
from benchmarks.flow import Steps
from benchmarks.progress import shown
from benchmarks.service_times import ServiceTimes, measured
from benchmarks.system import API_REQUESTS, AS_DEPLOYED, Busy, Done, Order, Setting, System

SEED = 22
WARM_UP, SECONDS, REQUESTS = 5.0, 17.0, 300
"""Simulated at the least; what happens in the first seconds is not looked at."""
SLOWER = 0.03
"""Seconds a second: if orders take so much longer from the first quarter to the last, queues grow."""
STEPS = 4
"""Halvings between a rate that is sustained and twice that."""
LOWEST, NEARLY = 8.0, 31 / 32
"""Orders a second, and the part of the API's limit that stands for it."""
AT_WORK = 0.9
"""Of the time: who is so busy or more is named."""
LATENCIES: Mapping[str, float] = {"calls twice as fast": 0.5, "as assumed": 1.0, "half as fast": 2.0}
"""How many times as long as assumed calls of AWS and deliveries take."""
ASSUMED = "as assumed"


@dataclass(frozen=True, slots=True)
class Case:
    key: str
    tickers: int
    customers: int
    size: int

    @property
    def name(self) -> str:
        tickers = "one ticker" if self.tickers == 1 else f"{self.tickers} tickers"
        customers = "one customer" if self.customers == 1 else f"{self.customers:,} customers"
        return f"{tickers}, {customers}, {'orders alone' if self.size == 1 else f'arrays of {self.size}'}"


SHAPES = {"hot_ticker": (1, 1_000), "hot_customer": (10, 1), "ten": (10, 100), "hundred": (100, 1_000)}
CASES = [
    Case(f"{shape}.{'single' if size == 1 else 'array50'}", tickers, customers, size)
    for shape, (tickers, customers) in SHAPES.items()
    for size in (1, 50)
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a rate of orders a second: whether it is sustained, the seconds to the booking, and who has most to do."""

    rate: float
    sustained: bool
    seconds: list[float]
    busiest: list[Busy]


@dataclass(frozen=True, slots=True)
class Found:
    """Orders a second that are sustained; who has most to do beyond; median and 99th percentile at half of it, s."""

    case: Case
    rate: float
    busiest: list[Busy]
    half: tuple[float, float]


def measure(times: ServiceTimes | None = None) -> Section:
    """All cases at all latencies, as many at once as there are processors."""
    times = times or measured()
    with Pool() as processes:  # ends them if it is interrupted
        work = {both: processes.apply_async(_found_at, (times, *both)) for both in product(CASES, LATENCIES.values())}
        found = {both: work[both].get() for both in shown(work, "simulation")}
    middle = [found[case, LATENCIES[ASSUMED]] for case in CASES]
    return Section("On AWS, simulated", tuple(_figures(middle)), f"{_table(found)}\n\n{_service(times)}")


def _found_at(times: ServiceTimes, case: Case, slower: float) -> Found:
    return _found(case, times, Setting(slower=slower))


def simulated(case: Case, times: ServiceTimes, rate: float, setting: Setting = AS_DEPLOYED) -> Outcome:
    """So many orders a second, for a while."""
    env = simpy.Environment()
    system = System(env, times, SEED, setting)
    env.process(_requests(system, case, rate))
    end = max(SECONDS, WARM_UP + REQUESTS * case.size / rate)
    env.run(end)
    sustained = not (_slows_down(system.booked, end) or _slows_down(system.counted, end))
    return Outcome(rate, sustained, [each for time, each in system.booked if time > WARM_UP], system.busiest())


def _slows_down(done: Done, end: float) -> bool:
    """Whether orders take longer in the end, or none arrives any more."""
    quarter = (end - WARM_UP) / 4
    first = [seconds for time, seconds in done if WARM_UP < time <= WARM_UP + quarter]
    last = [seconds for time, seconds in done if time > end - quarter]
    return not first or not last or mean(last) - mean(first) > SLOWER * 3 * quarter


def _requests(system: System, case: Case, rate: float) -> Steps:
    chance = random.Random(SEED)
    while True:
        yield system.env.timeout(chance.expovariate(rate / case.size))
        ticker, customer = chance.randrange(case.tickers), chance.randrange(case.customers)
        order = Order(f"customer {customer}", f"ticker {ticker}", system.env.now)
        system.env.process(system.post([order] * case.size))


def _found(case: Case, times: ServiceTimes, setting: Setting = AS_DEPLOYED) -> Found:
    low, most = LOWEST, API_REQUESTS * case.size
    if case.size == 1:  # then the API's own limit may be the first that is met
        nearly = simulated(case, times, NEARLY * most, setting)
        if nearly.sustained:
            return _with_half(case, times, setting, nearly.rate, nearly)
    assert simulated(case, times, low, setting).sustained, f"{case.name}: not even {low} orders a second"
    while 2 * low < most and simulated(case, times, 2 * low, setting).sustained:
        low *= 2
    high = min(2 * low, most)
    beyond = simulated(case, times, high, setting)
    for _ in range(STEPS):
        outcome = simulated(case, times, (low + high) / 2, setting)
        if outcome.sustained:
            low = outcome.rate
        else:
            high, beyond = outcome.rate, outcome
    return _with_half(case, times, setting, low, beyond)


def _with_half(case: Case, times: ServiceTimes, setting: Setting, rate: float, beyond: Outcome) -> Found:
    """`rate` is sustained; `beyond` says who has most to do at a higher one, or at the highest that there is."""
    seconds = quantiles(simulated(case, times, rate / 2, setting).seconds, n=100)
    return Found(case, rate, beyond.busiest, (seconds[49], seconds[98]))


def _figures(found: Sequence[Found]) -> Iterator[Figure]:
    for each in found:
        key = f"simulated.{each.case.key}"
        yield figure(f"{key}.orders", f"simulated, {each.case.name}: sustained", "orders/s", [each.rate])
        half = f"simulated, {each.case.name}, at half of that: to the booking"
        yield figure(f"{key}.p50_ms", f"{half}, median", "ms", [1000 * each.half[0]])
        yield figure(f"{key}.p99_ms", f"{half}, 99th percentile", "ms", [1000 * each.half[1]])


def _table(found: Mapping[tuple[Case, float], Found]) -> str:
    """Of each case and latency, orders a second, and the median and the 99th percentile at half of them; then who has
    all to do at the middle one.
    """
    names = " | ".join(f"{name}: orders/s | p50, p99, ms" for name in LATENCIES)
    columns = 2 * len(LATENCIES) + 2
    lines = [f"| who sends what | {names} | then at work nearly all the time |", "|---" * columns + "|"]
    for case in CASES:
        cells = [case.name]
        for slower in LATENCIES.values():
            each = found[case, slower]
            p50, p99 = (f"{1000 * seconds:,.0f}" for seconds in each.half)
            cells += [f"{each.rate:,.0f}", f"{p50}, {p99}"]
        busiest = found[case, LATENCIES[ASSUMED]].busiest
        full = [busy.part for busy in busiest if busy.share >= AT_WORK] or [busiest[0].part]
        lines.append(f"| {' | '.join(cells)} | {'; '.join(full)} |")
    return "\n".join(lines)


def _service(times: ServiceTimes) -> str:
    """What the simulation rested on."""
    lines = ["| stage | ms an invocation | and an order | write units | and an order |", "|---|---|---|---|---|"]
    for stage, line in times.seconds.items():
        units = times.units[stage]
        cells = [f"{1000 * line.fixed:.1f}", f"{1000 * line.each:.2f}", f"{units.fixed:.1f}", f"{units.each:.2f}"]
        lines.append(f"| `{stage}` | {' | '.join(cells)} |")
    return "\n".join(lines)
