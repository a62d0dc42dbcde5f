"""A client's stream on a world: its frames go to the stage that answers them, without a network; and what a client
knows by its stream.
"""

import json
import random
from collections import deque
from collections.abc import Iterator
from typing import Any

from websockets.exceptions import ConnectionClosedError

from tests.support import events
from tests.support.listener import STAGE, connection
from tests.support.world import World
from trading_client import Stream
from trading_client.sockets import Socket

URL = "ws://world/v1"
NUMBERS = ("customerSequence", "accountSequence")
Shown = tuple[dict[str, dict[str, Any]], dict[str, Any]]
"""Orders by id, and the account."""


class WorldSocket:
    """A connection to the world. `chance` loses, repeats and mixes up what is sent to the client, if it is given."""

    def __init__(self, world: World, name: str, chance: random.Random | None = None) -> None:
        self._world = world
        self.name = name
        self._chance = chance
        self._position = 0
        self._connection = connection(name)
        self.frames: deque[str] = deque()
        self.lost = False

    def send(self, message: str) -> None:
        self._require()
        self._world.stage(STAGE)(events.framed(message, self.name))

    def recv(self, timeout: float | None = None) -> str:
        """The next frame. If there is none, the time passes."""
        self._require()
        self._fetch()
        if not self.frames:
            self._world.clock.advance(seconds=timeout or 0)
            raise TimeoutError
        return self.frames.popleft()

    def close(self) -> None:
        self.lost = True
        self._world.stage(STAGE)(events.disconnected(self.name))

    def _fetch(self) -> None:
        text = self._connection.data.decode()
        decoder, new = json.JSONDecoder(), []
        while self._position < len(text):
            frame, self._position = decoder.raw_decode(text, self._position)
            new.append(frame)
        for frame in new:
            self.frames.extend(self._delivered(frame))

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
                self.frames.appendleft(text)
                return []
        return [text]

    def _require(self) -> None:
        """It may have been lost on the way, or closed by the other side."""
        if self.lost or connection(self.name) is not self._connection:
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


class Copy:
    """What a client knows of a customer by its stream alone, and by a snapshot where it was told to read one. `numbers`
    are those of the updates that it took, `market` has what it heard of tickers.
    """

    def __init__(self, world: World, customer_id: str = "000002") -> None:
        self._world = world
        self._customer_id = customer_id
        self.orders: dict[str, dict[str, Any]] = {}
        self.account: dict[str, Any] = {}
        self.positions: dict[str, dict[str, Any]] = {}
        self.numbers: list[int] = []
        self.market: list[dict[str, Any]] = []
        self.snapshots = 0

    def read(self, live: Stream, seconds: float = 10.0) -> "Copy":
        """Takes what comes until nothing has come for a while."""
        while (message := live.receive(seconds)) is not None:
            match message["type"]:
                case "ordersUpdated":
                    self._update(message)
                case "marketUpdated":
                    self.market.append(message)
                case "accountUpdated":
                    self._take(message)
                case _:
                    self._snapshot()
        return self

    def _update(self, update: dict[str, Any]) -> None:
        self.numbers.append(update["customerSequence"])
        for order in update["orders"]:
            known = self.orders.get(order["orderId"], {})
            if order["customerSequence"] > known.get("customerSequence", 0):
                self.orders[order["orderId"]] = {name: each for name, each in order.items() if name != "happened"}
        self._take(update)

    def _take(self, update: dict[str, Any]) -> None:
        """The account and the positions of an update, if it has them and they are not older."""
        account = update.get("account", {})
        if account and sum(account[each] for each in NUMBERS) >= sum(self.account.get(each, 0) for each in NUMBERS):
            self.account = account
            self.positions |= {each["ticker"]: each for each in update["positions"]}

    def _snapshot(self) -> None:
        self.snapshots += 1
        self.orders, self.account = self.shown()
        self.positions = self.positions_shown()

    def shown(self) -> Shown:
        """The customer's orders and account, as the API shows them."""
        _, listed = self._world.get("/customers/{customerId}/orders", customerId=self._customer_id)
        _, account = self._world.get("/customers/{customerId}", customerId=self._customer_id)
        return {order["orderId"]: order for order in listed["orders"]}, account

    def positions_shown(self) -> dict[str, dict[str, Any]]:
        """The customer's positions, by ticker, as the API shows them."""
        _, listed = self._world.get("/customers/{customerId}/positions", customerId=self._customer_id)
        return {each["ticker"]: each for each in listed["positions"]}

    def mistakes(self) -> Iterator[str]:
        """Orders that it knows otherwise than the API shows them, and numbers that came twice or out of turn."""
        orders, _ = self.shown()
        if self.orders != orders:
            yield f"a listener knows {self.orders}, the API shows {orders}"
        if self.numbers != sorted(set(self.numbers)):
            yield f"a listener was given the updates {self.numbers}"

    def require_current(self) -> None:
        """It is exactly what the API shows, but for what positions are worth, which follows from quotes."""
        assert list(self.mistakes()) == []
        _, account = self.shown()
        told = self.account.keys() - {"customerId", "marketValue", "unrealisedProfit", "realisedProfit", "equity"}
        assert {name: self.account[name] for name in told} == {name: account[name] for name in told}
        assert self.account.get("limits") == account.get("limits")
        positions = self.positions_shown()
        assert self.positions.keys() <= positions.keys()
        for ticker, known in self.positions.items():
            told = known.keys() - {"marketValue", "unrealisedProfit"}
            assert {name: known[name] for name in told} == {name: positions[ticker][name] for name in told}
