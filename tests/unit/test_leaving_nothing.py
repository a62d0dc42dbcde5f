"""What a command starts ends with it, says what it waits for, and leaves nothing."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import gate, ministack, processes
from ops import wait
from tests.support.cloud import ROOT

SECONDS = 60.0
LEAVES_A_FOLDER = "import tempfile; print(tempfile.mkdtemp())"


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for what a system keeps, instead of this checkout's own."""
    monkeypatch.setattr(processes, "STATE", tmp_path)
    monkeypatch.setattr(gate, "GATE_LOCK", tmp_path / "gate.lock")
    for name in ("LOCK", "ENV_FILE", "AWS_FILE", "FINGERPRINT", "VARIABLES", "TEMPORARY"):
        monkeypatch.setattr(ministack, name, tmp_path / name.lower())
    return tmp_path


def test_temporary_files_of_a_command_are_gone_after_it(state: Path) -> None:
    log = state / "log"
    processes.run([sys.executable, "-c", LEAVES_A_FOLDER], log, SECONDS)
    left = Path(log.read_text().strip())
    assert (left.parent.parent, left.exists()) == (state, False)
    assert [each.name for each in state.iterdir()] == ["log"]


def test_temporary_files_of_a_command_that_talks_to_its_user_are_gone_after_it(
    state: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert processes.attend([sys.executable, "-c", LEAVES_A_FOLDER]) == 0
    left = Path(capfd.readouterr().out.strip())
    assert (left.parent.parent, left.exists(), list(state.iterdir())) == (state, False, [])


def test_stopping_says_what_it_waits_for(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as cloud:
        assert ministack.stop(cloud)
        assert cloud.poll() is not None
    assert capsys.readouterr().out.startswith("Stopping MiniStack and the functions")


def test_what_is_stopped_is_not_asked_to_put_anything_away(state: Path) -> None:
    deaf = f"import signal; signal.signal({int(signal.SIGTERM)}, signal.SIG_IGN); print(flush=True); input()"
    command = [sys.executable, "-c", deaf]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, start_new_session=True, **pipes) as cloud:  # type: ignore[call-overload] # no literals
        cloud.stdout.readline()
        start = time.monotonic()
        assert ministack.stop(cloud)
        assert cloud.poll() is not None
    assert time.monotonic() - start < processes.GRACE_SECONDS / 2


def test_temporary_files_of_what_is_stopped_are_out_of_the_way_at_once_and_gone_soon(state: Path) -> None:
    folder, left_before = state / "temporary", state / f"{ministack.PUT_ASIDE}before"
    for each in (folder, left_before):
        (each / "worker").mkdir(parents=True)
        (each / "worker" / "code.py").touch()
    assert not ministack.stop()
    assert not folder.exists()
    assert wait.until(lambda: not list(state.iterdir()), SECONDS)


def test_where_nothing_is_up_nothing_is_waited_for(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not ministack.stop()
    assert capsys.readouterr().out == ""


def test_cleaning_what_is_clean_installs_nothing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "local", tmp_path / "local", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "local" / "__pycache__").mkdir()
    make = shutil.which("make")
    assert make
    done = subprocess.run([make, "clean"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=SECONDS)
    assert "Installing" not in done.stdout
    assert sorted(each.name for each in tmp_path.iterdir()) == ["Makefile", "local"]
    assert not list(tmp_path.rglob("__pycache__"))
