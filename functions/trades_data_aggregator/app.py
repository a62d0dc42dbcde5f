"""Keeps each ticker's day: trades, quantity, notional, high and low, by exchange and by pool type; and its bars.

In: TradesStore's stream, bookings inserted. Commit: a marker per booking with the day's new sums and the bars, in one
transaction, so that a booking counts once however often its record comes. A trade between two customers is in two
bookings and counts only in that of the incoming order; a booking in which nothing counts is skipped.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from day import Days

from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.messaging.streams import DeadLetterBucket, each_alone, new_items
from trading.aws.settings import from_environment
from trading.aws.store import items
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.executions import ExecutionReports

RESERVED_SECONDS = MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction."""


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    archive_bucket: str


settings = from_environment(Settings)
days = Days(settings.trades_store)
dead_letters = DeadLetterBucket(settings.archive_bucket, "trades_data_aggregator")
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)
    each_alone(event, partial(count, deadline=deadline), dead_letters)


def count(event: dict[str, Any], deadline: float) -> None:
    by_day: dict[tuple[str, str], list[ExecutionReports]] = defaultdict(list)
    for reports in new_items(event, items.reports_of, dead_letters):
        if reports.counted:
            by_day[reports.ticker, reports.date].append(reports)
    for (ticker, date), bookings in by_day.items():
        counted = days.count(ticker, date, bookings, deadline)
        logger.info("bookings counted", ticker=ticker, date=date, bookings=len(bookings), new=counted)
