"""A client of the live updates in memory: what it sends goes to the stage, what is sent to it is read from moto."""

import json
from typing import Any

from moto.apigatewaymanagementapi.models import Connection, apigatewaymanagementapi_backends

from tests.support import events
from tests.support.world import World

STAGE = "live_connections"


class Listener:
    """A connection of its own. `updates` are all that were sent to it."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self.connection_id = name

    def send(self, action: str, **fields: Any) -> dict[str, Any]:
        """Sends a frame, and returns the frame that answers it."""
        return self.send_text(json.dumps({"action": action, **fields}))

    def send_text(self, text: str) -> dict[str, Any]:
        assert self._world.stage(STAGE)(events.framed(text, self.connection_id)) == {"statusCode": 200}
        return self._frames()[-1]

    def sign_in(self, key_id: str = "broker-1", secret: str = "s3cret") -> "Listener":
        assert self.send("authenticate", keyId=key_id, secretKey=secret)["type"] == "authenticated"
        return self

    def disconnect(self) -> None:
        assert self._world.stage(STAGE)(events.disconnected(self.connection_id)) == {"statusCode": 200}

    @property
    def updates(self) -> list[dict[str, Any]]:
        """All updates that were sent to it, in their order."""
        return [update for frame in self._frames() for update in frame.get("updates", ())]

    def _frames(self) -> list[dict[str, Any]]:
        written = sent(self.connection_id)
        frames, decoder, position = [], json.JSONDecoder(), 0
        while position < len(written):
            frame, position = decoder.raw_decode(written, position)
            frames.append(frame)
        return frames


def sent(connection_id: str) -> str:
    """Everything that was sent to a connection, as long as it is open."""
    return connection(connection_id).data.decode()


def connection(connection_id: str) -> Connection:
    """The open connection of this id: another one when it was closed."""
    return apigatewaymanagementapi_backends["123456789012"]["us-east-1"].connections[connection_id]
