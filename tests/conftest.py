"""What is summed up over all tests, in however many processes they run, and printed in the end."""

import pytest

from tests.support.tried import bad_inputs

BAD_INPUTS = "bad inputs tried"


def pytest_runtest_teardown(item: pytest.Item) -> None:
    item.user_properties.append((BAD_INPUTS, bad_inputs.taken()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for listed in terminalreporter.stats.values() for report in listed]
    ended = [report for report in reports if getattr(report, "when", None) == "teardown"]
    tried = sum(number for report in ended for name, number in report.user_properties if name == BAD_INPUTS)
    if tried:
        terminalreporter.write_line(f"{BAD_INPUTS}: {tried}")
