"""What the local cloud takes by itself, on the same machine in the same run: an empty function, a bare write.

No stage can be quicker than its invocation and its calls, unless it shares them with other orders. The floor of an
order is the sum of them, and stands beside what the order takes.
"""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.counted import counted
from benchmarks.figures import Figure, Section, figure
from benchmarks.load import CASES
from benchmarks.system import SLICES
from benchmarks.watcher import Processors
from tests.e2e.system import System

EMPTY = (
    "import logging\nlogging.getLogger().setLevel('INFO')\n\ndef handler(event, context):\n    logging.info('empty')\n"
)
"""It logs a line: the local cloud waits for a function that logs nothing."""
NAME = "trading-empty"
ROUNDS = 200
WARM_UP = 10
MS = 1000.0
SINGLE = CASES[0]
UNTIL_BOOKED = {"order_entry": 1, "smart_order_router": 2, "lit_pool_matching_engine": 2, "post_trade_processor": 2}
"""Calls that an order waits for until it is booked."""
FLOORS = {
    "post_p50_ms": "emulator.empty_function_ms",
    "settled_p50_ms": "emulator.floor_settled_ms",
    "cpu_ms_per_trade.single": "emulator.floor_cpu_ms_per_trade",
}
"""What stands below which figure."""


def measure(system: System, pid: int, runs: int) -> Section:
    processors = Processors(pid)
    client, table = system.aws("lambda"), system.resources["TRADES_STORE_NAME"]
    writes = system.aws("dynamodb")
    figures: list[Figure] = []
    with _empty_function(system):
        figures += _timed(
            "empty_function",
            "an empty function",
            processors,
            runs,
            lambda _: client.invoke(FunctionName=NAME, Payload=b"{}"),
        )
    figures += _timed(
        "bare_put",
        "a bare PutItem",
        processors,
        runs,
        lambda number: writes.put_item(TableName=table, Item={"PK": {"S": "BENCH"}, "SK": {"S": str(number)}}),
    )
    return Section("The local cloud by itself", (*figures, *_floors(figures)))


def _floors(figures: list[Figure]) -> Iterator[Figure]:
    """What the seed's order would take if its functions were empty and its calls bare writes."""
    by_key = {each.key: each.median for each in figures}
    counts, _ = counted(SINGLE)
    invocations, calls = (sum(each[name] for each in counts.values()) for name in ("invocations", "calls"))
    took = invocations * by_key["emulator.empty_function_cpu_ms"] + calls * by_key["emulator.bare_put_cpu_ms"]
    what = f"{invocations} empty functions and {calls} bare writes, for the seed order's trades: processors per trade"
    yield figure("emulator.floor_cpu_ms_per_trade", what, "ms", [took / SLICES])
    took = len(UNTIL_BOOKED) * by_key["emulator.empty_function_ms"]
    took += sum(UNTIL_BOOKED.values()) * by_key["emulator.bare_put_ms"]
    what = f"{len(UNTIL_BOOKED)} empty functions and {sum(UNTIL_BOOKED.values())} bare writes, one after the other"
    yield figure("emulator.floor_settled_ms", f"{what}, by the clock", "ms", [took])


def _timed(key: str, what: str, processors: Processors, runs: int, call: Callable[[int], Any]) -> Iterator[Figure]:
    """Milliseconds for a call, by the clock as its caller has it and of the local cloud's processors."""
    for number in range(WARM_UP):
        call(number)
    clock, used = [], []
    for _ in range(runs):
        start, before = time.perf_counter(), processors.seconds()
        for number in range(ROUNDS):
            call(number)
        clock.append(MS * (time.perf_counter() - start) / ROUNDS)
        used.append(MS * (processors.seconds() - before) / ROUNDS)
    yield figure(f"emulator.{key}_ms", f"{what}, by the clock", "ms", clock)
    yield figure(f"emulator.{key}_cpu_ms", f"{what}, of the processors", "ms", used)


@contextmanager
def _empty_function(system: System) -> Iterator[None]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", EMPTY)
    client = system.aws("lambda")
    there = client.get_function_configuration(FunctionName="trading-lit_pool_matching_engine")
    client.create_function(
        FunctionName=NAME,
        Runtime=there["Runtime"],
        Role=there["Role"],
        Handler="app.handler",
        MemorySize=there["MemorySize"],
        Code={"ZipFile": packed.getvalue()},
    )
    try:
        yield
    finally:
        client.delete_function(FunctionName=NAME)
