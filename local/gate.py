"""A gate for containers: connections from their network, and from nowhere else, are passed on to this machine's
loopback.

The local cloud listens on loopback alone, which containers cannot reach. The gate listens on their bridge's address,
which is this machine's too but no network card's, as long as a command needs it. The local cloud stays as it is.
"""

import ipaddress
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from local.console import Failure

IP_FREEBIND = 15
"""Linux: the address may be one that there is not yet. Podman makes its bridge with the first container."""
CHUNK = 65_536


@contextmanager
def opened(address: str, subnet: str, target: tuple[str, int]) -> Iterator[int]:
    """Passes connections to `address` on to `target`; gives the port. Only peers in `subnet` are let through."""
    try:
        gate = _Gate(address, subnet, target)
    except OSError as error:
        raise Failure(f"The containers' bridge {address} cannot be listened on ({error.strerror}).") from error
    with gate:
        threading.Thread(target=gate.serve_forever, name="gate", daemon=True).start()
        try:
            yield int(gate.server_address[1])
        finally:
            gate.shutdown()


class _Gate(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, address: str, subnet: str, target: tuple[str, int]) -> None:
        self._network = ipaddress.ip_network(subnet)
        self.target = target
        super().__init__((address, 0), _Connection)

    def server_bind(self) -> None:
        if sys.platform == "linux":
            self.socket.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
        super().server_bind()

    def verify_request(self, request: object, client_address: tuple[str, int]) -> bool:  # noqa: ARG002 # the name is theirs
        return ipaddress.ip_address(client_address[0]) in self._network


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(self.server.target) as onward:  # type: ignore[attr-defined] # a _Gate
            back = threading.Thread(target=_pass_on, args=(onward, self.request), daemon=True)
            back.start()
            _pass_on(self.request, onward)
            back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    """What one side sends, until it ends or either is gone; then the other is told that no more comes."""
    with suppress(OSError):
        while chunk := source.recv(CHUNK):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
