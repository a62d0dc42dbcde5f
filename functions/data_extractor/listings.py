"""Questions about the tickers, the customers, and the session."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pages import Page, next_token, position_in
from queries import market_fields
from request import Request
from valuation import summary_fields

from trading.aws import clock
from trading.aws.store import dynamodb, items, keys
from trading.domain.accounts.settlement import COUNTRIES, value_date_in
from trading.domain.orders import CUSTOMER_ID, TICKER
from trading.domain.times import session_date, session_end

PER_PAGE = 500


class Listings:
    """The questions to one TradesStore. Each raises Refusal for what it cannot answer."""

    def __init__(self, table: str) -> None:
        self._table = table

    def tickers(self, request: Request) -> dict[str, Any]:
        """All tickers that are traded here, by name, each as `GET /tickers/{ticker}` shows it."""
        date = request.date("date") or session_date(clock.now())
        page = self._page(request, keys.TICKERS, TICKER)
        wanted = [
            key(ticker)
            for ticker in page.entries
            for key in (keys.quote, keys.book, lambda name: keys.ticker_day(name, date))
        ]
        stored_items: dict[str, dict[str, Any]] = defaultdict(dict)
        for item in dynamodb.get_many(self._table, wanted):
            stored_items[item["PK"]][item["SK"]] = item
        shown = [market_fields(each, date, stored_items[keys.quote(each)["PK"]]) for each in page.entries]
        return {"tickers": shown} | next_token(page.rest)

    def customers(self, request: Request) -> dict[str, Any]:
        """All customers, by id, with their money but not what their positions are worth."""
        page = self._page(request, keys.CUSTOMERS, CUSTOMER_ID)
        wanted = [keys.customer(customer_id) for customer_id in page.entries]
        accounts: Mapping[str, Any] = {item["PK"]: item for item in dynamodb.get_many(self._table, wanted)}
        shown = [
            {"customerId": customer_id} | summary_fields(accounts[key["PK"]])
            for customer_id, key in zip(page.entries, wanted, strict=True)
            if key["PK"] in accounts
        ]
        return {"customers": shown} | next_token(page.rest)

    def _page(self, request: Request, partition: str, form: re.Pattern[str]) -> Page:
        """A page of the names in a partition."""
        prefix = f"{partition}/"
        token = request.query.get("nextToken")
        start = position_in(token, prefix, re.compile(f"{prefix}{form.pattern}", re.ASCII))
        page = Page(request.limit(PER_PAGE))
        for name in items.listed_from(self._table, partition, start.key.removeprefix(prefix), page.limit + 1):
            if not page.add(prefix + name, [name]):
                break
        return page


def session(_: Request) -> dict[str, Any]:
    """The current session, and the value date of a trade made now, by country."""
    date = session_date(clock.now())
    return {
        "sessionDate": date,
        "state": "Open",
        "ends": session_end(date),
        "valueDates": {name: value_date_in(country, date) for name, country in COUNTRIES.items()},
    }
