"""The dead letters of a stack: messages in queues, and records of a stream in the archive bucket.

SQS shows the messages of a queue only to those who take them out. So a message that is looked at is given back at once,
and SQS gives it back by itself if that fails. Until then it is hidden from others who look. The stages never read these
queues.
"""

import json
import re
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ops import stack
from ops.shown_text import plain
from trading.aws import clients

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

PREFIX = "dead-letters/"
GIVEN_UP = "aws/lambda/"
"""Where Lambda itself puts records of a stream that it gave up: they failed for most of a day."""
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
    """What a schedule had a stage do, and it did not."""
    UNROUTED = "unrouted"
    """What is on a topic and no stage subscribes to: there is none that it could be given to again."""


TOPICS = "topics"
"""In place of a stage: what no stage subscribes to. It can be listed and discarded."""
MAX_ID_LETTERS, MAX_KEY_LETTERS = 60, 120
"""An order id has 36, a key of two of them 81. What a stranger wrote may have more, and is cut."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter: since when and why it is there, its FIFO group, its id, and what it is about, fit to be shown."""

    since: datetime
    reason: str
    group: str | None
    id: str
    about: str


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


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A record of a stream that a stage dead-lettered in the bucket."""

    bucket: str
    stage: str
    key: str
    since: datetime

    @property
    def id(self) -> str:
        """The record's event id."""
        return self.key.rsplit("/", 1)[-1].removesuffix(".json")

    def read(self) -> dict[str, Any]:
        """The record with its reason: `{"record": ..., "reason": ...}`."""
        body = clients.s3().get_object(Bucket=self.bucket, Key=self.key)["Body"].read()
        content: dict[str, Any] = json.loads(body)
        return content

    def shown(self) -> DeadLetter:
        content = self.read()
        about = _about_record(content["record"])
        return DeadLetter(self.since, plain(content["reason"]), None, self.id, about)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Records of a stream that Lambda gave up together, in one object of the bucket."""

    bucket: str
    key: str
    since: datetime
    stage: str
    report: dict[str, Any]

    @property
    def reason(self) -> str:
        return f"Lambda gave it up: {self.report['requestContext']['condition']}"

    @property
    def records(self) -> list[dict[str, Any]]:
        """Those of the event that Lambda called the function with."""
        payload = self.report["payload"]
        event: dict[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
        return list(event["Records"])

    def keep(self, records: list[dict[str, Any]]) -> None:
        """These are left, the others are done."""
        if not records:
            clients.s3().delete_object(Bucket=self.bucket, Key=self.key)
        elif len(records) < len(self.records):
            report = self.report | {"payload": {"Records": records}}
            clients.s3().put_object(Bucket=self.bucket, Key=self.key, Body=json.dumps(report).encode())

    def shown(self) -> Iterator[DeadLetter]:
        for record in self.records:
            yield DeadLetter(self.since, self.reason, None, record["eventID"], _about_record(record))


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


def records(stack_name: str, stage: str | None = None) -> list[StreamRecord]:
    """The records in the stack's bucket, of all stages or of one, the oldest first."""
    bucket, prefix = archive_of(stack_name), f"{PREFIX}{stage}/" if stage else PREFIX
    found = [StreamRecord(bucket, key.split("/")[1], key, since) for key, since in _objects(bucket, prefix)]
    return sorted(found, key=lambda record: (record.stage, record.since, record.key))


def given_up(stack_name: str, stage: str | None = None) -> list[GivenUp]:
    """The records that Lambda itself gave up, of all stages or of one, the oldest first."""
    bucket = archive_of(stack_name)
    found = [_given_up(bucket, key, since) for key, since in _objects(bucket, GIVEN_UP)]
    there = [each for each in found if stage in (None, each.stage)]
    return sorted(there, key=lambda each: (each.stage, each.since, each.key))


def _given_up(bucket: str, key: str, since: datetime) -> GivenUp:
    """Lambda's report names the function by the ARN of its alias. No stage has a hyphen in its name."""
    report = json.loads(clients.s3().get_object(Bucket=bucket, Key=key)["Body"].read())
    function = report["requestContext"]["functionArn"].split(":")[6]
    return GivenUp(bucket, key, since, function.rpartition("-")[2], report)


def _about_record(record: dict[str, Any]) -> str:
    change = record["dynamodb"]
    texts = {name: value["S"] for name, value in change.get("NewImage", {}).items() if "S" in value}
    its_keys = " ".join(plain(str(*part.values()), MAX_KEY_LETTERS) for part in change["Keys"].values())
    return f"{its_keys} {_about(texts)}".strip()


def stages(stack_name: str) -> set[str]:
    """The stages of the stack, by the names of its functions."""
    functions = stack.resources(stack_name, "AWS::Lambda::Function")
    return {function.removeprefix(f"{stack_name}-") for function in functions}


def _objects(bucket: str, prefix: str) -> Iterator[tuple[str, datetime]]:
    pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return ((each["Key"], each["LastModified"]) for page in pages for each in page.get("Contents", []))


def archive_of(stack_name: str) -> str:
    [bucket] = stack.resources(stack_name, "AWS::S3::Bucket")
    return bucket


def shown(message: "MessageTypeDef", kind: QueueKind) -> DeadLetter:
    """What a message of a dead-letter queue is about, and why it is there."""
    attributes = message["Attributes"]
    since = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC)
    body = message["Body"]
    group = attributes.get("MessageGroupId")
    about = _about(_parsed(body))
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


NAMES = {
    "customerId": "customer",
    "orderId": "order",
    "changeId": "change",
    "bookingId": "booking",
    "ticker": "ticker",
    "time": "time",
}
"""The members that tell what something is about, and what they are called."""
MAX_VALUES = 3


def _about(value: Any) -> str:
    """The business ids in a message, like `customer 000002 order 01a2..., 01a3... and 7 more`."""
    found: dict[str, dict[str, None]] = {}
    for name, text in _members(value):
        if name in NAMES:
            found.setdefault(NAMES[name], {})[text] = None
    return " ".join(f"{name} {_some(list(texts))}" for name, texts in found.items())


def _members(value: Any) -> Iterator[tuple[str, str]]:
    """Every member of the JSON value, at any depth, that is text."""
    open_ones = deque([value])
    while open_ones:
        each = open_ones.popleft()
        if isinstance(each, dict):
            yield from ((name, part) for name, part in each.items() if isinstance(part, str))
        if isinstance(each, dict | list):
            parts: Iterable[Any] = each.values() if isinstance(each, dict) else each
            open_ones += [part for part in parts if isinstance(part, dict | list)]


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - MAX_VALUES
    return ", ".join(plain(text, MAX_ID_LETTERS) for text in texts[:MAX_VALUES]) + (
        f" and {more} more" if more > 0 else ""
    )
