"""A ticker's day in TradesStore, and its bars.

The day's item has its statistics and the last bar of each timeframe, compressed, so that what is counted together costs
one write of little more than a unit. A bar has an item of its own when one of a later time has begun.

A market message with a higher id than the `last` of its pool type is not counted. Any other is counted if it is on the
tape, or if it is `pending`: counted, and perhaps not on the tape yet.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from trading.aws.store import keys
from trading.aws.store.packed import pack, unpack
from trading.domain.bars import Bar, Bars, bars_of, latest, together
from trading.domain.messages.wire import compact
from trading.domain.statistics import Range, Statistics, TradeTally, printed_trades, statistics_of
from trading.domain.tape import Prints

DAY = "day"
"""The attribute that has a day's content."""
PENDING = "pending"
"""The attribute of a day's item that has the ids of what is pending, one after the other."""

OLD_BARS = "bars"
"""The attribute of a day's item of before, that has its last bars. Its sums are attributes like `total:trades`."""

ID_BYTES = 16
FIELDS = TradeTally.__slots__


@dataclass(frozen=True, slots=True)
class Day:
    """What is counted of a ticker's day: its statistics, its last bars, and by pool type the highest id of a market
    message.
    """

    statistics: Statistics
    bars: Bars
    last: Mapping[str, str]

    def is_behind(self, prints: Prints) -> bool:
        """Whether the prints may have been counted: their message is not beyond the last one."""
        return prints.update_id <= self.last.get(prints.pool, "")


def counted(tape: Collection[Prints], before: Day | None = None, stored: Bars | None = None) -> tuple[Day, Bars]:
    """The day with these prints, at least one, after what was counted `before`; and the bars that change, whole, if
    `stored` are those of them that have items of their own.
    """
    bars = together(together(before.bars if before else {}, stored or {}), bars_of(tape))
    statistics = statistics_of(printed_trades(tape))
    last = dict(before.last) if before else {}
    for prints in tape:
        last[prints.pool.value] = max(prints.update_id, last.get(prints.pool, ""))
    return Day(statistics + before.statistics if before else statistics, latest(bars), last), bars


def day_item(ticker: str, date: str, day: Day, pending: Iterable[str] = ()) -> dict[str, Any]:
    """The item of a day."""
    ids = b"".join(UUID(each).bytes for each in sorted(pending))
    return {**keys.ticker_day(ticker, date), DAY: _packed(day), PENDING: ids or None}


def day_in(item: Mapping[str, Any]) -> Day:
    """The day in its item."""
    if DAY not in item:
        return _old_day(item)
    content = unpack(item, DAY)
    high, low = map(Decimal, content["range"])
    exchanges, pools = ({name: _tally(each) for name, each in content[name].items()} for name in ("exchange", "pool"))
    bars = {name: {start: _bar(values) for start, values in found.items()} for name, found in content["bars"].items()}
    return Day(Statistics(_tally(content["total"]), Range(high, low), exchanges, pools), bars, content["last"])


def pending_in(item: Mapping[str, Any]) -> frozenset[str]:
    """The ids of what is pending in a day's item."""
    ids = item[PENDING].value if PENDING in item else b""
    return frozenset(str(UUID(bytes=ids[at : at + ID_BYTES])) for at in range(0, len(ids), ID_BYTES))


def day_fields(item: Mapping[str, Any]) -> dict[str, Any]:
    """The sums of a day by their names, and its highest and lowest price."""
    statistics = day_in(item).statistics
    return {**statistics.sums, "high": statistics.range.high, "low": statistics.range.low}


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


def bars_in(item: Mapping[str, Any]) -> Bars:
    """The bars in a day's item."""
    return day_in(item).bars


def _packed(day: Day) -> bytes:
    """A day as an attribute: the same bytes for the same day."""
    statistics = day.statistics
    content = {
        "total": _amounts(statistics.total),
        "range": [f"{statistics.range.high:f}", f"{statistics.range.low:f}"],
        "exchange": {name: _amounts(each) for name, each in sorted(statistics.by_exchange.items())},
        "pool": {name: _amounts(each) for name, each in sorted(statistics.by_pool.items())},
        "last": dict(sorted(day.last.items())),
        "bars": {name: {start: _values(bar) for start, bar in found.items()} for name, found in day.bars.items()},
    }
    return pack(content)


def _amounts(tally: TradeTally) -> list[Any]:
    return [tally.trades, tally.quantity, f"{tally.notional:f}"]


def _tally(amounts: Any) -> TradeTally:
    trades, quantity, notional = amounts
    return TradeTally(int(trades), int(quantity), Decimal(notional))


def _values(bar: Bar) -> list[Any]:
    amounts = [f"{each:f}" for each in (bar.open, bar.high, bar.low, bar.close)]
    return [[*bar.first], [*bar.last], *amounts, bar.trades, bar.quantity, f"{bar.notional:f}"]


def _bar(values: Any) -> Bar:
    first, last, opened, high, low, closed, trades, quantity, notional = values
    prices = (Decimal(opened), Decimal(high), Decimal(low), Decimal(closed))
    return Bar(tuple(first), tuple(last), *prices, trades, quantity, Decimal(notional))


def _old_day(item: Mapping[str, Any]) -> Day:
    """A day that was counted by bookings: it says of no market message whether it is counted."""
    tallies: dict[str, dict[str, TradeTally]] = {"total": {}, "exchange": {}, "pool": {}}
    for kind, _, name in {name.rpartition(":")[0].partition(":") for name in item if ":" in name}:
        prefix = f"{kind}:{name}" if name else kind
        tallies[kind][name] = _tally([item[f"{prefix}:{field}"] for field in FIELDS])
    statistics = Statistics(
        tallies["total"][""], Range(item["high"], item["low"]), tallies["exchange"], tallies["pool"]
    )
    found = unpack(item, OLD_BARS) if OLD_BARS in item else {}
    bars = {name: {start: _bar(values) for start, values in each.items()} for name, each in found.items()}
    return Day(statistics, bars, {})
