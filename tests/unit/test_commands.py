"""What the commands say to whoever typed a target of the Makefile: the error, in words."""

import signal
from pathlib import Path

import pytest

from local import commands
from local.orders import Refused


def said(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command that fails says."""
    monkeypatch.setattr("sys.argv", ["local", *arguments])
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    assert commands.main() == 1
    return capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "missing.json")
    assert said(["order", file], monkeypatch, capsys) == f"Error: {file} cannot be read: No such file or directory.\n"


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٤", ""])
def test_a_port_that_is_none_is_named(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: PORT is a number from 1 to 65535, not {port!r}.\n"
    assert said(["up", "--port", port], monkeypatch, capsys) == expected


@pytest.mark.parametrize("date", ["tomorrow", "2026-11-31", "20261124", "2026-2-3", "2026-W47-7", "٢٠٢٦-11-24", " "])
@pytest.mark.parametrize(
    "command",
    [["settle"], ["reconcile"], ["restore", "statistics"], ["statement", "000002"], ["republish"]],
    ids=" ".join,
)
def test_a_date_that_is_none_is_named(
    command: list[str], date: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: DATE is a date like 2026-11-24, not {date!r}.\n"
    assert said([*command, "--date", date], monkeypatch, capsys) == expected


@pytest.mark.parametrize("time", ["", "now", "2026-11-22", "2026-11-22T14:30:00", "2026-11-22T14:30:00+01:00"])
def test_a_time_that_is_none_is_named(
    time: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"Error: TIME is a time like 2026-11-22T14:30:00Z, not {time!r}.\n"
    assert said(["copy-table", "TradesStore", "--time", time], monkeypatch, capsys) == expected


def test_a_refused_order_is_counted_as_the_pointers_of_its_faults() -> None:
    fault = {"pointer": "/3/quantity", "detail": "quantity is a whole number of at least 1."}
    problem = {"status": 400, "code": "invalid-order", "detail": "The order is not well-formed.", "errors": [fault]}
    assert str(Refused(3, problem)).splitlines() == [
        "The order at /3 was refused (400 invalid-order): The order is not well-formed.",
        "  /3/quantity: quantity is a whole number of at least 1.",
    ]
