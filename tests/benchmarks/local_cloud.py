"""The deployed system on the local cloud, warm: how long an order takes, and how many orders it does.

Latency is measured with one order in flight; throughput apart from it, with all clients at once. Clients and local
cloud share the machine's processors; the processors' time is that of the local cloud with all its functions.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.figures import Figure, Section, figure
from tests.benchmarks.load import BASKET, CASES, CLIENTS, SEED, TICKERS, Case, Client, Posted, rich_customers, together
from tests.benchmarks.progress import shown
from tests.benchmarks.watching import Processors, Watcher, percentile
from tests.e2e.system import System

ONE_BY_ONE = (Case("the seed order", "", SEED, 1), Case(f"{len(BASKET)} mixed orders", ".mixed", BASKET, len(BASKET)))
REQUESTS = 25
"""Of a run of latency."""
ORDERS = {1: 40, 50: 200}
"""Of each client in a run of throughput, by how many are in a request."""
BURST = 2_000
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
        *(each for case in ONE_BY_ONE for each in bench.latency(case, runs)),
        *(each for case in CASES for each in bench.throughput(case, runs)),
        *bench.burst(),
    ]
    return Section("On the local cloud", tuple(figures))


class _Bench:
    def __init__(self, system: System, pid: int) -> None:
        self._watcher = Watcher(system)
        self._processors = Processors(pid)
        self._clients = [Client(customer) for customer in rich_customers(system, CLIENTS)]
        for case in CASES:
            self._run(case)  # from here on every function is warm

    def latency(self, case: Case, runs: int) -> Iterator[Figure]:
        measured = [self._one_by_one(case) for _ in shown(range(runs), f"{case.title}, one in flight")]
        for name, times in (("post", [each.answered for each in measured]), ("settled", [m.settled for m in measured])):
            title = f"{case.title} {'answered' if name == 'post' else name}"
            medians, p99s = [statistics.median(each) for each in times], [percentile(each, 99) for each in times]
            yield figure(f"{name}_p50_ms{case.key}", f"{title}, median", "ms", [MS * each for each in medians])
            yield figure(f"{name}_p99_ms{case.key}", f"{title}, p99", "ms", [MS * each for each in p99s])

    def throughput(self, case: Case, runs: int) -> Iterator[Figure]:
        measured = [self._run(case) for _ in shown(range(runs), f"{case.title}, {CLIENTS} clients")]
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
        before = self._watcher.counted(TICKERS)
        start = time.perf_counter()
        posted = together(self._clients, CASES[0], BURST // CLIENTS)
        answered = time.perf_counter()
        trades = self._watcher.trades(posted, TICKERS, before)
        rate = trades.number / (trades.counted - start)
        what = f"{len(posted):,} seed orders at once"
        yield figure("burst.trades_per_second", f"{what}: trades booked and counted", "/s", [rate])
        for number, quarter in enumerate(_quarters(posted), 1):
            yield figure(
                f"burst.post_quarter_{number}_ms", f"{what}: answered, quarter {number}, median", "ms", [quarter]
            )
        behind = trades.counted - answered
        yield figure("burst.behind_seconds", f"{what}: all counted after the last answer", "s", [behind])

    def _one_by_one(self, case: Case) -> Latency:
        client, source = self._clients[0], case.requests()
        measured = Latency([], [])
        for _ in range(REQUESTS):
            before = self._watcher.counted(TICKERS)
            posted = client.post(next(source))
            measured.answered.append(posted.took)
            measured.settled.append(self._watcher.settled(posted) - posted.sent)
            self._watcher.trades([posted], TICKERS, before)  # nothing of it is under way when the next one comes
        return measured

    def _run(self, case: Case) -> Throughput:
        before, used = self._watcher.counted(TICKERS), self._processors.seconds()
        start = time.perf_counter()
        posted = together(self._clients, case, ORDERS[case.size] // case.size)
        trades = self._watcher.trades(posted, TICKERS, before)
        used = self._processors.seconds() - used
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
