"""Quotes of many tickers: reads them from the table, and keeps them for a second."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from trading.aws import clock
from trading.aws.store import dynamodb, keys
from trading.domain.quotes import DisplayedQuote, MarketQuote, Quote
from trading.domain.times import iso

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


def reference_of(item: Mapping[str, Any]) -> Quote:
    """The reference quote in a ticker's item. The first one, of the listing, has no time."""
    return Quote(item["bid"], item["ask"], item.get("time", ""))


def reference_quotes(table: str, tickers: Sequence[str]) -> dict[str, Quote]:
    """The reference quotes of those tickers that are known, read in one call per hundred."""
    items = dynamodb.get_many(table, [keys.quote(ticker) for ticker in tickers])
    return {keys.ticker_of(item): reference_of(item) for item in items}


def market_quotes(table: str, tickers: Sequence[str]) -> dict[str, MarketQuote]:
    """The reference quotes of those tickers that are known, with what the lit pools display. Both are read together, in
    one call for each fifty tickers. The time is that of the start of the read, which need not see the latest writes.
    """
    now = iso(clock.now())
    wanted = [key for ticker in tickers for key in (keys.quote(ticker), keys.book(ticker))]
    found = {(keys.ticker_of(item), item["SK"]): item for item in dynamodb.get_many(table, wanted)}
    return {
        ticker: MarketQuote(reference_of(item), _displayed(found.get((ticker, keys.BOOK)), item, now))
        for (ticker, kind), item in found.items()
        if kind == keys.QUOTE
    }


def _displayed(book: Mapping[str, Any] | None, reference: Mapping[str, Any], time: str) -> DisplayedQuote:
    best = reference if book is None else book["best"]
    sizes = (int(best[name]) if name in best else None for name in ("bidSize", "askSize"))
    return DisplayedQuote(time, best.get("bid"), best.get("ask"), *sizes)
