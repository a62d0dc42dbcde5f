"""Quotes in whole ticks, as sources make or read them."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class TickQuote:
    """What a source says of a ticker: best bid and ask in ticks of 0.01 USD, and their shares.

    Raises ValueError, in words, for what no market shows: a price below a tick, a crossed or locked quote, a side
    without shares.
    """

    ticker: str
    bid: int
    ask: int
    bid_size: int
    ask_size: int

    def __post_init__(self) -> None:
        if self.bid < 1:
            raise ValueError(f"the bid is {self.bid} ticks, the least is 1")
        if self.ask <= self.bid:
            kind = "locked" if self.ask == self.bid else "crossed"
            raise ValueError(f"the quote is {kind}: bid {shown(self.bid)}, ask {shown(self.ask)}")
        if min(self.bid_size, self.ask_size) < 1:
            raise ValueError(f"a size is below 1: bid {self.bid_size}, ask {self.ask_size}")

    @property
    def middle(self) -> int:
        """The midpoint in half ticks."""
        return self.bid + self.ask

    def moved(self, ticks: int) -> Self:
        """The same, so many ticks higher."""
        return replace(self, bid=self.bid + ticks, ask=self.ask + ticks)


@dataclass(frozen=True, slots=True)
class TimedQuote:
    """A quote, and when it was: nanoseconds since a source's own beginning."""

    nanoseconds: int
    quote: TickQuote


def shown(ticks: int) -> str:
    """A price in USD, with two decimals."""
    sign, cents = "-" * (ticks < 0), abs(ticks)
    return f"{sign}{cents // 100}.{cents % 100:02}"
