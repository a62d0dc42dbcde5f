"""A deployed local cloud whose stages are paused, so that what a container does can be seen, and the containers."""

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local import containers, sam
from local.samples import given
from tests.e2e.deployed import ROOT, STATE, deployed, free_port
from tests.e2e.system import System, eventually
from tests.support import sample_data, samples
from tests.support.lambda_like import folder_of
from trading.aws import clients

INVOKE_SECONDS = 120.0
STOP_SECONDS = 120.0
AT_ONCE = 2
BY_COMMAND = ("order_entry/order", "dark_pool_matching_engine/new_order")
"""The samples that are given by `make invoke`, each in a container of its own. The first makes the image. The second is
about an order that has to be accepted first. The others are given to containers that stay warm, as Lambda's do.
"""
ATTEMPTS = 3
"""As many as Lambda makes of an asynchronous invocation. A container's network may be up only after its function: while
another container starts or ends beside it, its first connections time out.
"""
ENVIRONMENT = {**os.environ, "LOCAL_STATE": STATE}


@dataclass(frozen=True)
class Invocation:
    """What came of a sample: the command's exit code, the function's answer, and everything that was said."""

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


def by_command(sample: str) -> Invocation:
    """Gives a sample event to its stage's function by `make invoke`."""
    stage, _, _ = sample.partition("/")
    command = local("invoke", stage, str(samples.FOLDER / f"{sample}.json"))
    done = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=INVOKE_SECONDS
    )
    return Invocation(done.returncode, json.loads(done.stdout or "null"), done.stdout + done.stderr)


class WarmContainers:
    """The containers of `sam local start-lambda`: one of each function, which takes its events one after the other."""

    def __init__(self, port: int, log: Path, trades_store: str) -> None:
        config = Config(read_timeout=INVOKE_SECONDS, retries={"total_max_attempts": 1})
        self._client = boto3.client("lambda", endpoint_url=f"http://127.0.0.1:{port}", config=config)
        self._log = log
        self._trades_store = trades_store

    def invoke(self, sample: str) -> Invocation:
        stage, _, _ = sample.partition("/")
        payload = given(samples.FOLDER / f"{sample}.json", stage, self._trades_store, samples.MARKET)
        answer = self._client.invoke(FunctionName=folder_of(stage), Payload=payload)["Payload"].read()
        return Invocation(0, json.loads(answer or "null"), self._log.read_text())


@contextmanager
def warm_containers(system: System) -> Iterator[WarmContainers]:
    port, log = free_port(), ROOT / STATE / "start-lambda.log"
    places = ["--template-file", f"{STATE}/build/template.yaml", "--env-vars", f"{STATE}/variables.json"]
    command = [str(Path(sys.executable).parent / "sam"), "local", "start-lambda", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--warm-containers", "LAZY", *places, *sam.LOCAL], cwd=ROOT, stdout=output, stderr=output
        )

    def serves() -> bool | None:
        assert process.poll() is None, log.read_text()
        return b"Running on" in log.read_bytes() or None

    try:
        eventually(serves, "the functions to be served", INVOKE_SECONDS)
        yield WarmContainers(port, log, system.resources["TRADES_STORE_NAME"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def again_if_it_fails(invoke: Callable[[str], Invocation], sample: str) -> Invocation:
    for _ in range(ATTEMPTS):
        done = invoke(sample)
        if not done.failed:
            break
    return done


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
    """Every sample: the samples of a stage one after the other, the questions last."""
    answering = {name: again_if_it_fails(by_command, name) for name in BY_COMMAND}
    by_stage: dict[str, list[str]] = defaultdict(list)
    for name, _ in samples.samples():
        if name not in BY_COMMAND:
            by_stage[name.partition("/")[0]].append(name)
    questions = by_stage.pop("data_extractor")
    with warm_containers(system) as warm, ThreadPoolExecutor(AT_ONCE) as pool:

        def invoke(names: list[str]) -> dict[str, Invocation]:
            return {name: again_if_it_fails(warm.invoke, name) for name in names}

        for answered in pool.map(invoke, by_stage.values()):
            answering |= answered
        answering |= invoke(questions)
    return answering
