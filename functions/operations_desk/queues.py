"""The queues of the stack, by the names that the template gives them, and how many messages each holds."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from trading.aws import clients

BY_TOPIC = (
    "market_data",
    "dark_pool_matching_engine",
    "lit_pool_matching_engine",
    "post_trade_processor",
    "live_updates",
    "live_market",
)
"""Stages that a topic starts, through a queue of their own."""
BY_SCHEDULE = ("session_close", "settlement", "archive_compactor", "reconciler")
"""Stages that a schedule starts."""
TOPICS = "topics"
"""In place of a stage: what no stage subscribes to."""
WAITING: Final = "ApproximateNumberOfMessages"
IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"


class DeadLetterQueue(NamedTuple):
    """A queue of what a stage could not process; `kind` is the end of its name, and says why something is there."""

    stage: str
    kind: str

    @property
    def name(self) -> str:
        return f"{self.stage}-{self.kind}" + ("" if self.kind == "failed" else ".fifo")


DEAD_LETTERS = (
    *(DeadLetterQueue(stage, kind) for stage in BY_TOPIC for kind in ("dlq", "undelivered")),
    *(DeadLetterQueue(stage, "failed") for stage in BY_SCHEDULE),
    DeadLetterQueue(TOPICS, "unrouted"),
)


class Queues:
    """The queues beside the one that is named: all have the same address but for what follows the stack's name."""

    def __init__(self, topics_unrouted: str) -> None:
        self._address = topics_unrouted.removesuffix(DEAD_LETTERS[-1].name)
        self._threads = ThreadPoolExecutor(clients.MAX_THREADS)

    def counts(self, names: Sequence[str]) -> list[tuple[int, int]]:
        """About how many messages wait in each queue, and how many somebody works on."""
        return list(self._threads.map(self._count, names))

    def _count(self, name: str) -> tuple[int, int]:
        answer = clients.sqs().get_queue_attributes(
            QueueUrl=f"{self._address}{name}", AttributeNames=[WAITING, IN_FLIGHT]
        )
        return int(answer["Attributes"][WAITING]), int(answer["Attributes"][IN_FLIGHT])
