"""A ticker's bars: what was traded in each minute, five minutes, hour and day. Bars can be added in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from trading.domain import money
from trading.domain.tape import Print, Prints

Place = tuple[str, str, int]
"""Where a print stands on its ticker's tape: its time, the id of its message, and its number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Prices are USD a share, `notional` is USD, exact. `first` and `last` are the places of the prints that opened and
    closed the bar.
    """

    first: Place
    last: Place
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    trades: int
    quantity: int
    notional: Decimal

    def __add__(self, other: "Bar") -> "Bar":
        opens, closes = min(self, other, key=_first), max(self, other, key=_last)
        return Bar(
            opens.first, closes.last, opens.open, max(self.high, other.high), min(self.low, other.low), closes.close,
            self.trades + other.trades, self.quantity + other.quantity, self.notional + other.notional,
        )  # fmt: skip


def _first(bar: Bar) -> Place:
    return bar.first


def _last(bar: Bar) -> Place:
    return bar.last


MINUTES = {"1m": 1, "5m": 5, "1h": 60, "1d": 1440}
"""The timeframes, and how many minutes each has. A day is a UTC day."""

Bars = Mapping[str, Mapping[str, Bar]]
"""Bars by timeframe and start."""


def start_of(timeframe: str, time: str) -> str:
    """When the bar begins that has this time, to the minute: `2026-11-22T14:30`."""
    minute = int(time[11:13]) * 60 + int(time[14:16])
    begun = minute - minute % MINUTES[timeframe]
    return f"{time[:10]}T{begun // 60:02}:{begun % 60:02}"


def bars_of(tape: Iterable[Prints]) -> dict[str, dict[str, Bar]]:
    """The bars that the prints of one ticker make."""
    found: dict[str, dict[str, Bar]] = {timeframe: {} for timeframe in MINUTES}
    for prints in tape:
        if prints.prints:
            bar = _bar_of(prints)
            for timeframe, bars in found.items():
                start = start_of(timeframe, prints.time)
                bars[start] = bars[start] + bar if start in bars else bar
    return found


def _bar_of(prints: Prints) -> Bar:
    """What one message printed, at least one trade. All of it has the same time, so it is in the same bars."""
    first, last = min(prints.prints, key=_number), max(prints.prints, key=_number)
    prices = [each.price for each in prints.prints]
    return Bar(
        (prints.time, prints.update_id, first.number), (prints.time, prints.update_id, last.number),
        first.price, max(prices), min(prices), last.price,
        len(prices), sum(each.quantity for each in prints.prints),
        sum((each.turnover for each in prints.prints), money.ZERO),
    )  # fmt: skip


def _number(each: Print) -> int:
    return each.number


def together(one: Bars, other: Bars) -> dict[str, dict[str, Bar]]:
    """All bars of both; those of the same time are added."""
    found = {timeframe: dict(one.get(timeframe, {})) for timeframe in MINUTES}
    for timeframe, bars in other.items():
        for start, bar in bars.items():
            found[timeframe][start] = found[timeframe][start] + bar if start in found[timeframe] else bar
    return found


def latest(bars: Bars) -> dict[str, dict[str, Bar]]:
    """The last bar of each timeframe: it may still change often, the others hardly ever."""
    return {timeframe: {max(found): found[max(found)]} for timeframe, found in bars.items() if found}
