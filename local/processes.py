"""Processes with all their descendants: each is started as a group of its own, and ended as one."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local.paths import ROOT, STATE
from ops.console import Failure, console
from ops.wait import until

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 10.0
LINES_SHOWN = 12


def run(command: Sequence[str], log: Path, seconds: float) -> None:
    """Runs a command to its end, its output in a log file. None of its processes is left, whatever happens, and none of
    its temporary files.

    Raises Failure with the end of that output if the command fails, or is not done after this time.
    """
    log.parent.mkdir(exist_ok=True)
    name = " ".join(command[:2])
    with _temporary() as environment, log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 # the commands are this package's own
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"`{name}` is not done after {seconds:.0f} s. It said last:\n\n{tail(log)}") from error
        except KeyboardInterrupt:
            _say_that_it_ends(name)
            raise
        finally:
            end_group(process.pid, process)
    if code:
        raise Failure(f"`{name}` failed. The whole output is in {log.relative_to(ROOT)}; it ends:\n\n{tail(log)}")


def attend(command: Sequence[str]) -> int:
    """Runs a command with this process's own input and output, and returns its exit code. An interruption ends it first
    as Ctrl-C would, so that it can put away what it has started elsewhere, such as containers.
    """
    with _temporary() as environment:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603 # the commands are this package's own
        try:
            return process.wait()
        except KeyboardInterrupt:
            with uninterrupted():
                _say_that_it_ends(" ".join(command[:3]))
                _send(process.pid, signal.SIGINT)
                until(lambda: process.poll() is not None, GRACE_SECONDS)
            raise
        finally:
            end_group(process.pid, process)


def tail(log: Path) -> str:
    """The end of a log, without empty lines."""
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines()]
    return "\n".join([line for line in lines if line][-LINES_SHOWN:])


def end_group(group: int, leader: "subprocess.Popen[bytes] | None" = None) -> None:
    """Ends every process of a group: politely, and after a grace period by force. None may be left already.

    Give the leader if it is a child of this process: a child that has ended counts as there until it is asked for.
    """
    _end(group, leader, (signal.SIGTERM, signal.SIGKILL))


def kill_group(group: int, leader: "subprocess.Popen[bytes] | None" = None) -> None:
    """The same at once by force, for processes that have nothing to put away."""
    _end(group, leader, (signal.SIGKILL,))


def remove(folder: Path) -> None:
    """Removes a folder with all that is in it, by a process of its own: ten thousand files take half a minute on some
    disks, and nobody waits for that.
    """
    subprocess.run(  # noqa: S603 # the folder is this package's own
        ["/bin/sh", "-c", 'rm -rf "$1" &', "sh", str(folder)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(group: int, leader: "subprocess.Popen[bytes] | None", signals: Sequence[int]) -> None:

    def gone() -> bool:
        if leader is not None:
            leader.poll()
        return not _send(group, 0)

    with uninterrupted():
        for wanted in signals:
            _send(group, wanted)
            if until(gone, GRACE_SECONDS):
                return


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What is inside is done to its end: signals that ask to stop are ignored meanwhile."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _temporary() -> Iterator[dict[str, str]]:
    """The environment of this process, with a folder for temporary files that is gone afterwards: `sam` leaves some."""
    STATE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="tmp-", dir=STATE, ignore_cleanup_errors=True) as folder:
        yield os.environ | {"TMPDIR": folder}


def _say_that_it_ends(name: str) -> None:
    console.print(f"\nWaiting for `{name}` to end, with all that it started.")


def _send(group: int, number: int) -> bool:
    """Whether there was anyone to send the signal to."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS: PermissionError if only zombies are left
        return False
    return True
