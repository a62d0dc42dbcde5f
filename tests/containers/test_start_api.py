"""The API in containers, with the local cloud behind it."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.containers.conftest import ENVIRONMENT, Invocation, local, pause
from tests.e2e.deployed import ROOT, STATE, free_port
from tests.e2e.system import Caller, Customer, System, eventually

STOP_SECONDS = 60.0


@pytest.fixture(scope="module")
def address(system: System, invocations: dict[str, Invocation]) -> Iterator[str]:
    """Where `make start-api` serves. The local cloud's own stages work again: what was queued before is processed."""
    pause(system, on=False)
    port = free_port()
    log = ROOT / STATE / "start-api.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            local("start-api", "--api-port", str(port)), cwd=ROOT, env=ENVIRONMENT, stdout=output, stderr=output
        )
    try:
        eventually(lambda: _serves(process, log) or None, "the API to be served")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def test_an_order_posted_to_a_container_settles_in_the_local_cloud(system: System, address: str) -> None:
    customer = system.customer()
    order_id = through(address, customer).accepted(price="165.00")  # samples of quotes have moved the market
    trades = customer.settled(order_id)
    assert sum(trade["quantity"] for trade in trades) == 8614
    assert len({trade["tradeId"] for trade in trades}) == len(trades) == 9


def test_the_containers_answer_what_the_local_cloud_answers(system: System, address: str) -> None:
    customer = system.customer(F=100)
    there = through(address, customer)
    for path in (f"/customers/{customer.id}", f"/customers/{customer.id}/positions", f"/trades/{customer.id}"):
        assert there.caller.get(path) == customer.caller.get(path)


def test_the_containers_let_in_nobody_else(system: System, address: str) -> None:
    key_id, _ = system.broker.credentials or ("", "")
    assert Caller(address, None).get("/customers/000002").status == 401
    assert Caller(address, (key_id, "wrong")).get("/customers/000002").status == 403


def through(address: str, customer: Customer) -> Customer:
    """The same customer, calling the containers."""
    return replace(customer, caller=replace(customer.caller, url=address))


def _serves(process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return b"Running on" in log.read_bytes()
