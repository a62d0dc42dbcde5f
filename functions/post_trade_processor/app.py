"""Books what the engines report, and announces that it is booked.

In: Trades topic, `eventType=executionReports`, by its queue. Commit: the bookings of a customer's messages, with cash,
positions and orders, in one transaction if all fit, else message by message. A report that does not fit its order is
dead-lettered by itself, as the booking of that order alone. A message that comes again finds its booking, and announces
the same. Out, group = customer: `ordersUpdated` of every booking, with its number among the customer's; for a booking
with trades `tradesSettled`, too. Its name is the original document's. It says that trades are booked: the stage
`settlement` settles them on their value dates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from booking import Booked, at_once, book, book_together
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
        while received:
            number = at_once(each.content for each in received)
            announced += _book(known, received[:number], deadline)
            received = received[number:]
        topics.publish(announced)

    return each_group(event, _reports, book_all, queue)


def _book(known: CustomerState, received: Sequence[Received[ExecutionReports]], deadline: float) -> list[Message]:
    """Books these reports in one transaction; each by itself, if they do not fit or AWS never takes them together."""
    if len(received) > 1:
        try:
            return _announced(book_together(known, [each.content for each in received], deadline))
        except (Unprocessable, ClientError) as error:
            logger.info("reports are booked one by one", reason=_refusal(error).reason)
    return [message for each in received for message in _book_alone(known, each, deadline)]


def _book_alone(known: CustomerState, received: Received[ExecutionReports], deadline: float) -> Iterator[Message]:
    """Books the reports of one message. Orders that do not fit with the others are booked by themselves; what does not
    fit even then is dead-lettered.
    """
    try:
        booked = book(known, received.content, deadline)
    except Unprocessable as problem:
        queue.dead_letter(known.customer_id, received.message_id, received.body, problem)
        return
    yield from _announced([booked])
    for alone in booked.apart:
        try:
            apart = book(known, alone, deadline)
        except (Unprocessable, ClientError) as error:
            body = reports_message(alone).body
            queue.dead_letter(known.customer_id, alone.booking_id, body, _refusal(error))
        else:
            yield from _announced([apart])


def _refusal(error: Unprocessable | ClientError) -> Unprocessable:
    """Why this can never succeed. Raises the error again if it may succeed later."""
    refusal = error if isinstance(error, Unprocessable) else refusal_of(error)
    if refusal is None:
        raise error
    return refusal


def _announced(together: Sequence[Booked]) -> list[Message]:
    """The messages that announce these bookings' trades and what they changed."""
    _log(together)
    messages: list[Message] = []
    for booked in together:
        if booked.reports.traded:
            messages.append(booked_message(booked.reports, booked.settlement_date, booked.trades))
        messages.append(updated_message(booked.update))
    return messages


def _log(together: Sequence[Booked]) -> None:
    """Logs the orders of a transaction, which name their bookings, with the longest time since an engine's commit; how
    long an order rested before that tells nothing.
    """
    order_ids = {each.order.order_id for booked in together for each in booked.reports.orders}
    fields: dict[str, Any] = {"order_ids": sorted(order_ids)}
    if traded := [booked for booked in together if booked.reports.traded]:
        fields["latency_ms"] = max(milliseconds_between(each.reports.time, each.settlement_date) for each in traded)
    logger.info("reports booked", **fields)


def _reports(group: str, body: str) -> ExecutionReports:
    reports = reports_from(body)
    if reports.customer_id != group:
        raise Unprocessable(f"reports on another customer in the group {group}")
    return reports
