"""Consumes FIFO queues: handles the messages of a group together and in order. A failed group does not stop the
others.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypedDict, TypeVar

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clients, clock
from trading.aws.messaging.refusals import refusal_of
from trading.aws.time_limit import TIME_LIMIT
from trading.domain.errors import FromLaterRelease, TradingError, Unprocessable
from trading.domain.ids import derived

T = TypeVar("T")
logger = Logger(child=True)

MAX_ATTEMPTS = 20
"""The maxReceiveCount of every stage's queue."""

MAX_PAUSE = 60
"""Seconds between two attempts at a message: with the queue's maxReceiveCount, about a quarter of an hour in all."""


FAILED = "group failed and will be delivered again"
"""An alarm counts lines with this text, and rolls a release back."""

LATE = "failed records come again only after the queue's visibility time-out"


class BatchResponse(TypedDict):
    """Partial batch response: the records that SQS is to deliver again."""

    batchItemFailures: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Received(Generic[T]):
    """A message of a queue: as it came, and its parsed content."""

    group: str
    message_id: str
    body: str
    content: T


class Queue:
    """A stage's queue and its dead-letter queue. A message that can never succeed is dead-lettered at once, with its
    reason.
    """

    def __init__(self, url: str, dead_letter_url: str) -> None:
        self._url = url
        self._dead_letter_url = dead_letter_url

    def dead_letter(self, group: str, message_id: str, body: str, problem: Unprocessable) -> None:
        fields = {"reason": problem.reason, "message_id": message_id, "group": group}
        fields["function_version"] = clock.function_version()
        logger.error("message dead-lettered", extra=fields | problem.context)
        clients.sqs().send_message(
            QueueUrl=self._dead_letter_url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=derived(message_id, "dead-lettered"),
            MessageAttributes={"reason": {"DataType": "String", "StringValue": problem.reason[:1000]}},
        )

    def deliver_again(self, records: Sequence[dict[str, Any]]) -> None:
        """Makes failed records visible after a pause that doubles with every attempt, instead of after the visibility
        time-out, which is minutes: most failures are over in a second.
        """
        try:
            answer = clients.sqs().change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {
                        "Id": str(number),
                        "ReceiptHandle": record["receiptHandle"],
                        "VisibilityTimeout": min(2 ** int(record["attributes"]["ApproximateReceiveCount"]), MAX_PAUSE),
                    }
                    for number, record in enumerate(records)
                ],
            )
        except (ClientError, BotoCoreError):
            logger.exception(LATE)
            return
        if failed := answer.get("Failed"):
            logger.warning(LATE, extra={"records": len(failed), "code": failed[0]["Code"]})


def undivided(message: Received[T]) -> Sequence[Received[T]]:
    return [message]


def each_group(
    event: dict[str, Any],
    read: Callable[[str, str], T],
    handle: Callable[[str, Sequence[Received[T]]], None],
    queue: Queue,
    divide: Callable[[Received[T]], Sequence[Received[T]]] = undivided,
) -> BatchResponse:
    """Calls `handle(group, received)` for every group of the batch.

    A message that `read` finds Unprocessable is dead-lettered, and the group goes on without it. One that only a
    later release can read fails its group, so that it comes again, in its order, until that release runs; at the
    last attempt it is dead-lettered. If `handle` fails, all records of the group are delivered again, so that they
    keep their order; other groups are not held up. If another attempt cannot help, or this was the last one,
    `handle` is called for each message of the group by itself. The messages before the one that fails are then
    done, and a message that AWS never takes is dead-lettered alone. Before that it is tried in the parts that
    `divide` makes of it, so that its good parts are done, too.
    """
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in event["Records"]:
        groups[record["attributes"]["MessageGroupId"]].append(record)
    failed: list[dict[str, Any]] = []
    with TIME_LIMIT.earlier(clients.ATTEMPT_SECONDS):  # kept to have them delivered again soon
        for group, records in groups.items():
            try:
                _handle_group(group, records, read, handle, queue, divide)
            except Exception:
                fields = {"group": group, "records": len(records), "function_version": clock.function_version()}
                logger.exception(FAILED, extra=fields)
                failed += records
    if failed:
        queue.deliver_again(failed)
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _handle_group(
    group: str,
    records: list[dict[str, Any]],
    read: Callable[[str, str], T],
    handle: Callable[[str, Sequence[Received[T]]], None],
    queue: Queue,
    divide: Callable[[Received[T]], Sequence[Received[T]]],
) -> None:
    """Handles a group's records. If it raises, those that are left in `records` must be delivered again."""
    messages = _readable(group, records, read, queue)
    try:
        if messages:
            handle(group, messages)
    except Exception as error:
        if _may_pass(error) and not any(map(_last_attempt, records)):
            raise
        logger.warning("group failed, its messages are tried one by one", group=group, exc_info=True)
        _one_by_one(records, messages, handle, queue, divide)


def _one_by_one(
    records: list[dict[str, Any]],
    messages: Sequence[Received[T]],
    handle: Callable[[str, Sequence[Received[T]]], None],
    queue: Queue,
    divide: Callable[[Received[T]], Sequence[Received[T]]],
) -> None:
    """Handles the messages one by one, and takes what is done out of `records`, which has the same ones."""
    for message in messages:
        _handle_alone(message, handle, queue, divide, last=_last_attempt(records[0]))
        del records[0]


def _handle_alone(
    message: Received[T],
    handle: Callable[[str, Sequence[Received[T]]], None],
    queue: Queue,
    divide: Callable[[Received[T]], Sequence[Received[T]]],
    *,
    last: bool,
) -> None:
    try:
        handle(message.group, [message])
    except Exception as error:
        problem = refusal_of(error)
        if problem is None and last:
            problem = Unprocessable(f"failed {MAX_ATTEMPTS} times, at last by {type(error).__name__}")
        if problem is None:
            raise
        parts = divide(message)
        if len(parts) == 1:
            queue.dead_letter(message.group, message.message_id, message.body, problem)
            return
        for part in parts:
            _handle_alone(part, handle, queue, undivided, last=last)


def _may_pass(error: Exception) -> bool:
    """Whether the error is about the state of AWS at the time, not about what was sent."""
    return isinstance(error, ClientError | BotoCoreError | TradingError) and refusal_of(error) is None


def _last_attempt(record: Mapping[str, Any]) -> bool:
    """Whether SQS will dead-letter the record, with all that came with it, instead of delivering it again."""
    return int(record["attributes"]["ApproximateReceiveCount"]) >= MAX_ATTEMPTS


def _readable(
    group: str, records: list[dict[str, Any]], read: Callable[[str, str], T], queue: Queue
) -> list[Received[T]]:
    """What can be read. What cannot is dead-lettered, and taken out of `records`. Raises FromLaterRelease if a message
    may be read later.
    """
    messages = []
    for record in tuple(records):
        try:
            content = read(group, record["body"])
        except Unprocessable as problem:
            if isinstance(problem, FromLaterRelease) and not _last_attempt(record):
                raise
            queue.dead_letter(group, record["messageId"], record["body"], problem)
            records.remove(record)
            continue
        messages.append(Received(group, record["messageId"], record["body"], content))
    return messages
