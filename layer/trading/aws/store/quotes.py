"""The reference quotes, kept for a few seconds."""

import time
from collections.abc import Iterable

from trading.aws.store import items
from trading.domain.orders import Quote

KEPT_SECONDS = 5.0
"""How long a quote is kept. A market order's protection price lags the quote by this at the most, which keeps it far
inside its collar.
"""


class Quotes:
    def __init__(self, table: str) -> None:
        self._table = table
        self._kept: dict[str, tuple[float, Quote]] = {}

    def of(self, tickers: Iterable[str]) -> dict[str, Quote]:
        """The reference quotes of those tickers that are known."""
        now = time.monotonic()
        wanted = set(tickers)
        stale = [ticker for ticker in wanted if ticker not in self._kept or self._kept[ticker][0] <= now]
        if stale:
            read = items.quotes(self._table, stale)
            self._kept |= {ticker: (now + KEPT_SECONDS, quote) for ticker, quote in read.items()}
            for ticker in set(stale) - set(read):
                self._kept.pop(ticker, None)
        return {ticker: self._kept[ticker][1] for ticker in wanted if ticker in self._kept}

    def of_one(self, ticker: str) -> Quote | None:
        """A ticker's reference quote, None if it has none."""
        return self.of([ticker]).get(ticker)
