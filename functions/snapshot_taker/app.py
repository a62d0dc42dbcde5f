"""Takes snapshots of the engines' pools, so that a cold engine has little to read.

In: OrderBooks' stream, the entries at which a snapshot is due. Commit: the pointer to the ticker's last snapshot, which
only moves forward. Out: the snapshot in the bucket, under `snapshots/`, for the engines; all but the last two are
removed.
"""

from dataclasses import dataclass
from typing import Any

from snapshot import SnapshotTaker

from trading.aws.logs import Logger
from trading.aws.messaging.streams import DeadLetterBucket, each_alone, keys_of_new
from trading.aws.settings import from_environment
from trading.aws.time_limit import time_limited


@dataclass(frozen=True, slots=True)
class Settings:
    order_books: str
    archive_bucket: str


settings = from_environment(Settings)
taker = SnapshotTaker(settings.order_books, settings.archive_bucket)
dead_letters = DeadLetterBucket(settings.archive_bucket, "snapshot_taker")
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    newest_first = {"Records": event["Records"][::-1]}  # entries before a snapshot need none
    each_alone(newest_first, take, dead_letters)


def take(event: dict[str, Any]) -> None:
    for taken in keys_of_new(event, taker.take, dead_letters):
        logger.info("snapshot taken" if taken.new else "snapshot was there", entry=taken.entry)
