"""Clients that listen to live updates in a story, by the stream of the Python client."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.crash.crash_world import CrashWorld
from tests.support.streams import Copy, Shown, WorldSocket
from trading_client import Stream
from trading_client.sockets import Socket
from trading_client.stream import PATIENCE_SECONDS, PING_SECONDS

KEY_ID, SECRET = "listener", "s3cret"
INTERNAL_ERROR = json.dumps({"message": "Internal server error"})
"""What API Gateway sends where a function fails."""

Attempt = Callable[[Callable[[], object]], bool]
"""Makes one attempt at something, and says whether it succeeded."""


class CrashSocket(WorldSocket):
    """A connection whose frames go to a stage that may fail."""

    def __init__(self, world: CrashWorld, name: str, attempt: Attempt) -> None:
        super().__init__(world, name)
        self._attempt = attempt

    def send(self, message: str) -> None:
        if not self._attempt(lambda: super(CrashSocket, self).send(message)):
            self.frames.append(INTERNAL_ERROR)

    def close(self) -> None:
        self._attempt(super().close)


class CrashCopy(Copy):
    """Its snapshots do not fail: what is at stake is what it hears."""

    def __init__(self, world: CrashWorld, customer_id: str) -> None:
        super().__init__(world, customer_id)
        self._crashing = world

    def shown(self) -> Shown:
        with self._crashing.aside():
            return super().shown()

    def positions_shown(self) -> dict[str, dict[str, Any]]:
        with self._crashing.aside():
            return super().positions_shown()


class Listener:
    """A client that listens to a customer and a ticker, and knows of them what it hears."""

    def __init__(self, world: CrashWorld, name: str, customer_id: str, ticker: str, attempt: Attempt) -> None:
        self.connections = 0
        self._world, self._name, self._attempt = world, name, attempt
        self._customer_id, self._ticker = customer_id, ticker
        world.put_credential(KEY_ID, SECRET, role="broker")
        self._copy = CrashCopy(world, customer_id)
        self._stream = Stream("", KEY_ID, SECRET, connect=self._connect, clock=self._seconds, pause=self._pause)
        self._stream.subscribe_customer(customer_id)
        self._stream.subscribe_ticker(ticker)
        self.read()
        while not self._subscribed():  # what failed is sent again a moment later
            self.read(PATIENCE_SECONDS)
        self._since = self._published()

    def read(self, seconds: float = 0.0) -> None:
        """Takes what comes until nothing has come for so long."""
        self._copy.read(self._stream, seconds)

    def catch_up(self) -> None:
        """Listens until it would have noticed that something is missing."""
        self.read(3 * PING_SECONDS)

    def mistakes(self) -> Iterator[str]:
        """What it does not know, or knows otherwise than it is."""
        yield from self._copy.mistakes()
        published, heard = self._published(), {each["updateId"]: json.dumps(each) for each in self._copy.market}
        for its_id, text in heard.items():
            if published.get(its_id) != text:
                yield f"{self._name} heard {text}, which was published as {published.get(its_id)}"
        missed = published.keys() - self._since.keys() - heard.keys()
        if missed and self.connections == 1:
            yield f"{self._name} has not heard {sorted(missed)} of {self._ticker}"

    def _subscribed(self) -> bool:
        connection = f"{self._name}-{self.connections}"
        return any(item["SK"] == connection for item in self._world.items("Listeners", pk=f"TICKER#{self._ticker}"))

    def _published(self) -> dict[str, str]:
        """What was published about its ticker."""
        contents = [each.content for each in self._world.pipeline.published if each.topic == "Market"]
        return {each["updateId"]: json.dumps(each) for each in contents if each["ticker"] == self._ticker}

    def _connect(self, _: str) -> Socket:
        self.connections += 1
        return CrashSocket(self._world, f"{self._name}-{self.connections}", self._attempt)

    def _seconds(self) -> float:
        return self._world.clock.now.timestamp()

    def _pause(self, seconds: float) -> None:
        self._world.clock.advance(seconds=seconds)
