"""The queues of a stack that hold dead letters.

SQS shows the messages of a queue only to those who take them out. So a message that is looked at is given back at once,
and SQS gives it back by itself if that fails. Until then it is hidden from others who look. The stages never read these
queues.
"""

import json
import re
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ops import dead_letters, stack
from ops.dead_letters import DeadLetter
from ops.shown_text import plain
from trading.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

WAIT_SECONDS = 1
"""How long a queue is asked for more: a short look does not see all of it."""
LOOK_SECONDS = 30
BATCH = 10


class QueueKind(StrEnum):
    """Why something is there, as the names of the queues say it."""

    DLQ = "dlq"
    """What a stage could not process, or failed with too often."""
    UNDELIVERED = "undelivered"
    """What the topic could not deliver to the stage's queue."""
    FAILED = "failed"
    """What a schedule called a stage for, and the stage failed to do."""
    UNROUTED = "unrouted"
    """Messages of a topic that no stage subscribes to. So there is no stage to give them to again."""


TOPICS = "topics"
"""In place of a stage: what no stage subscribes to. It can be listed and discarded."""


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A queue of what a stage could not process; `stage` is the name of its function without the stack's."""

    stack: str
    stage: str
    kind: QueueKind
    url: str

    def count(self) -> int:
        """About how many messages are in it, also those that somebody looks at."""
        return depth(self.url)

    @property
    def work_url(self) -> str:
        """The stage's own queue. A stage that is only called by schedules has none."""
        return f"{self.url.rsplit('/', 1)[0]}/{self.stack}-{self.stage}.fifo"

    def take(self, seconds: int, most: int = BATCH) -> "list[MessageTypeDef]":
        """The next messages, hidden from others for so long. Of a group that has hidden messages there is none."""
        answer = clients.sqs().receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=min(most, BATCH),
            VisibilityTimeout=seconds,
            WaitTimeSeconds=WAIT_SECONDS,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def there_now(self, seconds: int, at_once: int = BATCH) -> "Generator[MessageTypeDef]":
        """Every message that was in the queue at the beginning, hidden for so long. Those of a batch that are not
        reached, and those that came later, are given back.
        """
        start = time.time() * 1000
        with self.given_back() as waiting:
            while batch := self.take(seconds, at_once):
                later = [each for each in batch if int(each["Attributes"]["SentTimestamp"]) > start]
                now = [each for each in batch if each not in later]
                waiting.extend(batch)
                for message in now:
                    yield message
                    waiting.remove(message)

    @contextmanager
    def given_back(self) -> "Iterator[list[MessageTypeDef]]":
        """A list of messages that are visible again in the end, whatever happens."""
        taken: list[MessageTypeDef] = []
        try:
            yield taken
        finally:
            for message in taken:
                clients.sqs().change_message_visibility(
                    QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )

    def delete(self, message: "MessageTypeDef") -> None:
        clients.sqs().delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def first(self, most: int) -> list[DeadLetter]:
        """The oldest messages, so many at the most, and no more than ten of a group: a queue gives no more at once."""
        with self.given_back() as taken:
            while len(taken) < most and (batch := self.take(LOOK_SECONDS, most - len(taken))):
                taken.extend(batch)
            return [shown(message, self.kind) for message in taken]


def queues(stack_name: str, stage: str | None = None) -> list[DeadLetterQueue]:
    """The stack's queues of dead letters, of all stages or of one."""
    pattern = re.compile(rf"{re.escape(stack_name)}-(\w+)-({'|'.join(QueueKind)})(?:\.fifo)?")
    found = [
        DeadLetterQueue(stack_name, match[1], QueueKind(match[2]), url)
        for url in stack.resources(stack_name, "AWS::SQS::Queue")
        if (match := pattern.fullmatch(url.rsplit("/", 1)[-1]))
    ]
    return [queue for queue in found if stage in (None, queue.stage)]


def depth(url: str) -> int:
    """About how many messages a queue holds, with those that somebody works on."""
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = clients.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(answer[name]) for name in names)


def shown(message: "MessageTypeDef", kind: QueueKind) -> DeadLetter:
    """What a message of a dead-letter queue is about, and why it is there."""
    attributes = message["Attributes"]
    since = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC)
    body = message["Body"]
    group = attributes.get("MessageGroupId")
    about = dead_letters.about(_parsed(body))
    reason = _unrouted(message) if kind is QueueKind.UNROUTED else _reason(message)
    return DeadLetter(since, plain(reason), plain(group) if group else None, message["MessageId"], about)


def _unrouted(message: "MessageTypeDef") -> str:
    """The attributes of a message that no stage subscribes to."""
    said = message.get("MessageAttributes", {})
    named = ", ".join(f"{name} {json.dumps(value.get('StringValue'))}" for name, value in said.items())
    return f"no stage subscribes to {named}"


def _reason(message: "MessageTypeDef") -> str:
    """What the stage said, or SNS, or the schedule, or Lambda. SQS itself says nothing of what failed too often."""
    said = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    for names in (("reason",), ("ErrorCode", "ErrorMessage"), ("ERROR_CODE", "ERROR_MESSAGE")):
        if any(name in said for name in names):
            return ", ".join(said[name] for name in names if name in said)
    body = _parsed(message["Body"])
    if isinstance(body, dict) and "requestContext" in body:
        answer = body.get("responsePayload")
        why = answer.get("errorMessage") if isinstance(answer, dict) else None
        return f"{body['requestContext'].get('condition')}: {why}"
    return "it failed too often, the stage's log says why"


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
