"""Publishing to the FIFO topics."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from trading.aws import clients
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
        """All messages, each topic's in their order. Raises PublishFailed if one was not taken."""
        by_topic: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_topic[message.topic].append(message)
        for topic, its_messages in by_topic.items():
            for batch in _batches(its_messages):
                self._publish_batch(self._arns[topic], batch)

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
