"""Brings a system up and down as a developer does, beside any other: with a folder and a port of its own."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import boto3

from local.environment import aws_variables
from ops.commands import cli as ops
from tests.e2e.system import Caller, System
from traffic.commands import cli as traffic

ROOT = Path(__file__).parents[2]
STATE = ".local/e2e"


@contextmanager
def deployed(state: str) -> Iterator[System]:
    """A system whose files are in this folder."""
    environment = {**os.environ, "LOCAL_STATE": state, "PORT": str(free_port())}
    (ROOT / state).mkdir(parents=True, exist_ok=True)
    try:
        _local(["up"], environment)
        yield running(state)
    finally:
        _local(["down"], environment)


def running(state: str = STATE) -> System:
    """The system whose files are in this folder, and which is up."""
    return _system(_variables(ROOT / state / "env"))


def deploy_second(name: str) -> None:
    """A second stack beside that of the tests, of what is built for it."""
    program = (
        "import sys; from local import sam, system; from ops import stack; system.port(); [name] = sys.argv[1:];"
        " sam.deploy(name); stack.repair_topics(name); stack.grant_batches(name)"
    )
    environment = {**os.environ, "LOCAL_STATE": STATE}
    command = [sys.executable, "-c", program, name]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def said(*arguments: str, code: int = 0) -> str:
    """What a command says about the system of the tests. Fails if it does not end with this code."""
    return _local(arguments, {**os.environ, "LOCAL_STATE": STATE}, code)


def _local(arguments: Sequence[str], environment: Mapping[str, str], code: int = 0) -> str:
    modules = {"ops": ops, "traffic": traffic}
    module = next((name for name, cli in modules.items() if arguments[0] in cli.commands), "local")
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so Ctrl-C comes to it once, from here
    )
    try:
        out, errors = process.communicate()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.communicate()  # it puts away what it has started
        raise
    assert process.returncode == code, f"{arguments}: {out}{errors}"
    return out


def _variables(file: Path) -> dict[str, str]:
    return dict(shlex.split(line)[-1].split("=", 1) for line in file.read_text().splitlines())


def _system(variables: dict[str, str]) -> System:
    variables |= aws_variables(int(variables["LOCAL_CLOUD_URL"].rsplit(":", 1)[-1]))
    session = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], region_name=variables["AWS_DEFAULT_REGION"]
    )
    broker = Caller(variables["API_URL"], (variables["API_KEY_ID"], variables["API_SECRET_KEY"]))
    return System(variables["API_URL"], broker, variables, session, variables["AWS_ENDPOINT_URL"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
