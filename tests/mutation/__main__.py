"""`make mutate`: changes the domain in every place, and says which changes no test noticed."""

from pathlib import Path

import click

from tests.mutation import constants, mutator, results, workspace
from tests.mutation.results import Mutant, Verdict
from tests.support.cloud import ROOT

FOLDER = ROOT / ".local" / "mutation"
PURE = (workspace.DOMAIN, workspace.RULES)
MODULES = [f"{folder}/*" for folder in PURE]
EXACT = {"money", "fees", "orders", "ledger", "positions", "settlement", "statistics"}
"""Where every survivor is named: what decides money and the state of an order."""
PATIENCE = 20.0
"""A whole run takes an hour, beside other work perhaps. The sample in CI has less."""
SHARE = 0.9
"""How many are killed in the whole domain, at least."""
TESTS = [
    "tests/unit",
    "--ignore=tests/unit/test_limits.py",
    "tests/property",
    "tests/book/test_rules.py",
    "tests/book/test_scenarios.py",
    "tests/book/test_machine.py",
    "tests/contract/test_schemas.py",
    "tests/contract/test_version_1.py",
]
"""The tests that run the domain without a cloud, but for those that fill AWS's limits: they take as long as all."""


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
def main(modules: tuple[str, ...], *, again: bool) -> None:
    """Ends with an error if an exact module has a survivor without a name, or if too many survive in all."""
    workspace.make(FOLDER, ROOT, MODULES, TESTS, PATIENCE)
    before = chosen(modules) if again else []
    wanted = [mutant.key for mutant in before if not mutant.killed]
    mutator.run(FOLDER, wanted or patterns(modules))
    changed = [mutant.key for mutant in chosen(modules) if mutant.code is None]
    if changed:  # mutmut makes the mutants of a changed module when it runs
        mutator.run(FOLDER, changed)
    known = {**constants.NEAREST, **constants.BEYOND}
    nearest = {module: tests for module, tests in known.items() if not modules or Path(module).stem in modules}
    tried = [*chosen(modules), *constants.mutants(nearest)]
    verdict = results.judge(tried, results.equivalents())
    tell(tried, verdict)
    inexact = [
        mutant for mutant in verdict.unnamed if mutant.module in EXACT and not mutant.key.startswith("reconciliation.")
    ]
    if inexact or verdict.stale or (not modules and results.share(tried) < SHARE):
        raise SystemExit(1)


def chosen(modules: tuple[str, ...]) -> list[Mutant]:
    return [mutant for mutant in results.mutants(FOLDER) if not modules or mutant.module in modules]


if __name__ == "__main__":
    main()
