"""Sends quotes into a system: now, or as they came in a recording."""

import time
from collections.abc import Callable, Sequence

from traffic.tick_quotes import TickQuote, TimedQuote

BATCH = 10
"""As many as SNS takes in a call."""
LONGEST_PAUSE = 0.25
"""Seconds between two looks at the clock."""
NANOSECONDS = 1_000_000_000

Send = Callable[[Sequence[TickQuote]], None]


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
            sleep(min(max(wait, 0.0), LONGEST_PAUSE))
            continue
        send([each.quote for each in quotes[sent:end]])
        sent = end
        told(sent)
