"""Questions about what was traded in a ticker: its bars and its tape."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from pages import Page, next_token, position_in
from request import Request

from trading.aws import clock
from trading.aws.store import directory, dynamodb, keys
from trading.aws.store.days import bar_of, bars_in
from trading.aws.store.tape import trades_in
from trading.domain import money
from trading.domain.bars import MINUTES, Bar
from trading.domain.errors import Refusal
from trading.domain.statistics import average_price
from trading.domain.times import checked_date, checked_second, iso, session_date

BARS_PER_PAGE = 500
PRINTS_PER_PAGE = 500
DAYS_AT_ONCE = 20
A_DAY = "1d"
DAYS_BACK = 365
"""For how many days the bars of days are shown, if no `from` is given."""
START = r"\d{4}-\d\d-\d\dT\d\d:\d\d"
TAPE_KEY = re.compile(rf"{keys.TAPE}{keys.UUID}", re.ASCII)

Named = tuple[str, Bar]
"""A bar and when it begins."""


class MarketData:
    """The questions to one TradesStore. Each raises Refusal for what it cannot answer."""

    def __init__(self, table: str) -> None:
        self._table = table

    def bars(self, request: Request) -> dict[str, Any]:
        """A ticker's bars of a timeframe that begin at `from` or later, and before `to`, the oldest first."""
        ticker, timeframe = request.path["ticker"], request.one_of("timeframe", tuple(MINUTES), "1m")
        before = _minute(request, "to") or "3"
        first = _minute(request, "from") or _default(timeframe)
        prefix = keys.bar(ticker, timeframe, "")["SK"]
        start = position_in(request.query.get("nextToken"), prefix, re.compile(prefix + START, re.ASCII))
        page = Page(request.limit(BARS_PER_PAGE))
        found = self._between(ticker, timeframe, max(first, start.key.removeprefix(prefix)), before, page.limit + 1)
        for begun, bar in islice(found, page.limit + 1):
            page.add(prefix + begun, [_shown(begun, bar)])
        if not page.entries:
            self._require_traded(ticker)
        return {"ticker": ticker, "timeframe": timeframe, "bars": page.entries} | next_token(page.rest)

    def trades(self, request: Request) -> dict[str, Any]:
        """A ticker's tape, the newest first; a page may end inside what one commit put there."""
        ticker = request.path["ticker"]
        start = position_in(request.query.get("nextToken"), keys.TAPE, TAPE_KEY)
        page = Page(request.limit(PRINTS_PER_PAGE))
        highest = f"{keys.TAPE}~" if start.key == keys.TAPE else start.key
        for item in self._query(ticker, keys.TAPE, highest, page.limit + 1, last_first=True):
            skipped = start.offset if item["SK"] == start.key else 0
            if not page.add(item["SK"], trades_in(item)[::-1], skipped):
                break
        if not page.entries:
            self._require_traded(ticker)
        return {"ticker": ticker, "trades": page.entries} | next_token(page.rest)

    def _between(self, ticker: str, timeframe: str, first: str, before: str, at_once: int) -> Iterator[Named]:
        """The bars in their order, read as far as the caller asks: those with items of their own, and between them the
        last of each day.
        """
        lowest, highest = (keys.bar(ticker, timeframe, start)["SK"] for start in (first, before))
        last = (
            (start, bar)
            for day in self._query(ticker, first[:10], before[:10], DAYS_AT_ONCE)
            for start, bar in bars_in(day).get(timeframe, {}).items()
            if first <= start < before
        )
        if timeframe == A_DAY:
            return last
        stored = self._query(ticker, lowest, highest, at_once)
        others = ((item["SK"].rpartition("#")[2], bar_of(item)) for item in stored)
        return merge((each for each in others if each[0] < before), last, key=lambda named: named[0])

    def _query(
        self, ticker: str, lowest: str, highest: str, at_once: int, *, last_first: bool = False
    ) -> Iterator[dict[str, Any]]:
        if lowest > highest:
            return iter(())  # DynamoDB refuses an empty range
        return dynamodb.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "PK = :pk AND SK BETWEEN :lowest AND :highest",
                "ExpressionAttributeValues": dynamodb.to_item(
                    {":pk": keys.quote(ticker)["PK"], ":lowest": lowest, ":highest": highest}
                ),
                "ScanIndexForward": not last_first,
                "Limit": at_once,
            }
        )

    def _require_traded(self, ticker: str) -> None:
        if not directory.is_traded(self._table, ticker):
            raise Refusal("not-found", f"{ticker} is not traded here.")


def _default(timeframe: str) -> str:
    """Where bars begin if no `from` is given: today, or a year ago."""
    now = clock.now()
    return session_date(now - timedelta(days=DAYS_BACK) if timeframe == A_DAY else now)


def _minute(request: Request, name: str) -> str | None:
    """A date or a time of the query, to the minute at which the first bar may begin. Raises Refusal for all else."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        if "T" not in text:
            return checked_date(text)
        exact = datetime.fromisoformat(checked_second(text))
    except ValueError as error:
        raise Refusal(
            "invalid-parameter", f"{name} is a date like 2026-11-22 or a time like 2026-11-22T14:30:00Z."
        ) from error
    whole = exact.replace(second=0) + timedelta(minutes=1 if exact.second else 0)
    return iso(whole)[:16]


def _shown(begun: str, bar: Bar) -> Mapping[str, Any]:
    prices = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close}
    return {
        "time": f"{begun}:00.000Z",
        **{name: money.price_text(price) for name, price in prices.items()},
        "quantity": bar.quantity,
        "averagePrice": f"{average_price(bar.notional, bar.quantity)}",
        "trades": bar.trades,
    }
