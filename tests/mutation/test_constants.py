"""Every constant is changed, and one that no test holds is a survivor."""

from pathlib import Path

import pytest

from tests.mutation import constants, results, workspace
from tests.mutation.results import Equivalent
from tests.mutation.workspace import DOMAIN, LAYER
from tests.support.cloud import ROOT

SOURCE = """
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

CAP, FREE = Decimal("10.00"), False
Fee = Callable[["Traded"], int]
T = TypeVar("T")


class Venue:
    NAME = "EDGA"
    seats: int = 0

    def fee(self, rate: int = 2, *, rounding: str = ROUND_FLOOR) -> int:
        return rate * 3
"""


def test_what_a_module_a_class_and_a_default_set_is_changed_and_neither_types_nor_what_functions_do() -> None:
    assert [(each.before, each.after) for each in constants.constants(SOURCE)] == [
        ('"10.00"', "'31.0000'"),
        ("False", "True"),
        ('"EDGA"', "'EDGAX'"),
        ("0", "1"),
        ("2", "2000"),
        ("ROUND_FLOOR", "ROUND_DOWN"),
    ]


def test_a_changed_constant_is_another_module_in_one_place() -> None:
    cap = next(constants.constants(SOURCE))
    assert cap.changed(SOURCE) == SOURCE.replace('"10.00"', "'31.0000'")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Its tests hold the cap of a fee and not the rate."""
    domain = tmp_path / workspace.LAYER / workspace.DOMAIN
    domain.mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (domain / "fees.py").write_text("CAP = 100\nRATE = 2\n")
    (tmp_path / "tests" / "test_fees.py").write_text(
        "from trading.domain import fees\n\n\ndef test_cap():\n    assert fees.CAP == 100\n"
    )
    return tmp_path


def test_a_constant_that_no_test_holds_is_a_survivor_until_it_is_named(project: Path) -> None:
    tried = list(constants.mutants({"fees": ["tests/test_fees.py"]}, project))
    assert [(each.diff, each.killed) for each in tried] == [
        ("-CAP = 100\n+CAP = 100000", True),
        ("-RATE = 2\n+RATE = 2000", False),
    ]
    [survivor] = results.judge(tried, []).unnamed
    assert survivor.key == "trading.domain.fees.line 2"
    named = Equivalent("fees", constants.CONSTANTS, [survivor.diff], "for the test")
    assert results.judge(tried, [named]).unnamed == []


def test_the_modules_and_the_tests_of_constants_are_there() -> None:
    known = {**constants.NEAREST, **constants.BEYOND}
    assert [each for each in known if not (ROOT / constants.place_of(each)).exists()] == []
    assert [each for tests in known.values() for each in tests if not (ROOT / each).exists()] == []


def test_no_module_of_the_domain_that_sets_a_constant_is_left_out() -> None:
    domain = ROOT / LAYER / DOMAIN
    with_constants = {
        str(path.relative_to(domain).with_suffix(""))
        for path in domain.rglob("*.py")
        if any(constants.constants(path.read_text()))
    }
    assert with_constants <= constants.NEAREST.keys()


def test_a_constant_that_makes_a_loop_endless_is_told_from_one_that_a_test_notices(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner ends the tests after two minutes on a processor; here after five seconds."""
    runner = project / "runner.py"
    runner.write_text(constants.RUNNER.read_text().replace("RUN_SECONDS = 120", "RUN_SECONDS = 5"))
    monkeypatch.setattr(constants, "RUNNER", runner)
    (project / "layer" / workspace.DOMAIN / "fees.py").write_text("CAP = 100\nSTEP = 0\n")
    with (project / "tests" / "test_fees.py").open("a") as test:
        test.write("    while fees.STEP:\n        pass\n")
    cap, step = constants.mutants({"fees": ["tests/test_fees.py"]}, project)
    assert (cap.killed, cap.timed_out) == (True, False)
    assert (step.killed, step.timed_out) == (True, True)
