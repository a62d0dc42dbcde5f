"""`make crash`: tries failures at every point of the scenarios, and says how many there were and what they broke."""

import logging
import os
import time
from dataclasses import fields
from random import Random

import click

from tests.crash.failures import Failure
from tests.crash.points import Case, Explorer, Result
from tests.crash.scenarios import SCENARIOS
from tests.support.new_world import new_session

SHOWN = 10


@click.command()
@click.option("--scenario", type=click.Choice(sorted(SCENARIOS)), multiple=True, help="Only this one.")
@click.option("--seed", type=int, default=22, help="Chooses what is tried.")
@click.option("--scenarios", "most", type=int, help="No more than so many scenarios, chosen by the seed.")
@click.option("--sample", type=int, help="So many cases of each scenario.")
@click.option("--all", "everything", is_flag=True, help="Each failure at each point with each kind of redelivery.")
@click.option("--point", help="One case, as it was printed.")
def main(
    scenario: tuple[str, ...],
    seed: int,
    most: int | None,
    sample: int | None,
    *,
    everything: bool,
    point: str | None,
) -> None:
    """Each failure at each point, with one kind of redelivery, chosen by the seed."""
    logging.disable(logging.CRITICAL)
    session = new_session()
    if point:
        name, number, failure, redelivery = point.split("/")
        explorer = Explorer(session, SCENARIOS[name])
        case = Case(name, explorer.points[int(number) - 1], Failure(failure), redelivery)
        report([(case, explorer.alone(case))], scenarios=1)
        return
    results: list[tuple[Case, Result]] = []
    begun = time.monotonic()
    names = scenario or tuple(SCENARIOS)
    if most is not None:
        names = tuple(Random(seed).sample(names, min(most, len(names))))
    for name in names:
        explorer = Explorer(session, SCENARIOS[name])
        if everything:
            cases = list(explorer.cases())
        else:
            cases = explorer.each(seed) if sample is None else explorer.sample(seed, sample)
        tried = list(explorer.together(cases, os.cpu_count() or 1))
        results += tried
        failed = sum(bool(result.broken) for _, result in tried)
        seconds = time.monotonic() - begun
        click.echo(f"{name:24} {len(explorer.points):4} points {len(tried):6} tried {failed:4} failed {seconds:7.1f} s")
    report(results, scenarios=len(names))


def report(results: list[tuple[Case, Result]], scenarios: int) -> None:
    """Says what was tried and what it broke; exits 1 if it broke anything."""
    totals = {
        each.name: sum(getattr(result, each.name) for _, result in results)
        for each in fields(Result)
        if each.type is int
    }
    points = len({(case.scenario, case.point) for case, _ in results})
    click.echo(
        f"{len(results)} failures at {points} points of {scenarios} scenarios; {totals['orders']} orders entered, "
        f"{totals['again']} deliveries and requests repeated: {totals['lost']} orders lost, {totals['doubled']} "
        f"doubled (and {totals['unknowable']} whose clients gave them no id), {totals['cents']} cents missing"
    )
    failed = [(case, result) for case, result in results if result.broken]
    for case, result in failed[:SHOWN]:
        click.echo(f"\n{case.point.stage} {case.point.operation}\n  make crash POINT={case}")
        for broken in result.broken:
            click.echo(f"  - {broken}")
    if failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
