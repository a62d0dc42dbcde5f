"""Archives the trades of bookings, many in an object.

In: TradesStore's stream, bookings with trades, which Lambda gathers for some minutes. Commit and out: for each day in
the batch an object in S3 under `trades/`, named by what is in it, so that a batch that comes again writes the same one
again. A batch that comes again in other parts writes objects that overlap: readers take a booking once, by its id.
"""

from dataclasses import dataclass
from typing import Any

from trading.aws.logs import Logger
from trading.aws.messaging.streams import DeadLetterBucket, each_alone, new_items
from trading.aws.settings import from_environment
from trading.aws.store import items
from trading.aws.store.archive import Archive
from trading.aws.time_limit import time_limited


@dataclass(frozen=True, slots=True)
class Settings:
    archive_bucket: str


settings = from_environment(Settings)
archive = Archive(settings.archive_bucket)
dead_letters = DeadLetterBucket(settings.archive_bucket, "archiver")
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    each_alone(event, keep, dead_letters)


def keep(event: dict[str, Any]) -> None:
    for key, bookings in archive.keep(new_items(event, items.booked_of, dead_letters)).items():
        logger.info("bookings archived", object=key, bookings=bookings)
