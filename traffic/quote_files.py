"""Files of quotes: which kind one is, read as a whole before anything of it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from traffic import csv_quotes, lobster
from traffic.tick_quotes import TimedQuote

FAR, WHOLE_PERCENT = 10, 100
"""Percent of the present midpoint; the band of the market document that comes with the system."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The quotes of a file, in their order. `left_out` counts rows without a quote of both sides."""

    quotes: Sequence[TimedQuote]
    left_out: int = 0

    @property
    def tickers(self) -> list[str]:
        return sorted({each.quote.ticker for each in self.quotes})

    @property
    def nanoseconds(self) -> int:
        """From the first quote to the last."""
        return self.quotes[-1].nanoseconds - self.quotes[0].nanoseconds

    def rebased(self, middles: dict[str, int]) -> "Recording":
        """The same, each ticker moved by whole ticks so that its first midpoint is this one, in half ticks.

        Raises ValueError, with the quote's time, where that would put a price below a tick.
        """
        ticks = {
            ticker: (middles[ticker] - middle) // 2 for ticker, middle in self._first().items() if ticker in middles
        }
        moved = []
        for number, each in enumerate(self.quotes, 1):
            try:
                quote = each.quote.moved(ticks.get(each.quote.ticker, 0))
            except ValueError as error:
                raise ValueError(
                    f"quote {number} of {each.quote.ticker}, moved to the market's price: {error}"
                ) from error
            moved.append(TimedQuote(each.nanoseconds, quote))
        return Recording(moved, self.left_out)

    def far_from(self, middles: dict[str, int]) -> list[str]:
        """The tickers whose first midpoint is more than FAR percent from this one."""
        return sorted(
            ticker
            for ticker, middle in self._first().items()
            if abs(middle - middles[ticker]) * WHOLE_PERCENT > middles[ticker] * FAR
        )

    def _first(self) -> dict[str, int]:
        """The first midpoint of each ticker."""
        first: dict[str, int] = {}
        for each in self.quotes:
            first.setdefault(each.quote.ticker, each.quote.middle)
        return first


def read(file: Path) -> Recording:
    """The quotes of a CSV file, or of LOBSTER's pair of files, of which `file` is either one.

    Raises ValueError with file, line and reason for anything else, OSError if a file cannot be read.
    """
    pair = lobster.pair_of(file)
    if pair is None:
        quotes, left_out = list(csv_quotes.read(file)), 0
    else:
        quotes, left_out = lobster.read(pair)
    if not quotes:
        raise ValueError(f"{file.name} has no quote")
    return Recording(quotes, left_out)
