"""Puts trades on each ticker's tape, and keeps its day: trades, quantity, notional, high and low, by exchange and by
pool type; and its bars.

In: OrderBooks' stream, the entries of the engines' journals that have trades for the tape. Commit: the ticker's day
with its last bars, once for all that came; in one transaction with the bars that are over, if there are any. Out: the
tape. Each market message counts once, however often, and in whatever order, its entry comes.
"""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from day import Days
from entry import prints_of

from trading.aws import clients
from trading.aws.clients import MAX_CALL_SECONDS, MAX_THREADS
from trading.aws.logs import Logger
from trading.aws.messaging.streams import DeadLetterBucket, each_alone, new_items
from trading.aws.settings import from_environment
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.tape import Prints

RESERVED_SECONDS = MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction."""


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    order_books: str
    archive_bucket: str


settings = from_environment(Settings)
days = Days(settings.trades_store)
dead_letters = DeadLetterBucket(settings.archive_bucket, "trades_data_aggregator")
clients.dynamodb()  # made here, or each thread would make one
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)
    each_alone(event, partial(count, deadline=deadline), dead_letters)


def count(event: dict[str, Any], deadline: float) -> None:
    by_day: dict[tuple[str, str], list[Prints]] = defaultdict(list)
    for prints in chain.from_iterable(new_items(event, partial(prints_of, settings.order_books), dead_letters)):
        by_day[prints.ticker, prints.date].append(prints)

    def count_day(day: tuple[str, str]) -> int:
        return days.count(*day, by_day[day], deadline)

    with ThreadPoolExecutor(MAX_THREADS) as threads:  # each day takes calls of its own
        counted = sum(threads.map(count_day, by_day))
    messages = sum(map(len, by_day.values()))
    logger.debug("trades counted", extra={"days": len(by_day), "messages": messages, "new": counted})
