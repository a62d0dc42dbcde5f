"""A gate for containers: connections from their network, and from nowhere else, are passed on to this machine's
loopback.

The local cloud listens on loopback alone, which containers cannot reach. The gate listens on their bridge's address,
which is this machine's too but no network card's. It is a process of its own, which ends when the local cloud does.
"""

import ipaddress
import json
import os
import select
import socket
import socketserver
import subprocess
import sys
import threading
from contextlib import suppress

from local.environment import HOST
from local.locks import taken
from local.paths import GATE_LOCK, GATE_LOG, ROOT
from ops.console import Failure
from ops.wait import until

IP_FREEBIND = 15
"""Linux: the address may be one that there is not yet. Podman makes its bridge with the first container."""
CHUNK = 65_536
CLOSING_SECONDS = 10.0


def open_for(cloud: int, port: int, address: str, subnet: str) -> "subprocess.Popen[bytes] | None":
    """From here on connections to this port of `address`, from peers in `subnet`, reach the same port of loopback, as
    long as the process `cloud` lives.

    Returns the gate's process, None if the gate is open already. Raises Failure if it cannot be opened.
    """
    with GATE_LOCK.open("a+") as lock:
        if not taken(lock):
            return None
        with listening(address, port) as server, GATE_LOG.open("wb") as log:
            arguments = {"descriptor": server.fileno(), "subnet": subnet, "port": port, "cloud": cloud}
            return subprocess.Popen(  # noqa: S603 # the command is this module
                [sys.executable, "-m", "local.gate", json.dumps(arguments)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=[server.fileno(), lock.fileno()],
            )


def wait_until_closed() -> None:
    """Returns when the gate of a local cloud that has ended has ended, too."""
    if GATE_LOCK.exists():
        with GATE_LOCK.open() as lock:
            until(lambda: taken(lock, shared=True), CLOSING_SECONDS)


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Failure if there can be none."""
    server = socket.socket()
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "linux":
            server.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
        server.bind((address, port))
        server.listen()
    except OSError as error:
        server.close()
        raise Failure(f"Port {port} of the containers' bridge {address} cannot be used ({error.strerror}).") from error
    return server


class Gate(socketserver.ThreadingTCPServer):
    """Passes on what comes to a listening socket from peers in a network. The socket is its own from here on."""

    daemon_threads = True

    def __init__(self, server: socket.socket, subnet: str, target: tuple[str, int]) -> None:
        super().__init__(server.getsockname(), _Connection, bind_and_activate=False)
        self.socket.close()
        self.socket = server
        self._network = ipaddress.ip_network(subnet)
        self.target = target

    def verify_request(self, request: object, client_address: tuple[str, int]) -> bool:  # noqa: ARG002 # the name is theirs
        return ipaddress.ip_address(client_address[0]) in self._network


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(self.server.target) as onward:  # type: ignore[attr-defined] # a Gate
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


def serve(descriptor: int, subnet: str, port: int, cloud: int) -> None:
    """Serves until the process `cloud` ends. On Linux alone: elsewhere containers need no gate."""
    with suppress(ProcessLookupError):
        cloud_ends = os.pidfd_open(cloud)
        gate = Gate(socket.socket(fileno=descriptor), subnet, (HOST, port))
        threading.Thread(target=gate.serve_forever, name="gate", daemon=True).start()
        select.select([cloud_ends], [], [])


if __name__ == "__main__":
    serve(**json.loads(sys.argv[1]))
