"""Follows the market: of the quotes that come in it keeps the last good one as a ticker's reference quote.

In: Quotes topic, by its queue. Commit: the reference quote, or the quote that is parked, on condition that the last one
is still the last. Out: the command QuoteChanged to the Orders topic, `poolType=Lit`. Quotes of a batch are judged one
by one, and the engine is told of the last. Late and invalid quotes are counted and dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trading.aws import clock
from trading.aws.logs import Logger
from trading.aws.messaging.queues import BatchResponse, Queue, Received, each_group
from trading.aws.messaging.topics import Topics
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.aws.store import reference_quotes
from trading.aws.time_limit import time_limited
from trading.domain.errors import Unprocessable
from trading.domain.messages.command_messages import ORDERS, orders_messages
from trading.domain.messages.commands import QuoteChanged
from trading.domain.messages.quotes import quote_from
from trading.domain.orders import PoolType
from trading.domain.quotes import Judged, QuoteUpdate, Verdict, judged

STAGE = "market_data"
DROPPED = (Verdict.LATE, Verdict.AHEAD, Verdict.CROSSED, Verdict.NOT_POSITIVE, Verdict.OFF_TICK)


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    orders_topic: str
    queue: str
    dead_letter_queue: str
    market_parameter: str


settings = from_environment(Settings)
parameters = Parameters(settings.market_parameter)
topics = Topics({ORDERS: settings.orders_topic})
queue = Queue(settings.queue, settings.dead_letter_queue)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> BatchResponse:
    return each_group(event, _read, follow, queue)


def follow(ticker: str, received: Sequence[Received[QuoteUpdate]]) -> None:
    """Judges a ticker's quotes, commits what becomes of the reference, and tells the engine."""
    outcome = _committed(ticker, [each.content for each in received])
    if outcome is None:
        for each in received:
            problem = Unprocessable("a ticker that is not traded here", {"ticker": ticker})
            queue.dead_letter(ticker, each.message_id, each.body, problem)
        return
    if outcome.told:
        last = outcome.reference.last
        command = QuoteChanged(last.command_id, ticker, last.quote)
        topics.publish(orders_messages(STAGE, PoolType.LIT, [command]))
    counts = {verdict.value: number for verdict, number in outcome.counts.items()}
    dropped = sum(outcome.counts.get(verdict, 0) for verdict in DROPPED)
    parked = outcome.counts.get(Verdict.OUTSIDE_BAND, 0)
    logger.info("quotes judged", extra={"ticker": ticker, "quotes": counts, "dropped": dropped, "parked": parked})


def _committed(ticker: str, updates: Sequence[QuoteUpdate]) -> Judged | None:
    """What becomes of these quotes, stored; None if the ticker is not traded here. If somebody else changes the
    reference meanwhile, they are judged by that.
    """
    while (before := reference_quotes.read(settings.trades_store, ticker)) is not None:
        outcome = judged(updates, before, clock.now(), parameters.market().limits.quote_band)
        unchanged = outcome.reference == before
        if unchanged or reference_quotes.replace(settings.trades_store, before, outcome.reference):
            return outcome
    return None


def _read(group: str, body: str) -> QuoteUpdate:
    update = quote_from(body)
    if update.ticker != group:
        raise Unprocessable(f"a quote of another ticker in the group {group}")
    return update
