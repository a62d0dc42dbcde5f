"""The lines of docs/operating/sam-local.md do what the page says."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.containers import checkout
from tests.e2e.deployed import STATE
from tests.e2e.system import System, eventually

STOP_SECONDS = 60.0


@pytest.fixture(scope="module")
def folder(system: System, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout.made(tmp_path_factory.mktemp("checkout"), STATE)


def test_a_function_that_was_built_and_invoked_by_hand_stores_an_order(system: System, folder: Path) -> None:
    done = checkout.typed(folder, checkout.PREPARED + checkout.INVOKED)
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    [order] = json.loads(answer["body"])["orders"]
    assert answer["statusCode"] == 202
    assert accepted(system, order["orderId"])


def test_the_api_that_was_started_by_hand_takes_an_order(system: System, folder: Path) -> None:
    with served(folder):
        done = checkout.typed(folder, checkout.PREPARED + checkout.CALLED)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = done.stdout[done.stdout.index('{"orders"') :]
    taken, end = json.JSONDecoder().raw_decode(answers)
    customer = json.loads(answers[end:])
    assert accepted(system, taken["orders"][0]["orderId"])
    assert customer["customerId"] == "000002"


def accepted(system: System, order_id: str) -> bool:
    orders = {each["SK"]: each for each in system.items("TRADES_STORE_NAME")}
    return bool(orders[f"ORDER#{order_id}"]["acceptance"] == "Accepted")


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """While `sam local start-api` runs, until it is interrupted as Ctrl-C would."""
    log = folder / "start-api.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/bash", "-e", "-c", checkout.PREPARED + checkout.SERVED],
            cwd=folder,
            env=checkout.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        eventually(lambda: _serves(process, log) or None, "the API to be served")
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(STOP_SECONDS)


def _serves(process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return b"Running on" in log.read_bytes()
