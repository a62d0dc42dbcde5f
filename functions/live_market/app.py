"""Sends what happens on markets to the WebSocket connections that listen to a ticker.

In: Market topic, `eventType=marketUpdated`, by its queue. Commit: nothing. An update that comes again is sent again;
listeners tell by its `updateId` and `sequence`. Out: frames of updates (docs/reference/stream.md). A connection that
takes no frame is closed and forgotten, so that its client connects again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trading.aws.logs import Logger
from trading.aws.messaging.fan_out import FanOut
from trading.aws.messaging.queues import BatchResponse, Queue, Received, each_group
from trading.aws.messaging.sockets import Sockets
from trading.aws.settings import from_environment
from trading.aws.store import subscriptions
from trading.aws.time_limit import time_limited
from trading.domain.messages.market import update_from


@dataclass(frozen=True, slots=True)
class Settings:
    listeners: str
    stream_address: str
    queue: str
    dead_letter_queue: str


settings = from_environment(Settings)
queue = Queue(settings.queue, settings.dead_letter_queue)
fan_out = FanOut(settings.listeners, Sockets(settings.stream_address))
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> BatchResponse:
    return each_group(event, update_from, _send, queue)


def _send(ticker: str, received: Sequence[Received[Any]]) -> None:
    """Sends a ticker's updates to all that listen to it."""
    channel = subscriptions.ticker_channel(ticker)
    counts = fan_out.send(fan_out.listeners(channel), [each.content for each in received])
    logger.info("updates sent", extra={"ticker": ticker, **counts})
