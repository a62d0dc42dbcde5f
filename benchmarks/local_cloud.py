"""The deployed system on the local cloud, warm: how long an order takes, and how many orders it does.

Latency is measured with one order in flight; throughput apart from it, with all clients at once. Clients and local
cloud share the machine's processors; the processors' time is that of the local cloud with all its functions.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Figure, Section, figure
from benchmarks.load import BASKET, CASES, CLIENTS, SEED, Case, Client, Posted, rich_customers, together
from benchmarks.progress import shown
from benchmarks.watcher import Processors, Watcher, percentile
from tests.e2e.system import System

ONE_BY_ONE = (
    (Case("the seed order", "", SEED, 1), 100),
    (Case(f"{len(BASKET)} mixed orders", "mixed.", BASKET, len(BASKET)), 12),
)
"""Cases of latency, with the requests of a run: three runs have 300 seed orders, which a p99 needs."""
ORDERS = {1: 40, 50: 200}
"""Of each client in a run of throughput, by how many are in a request."""
WARMING = 2
"""Requests of each client that are not measured first."""
BURST = 800
QUARTERS = 4
MS = 1000.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Of one run: seconds until answered, and until settled, each from sending."""

    answered: list[float]
    settled: list[float]


@dataclass(frozen=True, slots=True)
class Throughput:
    """Of one run: trades a second until the last is booked, trades and orders a second until the last is counted in its
    ticker's day, too; milliseconds of the processors per trade; the median until a request was answered, s.
    """

    orders: float
    booked: float
    counted: float
    processors_ms: float
    answered: float


def measure(system: System, pid: int, runs: int) -> Section:
    """`pid` is the process of the local cloud."""
    bench = _Bench(system, pid)
    figures = [
        *(each for case, requests in ONE_BY_ONE for each in bench.latency(case, requests, runs)),
        *(each for case in CASES for each in bench.throughput(case, runs)),
        *bench.burst(),
    ]
    return Section("On the local cloud", tuple(figures))


class _Bench:
    def __init__(self, system: System, pid: int) -> None:
        self._processors = Processors(pid)
        self._watcher = Watcher(system, self._processors)
        self._clients = [Client(customer) for customer in rich_customers(system, CLIENTS)]
        for case in CASES:
            self._run(case, WARMING)  # from here on every function is warm

    def latency(self, case: Case, requests: int, runs: int) -> Iterator[Figure]:
        measured = [self._one_by_one(case, requests) for _ in shown(range(runs), f"{case.title}, one in flight")]
        for name, times in (("post", [each.answered for each in measured]), ("settled", [m.settled for m in measured])):
            title = f"{case.title} {'answered' if name == 'post' else name}"
            medians = [MS * statistics.median(each) for each in times]
            p99 = MS * percentile([each for run in times for each in run], 99)
            yield figure(f"{case.key}{name}_p50_ms", f"{title}, median", "ms", medians)
            yield figure(f"{case.key}{name}_p99_ms", f"{title}, p99 of all runs", "ms", [p99])

    def throughput(self, case: Case, runs: int) -> Iterator[Figure]:
        requests = ORDERS[case.size] // case.size
        measured = [self._run(case, requests) for _ in shown(range(runs), f"{case.title}, {CLIENTS} clients")]
        for name, what, unit, values in (
            ("orders_per_second", "orders booked and counted", "/s", [each.orders for each in measured]),
            ("trades_per_second", "trades booked and counted", "/s", [each.counted for each in measured]),
            ("trades_booked_per_second", "trades booked", "/s", [each.booked for each in measured]),
            ("cpu_ms_per_trade", "processors per trade", "ms", [each.processors_ms for each in measured]),
            ("post_busy_p50_ms", "answered, median", "ms", [MS * each.answered for each in measured]),
        ):
            yield figure(f"{name}.{case.key}", f"{case.title}, {CLIENTS} clients: {what}", unit, values)

    def burst(self) -> Iterator[Figure]:
        """Single orders as fast as all clients can: all of them settle, and the answers stay as quick."""
        before = self._watcher.counted(CASES[0].tickers)
        start = time.perf_counter()
        posted = together(self._clients, CASES[0], BURST // CLIENTS)
        answered = time.perf_counter()
        trades = self._watcher.trades(posted, CASES[0].tickers, before)
        rate = trades.number / (trades.counted - start)
        what = f"{len(posted):,} seed orders at once"
        yield figure("burst.trades_per_second", f"{what}: trades booked and counted", "/s", [rate])
        quarters = _quarters(posted)
        slower = quarters[-1] / quarters[0]
        yield figure("burst.post_last_over_first", f"{what}: answered, last quarter over the first", "times", [slower])
        for number, quarter in enumerate(quarters, 1):
            yield figure(
                f"burst.post_quarter_{number}_ms", f"{what}: answered, quarter {number}, median", "ms", [quarter]
            )
        behind = trades.counted - answered
        yield figure("burst.behind_seconds", f"{what}: all counted after the last answer", "s", [behind])

    def _one_by_one(self, case: Case, requests: int) -> Latency:
        client, source = self._clients[0], case.requests()
        measured = Latency([], [])
        for _ in range(requests):
            before = self._watcher.counted(case.tickers)
            posted = client.post(next(source))
            measured.answered.append(posted.took)
            measured.settled.append(self._watcher.settled(posted) - posted.sent)
            self._watcher.wait_for(posted, case.tickers, before)  # nothing of it is under way when the next one comes
        return measured

    def _run(self, case: Case, requests: int) -> Throughput:
        """All clients at once, each with so many requests."""
        before, used = self._watcher.counted(case.tickers), self._processors.seconds()
        start = time.perf_counter()
        posted = together(self._clients, case, requests)
        trades = self._watcher.trades(posted, case.tickers, before)
        used = trades.processors - used
        return Throughput(
            orders=sum(len(each.order_ids) for each in posted) / (trades.counted - start),
            booked=trades.number / (trades.booked - start),
            counted=trades.number / (trades.counted - start),
            processors_ms=MS * used / trades.number,
            answered=statistics.median(each.took for each in posted),
        )


def _quarters(posted: list[Posted]) -> list[float]:
    """Medians of the answers' times, ms, by quarter of the burst."""
    times = [each.took for each in sorted(posted, key=lambda each: each.sent)]
    length = len(times) // QUARTERS
    return [MS * statistics.median(times[first : first + length]) for first in range(0, QUARTERS * length, length)]
