"""What commands show of what others wrote: on one line, short, and with nothing that a terminal obeys."""

import json
from pathlib import Path
from typing import Any

import pytest

from local import logs, samples
from local.paths import ROOT
from ops import reconcile
from ops.console import Failure
from ops.shown_text import plain
from reconciliation import reports
from reconciliation.rules.breaks import WHOLE, Break, BreakKind, Says, Where

AT = 1795703401123
TIME = "14:30:01.123"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("reports do not fit, 5 €", "reports do not fit, 5 €"),
        ("two\nlines\r\x00", r"two\nlines\r\x00"),
        ("\x1b[2J\x9b31m", r"\x1b[2J\x9b31m"),
        ("abc\u202edef\u2028\ud800", r"abc\u202edef\u2028\ud800"),
        ("x" * 301, "x" * 300 + "…"),
        ("x" * 300, "x" * 300),
    ],
)
def test_text_is_shown_as_it_is_but_for_what_does_not_print(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_failure_keeps_its_lines_and_nothing_else_of_what_it_quotes() -> None:
    assert Failure("The answer:\n\x1b[31mred\r").format_message() == "The answer:\n\\x1b[31mred\\r"


def record(**fields: Any) -> str:
    standard = {"level": "INFO", "location": "match:49", "message": "commands executed", "timestamp": "?"}
    return json.dumps(standard | {"function_request_id": "id", "xray_trace_id": "id"} | fields)


@pytest.mark.parametrize(
    ("message", "orders", "told"),
    [
        (
            record(ticker="COIN", order_ids=["a", "b"], latency_ms=2),
            "a, b",
            "commands executed  ticker=COIN  latency_ms=2",
        ),
        (record(order_ids=list("abcde")), "a, b, c and 2 more", "commands executed"),
        (record(order_id="a"), "a", "commands executed"),
        (record(reason="not an\norder"), "", r"commands executed  reason=not an\norder"),
        (
            record(order_ids="\x1b", exception="Traceback ...\n  File\nValueError: no"),
            "",
            "commands executed  exception=ValueError: no",
        ),
    ],
)
def test_a_record_is_a_line_with_time_stage_level_order_message_and_the_rest(
    message: str, orders: str, told: str
) -> None:
    line = logs.line("lit_pool_matching_engine", AT, message)
    assert line == f"{TIME}  lit_pool_matching_engine   INFO     {orders:<36}  {told}"


def test_what_is_no_record_is_shown_if_something_is_wrong() -> None:
    for silent in ("START RequestId: 1 Version: 2\n", "REPORT RequestId: 1\tDuration: 2 ms", "\n"):
        assert logs.line("stage", AT, silent) is None
    for telling in ("REPORT RequestId: 1\tStatus: timeout", "2026 1 Task timed out after 3.00 seconds\n\n"):
        assert logs.line("stage", AT, telling) == logs._columns(TIME, "stage", "ERROR", "", plain(telling.strip()))
    assert logs.line("stage", AT, "[1, 2]\n") == logs._columns(TIME, "stage", "", "", "[1, 2]")
    platform = {"type": "platform.report", "record": {"status": "success"}}
    assert logs.line("stage", AT, json.dumps(platform)) is None
    platform["record"] = {"status": "timeout"}
    line = logs.line("stage", AT, json.dumps(platform))
    assert line == logs._columns(TIME, "stage", "ERROR", "", "platform.report: timeout")


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read: No such file"), ("{broken", "is not JSON: "), ("[]", "is not an event: ")],
)
def test_an_invalid_event_is_refused_with_the_reason(tmp_path: Path, content: str | None, said: str) -> None:
    event = tmp_path / "event.json"
    if content is not None:
        event.write_text(content)
    with pytest.raises(Failure, match=said):
        samples.check(event, "order_entry")


def test_a_sample_of_another_stage_is_refused() -> None:
    sample = ROOT / "events" / "settlement" / "schedule.json"
    samples.check(sample, "settlement")
    with pytest.raises(Failure, match="is an event for settlement, not for order_entry"):
        samples.check(sample, "order_entry")


@pytest.mark.parametrize(
    ("kind", "where", "field", "about"),
    [
        (BreakKind.ORDER, Where("000002", "COIN", "01a2"), "fees", "order of customer 000002 in COIN 01a2, fees"),
        (BreakKind.UNANSWERED, Where("000002"), WHOLE, "unanswered order of customer 000002"),
        (BreakKind.TICKER_DAY, Where(ticker="COIN"), "total:trades", "ticker's day in COIN, total:trades"),
    ],
)
def test_a_break_is_a_line_in_words_with_what_both_sides_say(
    kind: BreakKind, where: Where, field: str, about: str
) -> None:
    found = Break(kind, where, field, Says("the order", "1.00"), Says("its bookings", None))
    assert reconcile._words(reports.shown(found)) == f"{about}: the order (1.00), its bookings (nothing)"


def test_what_was_compared_is_counted_in_words_the_single_thing_too() -> None:
    counted = {"bookings": 1, "journalEntries": 1_200, "orders": 0, "tickerDays": 1}
    report = reconcile.Report(date="2026-11-22", time="", compared=counted, breaks=[], busy=[])
    assert list(reconcile._counts(report)) == ["1 booking", "1,200 journal entries", "0 orders", "1 ticker's day"]
