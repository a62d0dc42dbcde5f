"""What `sam build` makes, and what Lambda gives it: an interpreter, boto3, the layer, and nothing else.

The local cloud cannot show that an artefact is complete: it runs functions among the site-packages of this project.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.support import sample_data
from tests.support.cloud import ROOT, Cloud, timeout_of
from trading.aws import clients

STATE = ".local/e2e"
"""That of the end-to-end tests, which find it built."""
PROGRAMS = ROOT / "tests" / "artefacts"
"""Where the programs are that run in Lambda's environment."""
BUILD_SECONDS = 600.0
SECONDS = 60.0


def run(*command: str, seconds: float, environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def built() -> Path:
    """The folder of the artefacts, built anew by `make sizes`."""
    (ROOT / STATE).mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "LOCAL_STATE": STATE}
    run(sys.executable, "-m", "local", "sizes", seconds=BUILD_SECONDS, environment=environment)
    return ROOT / STATE / "build"


def interpreter() -> Path:
    """A Python whose site-packages are what Lambda brings along."""
    place = ROOT / STATE / "lambda"
    uv = str(Path(sys.executable).parent / "uv")
    run(uv, "venv", "--clear", "--python", sys.executable, str(place), seconds=SECONDS)
    python = place / "bin" / "python"
    sync = (uv, "pip", "sync", "--compile-bytecode", "--python", str(python), "--require-hashes")
    run(*sync, str(PROGRAMS / "runtime.txt"), seconds=BUILD_SECONDS)
    return python


@dataclass(frozen=True)
class Artefacts:
    """The built functions, which run on moto."""

    build: Path
    python: Path
    cloud: Cloud
    aws: Mapping[str, str]

    def run(self, stage: str, event: object, layer: str = "TradingLayer") -> "subprocess.CompletedProcess[str]":
        """Gives the event to the stage's function, in a process that has nothing of this one's."""
        folder = self.build / folder_of(stage)
        arguments = (str(folder), str(self.build / layer), str(timeout_of(stage)))
        return self._program("in_lambda.py", *arguments, stage=stage, given=json.dumps(event))

    def answer(self, stage: str, event: object) -> Any:
        done = self.run(stage, event)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def started(self, stage: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """Starts the stage's function and no more, with Python's own options; without a stage, boto3 and a client."""
        folders = (str(self.build / folder_of(stage)), str(self.build / "TradingLayer")) if stage else ()
        return self._program("cold_start.py", *folders, stage=stage, options=options)

    def _program(
        self, name: str, *arguments: str, stage: str, given: str = "", options: tuple[str, ...] = ()
    ) -> "subprocess.CompletedProcess[str]":
        environment = self.cloud.environment(stage) if stage else {}
        return subprocess.run(
            [str(self.python), "-IB", *options, str(PROGRAMS / name), *arguments],
            env={**environment, **self.aws},
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


def folder_of(stage: str) -> str:
    """The name of a stage's artefact."""
    return "".join(word.capitalize() for word in stage.split("_"))


@contextmanager
def artefacts_on_moto(build: Path, python: Path) -> Iterator[Artefacts]:
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
