"""A sample of what `make mutate` does, of the modules that decide money and states; and that a survivor is noticed."""

import shutil
import subprocess
import zlib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.mutation import mutator, results, workspace
from tests.mutation.__main__ import EXACT
from tests.mutation.results import Equivalent, Mutant
from tests.support.cloud import ROOT

NEAR = [f"tests/unit/test_{name}.py" for name in sorted(EXACT)]
"""The tests of these modules. What they do not notice is a rule that is not beside the code it is about."""
LEAST = 30


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    subprocess.run(["make", "--silent", ".venv/mutator/installed"], cwd=ROOT, check=True)


def test_a_tenth_of_the_changes_of_money_and_states_is_noticed_or_named(tmp_path: Path) -> None:
    exact = sorted(path for path in (ROOT / workspace.LAYER / workspace.DOMAIN).rglob("*.py") if path.stem in EXACT)
    digit = zlib.crc32(b"".join(path.read_bytes() for path in exact)) % 9 + 1  # others when the code changes
    patterns = [str(path.relative_to(ROOT / workspace.LAYER)) for path in exact]
    workspace.make(tmp_path, ROOT, patterns, NEAR)
    mutator.run(tmp_path, [f"*__mutmut_*{digit}"], quiet=True)
    tried = [mutant for mutant in results.mutants(tmp_path) if mutant.code is not None]
    assert len(tried) > LEAST
    assert results.judge(tried, results.equivalents()).unnamed == []


FEES = """
from dataclasses import dataclass


@dataclass(frozen=True)
class Fee:
    rate: int
    cap: int

    @property
    def free(self):
        return self.rate == 0

    def of(self, quantity):
        return self.rate * quantity if quantity < 1000 else self.cap
"""
WEAK = """
from trading.domain.fees import Fee


def test_a_fee_goes_by_shares():
    assert Fee(2, 100).of(3) == 6
    assert Fee(0, 100).free
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of a project whose tests do not know of the cap of a fee. All its mutants have been tried."""
    project, folder = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("workspace")
    domain = project / workspace.LAYER / workspace.DOMAIN
    domain.mkdir(parents=True)
    (project / "tests").mkdir()
    (domain / "fees.py").write_text(FEES)
    (project / "tests" / "test_fees.py").write_text(WEAK)
    workspace.make(folder, project, [f"{workspace.DOMAIN}/*"], ["tests"])
    mutator.run(folder, ["*"], quiet=True)
    return folder


@pytest.fixture(scope="module")
def mutants(tried: Path) -> list[Mutant]:
    return results.mutants(tried)


def test_methods_of_dataclasses_and_properties_are_changed_too(mutants: list[Mutant]) -> None:
    assert {mutant.function for mutant in mutants} == {"Fee.of", "Fee.free"}


def test_a_rule_that_no_test_proves_is_a_survivor(mutants: list[Mutant]) -> None:
    unnamed = results.judge(mutants, []).unnamed
    assert {mutant.function for mutant in unnamed} == {"Fee.of"}
    assert {mutant.diff.splitlines()[1] for mutant in unnamed} == {
        f"+return self.rate * quantity if {bound} else self.cap"
        for bound in ("(quantity < 1000) or True", "quantity <= 1000", "quantity < 1001")
    }
    assert 0 < results.share(mutants) < 1


def test_a_survivor_that_is_named_is_accepted_once(mutants: list[Mutant]) -> None:
    first, *others = results.judge(mutants, []).unnamed
    named = Equivalent(first.module, first.function, [first.diff], "for the test")
    assert results.judge(mutants, [named]).unnamed == others
    assert results.judge([*mutants, first], [named]).unnamed == [*others, first]


def test_what_is_named_and_does_not_survive_is_told(mutants: list[Mutant]) -> None:
    killed = next(mutant for mutant in mutants if mutant.killed)
    named = Equivalent(killed.module, killed.function, [killed.diff], "for the test")
    assert results.judge(mutants, [named]).stale == [killed.told]


def test_every_survivor_that_is_named_has_a_reason() -> None:
    assert [each for each in results.equivalents() if not (each.diffs and each.reason.strip())] == []


def test_every_survivor_that_is_named_is_a_change_of_a_line_that_is_there() -> None:
    lines = defaultdict[str, set[str]](set)
    for path in (*(ROOT / workspace.LAYER).rglob("*.py"), *(ROOT / "functions").rglob("*.py")):
        lines[path.stem].update(line.strip() for line in path.read_text().splitlines())
    gone = [
        (each.module, line)
        for each in results.equivalents()
        for diff in each.diffs
        for line in diff.splitlines()
        if line.startswith("-") and line[1:] not in lines[each.module]
    ]
    assert gone == []


def test_a_sample_is_the_same_in_every_run_and_what_it_leaves_out_has_not_been_tried(
    tried: Path, mutants: list[Mutant], tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(tried, folder)
    codes = []
    for _ in range(2):
        mutator.run(folder, ["*"], most=3, quiet=True)
        codes.append({mutant.key: mutant.code for mutant in results.mutants(folder)})
    sample = {key: code for key, code in codes[0].items() if code is not None}
    assert len(sample) == 3
    assert sample.items() <= {(mutant.key, mutant.code) for mutant in mutants}
    assert codes[0] == codes[1]
    mutator.run(folder, [], untried=["*"], quiet=True)
    assert results.mutants(folder) == mutants
