"""The local cloud's process: started with no state, found again by a later command, stopped with its workers.

A lock says whether it runs. MiniStack itself holds it, an open file that it inherits, so the lock is gone when
MiniStack is, however it ended; and while it is held the process id that the file names cannot be anybody else's.
"""

import json
import socket
import subprocess
import sys
import uuid
from dataclasses import dataclass

import httpx

from local import gate, processes
from local.environment import HOST, for_ministack
from local.locks import taken
from local.paths import AWS_FILE, ENV_FILE, FINGERPRINT, LOCK, MINISTACK_LOG, ROOT, STATE, TEMPORARY, VARIABLES
from ops.console import Failure, console
from ops.wait import until

READY_SECONDS = 60.0
PUT_ASIDE = "removed-"
"""What the names of folders begin with that are about to go."""


@dataclass(frozen=True, slots=True)
class Running:
    """A MiniStack that was started from this folder and lives. Its process id is its process group, too."""

    pid: int
    port: int


def running() -> Running | None:
    """The one that runs, or None. Raises Failure while another command is starting it."""
    if not LOCK.exists():
        return None
    with LOCK.open() as lock:
        if taken(lock, shared=True):
            return None
        text = lock.read()
    if not text:
        raise Failure("Another command is starting the system at this moment.")
    return Running(**json.loads(text))


def start(port: int) -> "subprocess.Popen[bytes]":
    """Starts one, fresh, and returns when it answers. Raises Failure if the port is busy or it does not come up."""
    STATE.mkdir(parents=True, exist_ok=True)
    with LOCK.open("a+") as lock:
        if not taken(lock):
            raise Failure("Another command has just started a system here: see `make status`.")
        lock.truncate(0)
        _require_free(port)
        _forget()
        TEMPORARY.mkdir(exist_ok=True)
        with MINISTACK_LOG.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 # the command is this package's own
                [sys.executable, "-m", "local.emulator", str(STATE)],
                cwd=ROOT,
                env=for_ministack(port, TEMPORARY),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[lock.fileno()],
            )
        try:
            print(json.dumps({"pid": process.pid, "port": port}), file=lock, flush=True)
            _wait_until_ready(process, port)
        except BaseException:
            stop(process)
            raise
    return process


def stop(child: "subprocess.Popen[bytes] | None" = None) -> bool:
    """Stops it with its workers, and removes what was true of it alone. Whether there was one to stop.

    Give the process if this process started it.
    """
    if child is not None:
        group = child.pid
    elif there := running():
        group = there.pid
    else:
        _forget()
        return False
    console.print("Stopping MiniStack and the functions.")
    processes.kill_group(group, child)  # they have nothing to put away: the next start is a fresh one
    gate.wait_until_closed()
    _forget()
    return True


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    def decided() -> bool:
        return process.poll() is not None or _answers(port)

    if not until(decided, READY_SECONDS) or process.poll() is not None:
        log = MINISTACK_LOG.relative_to(ROOT)
        raise Failure(f"MiniStack does not come up. {log} ends:\n\n{processes.tail(MINISTACK_LOG)}")


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://{HOST}:{port}/_ministack/health", timeout=2).is_success
    except httpx.RequestError:
        return False


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            advice = f"Choose another one with the variable PORT: make run PORT={port + 1}"
            raise Failure(f"Port {port} cannot be used ({error.strerror}). {advice}") from error


def _forget() -> None:
    """Removes what is true only while it runs: credentials, what is deployed, its temporary files.

    These are put aside, and are gone a while later.
    """
    for file in (ENV_FILE, AWS_FILE, FINGERPRINT, VARIABLES):
        file.unlink(missing_ok=True)
    if TEMPORARY.exists():
        TEMPORARY.rename(TEMPORARY.with_name(f"{PUT_ASIDE}{uuid.uuid4().hex}"))
    for folder in TEMPORARY.parent.glob(f"{PUT_ASIDE}*"):
        processes.remove(folder)
