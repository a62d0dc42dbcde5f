"""The gate through which containers reach what listens on loopback."""

import socket
import threading
from collections.abc import Iterator

import pytest

from local import gate

SECONDS = 5.0


@pytest.fixture
def target() -> Iterator[tuple[str, int]]:
    """Something on loopback that sends back what it gets from its first caller."""
    with socket.create_server(("127.0.0.1", 0)) as server:
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
        yield server.getsockname()
        socket.create_connection(server.getsockname()).close()  # ends the wait of one whom nobody has called
        thread.join()


def call(port: int, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), SECONDS) as caller:
        try:
            caller.sendall(text)
            caller.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: caller.recv(100_000), b""))
        except OSError:  # refused in one of several ways, whichever call comes first
            return b""


def test_it_passes_on_what_either_side_sends(target: tuple[str, int]) -> None:
    text = b"order " * 100_000
    with gate.opened("127.0.0.1", "127.0.0.0/8", target) as port:
        assert call(port, text) == text


def test_it_lets_nobody_in_who_is_not_of_the_containers_network(target: tuple[str, int]) -> None:
    with gate.opened("127.0.0.1", "10.88.0.0/16", target) as port:
        assert call(port, b"order") == b""


def test_when_it_is_closed_nobody_listens(target: tuple[str, int]) -> None:
    with gate.opened("127.0.0.1", "127.0.0.0/8", target) as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        call(port, b"order")
