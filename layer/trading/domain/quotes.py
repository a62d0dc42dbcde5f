"""Quotes: a ticker's reference quote, what the lit pools display, and what becomes of quotes that the market sends.

A quote from the market is judged by the last one that was accepted:

- `crossed`: the bid is not below the ask. `not-positive`: a price is below one tick, or a side has no shares.
  `off-tick`: a price is not a whole number of ticks. Such quotes are dropped.
- `ahead`: its time is more than AHEAD after the clock. It is dropped: no later quote would be accepted until then.
- `late`: its time is not after that of the last quote. It is dropped, unless it is the last quote itself, which is
  `repeated` and has the same consequences again.
- `outside-band`: the midpoint is further from the last one than the market's band. The quote is parked: an operator is
  told and sees it. The first quote within the band, or one that a broker has confirmed, ends that. A confirmed quote
  may have any distance, so a real jump never locks a ticker.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from trading.domain import money
from trading.domain.ids import derived
from trading.domain.orders import Side
from trading.domain.times import iso

AHEAD = timedelta(seconds=5)
"""How far a sender's clock may be ahead of this one."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A ticker's reference bid and ask, USD a share, and the time of the quote; it is empty for a first quote, which
    comes with the listing of a ticker.
    """

    bid: Decimal
    ask: Decimal
    time: str = ""

    def reference(self, side: Side) -> Decimal:
        """The price at which the other side trades: a buyer pays the ask, a seller gets the bid."""
        return self.ask if side is Side.BUY else self.bid


@dataclass(frozen=True, slots=True)
class DisplayedQuote:
    """The best bid and ask that the lit pools displayed at `time`, USD a share, with their sizes in shares. A side that
    was empty is None. Before the first command in a ticker this is the reference quote, which has no sizes.
    """

    time: str
    bid: Decimal | None
    ask: Decimal | None
    bid_size: int | None = None
    ask_size: int | None = None


@dataclass(frozen=True, slots=True)
class MarketQuote:
    """The quotes of a ticker when an order arrives: the reference quote and the displayed one."""

    reference: Quote
    displayed: DisplayedQuote


class Verdict(StrEnum):
    """What becomes of a quote."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    CROSSED = "crossed"
    NOT_POSITIVE = "not-positive"
    OFF_TICK = "off-tick"
    AHEAD = "ahead"
    LATE = "late"
    OUTSIDE_BAND = "outside-band"


@dataclass(frozen=True, slots=True)
class QuoteUpdate:
    """A quote as a source sent it: prices in USD a share, sizes in shares, `time` when it was made. A broker has
    `confirmed` a quote that is outside of the band.
    """

    ticker: str
    bid: Decimal
    ask: Decimal
    bid_size: int
    ask_size: int
    time: str
    source: str
    confirmed: bool = False

    @property
    def midpoint(self) -> Decimal:
        return (self.bid + self.ask) / 2

    @property
    def quote(self) -> Quote:
        return Quote(money.on_tick(self.bid), money.on_tick(self.ask), self.time)

    @property
    def command_id(self) -> str:
        """The id of the command that tells the lit engine: the same however often the quote comes."""
        prices = f"{money.text(self.bid)}/{money.text(self.ask)}"
        return derived(f"quote of {self.ticker} at {self.time}", f"{prices} by {self.source}")

    def same(self, other: "QuoteUpdate") -> bool:
        """Whether it is the same quote, whoever confirmed it."""
        return replace(self, confirmed=False) == replace(other, confirmed=False)


@dataclass(frozen=True, slots=True)
class Parked:
    """The last quote that was outside of the band, since when such quotes come, and how many came."""

    quote: QuoteUpdate
    since: str
    count: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A ticker's reference quote, as its last accepted update, and what is parked. The first quote of a ticker comes
    with its listing: its `time` is empty, its sizes are 0.
    """

    last: QuoteUpdate
    parked: Parked | None = None


@dataclass(slots=True)
class Judged:
    """What becomes of a batch of quotes: the reference afterwards, whether the engine must be told of it, and how many
    quotes had each verdict.
    """

    reference: Reference
    told: bool = False
    counts: dict[Verdict, int] = field(default_factory=dict)


def judged(updates: Iterable[QuoteUpdate], reference: Reference, now: datetime, band: Decimal) -> Judged:
    """Judges quotes of one ticker, in their order, each by the last that was accepted before it."""
    outcome = Judged(reference)
    for update in updates:
        verdict = verdict_of(update, outcome.reference.last, now, band)
        outcome.counts[verdict] = outcome.counts.get(verdict, 0) + 1
        match verdict:
            case Verdict.ACCEPTED:
                outcome.reference, outcome.told = Reference(update), True
            case Verdict.REPEATED:
                outcome.told = True
            case Verdict.OUTSIDE_BAND:
                outcome.reference = replace(outcome.reference, parked=_parked(update, outcome.reference.parked))
    return outcome


def verdict_of(update: QuoteUpdate, last: QuoteUpdate, now: datetime, band: Decimal) -> Verdict:
    """What becomes of a quote after the `last` that was accepted. `band` is a fraction of the last midpoint."""
    if (fault := _fault(update)) is not None:
        return fault
    if update.time > iso(now + AHEAD):
        return Verdict.AHEAD
    if update.time <= last.time:
        return Verdict.REPEATED if update.same(last) else Verdict.LATE
    if not update.confirmed and abs(update.midpoint - last.midpoint) > last.midpoint * band:
        return Verdict.OUTSIDE_BAND
    return Verdict.ACCEPTED


def _fault(update: QuoteUpdate) -> Verdict | None:
    if min(update.bid, update.ask) < money.TICK or min(update.bid_size, update.ask_size) < 1:
        return Verdict.NOT_POSITIVE
    if update.bid % money.TICK or update.ask % money.TICK:
        return Verdict.OFF_TICK
    return Verdict.CROSSED if update.bid >= update.ask else None


def _parked(update: QuoteUpdate, before: Parked | None) -> Parked:
    """A late one that comes again is not after the last that was parked, and is not counted again."""
    if before is None:
        return Parked(update, update.time, 1)
    if update.time <= before.quote.time:
        return before
    return Parked(update, before.since, before.count + 1)
