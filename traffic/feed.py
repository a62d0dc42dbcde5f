"""Sends quotes into a stack: as a market moves, or as they came in a recording."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from ops.console import Failure
from trading.aws import clock
from trading.aws.messaging.topics import PublishFailed, Topics
from trading.domain import money
from trading.domain.messages.quotes import QUOTES, quote_message
from trading.domain.quotes import QuoteUpdate
from trading.domain.times import iso
from traffic.tick_quotes import TickQuote, TimedQuote

BATCH = 10
"""As many as SNS takes in a call."""
MAX_PAUSE = 0.25
"""Seconds between two looks at the clock of a recording."""
NANOSECONDS = 1_000_000_000
MILLISECOND = timedelta(milliseconds=1)

Send = Callable[[Sequence[TickQuote]], None]
Wait = Callable[[float], bool]
"""Waits for so many seconds, and says whether it is all over."""


class Feed:
    """Sends quotes to a Quotes topic, under the name of a source. The time of a quote is that of its sending: one that
    is not after the last of its ticker would be late.
    """

    def __init__(self, topic_arn: str, source: str) -> None:
        self._topics = Topics({QUOTES: topic_arn})
        self._source = source
        self._last: dict[str, datetime] = {}
        self.sent = 0

    def send(self, quotes: Sequence[TickQuote]) -> None:
        """Sends up to BATCH quotes in a call. Raises Failure if SNS does not take all of them."""
        now = clock.now()
        try:
            self._topics.publish([quote_message(self._update(quote, now)) for quote in quotes])
        except PublishFailed as error:
            raise Failure(f"SNS did not take the quotes: {error}") from error
        self.sent += len(quotes)

    def _update(self, quote: TickQuote, now: datetime) -> QuoteUpdate:
        after = self._last.get(quote.ticker)
        time = now if after is None else max(now, after + MILLISECOND)
        self._last[quote.ticker] = time
        bid, ask = (_price(ticks) for ticks in (quote.bid, quote.ask))
        return QuoteUpdate(quote.ticker, bid, ask, quote.bid_size, quote.ask_size, iso(time), self._source)


def replay(
    quotes: Sequence[TimedQuote],
    speed: int,
    send: Send,
    told: Callable[[int], None],
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Sends quotes in batches, `speed` times as fast as they came, and tells after each batch how many are sent. What
    is due at the same time goes together; if sending takes longer than there is time, nothing is left out.
    """
    start, first, sent = now(), quotes[0].nanoseconds, 0
    while sent < len(quotes):
        passed = int((now() - start) * NANOSECONDS) * speed
        end = sent
        while end < min(sent + BATCH, len(quotes)) and quotes[end].nanoseconds - first <= passed:
            end += 1
        if end == sent:
            wait = (quotes[sent].nanoseconds - first - passed) / speed / NANOSECONDS
            sleep(min(max(wait, 0.0), MAX_PAUSE))
            continue
        send([each.quote for each in quotes[sent:end]])
        sent = end
        told(sent)


def move(
    steps: Iterable[Sequence[TickQuote]],
    every: float,
    at_once: int,
    send: Send,
    wait: Wait,
    *,
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Sends the quotes of a step every so many seconds, `at_once` in a call and the calls evenly over the step, until
    `wait` says that it is over. A step that is late is not made up for.
    """
    start = now()
    for step in steps:
        parts = [step[first : first + at_once] for first in range(0, len(step), at_once)] or [()]
        for number, part in enumerate(parts):
            if wait(max(start + every * number / len(parts) - now(), 0.0)):
                return
            if part:
                send(part)
        start = max(start + every, now())


def _price(ticks: int) -> Decimal:
    return ticks * money.TICK
