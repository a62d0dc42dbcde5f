"""Quotes, kept for a second."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
KEPT_SECONDS = 1.0
"""How long a quote is kept: about as long as a quote lasts in a market that moves. A market order's protection price
lags the quote by this at the most. The quote that an order keeps of its arrival is at most this old, plus the time of
the call that read it.
"""


class Quotes(Generic[Q]):
    """The quotes of a table, by ticker, as `read` returns them."""

    def __init__(self, table: str, read: Callable[[str, Sequence[str]], dict[str, Q]]) -> None:
        self._table = table
        self._read = read
        self._kept: dict[str, tuple[float, Q]] = {}

    def of(self, tickers: Iterable[str]) -> dict[str, Q]:
        """The quotes of those tickers that are known."""
        now = time.monotonic()
        wanted = set(tickers)
        stale = [ticker for ticker in wanted if ticker not in self._kept or self._kept[ticker][0] <= now]
        if stale:
            read = self._read(self._table, stale)
            self._kept |= {ticker: (now + KEPT_SECONDS, quote) for ticker, quote in read.items()}
            for ticker in set(stale) - set(read):
                self._kept.pop(ticker, None)
        return {ticker: self._kept[ticker][1] for ticker in wanted if ticker in self._kept}

    def of_one(self, ticker: str) -> Q | None:
        """A ticker's quote, None if it has none."""
        return self.of([ticker]).get(ticker)
