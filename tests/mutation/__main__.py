"""`make mutate`: changes the domain in every place, and says which changes no test noticed."""

from pathlib import Path

import click

from tests.mutation import constants, mutator, results, workspace
from tests.mutation.results import Mutant, Verdict
from tests.support.cloud import ROOT

FOLDER = ROOT / ".local" / "mutation"
PURE = (workspace.DOMAIN, workspace.RULES)
MODULES = [f"{folder}/*" for folder in PURE]
EXACT = {"money", "fees", "orders", "order_status", "ledger", "positions", "settlement", "statistics"}
"""Where every survivor is named: what decides money and the state of an order."""
SHARE = 0.9
"""How many are killed in the whole domain, at least."""
TESTS = [
    "tests/unit",
    "--ignore=tests/unit/test_limits.py",
    "--ignore=tests/unit/test_combinations.py",
    "--ignore=tests/unit/test_log_lines.py",
    "--ignore=tests/unit/test_rounding.py",
    "--deselect=tests/unit/test_pegs.py::test_random_books_with_pegs_replay_and_every_peg_stands_at_its_price",
    "tests/property",
    "tests/book/test_rules.py",
    "tests/book/test_scenarios.py",
    "tests/book/test_machine.py",
    "tests/book/test_auctions.py",
    "tests/contract/test_schemas.py",
    "tests/contract/test_version_1.py",
]
"""The tests that run the domain without a cloud, but for those that fill AWS's limits, try all terms of an order or
long random books: each of these takes as long as all others; and for those that read the sources, which lie elsewhere
in the copy.
"""


def patterns(modules: tuple[str, ...]) -> list[str]:
    """Of the mutants of the modules of these names, wherever they lie; of all if none is named."""
    return [f"*.{module}.x*" for module in modules] or [f"{folder.replace('/', '.')}.*" for folder in PURE]


def tell(tried: list[Mutant], verdict: Verdict) -> None:
    for mutant in verdict.unnamed:
        click.echo(f"\n{mutant.key}\n{mutant.diff}")
    for module, function, diff in verdict.stale:
        click.echo(f"\n{results.EQUIVALENTS.name} names what does not survive: {module} {function}\n{diff}")
    columns = ("mutants", "killed", "timed out", "survived", "not named")
    click.echo(f"\n{'module':28} {' '.join(f'{each:>9}' for each in columns)}")
    for name, of_module in results.by_module(tried).items():
        timed_out = sum(mutant.timed_out for mutant in of_module)
        survived = sum(not mutant.killed for mutant in of_module)
        unnamed = sum(mutant in verdict.unnamed for mutant in of_module)
        counts = (len(of_module), len(of_module) - survived - timed_out, timed_out, survived, unnamed)
        click.echo(f"{name:28} {' '.join(f'{each:9}' for each in counts)}")
    timed_out = sum(mutant.timed_out for mutant in tried)
    click.echo(f"noticed: {results.share(tried):.1%} of {len(tried):,}, {timed_out:,} of them by a time-out alone")


@click.command()
@click.option("--module", "modules", multiple=True, help="Only this one, like money.")
@click.option("--again", is_flag=True, help="Only what survived the last time, and what has changed.")
@click.option("--sample", type=int, help="No more than this many of the functions' changes in each module.")
def main(modules: tuple[str, ...], *, again: bool, sample: int | None) -> None:
    """Ends with an error if an exact module has a survivor without a name, or if too many survive in all."""
    workspace.make(FOLDER, ROOT, MODULES, TESTS)
    if again:
        survived = [mutant.key for mutant in chosen(modules) if not mutant.killed]
        mutator.run(FOLDER, survived, untried=[] if sample else patterns(modules))
    else:
        mutator.run(FOLDER, patterns(modules), most=sample)
    known = {**constants.NEAREST, **constants.BEYOND}
    nearest = {module: tests for module, tests in known.items() if not modules or Path(module).stem in modules}
    tried = [*chosen(modules), *constants.mutants(nearest)]
    verdict = results.judge(tried, results.equivalents())
    if sample:
        verdict = results.Verdict(verdict.unnamed, [])  # what is named may not be in the sample
    tell(tried, verdict)
    inexact = [
        mutant for mutant in verdict.unnamed if mutant.module in EXACT and not mutant.key.startswith("reconciliation.")
    ]
    if inexact or verdict.stale or (not modules and results.share(tried) < SHARE):
        raise SystemExit(1)


def chosen(modules: tuple[str, ...]) -> list[Mutant]:
    """Those of these modules that have been tried."""
    tried = (mutant for mutant in results.mutants(FOLDER) if mutant.code is not None)
    return [mutant for mutant in tried if not modules or mutant.module in modules]


if __name__ == "__main__":
    main()
