"""A client's stream on a world: its frames go to the stage that answers them, without a network."""

import json
import random
from collections import deque

from websockets.exceptions import ConnectionClosedError

from tests.support import events
from tests.support.listener import STAGE, sent
from tests.support.world import World
from trading_client import Stream
from trading_client.stream import Socket

URL = "ws://world/v1"


class WorldSocket:
    """A connection to the world. `chance` loses, repeats and mixes up what is sent to the client, if it is given."""

    def __init__(self, world: World, name: str, chance: random.Random | None = None) -> None:
        self._world = world
        self.name = name
        self._chance = chance
        self._position = 0
        self._frames: deque[str] = deque()
        self.lost = False

    def send(self, message: str) -> None:
        self._require()
        self._world.stage(STAGE)(events.framed(message, self.name))

    def recv(self, timeout: float | None = None) -> str:
        """The next frame. If there is none, the time passes."""
        self._require()
        self._fetch()
        if not self._frames:
            self._world.clock.advance(seconds=timeout or 0)
            raise TimeoutError
        return self._frames.popleft()

    def close(self) -> None:
        self.lost = True
        self._world.stage(STAGE)(events.disconnected(self.name))

    def _fetch(self) -> None:
        text = sent(self.name)
        decoder, new = json.JSONDecoder(), []
        while self._position < len(text):
            frame, self._position = decoder.raw_decode(text, self._position)
            new.append(frame)
        for frame in new:
            self._frames.extend(self._delivered(frame))

    def _delivered(self, frame: dict[str, object]) -> list[str]:
        text = json.dumps(frame)
        if self._chance is None or frame["type"] != "updates":
            return [text]
        match self._chance.randrange(6):
            case 0:
                return []
            case 1:
                return [text, text]
            case 2:
                self._frames.appendleft(text)
                return []
        return [text]

    def _require(self) -> None:
        if self.lost:
            raise ConnectionClosedError(None, None)


class Sockets:
    """Makes a client's connections, one after the other; `last` is the newest."""

    def __init__(self, world: World, name: str, chance: random.Random | None = None) -> None:
        self._world, self._name, self._chance = world, name, chance
        self.made: list[WorldSocket] = []

    def __call__(self, url: str) -> Socket:
        assert url == URL
        self.made.append(WorldSocket(self._world, f"{self._name}-{len(self.made)}", self._chance))
        return self.made[-1]

    @property
    def last(self) -> WorldSocket:
        return self.made[-1]


def stream(world: World, sockets: Sockets, key_id: str = "broker-1", secret: str = "s3cret") -> Stream:
    def pause(seconds: float) -> None:
        world.clock.advance(seconds=seconds)

    def seconds() -> float:
        return world.clock.now.timestamp()

    return Stream(URL, key_id, secret, connect=sockets, clock=seconds, pause=pause)
