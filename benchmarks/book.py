"""The order book beside engines of others, in one run: the same commands, one core, several rounds in turns.

Counts the processor's time of this process, so that a busy machine disturbs less; each round starts with empty books.
"""

import gc
import statistics
import time
from collections.abc import Callable

from benchmarks.figures import Section, figure
from benchmarks.progress import shown
from tests.book.engines import OTHERS, Engine, Ours
from tests.book.engines.commands import Command, Enter, stream
from trading.domain.orders import TimeInForce

COMMANDS = 100_000
ROUNDS = 7
OURS = "this one (Python)"


def measure(rounds: int = ROUNDS) -> Section:
    commands = stream(1, COMMANDS, tifs={TimeInForce.GTC: 85, TimeInForce.IOC: 15})
    engines: dict[str, Callable[[], Engine]] = {OURS: Ours, **OTHERS}
    rates: dict[str, list[float]] = {name: [] for name in engines}
    for _ in shown(range(rounds), f"{COMMANDS:,} commands to each of {len(engines)} order books"):
        for name, engine in engines.items():
            rates[name].append(COMMANDS / seconds(engine(), commands))
    cancels = sum(not isinstance(command, Enter) for command in commands)
    said = f"{COMMANDS:,} commands, {cancels:,} of them cancels; {rounds} rounds, commands a second on one core:"
    lines = [said, "", "| order book | median | least to most |", "|---|---|---|"]
    for name, each in sorted(rates.items(), key=lambda item: -statistics.median(item[1])):
        lines.append(f"| {name} | {statistics.median(each):,.0f} | {min(each):,.0f} to {max(each):,.0f} |")
    ours = figure("book_commands_per_second", "the order book alone, commands", "/s", rates[OURS])
    return Section("The order book beside others", (ours,), "\n".join(lines))


def seconds(engine: Engine, commands: list[Command]) -> float:
    enter, cancel = engine.enter, engine.cancel
    gc.collect()
    start = time.process_time()
    for command in commands:
        if isinstance(command, Enter):
            enter(command)
        else:
            cancel(command)
    return time.process_time() - start
