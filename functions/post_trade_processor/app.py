"""Books what the engines report, and announces that it is booked.

In: Trades topic, `eventType=executionReports`, by its queue. Commit: the booking, with cash, position and orders. A
report that does not fit its order is dead-lettered by itself, as the booking of that order alone. Out, group =
customer: `ordersUpdated` of every booking, with its number among the customer's; for a booking with trades
`tradesSettled`, too. That message has the original document's name. It says that trades are booked: the stage
`settlement` settles them on their value dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from booking import Booked, book
from botocore.exceptions import ClientError
from customer_state import CustomerState

from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.messaging.queues import BatchResponse, Queue, Received, each_group
from trading.aws.messaging.refusals import refusal_of
from trading.aws.messaging.topics import Topics
from trading.aws.settings import from_environment
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports
from trading.domain.messages.events import TRADES, booked_message, reports_from, reports_message
from trading.domain.messages.updates import updated_message
from trading.domain.messages.wire import Message
from trading.domain.times import milliseconds_between

RESERVED_SECONDS = 2 * MAX_CALL_SECONDS
"""The part of the time limit that is kept for the last attempt at a booking, looking for it and publishing."""


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    trades_topic: str
    queue: str
    dead_letter_queue: str


settings = from_environment(Settings)
topics = Topics({TRADES: settings.trades_topic})
queue = Queue(settings.queue, settings.dead_letter_queue)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> BatchResponse:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)

    def book_all(customer_id: str, received: Sequence[Received[ExecutionReports]]) -> None:
        announced: list[Message] = []
        known = CustomerState(settings.trades_store, customer_id)
        known.read(each.content for each in received)
        for each in received:
            try:
                booked = book(known, each.content, deadline)
            except Unprocessable as problem:
                queue.dead_letter(customer_id, each.message_id, each.body, problem)
                continue
            announced += _announced(booked)
            for alone in booked.apart:
                try:
                    apart = book(known, alone, deadline)
                except (Unprocessable, ClientError) as error:
                    refusal = error if isinstance(error, Unprocessable) else refusal_of(error)
                    if refusal is None:
                        raise
                    queue.dead_letter(customer_id, alone.booking_id, reports_message(alone).body, refusal)
                else:
                    announced += _announced(apart)
        topics.publish(announced)

    return each_group(event, _reports, book_all, queue)


def _announced(booked: Booked) -> list[Message]:
    """The messages that announce the booking's trades and what it changed."""
    _log(booked.reports, booked.settlement_date)
    updated = [updated_message(booked.update)] if booked.update else []
    if not booked.reports.traded:
        return updated
    return [booked_message(booked.reports, booked.settlement_date), *updated]


def _log(reports: ExecutionReports, settlement_date: str) -> None:
    """Logs the booking, with the time since the engine's commit; how long an order rested before that tells nothing."""
    fields: dict[str, Any] = {"order_ids": [each.order.order_id for each in reports.orders]}
    if reports.traded:
        fields["latency_ms"] = milliseconds_between(reports.time, settlement_date)
    logger.info("reports booked", booking_id=reports.booking_id, **fields)


def _reports(group: str, body: str) -> ExecutionReports:
    reports = reports_from(body)
    if reports.customer_id != group:
        raise Unprocessable(f"reports on another customer in the group {group}")
    return reports
