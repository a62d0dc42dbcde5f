"""A ticker's day in TradesStore: sums are added to; the price range is compared and set."""

from collections.abc import Sequence
from typing import Any

from trading.aws import clock
from trading.aws.store import dynamodb, keys
from trading.aws.store.days import marker_item
from trading.domain.executions import ExecutionReports
from trading.domain.statistics import Range, Statistics, statistics_of

BOOKINGS_PER_TRANSACTION = 90


class Days:
    """The days of all tickers. Remembers the last price range of each, to save reads."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._ranges: dict[tuple[str, str], Range] = {}

    def count(self, ticker: str, date: str, bookings: Sequence[ExecutionReports], deadline: float) -> int:
        """Adds those bookings to the day that are not in it yet, and returns how many these were."""
        counted = 0
        for first in range(0, len(bookings), BOOKINGS_PER_TRANSACTION):
            distinct = {each.booking_id: each for each in bookings[first : first + BOOKINGS_PER_TRANSACTION]}
            counted += self._count(ticker, date, distinct, deadline)
        return counted

    def _count(self, ticker: str, date: str, new: dict[str, ExecutionReports], deadline: float) -> int:
        while new:
            seen = self._ranges.get((ticker, date))
            statistics = statistics_of(new.values())
            writes = [
                self._add(ticker, date, statistics, seen),
                *(dynamodb.put_new(self._table, marker_item(ticker, date, each, clock.now())) for each in new),
            ]
            try:
                dynamodb.transact(writes, deadline)
            except dynamodb.TransactionCanceled as canceled:
                self._learn(ticker, date, canceled.reasons[0])
                marked = zip(list(new), canceled.reasons[1:], strict=True)
                for booking_id in [booking_id for booking_id, reason in marked if reason.condition_failed]:
                    del new[booking_id]
                continue
            self._ranges[ticker, date] = statistics.range.including(seen)
            break
        return len(new)

    def _learn(self, ticker: str, date: str, reason: dynamodb.Reason) -> None:
        """Remembers the day's price range, if it was not as expected: another writer widened it, or this one did not
        know it.
        """
        if reason.condition_failed:
            self._ranges.pop((ticker, date), None)
            if reason.item:
                self._ranges[ticker, date] = Range(reason.item["high"], reason.item["low"])

    def _add(self, ticker: str, date: str, statistics: Statistics, seen: Range | None) -> dict[str, Any]:
        new = statistics.range.including(seen)
        names: dict[str, str] = {}
        values: dict[str, Any] = {":high": new.high, ":low": new.low}
        added = []
        for number, (name, amount) in enumerate(statistics.sums.items()):
            names[f"#n{number}"], values[f":v{number}"] = name, amount
            added.append(f"#n{number} :v{number}")
        condition = "attribute_not_exists(PK)"
        if seen:
            condition = "high = :seenHigh AND low = :seenLow"
            values |= {":seenHigh": seen.high, ":seenLow": seen.low}
        write = dynamodb.update(
            self._table,
            keys.ticker_day(ticker, date),
            f"SET high = :high, low = :low ADD {', '.join(added)}",
            condition,
            values,
        )
        write["Update"]["ExpressionAttributeNames"] = names
        return write
