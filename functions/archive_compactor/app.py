"""Merges the archive's objects of a day into few large ones, in which each booking is once.

In: a schedule, for the days before it to which bookings may still have come, or an event that names a day. Commit: an
object with all bookings of several ones, named by what is in it. Then these are removed: readers find each booking in
one or the other at any moment. What a run does not reach in its time, the next one does.
"""

from dataclasses import dataclass
from typing import Any

from compaction import compact

from trading.aws.logs import Logger
from trading.aws.settings import from_environment
from trading.aws.store.archive import Archive
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.times import checked_date, day_of_schedule, days_after

DAYS = 14
"""So long a message waits in a queue at the most, and its booking comes as late."""
RESERVED_SECONDS = 200
"""The part of the time limit that is kept for the last merge, which takes about a minute."""


@dataclass(frozen=True, slots=True)
class Settings:
    archive_bucket: str


settings = from_environment(Settings)
archive = Archive(settings.archive_bucket)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)
    dates = days(event)
    found = [compact(archive, date, deadline) for date in dates]
    fields = {
        "days": len(dates),
        "merged": sum(each.merged for each in found),
        "written": sum(each.written for each in found),
        "finished": all(each.finished for each in found),
    }
    logger.info("archive compacted", extra=fields)
    return fields


def days(event: dict[str, Any]) -> list[str]:
    """The day that is named, or else those before the schedule's, the last one first."""
    if "date" in event:
        return [checked_date(event["date"])]
    today = day_of_schedule(event["time"])
    return [days_after(today, -passed) for passed in range(1, DAYS + 1)]
