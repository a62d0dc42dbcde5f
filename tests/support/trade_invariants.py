"""What must hold of the stored trades when all is quiet: each is once in the table, the archive and the statistics."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Protocol

from tests.support.account_invariants import Stores
from trading.aws.store import items
from trading.domain.executions import ExecutionReports, trades_of
from trading.domain.statistics import TradeTally, statistics_of


class Archived(Stores, Protocol):
    """Tables and the archive."""

    def archived(self) -> list[dict[str, Any]]:
        """The trades of the archive."""
        ...


def mistakes(stored: Archived) -> Iterator[str]:
    """Every trade that is not once in each."""
    bookings = [(item, items.reports_of(item)) for item in stored.items(sk="TRADE#")]
    booked = [trade for item, reports in bookings for trade in trades_of(reports, item["settlementDate"])]
    archived = stored.archived()
    twice = [trade for trade, times in Counter(trade["tradeId"] for trade in booked).items() if times > 1]
    yield from (f"trade {trade} is booked twice" for trade in twice)
    if sorted(booked, key=str) != sorted(archived, key=str):
        yield f"{len(booked)} trades are booked, {len(archived)} archived, and they differ"
    by_day: dict[tuple[str, str], list[ExecutionReports]] = defaultdict(list)
    for reports in (each for _, each in bookings if each.counted):
        by_day[f"TICKER#{reports.ticker}", reports.date].append(reports)
    days = {(item["PK"], item["SK"]): item for item in stored.items(pk="TICKER#") if "total:trades" in item}
    if days.keys() != by_day.keys():
        yield f"traded on {sorted(by_day)}, counted on {sorted(days)}"
    for day in days.keys() & by_day.keys():
        statistics = statistics_of(by_day[day])
        counted = TradeTally(*(days[day][f"total:{name}"] for name in TradeTally.__slots__))
        prices = (days[day]["high"], days[day]["low"])
        if (counted, prices) != (statistics.total, (statistics.range.high, statistics.range.low)):
            yield f"{day} has {counted} at {prices}, its trades make {statistics}"
