"""What is seen while quotes are sent: a bar or a status on a terminal, a line now and then elsewhere, and in the end
what was sent, also after Ctrl-C.
"""

import time
from collections.abc import Sequence

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.console import console
from traffic.feed import NANOSECONDS, Feed, replay
from traffic.quote_files import Recording
from traffic.tick_quotes import TickQuote, shown
from traffic.traders.display import clock

LINE_SECONDS = 10.0
"""Between two lines off a terminal."""
MAX_NAMED = 5


def show_replay(recording: Recording, speed: int, feed: Feed) -> None:
    """Replays a recording into a feed."""
    total, first = len(recording.quotes), recording.quotes[0].nanoseconds
    length = recording.nanoseconds / NANOSECONDS
    console.print(
        f"{_count(total)} of {_named(recording.tickers)} over {clock(length)}, replayed in {clock(length / speed)}; "
        f"{recording.left_out:,} rows without a quote of both sides.",
        markup=False,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    next_line = time.monotonic() + LINE_SECONDS
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("quotes", total=total)

        def told(sent: int) -> None:
            nonlocal next_line
            position = clock((recording.quotes[sent - 1].nanoseconds - first) / NANOSECONDS)
            progress.update(bar, completed=sent, description=f"at {position}")
            if not console.is_terminal and time.monotonic() >= next_line:
                console.print(f"  at {position}: {sent:,} of {_count(total)} sent")
                next_line = time.monotonic() + LINE_SECONDS

        try:
            replay(recording.quotes, speed, feed.send, told)
        finally:
            progress.stop()
            console.print(f"{feed.sent:,} of {_count(total)} sent.")


class MarketView:
    """Shows a market that moves, at each wait for its next quotes. `seconds` is how long it moves, None for ever."""

    def __init__(self, feed: Feed, start: Sequence[TickQuote], seconds: float | None) -> None:
        self._feed = feed
        self._last = {quote.ticker: quote for quote in start}
        self._start = time.monotonic()
        self._end = None if seconds is None else self._start + seconds
        self._next_line = self._start + LINE_SECONDS

    def send(self, quotes: Sequence[TickQuote]) -> None:
        self._feed.send(quotes)
        self._last |= {quote.ticker: quote for quote in quotes}

    def wait(self, seconds: float) -> bool:
        """Waits, and says whether the time is up."""
        now = time.monotonic()
        if not console.is_terminal and now >= self._next_line:
            console.print(f"  {self.line()}", markup=False)
            self._next_line = now + LINE_SECONDS
        left = seconds if self._end is None else min(seconds, self._end - now)
        time.sleep(max(left, 0.0))
        return self._end is not None and time.monotonic() >= self._end

    def line(self) -> str:
        """How long, how many, and the last quotes of some tickers."""
        last = ", ".join(
            f"{quote.ticker} {shown(quote.bid)}/{shown(quote.ask)}" for quote in list(self._last.values())[:MAX_NAMED]
        )
        return f"{clock(time.monotonic() - self._start)}: {_count(self._feed.sent)} sent; {last}, …"


def _count(number: int) -> str:
    return f"{number:,} quote{'s' * (number != 1)}"


def _named(tickers: Sequence[str]) -> str:
    more = len(tickers) - MAX_NAMED
    return ", ".join(tickers[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
