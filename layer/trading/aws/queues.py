"""Consuming FIFO queues: records of one group together and in order, a failed group does not stop the others."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypedDict, TypeVar

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clients, system
from trading.aws.time_limit import TIME_LIMIT
from trading.domain.errors import Unprocessable
from trading.domain.ids import derived

T = TypeVar("T")
logger = Logger(child=True)

LONGEST_PAUSE = 60
"""Seconds between two attempts at a message: with the queue's maxReceiveCount, about a quarter of an hour in all."""


FAILED = "group failed and will be delivered again"
"""An alarm is on this line, and rolls a release back."""

LATE = "failed records come again only after the queue's visibility time-out"


class BatchResponse(TypedDict):
    """Partial batch response: the records that SQS is to deliver again."""

    batchItemFailures: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Received(Generic[T]):
    """A message of a queue: as it came, and what was read from it."""

    group: str
    message_id: str
    body: str
    content: T


class Queue:
    """A stage's queue, and its dead-letter queue, where what can never succeed is parked at once with its reason."""

    def __init__(self, url: str, parking_url: str) -> None:
        self._url = url
        self._parking_url = parking_url

    def park(self, group: str, message_id: str, body: str, problem: Unprocessable) -> None:
        fields = {"reason": problem.reason, "message_id": message_id, "group": group}
        fields["function_version"] = system.function_version()
        logger.error("message parked", extra=fields | problem.context)
        clients.sqs().send_message(
            QueueUrl=self._parking_url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=derived(message_id, "parked"),
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
                        "VisibilityTimeout": min(
                            2 ** int(record["attributes"]["ApproximateReceiveCount"]), LONGEST_PAUSE
                        ),
                    }
                    for number, record in enumerate(records)
                ],
            )
        except (ClientError, BotoCoreError):
            logger.exception(LATE)
            return
        if failed := answer.get("Failed"):
            logger.warning(LATE, extra={"records": len(failed), "code": failed[0]["Code"]})


def each_group(
    event: dict[str, Any],
    read: Callable[[str, str], T],
    handle: Callable[[str, Sequence[Received[T]]], None],
    queue: Queue,
) -> BatchResponse:
    """Calls `handle(group, received)` for every group of the batch.

    What `read` finds Unprocessable is parked, the group goes on without it. When `handle` fails, for whatever reason,
    all records of that group are delivered again, so that their order is kept; the other groups are not held up.
    """
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in event["Records"]:
        groups[record["attributes"]["MessageGroupId"]].append(record)
    failed: list[dict[str, Any]] = []
    with TIME_LIMIT.earlier(clients.ATTEMPT_SECONDS):  # which it takes to have them delivered again soon
        for group, records in groups.items():
            try:
                messages = _readable(group, records, read, queue)
                if messages:
                    handle(group, messages)
            except Exception:
                fields = {"group": group, "records": len(records), "function_version": system.function_version()}
                logger.exception(FAILED, extra=fields)
                failed += records
    if failed:
        queue.deliver_again(failed)
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _readable(
    group: str, records: Sequence[dict[str, Any]], read: Callable[[str, str], T], queue: Queue
) -> list[Received[T]]:
    messages = []
    for record in records:
        try:
            content = read(group, record["body"])
        except Unprocessable as problem:
            queue.park(group, record["messageId"], record["body"], problem)
            continue
        messages.append(Received(group, record["messageId"], record["body"], content))
    return messages
