"""A ticker's day in TradesStore, its bars, and the markers of the bookings that are in it.

The day's item has the last bar of each timeframe. A bar has an item of its own when one of a later time has begun: so a
booking writes one item for the day and all its bars.
"""

import datetime
import json
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import keys
from trading.domain.bars import Bar, Bars, latest
from trading.domain.messages.wire import compact
from trading.domain.statistics import Statistics
from trading.domain.times import iso

BARS = "bars"
"""The attribute of a day's item that has the last bars; days that were counted before there were bars have none."""


def day_item(ticker: str, date: str, statistics: Statistics, bars: Bars) -> dict[str, Any]:
    """The item of a day of which these statistics and bars are all that was counted."""
    prices = {"high": statistics.range.high, "low": statistics.range.low}
    return {**keys.ticker_day(ticker, date), **prices, **statistics.sums, BARS: packed(latest(bars))}


def bar_items(ticker: str, bars: Bars) -> Iterator[dict[str, Any]]:
    """The items of the bars that the day's item does not have."""
    last = latest(bars)
    for timeframe, found in bars.items():
        for start, bar in sorted(found.items()):
            if start not in last[timeframe]:
                yield {**keys.bar(ticker, timeframe, start), "bar": compact(_values(bar))}


def bar_of(item: Mapping[str, Any]) -> Bar:
    """The bar in an item of its own."""
    return _bar(json.loads(item["bar"]))


def packed(bars: Bars) -> bytes:
    """Bars as an attribute: the same bytes for the same bars."""
    values = {name: {start: _values(bar) for start, bar in found.items()} for name, found in bars.items()}
    return zlib.compress(compact(values).encode(), 9)


def bars_in(day: Mapping[str, Any]) -> dict[str, dict[str, Bar]]:
    """The bars in a day's item."""
    if BARS not in day:
        return {}
    found: Mapping[str, Mapping[str, Any]] = json.loads(zlib.decompress(day[BARS].value))
    return {name: {start: _bar(values) for start, values in bars.items()} for name, bars in found.items()}


def _values(bar: Bar) -> list[Any]:
    amounts = [f"{each:f}" for each in (bar.open, bar.high, bar.low, bar.close)]
    return [[*bar.first], [*bar.last], *amounts, bar.trades, bar.quantity, f"{bar.notional:f}"]


def _bar(values: Any) -> Bar:
    first, last, opened, high, low, closed, trades, quantity, notional = values
    prices = (Decimal(opened), Decimal(high), Decimal(low), Decimal(closed))
    return Bar(tuple(first), tuple(last), *prices, trades, quantity, Decimal(notional))


def marker_item(ticker: str, date: str, booking_id: str, now: datetime.datetime) -> dict[str, Any]:
    """Marks a booking as counted in the day, with the time."""
    midnight = datetime.datetime.fromisoformat(f"{date}T00:00:00Z")
    expires = midnight + datetime.timedelta(days=keys.COUNTED_DAYS)
    key = keys.counted_booking(ticker, date, booking_id)
    return {**key, "countedDate": iso(now), "expiresAt": int(expires.timestamp())}
