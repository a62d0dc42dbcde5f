"""WebSocket connections for live updates: opened and signed in."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect as open_websocket

from trading_client.connection import Retry
from trading_client.problems import NoAnswer, StreamRefused

ANSWER_SECONDS = 35.0
UNAVAILABLE = "unavailable"


class Socket(Protocol):
    """A WebSocket connection."""

    def send(self, message: str) -> None: ...
    def recv(self, timeout: float | None = None) -> str | bytes: ...
    def close(self) -> None: ...


def websocket(url: str) -> Socket:
    """A connection, to be closed by its own method."""
    opening = open_websocket(url, open_timeout=ANSWER_SECONDS, close_timeout=1, ping_interval=None)
    return ExitStack().enter_context(opening)


def signed_in(
    url: str,
    key_id: str,
    secret: str,
    *,
    connect: Callable[[str], Socket],
    pause: Callable[[float], None],
    retry: Retry,
) -> Socket:
    """A new connection on which the credential was accepted. Raises StreamRefused, or NoAnswer if none can be made."""
    for number in range(retry.attempts):
        if number:
            pause(retry.pause(number - 1))
        try:
            socket = connect(url)
            send(socket, "authenticate", keyId=key_id, secretKey=secret)
            answer = json.loads(socket.recv(timeout=ANSWER_SECONDS))
        except (OSError, WebSocketException) as error:
            reason: Exception = error
            continue
        if answer.get("type") == "authenticated":
            return socket
        socket.close()
        refused = StreamRefused(answer.get("code", UNAVAILABLE), answer.get("detail", answer.get("message", "")))
        if refused.code != UNAVAILABLE:
            raise refused
        reason = refused
    raise NoAnswer(f"No connection to {url}: {reason!r}") from reason


def send(socket: Socket, action: str, **fields: str | int) -> None:
    """Sends a frame. On a lost connection nothing is sent: whoever receives next learns that it is lost."""
    try:
        socket.send(json.dumps({"action": action, **fields}, separators=(",", ":")))
    except ConnectionClosed:
        return
