"""The lines that a function logs: those of its start, and what each of them says and leaves out."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.stages import Context
from trading.aws.logs import STARTED, Logger

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

TRACE_ID = "1-5759e988-bd862e3fe1be46a994272793"
ALWAYS = {"level", "message", "timestamp", "order_id"}
OF_A_PROBLEM = {"location", "function_request_id", "xray_trace_id"}


@pytest.mark.parametrize(
    ("level", "more"),
    [
        ("DEBUG", set()),
        ("INFO", set()),
        ("WARNING", OF_A_PROBLEM),
        ("ERROR", OF_A_PROBLEM),
    ],
)
def test_a_line_tells_its_call_and_where_the_problem_is_only_if_there_is_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, level: str, more: set[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"a_function_that_logs_{level}")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={TRACE_ID};Parent=53995c3f42cd8ad8;Sampled=0")
    logger = Logger()

    @logger.inject_lambda_context
    def handler(event: object, context: Context) -> None:
        getattr(logger, level.lower())("it happened", order_id="17")

    handler({}, Context("order_entry"))
    start, line = map(json.loads, capsys.readouterr().out.splitlines())
    assert start.keys() == {"level", "message", "timestamp"}
    assert (start["message"], start["level"]) == (STARTED, "INFO")
    assert RFC_3339.fullmatch(line["timestamp"])
    assert line.keys() == ALWAYS | more
    assert line["level"] == level
    assert line.get("function_request_id", Context.aws_request_id) == Context.aws_request_id
    assert line.get("xray_trace_id", TRACE_ID) == TRACE_ID


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is not UTC."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_times_are_utc_wherever_the_function_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "a_function_elsewhere")
    Logger()
    logged = datetime.fromisoformat(json.loads(capsys.readouterr().out)["timestamp"])
    assert abs(datetime.now(UTC) - logged) < timedelta(minutes=1)
