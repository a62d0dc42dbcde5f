"""`make fuzz`: gives the readers of what others write bad inputs, says how many, and how to do again what broke one."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from tests.fuzz.targets import TARGETS
from tests.support.cloud import ROOT

FOUND = Path(".local") / "fuzz"
"""What reached something new is kept here, by target, for the next run, and beside it what broke a target."""
MAX_ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Run:
    """What a target was given, and why it ended, if that was not for want of time."""

    inputs: int
    told: str = ""
    breaking: str = ""


def fuzzed(name: str, seconds: int) -> Run:
    corpus = ROOT / FOUND / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-timeout={MAX_ANSWER_SECONDS}", "-print_final_stats=1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.guided", name, f"-artifact_prefix={FOUND}/{name}-", *options, str(corpus)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    said = done.stdout + done.stderr
    counted = re.search(r"stat::number_of_executed_units: *(\d+)", said)
    inputs = int(counted[1]) if counted else 0
    if done.returncode == 0:
        return Run(inputs)
    kept = re.search(r"Test unit written to (\S+)", said)
    uncaught = said.partition("=== Uncaught Python exception: ===")[2].partition("==")[0]
    return Run(inputs, uncaught.strip() or said[-2000:], kept[1] if kept else "")


def replay(name: str, path: Path) -> None:
    refused = TARGETS[name].refuses(path.read_bytes())
    click.echo(f"{name} {'refuses' if refused else 'takes'} it")


@click.command()
@click.option("--target", "targets", type=click.Choice(sorted(TARGETS)), multiple=True, help="Only this one.")
@click.option("--seconds", type=int, default=60, help="For each.")
@click.option("--input", "path", type=click.Path(path_type=Path), help="Only this input, for the one target.")
def main(targets: tuple[str, ...], seconds: int, path: Path | None) -> None:
    """All targets, as many at a time as there are processors."""
    if path:
        [name] = targets
        replay(name, path)
        return
    names = targets or tuple(TARGETS)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = dict(zip(names, pool.map(lambda name: fuzzed(name, seconds), names), strict=True))
    for name, run in runs.items():
        click.echo(f"{name:16} {run.inputs:9,} inputs{', broken' if run.told else ''}")
    click.echo(f"inputs tried: {sum(run.inputs for run in runs.values()):,}")
    for name, run in runs.items():
        if run.told:
            click.echo(f"\n{run.told}\n  make fuzz TARGET={name} INPUT={run.breaking}")
    if any(run.told for run in runs.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
