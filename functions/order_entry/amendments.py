"""Requests for another total quantity or limit of an open order (`PATCH`, FIX G).

The order is read and the request checked. Then one transaction stores the request and reserves what it needs in
addition, on condition that the order still is as it was read, and that its customer may have the change. If the
condition fails, all of this is done again. The table's stream carries a stored request on, as it does a stored order.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from change_requests import Requested, stored_order, stored_request
from limits_cache import LastKnown, suspended
from pre_trade_checks import insufficient_shares
from replacement_terms import amended, held_on_top, needed_now, request_hash, require_same, widest_limit
from request_bodies import Amendment
from reservations import shares_reservation

from trading.aws import clock
from trading.aws.store import customer_items, dynamodb, items, keys, ledger, order_state, transactions
from trading.aws.store.quotes import Quotes
from trading.domain import money
from trading.domain.accounts.limits import CustomerLimits, refusal_of
from trading.domain.errors import IllegalTransition, Refusal, Unavailable
from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.messages.commands import ReplaceOrder
from trading.domain.order_status import ENDED, OrderEvent, OrdStatus, next_state
from trading.domain.orders import Side
from trading.domain.quotes import MarketQuote

CUSTOMER, POSITION = "customer", "position"
AS_READ = "acceptance = :accepted AND leavesQuantity > :nothing AND attribute_not_exists(pendingReplace)"
UNCHANGED = (
    " AND attribute_not_exists(pendingCancel) AND price = :price"
    " AND (orderQuantity = :total OR attribute_not_exists(orderQuantity) AND initialQuantity = :total)"
)


class Replacements:
    """Stores requests to replace orders of one TradesStore."""

    def __init__(self, table: str, quotes: Quotes[MarketQuote], last_known: LastKnown) -> None:
        self._table = table
        self._quotes = quotes
        self._last_known = last_known

    def replace(
        self, customer_id: str, order_id: str, amendment: Amendment, market: Market, deadline: float
    ) -> Requested:
        """Asks for another quantity or limit; asked again under the same client order id, it gives the first answer.
        Raises Refusal.
        """
        change_id = clock.new_order_id(clock.now())
        if amendment.client_order_id is not None:
            change_id = derived(order_id, f"replace {amendment.client_order_id}")
        answer = Requested(order_id, OrdStatus.PENDING_REPLACE.value, change_id)
        stored = partial(stored_request, self._table, customer_id, order_id, change_id)
        while True:
            if there := stored():
                require_same(amendment, there)
                return answer
            try:
                if self._request_replace(customer_id, order_id, change_id, amendment, market, deadline):
                    return answer
            except Refusal:  # an equal request that came in between may be the cause
                if not stored():
                    raise
                continue
            if time.monotonic() > deadline:
                raise Unavailable("The order changes too fast, send the change again.")

    def _request_replace(
        self, customer_id: str, order_id: str, change_id: str, amendment: Amendment, market: Market, deadline: float
    ) -> bool:
        """Whether the request was stored; False if the order or its customer changed meanwhile. Raises Refusal.

        If there is not enough cash for every outcome, it reserves what the change needs as the order is now. The engine
        refuses the change if fills come first and more is needed then.
        """
        item = self._replaceable(customer_id, order_id)
        change = amended(item, amendment, change_id, market)
        limits = self._limits_for(change)
        request = request_hash(amendment)
        failed = self._try(item, change, limits, request, deadline)
        if failed.get(CUSTOMER, {}).get("cash", change.reserved) < change.reserved:
            change = replace(change, reserved=needed_now(item, change))
            failed = self._try(item, change, limits, request, deadline)
        self._require_allowed(change, limits, failed)
        return not failed

    def _try(
        self, item: Mapping[str, Any], change: ReplaceOrder, limits: CustomerLimits, request: str, deadline: float
    ) -> dict[str, dict[str, Any]]:
        """Tries the transaction. Returns the writes, by name, whose conditions failed, each with the item that failed
        it; none if all was written.
        """
        writes = dict(self._writes(item, change, limits, request))
        try:
            transactions.write(list(writes.values()), deadline)
        except transactions.TransactionCanceled as canceled:
            reasons = zip(writes, canceled.reasons, strict=True)
            return {name: reason.item or {} for name, reason in reasons if reason.condition_failed}
        return {}

    def _limits_for(self, change: ReplaceOrder) -> CustomerLimits:
        """The customer's limits as last known, if the changed order keeps to them. If not, the limits are read; raises
        Refusal if the order still does not keep to them.
        """
        customer_id = change.order.customer_id
        limits = self._last_known.of(customer_id)
        if self._beyond(change, limits):
            limits = self._last_known.learn(customer_id, dynamodb.get(self._table, keys.customer(customer_id)) or {})
            if refusal := self._beyond(change, limits):
                raise refusal
        return limits

    def _beyond(self, change: ReplaceOrder, limits: CustomerLimits) -> Refusal | None:
        """Why the limits forbid the changed order; the quote is read only if they need it."""
        if not limits.need_a_quote:
            return None
        quote = self._quotes.of_one(change.ticker)
        if quote is None:
            return Refusal("unknown-ticker", f"{change.ticker} is not traded here.")
        order = replace(change.order, quantity=change.quantity, price=change.price, protection_price=change.price)
        return refusal_of(order, quote.reference, limits)

    def _require_allowed(
        self, change: ReplaceOrder, limits: CustomerLimits, failed: Mapping[str, dict[str, Any]]
    ) -> None:
        """Raises Refusal if the customer may not have the change or cannot pay for it. Returns if only the order or
        the customer's limits had changed: then it is tried again.
        """
        if not failed.keys() <= {CUSTOMER, POSITION}:
            return
        if CUSTOMER in failed:
            customer_id, item = change.order.customer_id, failed[CUSTOMER]
            if "halted" in item:
                raise suspended(customer_id)
            if self._last_known.learn(customer_id, item) == limits:
                cash, needed = money.text(item["cash"]), money.text(change.reserved)
                detail = f"The change needs {needed} USD more, {cash} USD are available."
                raise Refusal("insufficient-funds", detail)
        elif POSITION in failed:
            held = int(failed[POSITION].get("available", 0))
            raise insufficient_shares(f"The change sells {change.more} {change.ticker} more", held, limits)

    def _replaceable(self, customer_id: str, order_id: str) -> dict[str, Any]:
        """The order, if its state allows a replacement. Raises Refusal."""
        item = stored_order(self._table, customer_id, order_id)
        state = order_state.state(item)
        if state in ENDED:
            raise Refusal("too-late", f"Nothing is open of the order {order_id}.")
        try:
            next_state(state, OrderEvent.REPLACE_REQUESTED)
        except IllegalTransition as illegal:
            raise Refusal("change-pending", "Another change of the order is under way.") from illegal
        return item

    def _writes(
        self, item: Mapping[str, Any], change: ReplaceOrder, limits: CustomerLimits, request: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The writes by name: the request, the order, and what is reserved in addition: cash for a buy, shares for a
        sell.
        """
        order = change.order
        stored = items.change_item(change, item["route"]) | {"requestHash": request}
        yield "request", transactions.put_new(self._table, stored)
        write = transactions.update(
            self._table,
            keys.order(order.customer_id, order.order_id),
            "SET pendingReplace = :change, widestLimit = :widest, "
            "openQuantity = if_not_exists(openQuantity, leavesQuantity) + :more "
            "ADD reserved :cash",
            AS_READ + UNCHANGED + " AND leavesQuantity <= :leaves",
            {
                ":change": change.change_id,
                ":more": change.more,
                ":widest": widest_limit(item, change),
                ":cash": change.reserved,
                ":accepted": "Accepted",
                ":nothing": 0,
                ":price": item["price"],
                ":total": order.quantity,
                ":leaves": item["leavesQuantity"],
            },
        )
        yield "order", write
        if entry := held_on_top(change):
            yield "entry", transactions.put_new(self._table, ledger.entry_item(entry))
        if change.reserved:
            yield CUSTOMER, customer_items.reserve(self._table, order.customer_id, limits, change.reserved)
        else:
            yield CUSTOMER, customer_items.require(self._table, order.customer_id, limits)
        if order.side is Side.SELL and change.more:
            yield POSITION, shares_reservation(self._table, order, change.more, limits)
