"""`tracebook-conformance` qualifies the book, over the adapter's standard input and output.

Two of its rules differ from ours by choice. It moves every replaced order to the end of its queue; ours keeps the place
of a smaller quantity, as most exchanges do, so the adapter enters such an order anew. It rounds prices to its steps and
rejects what becomes zero; ours gets whole steps, because the entry of orders refuses all others.
"""

import sys
from pathlib import Path

import pytest
from tracebook.conformance import ExternalProcessAdapterFactory, run_conformance_suite, run_qualification
from tracebook.conformance.suite import copy_bundled_conformance_suite

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def candidate(monkeypatch: pytest.MonkeyPatch) -> ExternalProcessAdapterFactory:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "layer"))
    command = [sys.executable, "-m", "tests.book.adapter"]
    return ExternalProcessAdapterFactory(command, timeout_seconds=60, cwd=ROOT)


@pytest.mark.parametrize("profile", ["fifo-limit-v1", "fifo-partial-fill-v1", "fifo-full-v1"])
def test_the_book_qualifies_for_the_profile(profile: str, candidate: ExternalProcessAdapterFactory) -> None:
    result = run_qualification(candidate, profile, traces=1, events_per_trace=180)
    assert result.campaign.failure is None
    assert result.suite_report["conformant"]
    assert result.coverage_complete
    assert result.qualified


def test_the_book_conforms_in_every_case_but_the_one_of_another_allocation(
    candidate: ExternalProcessAdapterFactory, tmp_path: Path
) -> None:
    """Pro rata is another rule than priority by time. The others have self-trades, which no profile has."""
    report = run_conformance_suite(copy_bundled_conformance_suite(tmp_path / "suite"), candidate)
    results = {case["name"]: case["report"]["conformant"] for case in report["cases"]}
    assert {name for name, conformant in results.items() if not conformant} == {"pro-rata-allocation"}
    assert {name for name in results if name.startswith("stp-")} == {
        "stp-cancel-incoming", "stp-cancel-resting", "stp-cancel-resting-deep",
    }  # fmt: skip
