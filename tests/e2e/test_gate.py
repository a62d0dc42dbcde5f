"""The gate through which containers reach what listens on loopback."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import gate
from ops.console import Failure
from tests.e2e.deployed import free_port

SECONDS = 10.0
ADDRESS = "127.0.0.2"
"""Loopback, too, but not where the local cloud listens: it stands for the address of a bridge."""
ALL, CONTAINERS = "127.0.0.0/8", "10.88.0.0/16"


@pytest.fixture
def port() -> Iterator[int]:
    """The port of something on loopback that sends back what it gets from its first caller."""
    with socket.create_server(("127.0.0.1", free_port())) as server:
        server.settimeout(SECONDS)

        def echo() -> None:
            try:
                connection, _ = server.accept()
            except TimeoutError:
                return
            with connection:
                while received := connection.recv(100_000):
                    connection.sendall(received)

        thread = threading.Thread(target=echo)
        thread.start()
        yield server.getsockname()[1]
        socket.create_connection(server.getsockname()).close()  # ends the wait of one whom nobody has called
        thread.join()


@pytest.fixture
def cloud() -> "Iterator[subprocess.Popen[bytes]]":
    """A process that stands for the local cloud: the gate ends with it."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture(autouse=True)
def _beside_any_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gate, "GATE_LOCK", tmp_path / "gate.lock")
    monkeypatch.setattr(gate, "GATE_LOG", tmp_path / "gate.log")


@contextmanager
def opened(cloud: "subprocess.Popen[bytes]", port: int, subnet: str) -> Iterator[None]:
    process = gate.open_for(cloud.pid, port, ADDRESS, subnet)
    assert process
    with process:
        try:
            yield
        finally:
            cloud.kill()
            gate.wait_until_closed()


def call(port: int, text: bytes) -> bytes:
    with socket.create_connection((ADDRESS, port), SECONDS) as caller:
        try:
            caller.sendall(text)
            caller.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: caller.recv(100_000), b""))
        except OSError:  # refused in one of several ways, whichever call comes first
            return b""


def test_it_passes_on_what_either_side_sends(cloud: "subprocess.Popen[bytes]", port: int) -> None:
    text = b"order " * 100_000
    with opened(cloud, port, ALL):
        assert call(port, text) == text


def test_it_lets_nobody_in_who_is_not_of_the_containers_network(cloud: "subprocess.Popen[bytes]", port: int) -> None:
    with opened(cloud, port, CONTAINERS):
        assert call(port, b"order") == b""


def test_it_is_opened_once(cloud: "subprocess.Popen[bytes]", port: int) -> None:
    with opened(cloud, port, ALL):
        assert gate.open_for(cloud.pid, port, ADDRESS, ALL) is None
        assert call(port, b"order") == b"order"


def test_it_ends_with_the_local_cloud_however_that_ends(cloud: "subprocess.Popen[bytes]", port: int) -> None:
    with opened(cloud, port, ALL):
        pass
    with pytest.raises(ConnectionRefusedError):
        call(port, b"order")


def test_a_port_that_is_taken_is_named(cloud: "subprocess.Popen[bytes]", port: int) -> None:
    with (
        socket.create_server((ADDRESS, port)),
        pytest.raises(Failure, match=rf"Port {port} of the containers' bridge"),
    ):
        gate.open_for(cloud.pid, port, ADDRESS, ALL)
