"""Questions about the tickers, the customers, the session, and who asks."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from pages import Page, next_token, position_in
from request import Request
from tickers import market_fields
from valuation import summary_fields

from trading.aws import clock
from trading.aws.store import directory, displayed_book, dynamodb, keys
from trading.aws.stream_address import stream_url
from trading.domain.accounts.settlement import COUNTRIES, value_date_in
from trading.domain.hours import OpeningHours, Rule
from trading.domain.market import Market
from trading.domain.orders import CUSTOMER_ID, TICKER, PoolType
from trading.domain.session_rules import Phase
from trading.domain.times import iso, session_date, session_end

PER_PAGE = 500


class Listings:
    """The questions to one TradesStore. Each raises Refusal for what it cannot answer. `stream_address` is that of the
    WebSocket API.
    """

    def __init__(self, table: str, market: Callable[[], Market], stream_address: str) -> None:
        self._table = table
        self._market = market
        self._stream_address = stream_address

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
        for name in directory.listed_from(self._table, partition, start.key.removeprefix(prefix), page.limit + 1):
            if not page.add(prefix + name, [name]):
                break
        return page

    def session(self, _: Request) -> dict[str, Any]:
        """The session that an order of now belongs to, by the hours of the lit pools; the hours of each pool type;
        the value date of a trade made now, by country; and where live updates are sent.
        """
        now = iso(clock.now())
        hours = self._market().hours
        lit = hours[PoolType.LIT]
        shown = {pool.value: self._hours(hours[pool], now) for pool in PoolType}
        ends = lit.next_closing(now) or (session_end(now[:10]) if lit.rule is Rule.ALWAYS else None)
        return {
            "sessionDate": now[:10],
            "state": shown[PoolType.LIT.value]["state"],
            **({"ends": ends} if ends else {}),
            "hours": shown,
            "valueDates": {name: value_date_in(country, now[:10]) for name, country in COUNTRIES.items()},
            "streamUrl": stream_url(self._stream_address),
        }

    def _hours(self, hours: OpeningHours, now: str) -> dict[str, str]:
        """What opening hours say now, and when they begin and end next."""
        says = hours.at(now)
        if says.by_clock:
            state = Phase.CLOSED if says.opened is None else Phase.OPEN
        else:
            state = self._state() if says.has_auctions else Phase.OPEN
        shown = {"hours": str(hours), "state": state.value}
        times = {"opens": hours.next_opening(now), "closes": hours.next_closing(now)}
        return shown | {name: time for name, time in times.items() if time}

    def _state(self) -> Phase:
        """The state of a market that commands open and close, all tickers at once: that of the first ticker."""
        first = next(iter(directory.listed_from(self._table, keys.TICKERS, "", 1)), None)
        book = dynamodb.get(self._table, keys.book(first)) if first else None
        return Phase(displayed_book.depth_of(book).get("session", Phase.OPEN)) if book else Phase.OPEN


def caller(request: Request) -> dict[str, str]:
    """Whose the credential of the call is."""
    return request.caller.shown
