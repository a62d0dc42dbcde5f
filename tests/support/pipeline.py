"""Carries events between the stages as Lambda's event source mappings do, until nothing is left to carry."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import boto3

from tests.support import backdoor, events
from tests.support.cloud import Cloud, Feed, operators_client
from tests.support.filters import passes

Invoke = Callable[[str, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A message that a stage handed to SNS."""

    topic: str
    attributes: dict[str, str]
    group: str
    id: str
    body: str

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that a stage was given, and what the stage published and answered."""

    stage: str
    event: dict[str, Any]
    published: list[Published]
    answer: Any


class Pipeline:
    """`run` delivers until all is quiet; `delivered` keeps every event, so that it can be delivered again, and
    `published` every message that a stage handed to SNS.
    """

    def __init__(self, cloud: Cloud, session: boto3.Session, invoke: Invoke) -> None:
        self._invoke = invoke
        self.published: list[Published] = []
        self._sqs = operators_client(session, "sqs")
        feeds = cloud.feeds()
        self._queues = [each for each in feeds if ":sqs:" in each.source_arn]
        self._tables = [each for each in feeds if ":dynamodb:" in each.source_arn]
        self._consumed: dict[str, int] = {}
        self.delivered: list[Delivery] = []

    def kept(self) -> Callable[[], None]:
        """What puts back which records were read by now, what was delivered and what was published."""
        published, delivered, consumed = list(self.published), list(self.delivered), dict(self._consumed)

        def put_back() -> None:
            self.published, self.delivered, self._consumed = list(published), list(delivered), dict(consumed)

        return put_back

    def run(self, *, but_not: str = "") -> None:
        """Delivers until nothing is left, not to the stage `but_not`. What a stream's stage raises is raised: the
        same records come again with the next run. What a queue's stage reports as failed comes again at once.
        """
        while self.step(but_not=but_not):
            pass

    def step(self, *, but_not: str = "") -> bool:
        """One batch per mapping, if there is one. False if there was none."""
        streams = [self._from_stream(each) for each in self._tables if each.stage != but_not]
        queues = [self._from_queue(each) for each in self._queues if each.stage != but_not]
        return any(streams + queues)

    def advance(self, stage: str, most: int) -> bool:
        """One batch for the stage, of at most so many records. False if there was none."""
        for feed in self._tables:
            if feed.stage == stage:
                return self._from_stream(replace(feed, batch_size=most), batches=1)
        [feed] = [each for each in self._queues if each.stage == stage]
        return self._from_queue(replace(feed, batch_size=most))

    def deliver(self, stage: str, event: dict[str, Any]) -> Any:
        event = json.loads(json.dumps(event))
        before = len(self.published)
        answer = self._invoke(stage, json.loads(json.dumps(event)))
        self.delivered.append(Delivery(stage, event, self.published[before:], answer))
        return answer

    def deliveries_to(self, stage: str) -> list[Delivery]:
        return [each for each in self.delivered if each.stage == stage]

    def unread(self, stage: str) -> list[dict[str, Any]]:
        """The records of a stream that wait for the stage, and stay."""
        [feed] = [each for each in self._tables if each.stage == stage]
        return [record for record in self._new(feed) if passes(record, feed.patterns)]

    def _new(self, feed: Feed) -> list[dict[str, Any]]:
        table = feed.source_arn.split("/")[1]
        records = backdoor.stream(table, self._consumed.get(feed.stage, 0))
        return [_as_delivered(record, feed.source_arn) for record in records]

    def _from_stream(self, feed: Feed, batches: int | None = None) -> bool:
        consumed = self._consumed.get(feed.stage, 0)
        new = self._new(feed)
        wanted = [(number, record) for number, record in enumerate(new, consumed + 1) if passes(record, feed.patterns)]
        starts = range(0, len(wanted), feed.batch_size)
        for first in starts[:batches]:
            batch = wanted[first : first + feed.batch_size]
            self.deliver(feed.stage, {"Records": [record for _, record in batch]})
            self._consumed[feed.stage] = batch[-1][0]
        if batches is None or len(starts) <= batches:
            self._consumed[feed.stage] = consumed + len(new)
        return bool(new)

    def take(self, stage: str) -> list[dict[str, Any]]:
        """The records that wait in a stage's queue, taken out of it, for a test to deliver as it likes."""
        [feed] = [each for each in self._queues if each.stage == stage]
        taken = []
        while received := self._receive(feed):
            for message in received:
                self._sqs.delete_message(QueueUrl=_url(feed), ReceiptHandle=message["ReceiptHandle"])
            taken += [events.received(message, feed.source_arn) for message in received]
        return taken

    def _receive(self, feed: Feed) -> list[Any]:
        if backdoor.is_empty(feed.source_arn.rsplit(":", 1)[-1]):
            return []
        answer = self._sqs.receive_message(
            QueueUrl=_url(feed), MaxNumberOfMessages=feed.batch_size, AttributeNames=["All"]
        )
        messages: list[Any] = answer.get("Messages", [])
        return messages

    def _from_queue(self, feed: Feed) -> bool:
        url = _url(feed)
        received = self._receive(feed)
        if not received:
            return False
        records = [events.received(message, feed.source_arn) for message in received]
        try:
            answer = self.deliver(feed.stage, events.sqs(records))
        except Exception:
            self._return(url, received)
            raise
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in received:
            if message["MessageId"] not in failed:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        self._return(url, [message for message in received if message["MessageId"] in failed])
        return True

    def _return(self, url: str, messages: list[Any]) -> None:
        """As if the time had passed after which failed messages come again."""
        for message in messages:
            handle = message["ReceiptHandle"]
            self._sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)


def _as_delivered(record: dict[str, Any], stream_arn: str) -> dict[str, Any]:
    created = int(record["dynamodb"]["ApproximateCreationDateTime"].timestamp())
    images = {name: events.as_sent(image) for name, image in record["dynamodb"].items() if name == "NewImage"}
    return record | {
        "dynamodb": record["dynamodb"] | {"ApproximateCreationDateTime": created} | images,
        "eventSourceARN": stream_arn,
    }


def _url(feed: Feed) -> str:
    region, account, name = feed.source_arn.split(":")[3:]
    return f"https://sqs.{region}.amazonaws.com/{account}/{name}"
