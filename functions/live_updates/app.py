"""Sends what changes of customers to the WebSocket connections that listen.

In: Trades topic, `eventType=ordersUpdated` and `accountUpdated`, by its queue. Commit: nothing. An update that comes
again is sent again; listeners tell by its number. Out: frames of updates (docs/reference/stream.md). A connection that
takes no frame is closed and forgotten, so that its client connects again and resumes.
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
from trading.aws.store.balances import balances_of
from trading.aws.time_limit import time_limited
from trading.domain.messages.updates import Update, update_from


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
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


def _send(customer_id: str, received: Sequence[Received[Update]]) -> None:
    """Sends a customer's updates, the last one with the customer's balances as they are now."""
    channel = subscriptions.customer_channel(customer_id)
    connections = fan_out.listeners(channel)
    updates = [dict(each.content) for each in received]
    if connections:
        tickers = {update["ticker"] for update in updates if "ticker" in update}
        updates[-1] |= balances_of(settings.trades_store, customer_id, tickers)
    counts = fan_out.send(connections, updates)
    logger.info("updates sent", extra={"customer_id": customer_id, **counts})
