"""`make run` stays up until its end, and its market moves until then."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from local.commands import lifecycle
from ops.console import Failure
from traffic import market

WAITS, ENDS = "input()", "pass"


@contextmanager
def cloud(program: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A process in the place of the local cloud's."""
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def waits_for_ever(name: str, wait: Callable[[float], bool]) -> None:
    while not wait(0.01):
        pass


def is_interrupted(name: str, wait: Callable[[float], bool]) -> None:
    assert not wait(0.01)
    raise KeyboardInterrupt


def fails(name: str, wait: Callable[[float], bool]) -> None:
    raise Failure("SNS did not take the quotes")


def test_ctrl_c_ends_it_while_the_market_moves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(market, "wander_gently", is_interrupted)
    with cloud(WAITS) as process:
        lifecycle._wait_for_end(process, lifecycle.MOVING)
    assert capsys.readouterr().out == (
        "The market moves. MARKET=still leaves it still.\n\nStopping what was started.\n"
    )


@pytest.mark.parametrize("moves", [lifecycle.MOVING, lifecycle.STILL])
def test_a_local_cloud_that_ends_by_itself_is_a_failure(monkeypatch: pytest.MonkeyPatch, moves: str) -> None:
    monkeypatch.setattr(market, "wander_gently", waits_for_ever)
    with cloud(ENDS) as process, pytest.raises(Failure, match="MiniStack has ended"):
        lifecycle._wait_for_end(process, moves)


def test_a_still_market_does_not_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market, "wander_gently", lambda *_: pytest.fail("it moves"))
    with cloud(ENDS) as process, pytest.raises(Failure, match="MiniStack has ended"):
        lifecycle._wait_for_end(process, lifecycle.STILL)


def test_a_market_that_fails_says_so_and_leaves_the_system_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(market, "wander_gently", fails)
    monkeypatch.setattr(lifecycle, "GRACE_SECONDS", 0.01)
    with cloud(WAITS) as process:
        lifecycle._move_market(process)
        assert process.poll() is None
    assert capsys.readouterr().out == "The market stands still: SNS did not take the quotes\n"


def test_a_market_that_fails_because_the_local_cloud_has_ended_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(market, "wander_gently", fails)
    with cloud(ENDS) as process:
        process.wait()
        lifecycle._move_market(process)
    assert capsys.readouterr().out == ""
