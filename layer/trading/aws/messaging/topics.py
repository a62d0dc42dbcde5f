"""Publishing to the FIFO topics."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from trading.aws import clients
from trading.aws.clients import MAX_THREADS
from trading.domain.errors import TradingError
from trading.domain.messages.wire import Message

BATCH_ENTRIES = 10
BATCH_BYTES = 240_000
"""SNS takes 262,144 bytes a batch, attributes included."""


class PublishFailed(TradingError):
    """SNS did not take all messages, for these `codes`. Those that it took are recognised when all are published
    again.
    """

    def __init__(self, codes: Sequence[str], messages: int) -> None:
        super().__init__(f"{len(codes)} of {messages} messages: {codes[0]}")
        self.codes = tuple(codes)


class Topics:
    """Publishes committed messages. `arns` says where each topic is."""

    def __init__(self, arns: Mapping[str, str]) -> None:
        self._arns = arns

    def publish(self, messages: Iterable[Message]) -> None:
        """All messages, those of a group in their order; topics and groups do not wait for one another. Raises
        PublishFailed if one was not taken.
        """
        by_topic: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_topic[message.topic].append(message)
        parts = [(self._arns[topic], part) for topic, its in by_topic.items() for part in _side_by_side(its)]
        if len(parts) == 1:
            self._publish_part(*parts[0])
        if len(parts) <= 1:
            return
        clients.sns()  # made here, or each thread would make one
        with ThreadPoolExecutor(min(len(parts), MAX_THREADS)) as threads:
            done = threads.map(self._publish_part, *zip(*parts, strict=True))
        list(done)  # raises what a call raised, when all are done

    def _publish_part(self, arn: str, messages: Sequence[Message]) -> None:
        for batch in _batches(messages):
            self._publish_batch(arn, batch)

    def _publish_batch(self, arn: str, batch: Sequence[Message]) -> None:
        answer = clients.sns().publish_batch(
            TopicArn=arn,
            PublishBatchRequestEntries=[
                {
                    "Id": str(number),
                    "Message": message.body,
                    "MessageGroupId": message.group,
                    "MessageDeduplicationId": message.id,
                    "MessageAttributes": {
                        name: {"DataType": "String", "StringValue": value} for name, value in message.attributes.items()
                    },
                }
                for number, message in enumerate(batch)
            ],
        )
        if failed := answer.get("Failed"):
            raise PublishFailed([each["Code"] for each in failed], len(batch))


def _side_by_side(messages: Iterable[Message]) -> Iterator[list[Message]]:
    """The messages in parts that may be published at the same time: no group is in two of them. A part is one batch,
    unless a group alone is more.
    """
    by_group: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_group[message.group].append(message)
    part: list[Message] = []
    for its in by_group.values():
        if part and len(part) + len(its) > BATCH_ENTRIES:
            yield part
            part = []
        part = [*part, *its]
    if part:
        yield part


def _batches(messages: Iterable[Message]) -> Iterator[list[Message]]:
    batch: list[Message] = []
    size = 0
    for message in messages:
        length = len(message.body.encode())
        if batch and (len(batch) == BATCH_ENTRIES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch
