"""A deployed local cloud whose stages are paused, so that what a container does can be seen, and the containers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from local import containers
from tests.e2e.deployed import ROOT, deployed
from tests.e2e.system import System
from tests.support import sample_data, samples
from trading.aws import clients

STATE = ".local/containers"
INVOKE_SECONDS = 120.0
AT_ONCE = 2
ATTEMPTS = 3
"""As many as Lambda makes of an asynchronous invocation. A container's network may be up only after its function: while
another container starts or ends beside it, its first connections time out.
"""
ENVIRONMENT = {**os.environ, "LOCAL_STATE": STATE}


@dataclass(frozen=True)
class Invocation:
    """What `make invoke` did: its exit code, the function's answer, and everything that it said."""

    code: int
    answer: Any
    log: str

    @property
    def failed(self) -> bool:
        """Lambda, its queue or its caller would try again."""
        answer = self.answer or {}
        return "errorMessage" in answer or bool(answer.get("batchItemFailures")) or answer.get("statusCode", 0) >= 500


def local(*command: str) -> Sequence[str]:
    return [sys.executable, "-m", "local", *command]


def invoke(sample: str) -> Invocation:
    """Gives a sample event to its stage's function in a container, again if it fails."""
    for _ in range(ATTEMPTS):
        done = invoked_once(sample)
        if not done.failed:
            break
    return done


def invoked_once(sample: str) -> Invocation:
    stage, _, _ = sample.partition("/")
    command = local("invoke", stage, str(samples.FOLDER / f"{sample}.json"))
    done = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=INVOKE_SECONDS
    )
    return Invocation(done.returncode, json.loads(done.stdout or "null"), done.stdout + done.stderr)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """What the samples need is in its tables; nothing of it has been processed."""
    containers.bridge()  # says what is missing if nothing here runs containers
    with deployed(STATE) as there, pytest.MonkeyPatch.context() as patched:
        pause(there)
        for name, value in there.resources.items():
            if name.startswith("AWS_"):
                patched.setenv(name, value)
        clients.dynamodb.cache_clear()
        sample_data.load(there.resources["TRADES_STORE_NAME"])
        yield there


def pause(system: System, *, on: bool = True) -> None:
    """Stops all that feeds the local cloud's own functions, or lets it go on."""
    client = system.aws("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=not on)


@pytest.fixture(scope="session")
def invocations(system: System) -> dict[str, Invocation]:
    """Every sample, each in a container of its own: the first alone, since it makes the image, the questions last."""
    first, *others = [name for name, _ in samples.samples()]
    answering = {name: invoke(name) for name in [first]}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for questions in (False, True):
            names = [name for name in others if name.startswith("data_extractor/") is questions]
            answering |= zip(names, pool.map(invoke, names), strict=True)
    return answering
