"""Accepts orders: stores them, and what they reserve, in one transaction per customer and chunk.

The first attempt reads nothing: it goes by what was last known of the customer. If a condition fails, DynamoDB returns
the item that failed it. Orders that do not fit this item are refused, and the others are tried again.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from client_order_ids import OrderOutcome, client_order_item, first_answer
from limits_cache import LastKnown
from pre_trade_checks import Account
from reservations import shares_reservation

from trading.aws.store import customer_items, items, transactions
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.market import Market
from trading.domain.orders import Order, Side
from trading.domain.quotes import MarketQuote
from trading.domain.routing import route_of

WRITES_PER_TRANSACTION = 100


@dataclass(frozen=True, slots=True)
class _Write:
    """A write of the transaction, and what it is about: the customer, a position, or an order."""

    request: dict[str, Any]
    order: Order | None = None
    ticker: str | None = None


class Acceptance:
    """Accepts orders into one TradesStore."""

    def __init__(self, table: str, last_known: LastKnown) -> None:
        self._table = table
        self._last_known = last_known

    def accept(
        self, orders: Sequence[Order], quotes: Mapping[str, MarketQuote], market: Market, deadline: float
    ) -> Iterator[tuple[Order, OrderOutcome]]:
        """Accepts or refuses the orders of one customer, all of them distinct in `client_order_id`; `quotes` has their
        tickers. Each is routed by this `market`.

        Raises what `transactions.write` raises; the outcomes yielded before that are stored. If the account changes too
        fast until the deadline, the remaining orders get no outcome.
        """
        for chunk in _chunks(orders):
            yield from self._accept(chunk, quotes, market, deadline)

    def _accept(
        self, orders: Sequence[Order], quotes: Mapping[str, MarketQuote], market: Market, deadline: float
    ) -> Iterator[tuple[Order, OrderOutcome]]:
        customer_id = orders[0].customer_id
        waiting = list(orders)
        account = Account(self._last_known.of(customer_id), crowded=self._last_known.is_crowded(customer_id))
        while waiting:
            refusals = account.refusals(waiting, quotes)
            failed = _try(self._writes(waiting, refusals, account, quotes, market), deadline)
            if not failed or any(write.order and _is_own(write.order, item) for write, item in failed):
                yield from ((order, OrderOutcome(order.order_id, refusals.get(order.order_id))) for order in waiting)
                return
            for write, item in failed:
                if write.order:
                    waiting.remove(write.order)
                    yield write.order, first_answer(write.order, item)
                elif write.ticker:
                    account.shares[write.ticker] = int(item["available"]) if item else 0
                elif item:
                    account.see(item, self._last_known.learn(customer_id, item))
                else:
                    unknown = Refusal("not-found", f"There is no customer {customer_id}.")
                    yield from ((order, OrderOutcome(None, unknown)) for order in waiting)
                    return
            if time.monotonic() > deadline:
                return

    def _writes(
        self,
        orders: Sequence[Order],
        refusals: Mapping[str, Refusal],
        account: Account,
        quotes: Mapping[str, MarketQuote],
        market: Market,
    ) -> list[_Write]:
        """The writes. If orders are refused by limits that this request has not read, a condition says that these are
        the limits.
        """
        customer_id, limits, named = orders[0].customer_id, account.limits, not account.crowded
        writes = []
        accepted = [order for order in orders if order.order_id not in refusals]
        if accepted:
            cash = sum((order.reservation(order.quantity) for order in accepted), money.ZERO)
            ids = [order.order_id for order in accepted]
            writes.append(_Write(customer_items.reserve(self._table, customer_id, limits, cash, ids, named=named)))
        elif not account.seen:
            writes.append(_Write(customer_items.require(self._table, customer_id, limits)))
        sold: dict[str, list[Order]] = {}
        for order in accepted:
            if order.side is Side.SELL:
                sold.setdefault(order.ticker, []).append(order)
        for ticker, sales in sold.items():
            shares = sum(order.quantity for order in sales)
            writes.append(_Write(shares_reservation(self._table, sales[0], shares, limits), ticker=ticker))
        for order in orders:
            refusal = refusals.get(order.order_id)
            route = route_of(order, market)
            item = items.order_item(order, refusal, quotes[order.ticker].displayed, route, named=named)
            writes.append(_Write(transactions.put_new(self._table, item), order))
            if order.client_order_id is not None:
                writes.append(_Write(transactions.put_new(self._table, client_order_item(order, refusal)), order))
        return writes


def _try(writes: Sequence[_Write], deadline: float) -> list[tuple[_Write, dict[str, Any]]]:
    """Tries the transaction. Returns the writes whose conditions failed, with the items that failed them; none if all
    was written.
    """
    try:
        transactions.write([write.request for write in writes], deadline)
    except transactions.TransactionCanceled as canceled:
        reasons = zip(writes, canceled.reasons, strict=True)
        return [(write, reason.item or {}) for write, reason in reasons if reason.condition_failed]
    return []


def _is_own(order: Order, item: Mapping[str, Any]) -> bool:
    """Whether the item is the order itself: the transaction was done, only its answer was lost."""
    return item.get("orderId") == order.order_id


def _chunks(orders: Sequence[Order]) -> Iterator[list[Order]]:
    """Divides the orders into chunks that fit a transaction: each order takes one or two writes, each ticker sold one,
    the customer one.
    """
    chunk: list[Order] = []
    for order in orders:
        longer = [*chunk, order]
        client_ids = sum(each.client_order_id is not None for each in longer)
        sold = len({each.ticker for each in longer if each.side is Side.SELL})
        if chunk and 1 + len(longer) + client_ids + sold > WRITES_PER_TRANSACTION:
            yield chunk
            longer = [order]
        chunk = longer
    if chunk:
        yield chunk
