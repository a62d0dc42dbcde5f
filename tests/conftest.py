"""What is summed up over all tests, in however many processes they run, and printed in the end; and that a test which
measures how long something takes runs alone.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support import turns
from tests.support.run_totals import run_totals

TOTALS = "totals"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with turns.alone() if item.get_closest_marker("alone") else turns.among_others():
        return (yield)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    item.user_properties.append((TOTALS, dict(run_totals.taken())))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for listed in terminalreporter.stats.values() for report in listed]
    ended = [report for report in reports if getattr(report, "when", None) == "teardown"]
    numbers: Counter[str] = Counter()
    for counted in (value for report in ended for name, value in report.user_properties if name == TOTALS):
        numbers.update(counted)
    for name, number in numbers.items():
        terminalreporter.write_line(f"{name}: {number}")
