"""Questions about a customer's account: its money, its positions, its ledger, its statements."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from booked_trades import BookedTrades
from day_movements import all_movements, movements_from
from day_summary import stored_summary
from pages import Page, PageStart, next_token, position_in
from request import Request
from statement import Csv, as_csv, as_json, line_fields
from valuation import account_fields, position_fields

from trading.aws import clock
from trading.aws.store import closings, keys, ledger
from trading.aws.store.accounts import account_of
from trading.aws.store.quotes import reference_quotes
from trading.domain.accounts.statements import LAST, DaySummary, Movement, Statement, statement_of
from trading.domain.errors import Refusal
from trading.domain.orders import ORDER_ID, TICKER
from trading.domain.times import days_after, session_date

POSITIONS_PER_PAGE = 500
LINES_PER_PAGE = 1_000
LINES_AT_ONCE = 100
"""How many lines a call reads at least: many lines may move nothing, and are not shown."""
ENTRIES_PER_PAGE = 5_000
"""Lines and trades of a statement, together: some 3 MB, of the 6 that a function may answer."""
FIRST_DAY = days_after(closings.BEFORE_ALL, 1)
LINE = rf"(?:{keys.ENTRY_FORM}|{keys.REPORT_FORM}|{keys.TRADE_FORM}|{keys.ORDER}{ORDER_ID.pattern})"
POSITION_KEY = re.compile(rf"{keys.POSITION}{TICKER.pattern}")
LINE_KEY = re.compile(rf"(?:{keys.DATE})?/{LINE}", re.ASCII)
"""The date that was asked for, if any, and the key of a line."""
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
MOVEMENT_KEY = re.compile(rf"{keys.DATE}T{TIME}Z#(?:{LINE}|{LAST}{keys.UUID})", re.ASCII)


class Accounts:
    """The questions to one TradesStore. Each raises Refusal for what it cannot answer."""

    def __init__(self, table: str) -> None:
        self._table = table

    def customer(self, request: Request) -> dict[str, Any]:
        """A customer's money, and what its positions are worth at the reference quotes.

        Positions are read after the account: a trade that is booked in between is in the positions and not in the cash.
        """
        customer_id = request.path["customerId"]
        account = account_of(self._table, customer_id)
        positions = {_ticker(item): item for item in self._positions(customer_id, keys.POSITION)}
        quotes = reference_quotes(self._table, list(positions))
        return {"customerId": customer_id} | account_fields(account, positions, quotes)

    def positions(self, request: Request) -> dict[str, Any]:
        """A customer's positions: the shares held, some of which open sell orders may reserve, their cost and profit,
        and their worth at the reference quotes.
        """
        customer_id = request.path["customerId"]
        start = position_in(request.query.get("nextToken"), keys.POSITION, POSITION_KEY)
        page = Page(request.limit(POSITIONS_PER_PAGE))
        for item in self._positions(customer_id, start.key, page.limit + 1):
            if not page.add(item["SK"], [item]):
                break
        if not page.entries:
            account_of(self._table, customer_id)
        quotes = reference_quotes(self._table, [_ticker(item) for item in page.entries])
        shown = [
            {"ticker": ticker} | position_fields(item, quotes.get(ticker))
            for ticker, item in zip(map(_ticker, page.entries), page.entries, strict=True)
        ]
        return {"positions": shown} | next_token(page.rest)

    def ledger(self, request: Request) -> dict[str, Any]:
        """The lines of a customer's ledger that move anything, of one day or of all, sorted by kind and key, not by
        time.
        """
        customer_id = request.path["customerId"]
        today = session_date(clock.now())
        date = request.date_between("date", FIRST_DAY, today)
        prefix = f"{date or ''}/"
        start = position_in(request.query.get("nextToken"), prefix, LINE_KEY).key.removeprefix(prefix)
        page = Page(request.limit(LINES_PER_PAGE))
        account_of(self._table, customer_id)
        at_once = max(page.limit + 1, LINES_AT_ONCE)
        for line in ledger.lines(self._table, customer_id, date or FIRST_DAY, date or today, start, at_once):
            if line.moves and not page.add(prefix + line.key, [line_fields(line)]):
                break
        return {"ledger": page.entries} | next_token(page.rest)

    def statement(self, request: Request) -> dict[str, Any] | Csv:
        """A day's statement, a page of its lines and trades at a time, sorted by time; the balances are on every page.
        It is final once the day, or a later one, is closed.
        """
        customer_id, date = request.path["customerId"], request.day("date")
        today = session_date(clock.now())
        if not FIRST_DAY <= date <= today:
            raise Refusal("not-found", f"There are statements of days from {FIRST_DAY} to {today}.")
        form = request.one_of("format", ("json", "csv"), "json")
        start = position_in(request.query.get("nextToken"), f"{date}T", MOVEMENT_KEY)
        page = Page(request.limit(ENTRIES_PER_PAGE))
        account = account_of(self._table, customer_id)
        final = closings.closed(self._table, customer_id, date)
        summary = self._fill(page, customer_id, date, start, account if date == today else None)
        if form == "csv":
            return as_csv(date, summary, page, final=final, query=request.query)
        return {"customerId": customer_id, "date": date} | as_json(summary, page, final=final)

    def _fill(
        self, page: Page, customer_id: str, date: str, start: PageStart, account: Mapping[str, Any] | None
    ) -> DaySummary:
        """Fills a page of a statement, and returns the day's summary. The page costs what it shows, unless the balances
        of the day's start and end are not stored. One that shows the whole day sums up its lines.
        """
        summary = stored_summary(self._table, customer_id, date, account)
        if summary is None:
            opening = closings.balances_at_start(self._table, customer_id, date)
            statement = statement_of(opening, all_movements(self._table, customer_id, date))
        else:
            entries = start.offset + page.limit + 1
            read = movements_from(self._table, customer_id, date, start.key, entries)
            statement = Statement(summary.opening, tuple(read))
        _fill(page, statement.movements, start)
        whole = page.rest is None and "#" not in start.key
        return statement.summary if whole or summary is None else summary

    def _positions(self, customer_id: str, first: str, at_once: int | None = None) -> Iterator[dict[str, Any]]:
        return ledger.items(self._table, customer_id, first, f"{keys.POSITION}~", at_once)


def _fill(page: Page, movements: Iterable[Movement], start: PageStart) -> None:
    """Fills the page from `start` on with each line, followed by its trades if it is a booking."""
    for each in movements:
        if each.place >= start.key:
            skipped = start.offset if each.place == start.key else 0
            booked = BookedTrades(each.reports, each.settlement_date, [each.line]) if each.reports else [each.line]
            if not page.add(each.place, booked, skipped):
                return


def _ticker(item: Mapping[str, Any]) -> str:
    return str(item["SK"]).removeprefix(keys.POSITION)
