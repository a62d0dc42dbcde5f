"""Sends the same frames to many connections at once: a slow one does not hold the others up."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from trading.aws import clock
from trading.aws.clients import MAX_THREADS
from trading.aws.messaging.sockets import Sockets, update_frames
from trading.aws.store import subscriptions


class FanOut:
    """The connections of one WebSocket API, whose subscriptions are in `table`."""

    def __init__(self, table: str, sockets: Sockets) -> None:
        self._table = table
        self._sockets = sockets
        self._threads = ThreadPoolExecutor(MAX_THREADS)

    def listeners(self, channel: str) -> list[str]:
        """The connections that listen to a channel now."""
        return list(subscriptions.listeners(self._table, channel, int(clock.now().timestamp())))

    def send(self, connections: Sequence[str], updates: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Sends updates to connections, to at most MAX_THREADS at once. Those that do not take them are closed and
        forgotten. Returns how many there were of each, for the log.
        """
        frames = list(update_frames(updates)) if connections else []
        taken = list(self._threads.map(lambda each: self._send(each, frames), connections))
        return {"updates": len(updates), "connections": len(connections), "lost": taken.count(False)}

    def _send(self, connection_id: str, frames: Sequence[str]) -> bool:
        if all(self._sockets.send(connection_id, frame) for frame in frames):
            return True
        subscriptions.forget(self._table, connection_id)
        self._sockets.close(connection_id)
        return False
