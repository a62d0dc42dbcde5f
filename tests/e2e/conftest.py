"""The deployed system, brought up once for all end-to-end tests, apart from one that a developer may have up."""

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.e2e.system import Caller, System

ROOT = Path(__file__).parents[2]
STATE = ".local/e2e"


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """With `AUTH=true`, as always: a function is denied what its policy forgets."""
    environment = {**os.environ, "LOCAL_STATE": STATE, "PORT": str(_free_port())}
    (ROOT / STATE).mkdir(parents=True, exist_ok=True)
    _local("up", environment)
    try:
        yield _system(_variables())
    finally:
        _local("down", environment)


def _local(command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _variables() -> dict[str, str]:
    lines = (ROOT / STATE / "env").read_text().splitlines()
    return dict(shlex.split(line)[0].split("=", 1) for line in lines)


def _system(variables: dict[str, str]) -> System:
    session = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], region_name=variables["AWS_DEFAULT_REGION"]
    )
    broker = Caller(variables["API_URL"], (variables["API_KEY_ID"], variables["API_SECRET_KEY"]))
    return System(variables["API_URL"], broker, variables, session, variables["AWS_ENDPOINT_URL"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
