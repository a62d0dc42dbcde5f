"""The lines that a function logs: those of its start, and what each of them says and leaves out."""

import json
import re

import pytest

from tests.support.stages import Context
from trading.aws.logs import STARTED, Logger

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


def test_a_line_has_what_tells_its_call_and_not_what_all_lines_of_the_function_have(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "a_function_of_its_own")
    logger = Logger()

    @logger.inject_lambda_context
    def handler(event: object, context: Context) -> None:
        logger.error("it failed", order_id="17")

    handler({}, Context("order_entry"))
    start, line = map(json.loads, capsys.readouterr().out.splitlines())
    assert (start["message"], start["level"]) == (STARTED, "INFO")
    assert RFC_3339.fullmatch(line.pop("timestamp"))
    assert line.keys() == {"level", "location", "message", "service", "cold_start", "function_request_id", "order_id"}
    assert (line["level"], line["function_request_id"]) == ("ERROR", "request-1")
