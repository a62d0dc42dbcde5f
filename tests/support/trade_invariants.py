"""What must hold of the stored trades when all is quiet: each is once in the table, the archive and the statistics."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Protocol

from tests.support.account_invariants import Stores
from trading.aws.store import items
from trading.aws.store.days import DAY, day_in
from trading.aws.store.tape import trades_in
from trading.domain.executions import ExecutionReports, trades_of
from trading.domain.statistics import booked_trades, statistics_of


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
    yield from not_counted(stored)


def not_counted(stored: Archived) -> Iterator[str]:
    """Every ticker's day that does not have each trade of its bookings once, in its statistics and on its tape."""
    by_day: dict[tuple[str, str], list[ExecutionReports]] = defaultdict(list)
    for reports in map(items.reports_of, stored.items(sk="TRADE#")):
        if reports.counted:
            by_day[f"TICKER#{reports.ticker}", reports.date].append(reports)
    of_tickers = stored.items(pk="TICKER#")
    days = {(item["PK"], item["SK"]): day_in(item) for item in of_tickers if DAY in item}
    if days.keys() != by_day.keys():
        yield f"traded on {sorted(by_day)}, counted on {sorted(days)}"
    tapes: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for item in of_tickers:
        if item["SK"].startswith("TAPE#"):
            tapes[item["PK"], item["time"][:10]] += trades_in(item)
    for day in days.keys() & by_day.keys():
        statistics = statistics_of(booked_trades(by_day[day]))
        if days[day].statistics != statistics:
            yield f"{day} has {days[day].statistics}, its trades make {statistics}"
        printed = [len(tapes[day]), sum(each["quantity"] for each in tapes[day])]
        if printed != [statistics.total.trades, statistics.total.quantity]:
            yield f"{day} has {printed} trades and shares on its tape, its trades make {statistics.total}"
