"""The question about a customer's trades, the oldest or the newest first."""

import re
from typing import Any

from booked_trades import BookedTrades
from pages import Page, PageStart, next_token, position_in
from request import Request

from trading.aws.store import items, keys, ledger
from trading.aws.store.accounts import account_of

TRADES_PER_PAGE = 1_000
DESCENDING = "desc"
SORTS = ("asc", DESCENDING)
TRADE_KEY = re.compile(keys.TRADE_FORM, re.ASCII)


class Trades:
    """The question to one TradesStore. Raises Refusal for what it cannot answer."""

    def __init__(self, table: str) -> None:
        self._table = table

    def trades(self, request: Request) -> dict[str, Any]:
        """A customer's trades, all or of a date, the oldest or the newest first, a page at a time; a page may end
        inside a booking.
        """
        customer_id = request.path["customerId"]
        date = request.date("tradeDate")
        last_first = request.one_of("sort", SORTS, SORTS[0]) == DESCENDING
        prefix = f"{keys.TRADE}{date}#" if date else keys.TRADE
        start = position_in(request.query.get("nextToken"), prefix, TRADE_KEY)
        lowest, highest = start.key, f"{prefix}~"
        if last_first:
            lowest, highest = prefix, highest if start.key == prefix else start.key
        page = Page(request.limit(TRADES_PER_PAGE))
        for item in ledger.items(self._table, customer_id, lowest, highest, page.limit + 1, last_first=last_first):
            if page.full:  # a booking that the page does not show is not looked into
                page.rest = PageStart(item["SK"])
                break
            skipped = start.offset if item["SK"] == start.key else 0
            trades = BookedTrades(*items.booked_of(item))
            if not page.add(item["SK"], trades[:][::-1] if last_first else trades, skipped):
                break
        if not page.entries:
            account_of(self._table, customer_id)
        return {"trades": page.entries} | next_token(page.rest)
