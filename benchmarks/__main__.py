"""`make bench`: measures everything, prints one table, and writes it as Markdown and JSON."""

import gc
import json
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial

import click

from benchmarks import (
    book,
    cold_starts,
    counted,
    emulator,
    engine,
    growth,
    local_cloud,
    machine,
    path,
    simulation,
    stream,
)
from benchmarks.figures import Section, as_json, markdown, shown
from benchmarks.progress import part
from benchmarks.targets import TARGETS
from local.paths import ROOT
from local.processes import STOPPING
from tests.e2e.deployed import deployed
from tests.e2e.system import System

STATE = ".local/bench"
JSON, TABLE = ROOT / ".local" / "bench.json", ROOT / ".local" / "bench.md"
RUNS = 3

IN_PROCESS: dict[str, Callable[[int], Section]] = {
    "counts": lambda _: counted.measure(),
    "growth": lambda _: growth.measure(),
    "path": path.measure,
    "starting": cold_starts.measure,
    "simulation": lambda _: simulation.measure(),
    "book": book.measure,
    "engine": lambda _: engine.measure(),
}
DEPLOYED: dict[str, Callable[[System, int, int], Section]] = {
    "orders": local_cloud.measure,
    "stream": stream.measure,
    "emulator": emulator.measure,
}
PARTS = (*DEPLOYED, *IN_PROCESS)


@click.command()
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Only this part; nothing is written.")
@click.option("--runs", type=click.IntRange(2, 100), default=RUNS, show_default=True, help="Of what varies.")
def main(only: tuple[str, ...], runs: int) -> None:
    """Everything that is measured of this system, on this machine, one part after the other."""
    for number in STOPPING:  # then a local cloud is put away, as after Ctrl-C
        signal.signal(number, signal.default_int_handler)
    sections = list(_measured(only or PARTS, runs))
    said = f"{datetime.now(UTC):%Y-%m-%d}, {machine.described()}; medians of {runs} runs where there is a spread."
    text = f"{said}\n\n{markdown(sections, _notes(sections))}"
    click.echo(text)
    if not only:
        JSON.write_text(json.dumps({"machine": said} | as_json(sections), indent=2) + "\n")
        TABLE.write_text(f"{text}\n")
        click.echo(f"\nWritten to {TABLE.relative_to(ROOT)} and {JSON.relative_to(ROOT)}.")


def _measured(parts: Sequence[str], runs: int) -> Iterator[Section]:
    """What is deployed comes first, while the machine is as quiet as it will be."""
    if wanted := [name for name in DEPLOYED if name in parts]:
        with brought_up() as system:
            pid = json.loads((ROOT / STATE / "ministack.lock").read_text())["pid"]
            gc.freeze()  # or this process stops for some 20 ms now and then to look at all that it has imported
            for name in wanted:
                yield part(name, partial(DEPLOYED[name], system, pid, runs))
    for name, measure in IN_PROCESS.items():
        if name in parts:
            yield part(name, partial(measure, runs))


@contextmanager
def brought_up() -> Iterator[System]:
    """A local cloud for the parts that need one."""
    with ExitStack() as stack:
        yield part("a local cloud", lambda: stack.enter_context(deployed(STATE)))


def _notes(sections: Sequence[Section]) -> dict[str, str]:
    """What each figure is to reach, and whether it does."""
    figures = {each.key: each for section in sections for each in section.figures}
    notes = {}
    for key, target in TARGETS.items():
        if each := figures.get(key):
            bound = f"at {'least' if target.more else 'most'} {shown(target.bound)}"
            notes[key] = bound if target.reached(each) else f"**{bound}: not reached**"
    for key, floor in emulator.FLOORS.items():
        if key in figures and floor in figures:
            least = figures[floor].median
            notes[key] += f"; {figures[key].median / least:.1f} times the local cloud's own {shown(least)}"
    return notes


if __name__ == "__main__":
    main()
