"""Answers what clients send over the WebSocket API: who they are, what they listen to, what they missed, pings.

In: the routes of the WebSocket API. Commit: the connection and its subscriptions, in Listeners. Out: a frame,
sent back over the same connection, that says what was done or why not. `docs/reference/stream.md` has the protocol.
"""

from dataclasses import dataclass
from typing import Any

from actions import Actions, action_in
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws.api import http
from trading.aws.logs import Logger
from trading.aws.messaging.sockets import Sockets, frame_of
from trading.aws.settings import from_environment
from trading.aws.store import subscriptions
from trading.aws.time_limit import time_limited
from trading.domain.errors import Refusal, Unavailable


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    listeners: str
    stream_address: str


settings = from_environment(Settings)
sockets = Sockets(settings.stream_address)
actions = Actions(settings.trades_store, settings.listeners, sockets)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    request = event["requestContext"]
    connection_id = request["connectionId"]
    match request["eventType"]:
        case "MESSAGE":
            sockets.send(connection_id, frame_of(_answer(connection_id, event.get("body") or "")))
        case "DISCONNECT":
            subscriptions.forget(settings.listeners, connection_id)
    logger.info("connection served", connection_id=connection_id, event_type=request["eventType"])
    return {"statusCode": 200}


def _answer(connection_id: str, text: str) -> dict[str, Any]:
    """The frame that answers a frame."""
    action = None
    try:
        action, fields = action_in(text)
        answer = actions.take(connection_id, action, fields)
        logger.info("frame answered", connection_id=connection_id, action=action)
    except Refusal as refusal:
        logger.info("frame refused", connection_id=connection_id, action=action, code=refusal.code)
        return _error(refusal, action)
    except (ClientError, BotoCoreError):
        logger.exception("frame could not be answered", connection_id=connection_id, action=action)
        http.log_server_error(503)
        return _error(Unavailable("This cannot be done at the moment. Send the same again."), action)
    return answer


def _error(refusal: Refusal, action: str | None) -> dict[str, Any]:
    named = {"action": action} if action else {}
    return {"type": "error", "code": refusal.code, "detail": refusal.detail, **named}
