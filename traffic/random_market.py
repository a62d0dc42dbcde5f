"""A market that moves by chance: the same seed and the same start give the same quotes, on every machine.

The midpoint of each ticker is its start plus a displacement. A step adds a normal draw, half of whose variance is the
whole market's and half the ticker's own, and takes back a part of the displacement (an Ornstein-Uhlenbeck process). So
tickers move together, and no price goes far from where it started. Everything is an integer: no rounding of a machine
or a library can make two runs differ.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt

from traffic.tick_quotes import TickQuote

WHOLE = 1_000_000_000
"""Displacements are in billionths of the price at the start."""
MOST = WHOLE // 50
"""The farthest displacement, 2 %: the least and the greatest quote of a ticker are within any band of 4 % or more."""
RETURN_MILLISECONDS = 3_600_000
"""The time in which a displacement would be gone if it went on going back as fast as at first."""
YEAR_MILLISECONDS = 252 * 23_400_000
"""A year's trading: 252 days of six and a half hours."""
PERCENT = WHOLE // 100
UNIT, DRAWS, BITS = 1 << 16, 12, 16
"""The standard deviation of a draw: the sum of twelve numbers of 16 bits each, less their mean, is nearly normal."""
ROOT_OF_HALF = 46_341
"""The root of a half, in UNITs."""
RENEWED = 4
"""One step in so many gives a ticker another spread, and one in so many other sizes."""
LOT, MAX_LOTS = 100, 20


@dataclass(slots=True)
class _Ticker:
    start: TickQuote
    quote: TickQuote
    displacement: int = 0


def quotes(start: Sequence[TickQuote], seed: int, step_milliseconds: int, volatility: int) -> Iterator[list[TickQuote]]:
    """Of each step, without end, the quotes that changed. `volatility` is in percent a year, as the field gives it."""
    draws = random.Random(seed)  # noqa: S311 # a market for play
    sigma = isqrt((volatility * PERCENT) ** 2 * step_milliseconds // YEAR_MILLISECONDS)
    tickers = [_Ticker(each, each) for each in sorted(start, key=lambda each: each.ticker)]
    while True:
        common = _normal(draws)
        changed = []
        for each in tickers:
            _displace(each, sigma * (common + _normal(draws)), step_milliseconds)
            if (quote := _quote(each, draws)) != each.quote:
                each.quote = quote
                changed.append(quote)
        yield changed


def _normal(draws: random.Random) -> int:
    """A normal draw, in UNITs."""
    return sum(draws.getrandbits(BITS) for _ in range(DRAWS)) - DRAWS * (UNIT - 1) // 2


def _displace(ticker: _Ticker, shock: int, milliseconds: int) -> None:
    back = ticker.displacement * min(milliseconds, RETURN_MILLISECONDS) // RETURN_MILLISECONDS
    moved = ticker.displacement - back + shock * ROOT_OF_HALF // UNIT**2
    ticker.displacement = max(-MOST, min(MOST, moved))


def _quote(ticker: _Ticker, draws: random.Random) -> TickQuote:
    before, usual = ticker.quote, ticker.start.ask - ticker.start.bid
    spread, sizes = before.ask - before.bid, (before.bid_size, before.ask_size)
    if not draws.randrange(RENEWED):
        width = max(1, usual // 4)
        spread = max(1, usual - width + draws.randrange(2 * width + 1))
    if not draws.randrange(RENEWED):
        sizes = (LOT * (1 + draws.randrange(MAX_LOTS)), LOT * (1 + draws.randrange(MAX_LOTS)))
    middle = ticker.start.middle * (WHOLE + ticker.displacement) // WHOLE
    bid = max(1, (middle - spread) // 2)
    return TickQuote(ticker.start.ticker, bid, bid + spread, *sizes)
