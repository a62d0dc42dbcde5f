"""A ticker's day in TradesStore: sums are added to; the price range and the bars are compared and set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trading.aws import clock
from trading.aws.store import dynamodb, keys
from trading.aws.store.days import BARS, bar_items, bar_of, bars_in, marker_item, packed
from trading.domain.bars import Bar, Bars, bars_of, latest, together
from trading.domain.executions import ExecutionReports
from trading.domain.statistics import Range, Statistics, statistics_of

BOOKINGS_PER_TRANSACTION = 24
"""Each may be of a minute, five minutes and an hour of its own: with its marker that is four writes, of a hundred."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a day: nobody else has counted as long as it is so. `stored` are the bars as they are stored; a
    day that was counted before there were bars has none.
    """

    range: Range
    bars: Bars = field(default_factory=dict)
    stored: bytes | None = None


class Days:
    """The days of all tickers. Remembers what it last saw of each, to save reads."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._days: dict[tuple[str, str], Seen] = {}

    def count(self, ticker: str, date: str, bookings: Sequence[ExecutionReports], deadline: float) -> int:
        """Adds those bookings to the day that are not in it yet, and returns how many these were."""
        counted = 0
        for first in range(0, len(bookings), BOOKINGS_PER_TRANSACTION):
            distinct = {each.booking_id: each for each in bookings[first : first + BOOKINGS_PER_TRANSACTION]}
            counted += self._count(ticker, date, distinct, deadline)
        return counted

    def _count(self, ticker: str, date: str, new: dict[str, ExecutionReports], deadline: float) -> int:
        while new:
            seen = self._days.get((ticker, date))
            statistics = statistics_of(new.values())
            bars = self._bars(ticker, seen.bars if seen else {}, bars_of(new.values()))
            now = Seen(statistics.range.including(seen.range if seen else None), latest(bars), packed(latest(bars)))
            writes = [
                self._add(ticker, date, statistics, seen, now),
                *(dynamodb.put_new(self._table, marker_item(ticker, date, each, clock.now())) for each in new),
                *(dynamodb.put(self._table, item) for item in bar_items(ticker, bars)),
            ]
            try:
                dynamodb.transact(writes, deadline)
            except dynamodb.TransactionCanceled as canceled:
                self._learn(ticker, date, canceled.reasons[0])
                marked = zip(list(new), canceled.reasons[1:], strict=False)
                for booking_id in [booking_id for booking_id, reason in marked if reason.condition_failed]:
                    del new[booking_id]
                continue
            self._days[ticker, date] = now
            break
        return len(new)

    def _bars(self, ticker: str, seen: Bars, new: Bars) -> dict[str, dict[str, Bar]]:
        """The bars that change, whole: the new ones with what was counted in them before. What is earlier than the last
        bar of its timeframe has an item of its own, if anything was traded then. That is read, and nobody changes it
        unless the day changes, too.
        """
        late = {
            timeframe: [start for start in bars if start < max(seen.get(timeframe, {}), default="")]
            for timeframe, bars in new.items()
        }
        stored: dict[str, dict[str, Bar]] = {timeframe: {} for timeframe in late}
        for timeframe, starts in late.items():
            for start in starts:
                if item := dynamodb.get(self._table, keys.bar(ticker, timeframe, start)):
                    stored[timeframe][start] = bar_of(item)
        return together(together(seen, stored), new)

    def _learn(self, ticker: str, date: str, reason: dynamodb.Reason) -> None:
        """Remembers the day as it is, if it was not as expected: another writer changed it, or this one did not know
        it.
        """
        if reason.condition_failed:
            self._days.pop((ticker, date), None)
            if reason.item:
                self._days[ticker, date] = _seen(reason.item)

    def _add(self, ticker: str, date: str, statistics: Statistics, seen: Seen | None, now: Seen) -> dict[str, Any]:
        names: dict[str, str] = {}
        values: dict[str, Any] = {":high": now.range.high, ":low": now.range.low, ":bars": now.stored}
        added = []
        for number, (name, amount) in enumerate(statistics.sums.items()):
            names[f"#n{number}"], values[f":v{number}"] = name, amount
            added.append(f"#n{number} :v{number}")
        condition = "attribute_not_exists(PK)"
        if seen:
            condition = f"high = :seenHigh AND low = :seenLow AND attribute_not_exists({BARS})"
            values |= {":seenHigh": seen.range.high, ":seenLow": seen.range.low}
            if seen.stored is not None:
                condition = f"high = :seenHigh AND low = :seenLow AND {BARS} = :seenBars"
                values[":seenBars"] = seen.stored
        write = dynamodb.update(
            self._table,
            keys.ticker_day(ticker, date),
            f"SET high = :high, low = :low, {BARS} = :bars ADD {', '.join(added)}",
            condition,
            values,
        )
        write["Update"]["ExpressionAttributeNames"] = names
        return write


def _seen(day: Mapping[str, Any]) -> Seen:
    stored = day[BARS].value if BARS in day else None
    return Seen(Range(day["high"], day["low"]), bars_in(day), stored)
