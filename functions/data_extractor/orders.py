"""Questions about a customer's orders: the list of them, the newest first, and one with its life.

The customer's item names open orders. If they are many, the others are in an index. So the cost of a list of open
orders does not grow with the number of those that have ended.
"""

import heapq
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from order_history import STEP_KEY, first_key, history_of
from pages import Page, PageStart, next_token, position_in
from request import Request

from trading.aws import clock
from trading.aws.store import closings, customer_items, dynamodb, keys, ledger, order_bookings
from trading.aws.store.accounts import account_of
from trading.aws.store.order_view import shown
from trading.domain.errors import Refusal
from trading.domain.orders import CLIENT_ORDER_ID, ORDER_ID, TICKER
from trading.domain.times import days_after, session_date

ALL, OPEN, ENDED = "all", "open", "ended"
ORDERS_PER_PAGE = 500
"""As many as one request may enter."""
ORDERS_AT_ONCE = 100
"""How many orders a call reads at least where many may not be shown."""
READ_PER_PAGE = 1_000
"""How many orders are read for a page. A page that ends for this has fewer orders than were asked for."""
STEPS_PER_PAGE = 100
"""Transitions and executions of an order, together."""
FIRST_DAY = days_after(closings.BEFORE_ALL, 1)
FIRST_ID, LAST_ID = "0", "~"
POSITION = re.compile(rf"(?:{ALL}|{OPEN}|{ENDED})/[A-Z.]*/(?:\d{{4}}-\d\d-\d\d)?/{ORDER_ID.pattern}", re.ASCII)

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are asked for."""

    customer_id: str
    state: str
    ticker: str | None
    date: str | None

    @property
    def prefix(self) -> str:
        """The start of a page's token: it is valid for this question alone."""
        return f"{self.state}/{self.ticker or ''}/{self.date or ''}/"

    @property
    def ids(self) -> tuple[str, str]:
        """The lowest and the highest order id possible."""
        return ledger.order_ids(self.date, f"{self.date}") if self.date else (FIRST_ID, LAST_ID)

    def fits(self, item: Item) -> bool:
        return (self.ticker is None or self.ticker == item["ticker"]) and self._in_state(item)

    def _in_state(self, item: Item) -> bool:
        """What is only known to be listed as open counts as open: it has no quantities."""
        if self.state == ALL or "leavesQuantity" not in item:
            return True
        return bool(item["leavesQuantity"]) == (self.state == OPEN)


class Orders:
    """The questions to one TradesStore. Each raises Refusal for what it cannot answer."""

    def __init__(self, table: str) -> None:
        self._table = table

    def orders(self, request: Request) -> dict[str, Any]:
        """A customer's orders, by state, ticker, day and client order id, a page at a time."""
        today = session_date(clock.now())
        wanted = Wanted(
            request.path["customerId"],
            request.one_of("state", (OPEN, ENDED, ALL), ALL),
            request.word("ticker", TICKER, "1 to 10 capital letters or dots"),
            request.date_between("date", FIRST_DAY, today),
        )
        words = "1 to 36 letters, digits, dots, colons, hyphens or underscores"
        client_order_id = request.word("clientOrderId", CLIENT_ORDER_ID, words)
        limit = request.limit(ORDERS_PER_PAGE)
        start = position_in(request.query.get("nextToken"), wanted.prefix, POSITION)
        if client_order_id:
            page = self._named(wanted, client_order_id, limit)
        else:
            page = self._page(wanted, start.key.removeprefix(wanted.prefix), limit)
        if not page.entries and "nextToken" not in request.query:
            self._require_customer(wanted.customer_id)
        return {"orders": [shown(item) for item in page.entries]} | next_token(page.rest)

    def order(self, request: Request) -> dict[str, Any]:
        """An order with its state and quantities, and a page of its transitions and executions. The order names its
        bookings, which never change: all is as of the moment at which the order was read.
        """
        customer_id, order_id = request.path["customerId"], request.path["orderId"]
        start = position_in(request.query.get("nextToken"), first_key(order_id), STEP_KEY)
        limit = request.limit(STEPS_PER_PAGE)
        item = self._order(customer_id, order_id)
        return shown(item) | history_of(item, order_bookings.whole(self._table, item), start, limit)

    def _named(self, wanted: Wanted, client_order_id: str, limit: int) -> Page:
        """The order with this client order id, if it is one of those that are wanted."""
        page = Page(limit)
        named = dynamodb.get(self._table, keys.client_order(wanted.customer_id, client_order_id))
        item = named and dynamodb.get(self._table, keys.order(wanted.customer_id, named["orderId"]))
        lowest, highest = wanted.ids
        if item and wanted.fits(item) and lowest <= item["orderId"] <= f"{highest}~":
            page.add(item["orderId"], [item])
        return page

    def _page(self, wanted: Wanted, start: str, limit: int) -> Page:
        """The page that starts at an order id, or at the newest order."""
        lowest, highest = wanted.ids
        highest = start or f"{highest}~"
        at_once = limit + 1 if (wanted.state, wanted.ticker) == (ALL, None) else max(limit + 1, ORDERS_AT_ONCE)
        if wanted.state != OPEN:
            first, last = (f"{keys.ORDER}{order_id}" for order_id in (lowest, highest))
            items = ledger.items(self._table, wanted.customer_id, first, last, at_once, last_first=True)
            return _filled(Page(limit), items, wanted)
        page = _filled(Page(limit), self._open(wanted, lowest, highest, at_once), wanted)
        page.entries = list(self._loaded(page.entries, wanted.fits))
        return page

    def _open(self, wanted: Wanted, lowest: str, highest: str, at_once: int) -> Iterator[Item]:
        """Keys of open orders with ids between these two, the newest first; their tickers, too, if one is wanted. The
        index is read if the customer's item does not name all of them.
        """
        account, its_id = account_of(self._table, wanted.customer_id), wanted.customer_id
        ids = customer_items.open_orders_of(account)
        named: list[Item] = [keys.order(its_id, each) for each in ids if lowest <= each <= highest]
        if wanted.ticker:
            named = list(dynamodb.get_many(self._table, named, consistent=True))
            named.sort(key=_by_id, reverse=True)
        if account.get("openOrders") == len(ids):
            return iter(named)
        others = ledger.open_orders(self._table, its_id, lowest, highest, at_once)
        return heapq.merge(named, others, key=_by_id, reverse=True)

    def _loaded(self, found: list[Item], fits: Callable[[Item], bool]) -> Iterator[Item]:
        """The orders themselves, as they are now: one may have ended since it was listed."""
        wanted = [keys.Key(PK=each["PK"], SK=each["SK"]) for each in found]
        items = {item["SK"]: item for item in dynamodb.get_many(self._table, wanted, consistent=True)}
        return (items[key["SK"]] for key in wanted if key["SK"] in items and fits(items[key["SK"]]))

    def _order(self, customer_id: str, order_id: str) -> dict[str, Any]:
        item = dynamodb.get(self._table, keys.order(customer_id, order_id))
        if item is None:
            account_of(self._table, customer_id)
            raise Refusal("not-found", f"Customer {customer_id} has no such order.")
        return item

    def _require_customer(self, customer_id: str) -> None:
        if dynamodb.get(self._table, keys.customer(customer_id), consistent=False) is None:
            raise Refusal("not-found", f"There is no customer {customer_id}.")


def _by_id(item: Item) -> str:
    return str(item["SK"])


def _filled(page: Page, found: Iterator[Item], wanted: Wanted) -> Page:
    for number, item in enumerate(found):
        key = wanted.prefix + item["SK"].removeprefix(keys.ORDER)
        if number == READ_PER_PAGE:
            page.rest = PageStart(key)
        if page.rest or (wanted.fits(item) and not page.add(key, [item])):
            break
    return page
