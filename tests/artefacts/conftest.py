"""What `sam build` makes, and what Lambda gives it: an interpreter, boto3, the layer, and nothing else.

The local cloud cannot show that an artefact is complete: it runs functions among the site-packages of this project.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.support import sample_data
from tests.support.cloud import ROOT, Cloud, timeout_of
from trading.aws import clients

STATE = ".local/artefacts"
RUNTIME = Path(__file__).parent / "runtime.txt"
BUILD_SECONDS = 600.0
SECONDS = 60.0


def run(*command: str, seconds: float, environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def build() -> Path:
    """The folder of the artefacts, built anew by `make sizes`."""
    (ROOT / STATE).mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "LOCAL_STATE": STATE}
    run(sys.executable, "-m", "local", "sizes", seconds=BUILD_SECONDS, environment=environment)
    return ROOT / STATE / "build"


@pytest.fixture(scope="session")
def python() -> Path:
    """An interpreter whose site-packages are what Lambda brings along."""
    place = ROOT / STATE / "lambda"
    uv = str(Path(sys.executable).parent / "uv")
    run(uv, "venv", "--clear", "--python", sys.executable, str(place), seconds=SECONDS)
    interpreter = place / "bin" / "python"
    sync = (uv, "pip", "sync", "--compile-bytecode", "--python", str(interpreter), "--require-hashes", str(RUNTIME))
    run(*sync, seconds=BUILD_SECONDS)
    return interpreter


@dataclass(frozen=True)
class Artefacts:
    """The built functions, which run on moto."""

    build: Path
    python: Path
    cloud: Cloud
    aws: Mapping[str, str]

    def run(self, stage: str, event: object, layer: str = "TradingLayer") -> "subprocess.CompletedProcess[str]":
        """Gives the event to the stage's function, in a process that has nothing of this one's."""
        folder = self.build / "".join(word.capitalize() for word in stage.split("_"))
        program = str(Path(__file__).parent / "in_lambda.py")
        return subprocess.run(
            [str(self.python), "-IB", program, str(folder), str(self.build / layer), str(timeout_of(stage))],
            env={**self.cloud.environment(stage), **self.aws},
            input=json.dumps(event),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def answer(self, stage: str, event: object) -> Any:
        done = self.run(stage, event)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def artefacts(build: Path, python: Path) -> Iterator[Artefacts]:
    """With the template's resources, and in them what the samples need."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    aws = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        with pytest.MonkeyPatch.context() as patched:
            for name, value in aws.items():
                patched.setenv(name, value)
            patched.setattr(boto3, "DEFAULT_SESSION", None)
            clients.dynamodb.cache_clear()
            cloud = Cloud(boto3.Session())
            sample_data.load(cloud.resolve({"Ref": "TradesStore"}))
            yield Artefacts(build, python, cloud, aws)
            clients.dynamodb.cache_clear()
    finally:
        server.stop()
