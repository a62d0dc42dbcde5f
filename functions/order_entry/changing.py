"""Requests to change an open order: cancel it (`DELETE`), or give it another total quantity or limit (`PATCH`).

The order is read, the request checked, and stored in one transaction with what it needs on top, on condition that the
order still stands as it was read; if not, it is read again. The stored request is the outbox, as an order is.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accepting import holding_cash, holding_shares
from reading import Amendment

from trading.aws import dynamodb, keys, ledger, store, system
from trading.domain import money
from trading.domain.commands import CancelOrder, ReplaceOrder, cancel_id
from trading.domain.errors import Refusal, Unavailable
from trading.domain.ids import derived
from trading.domain.ledger import Entry, Kind, Shares, held
from trading.domain.market import Market
from trading.domain.orders import Order, OrdStatus, Side
from trading.domain.times import iso, session_date
from trading.domain.wire import compact

CANCEL, REPLACE = OrdStatus.PENDING_CANCEL.value, OrdStatus.PENDING_REPLACE.value
AS_READ = "acceptance = :accepted AND leavesQuantity > :nothing AND attribute_not_exists(pendingReplace)"
UNCHANGED = (
    " AND attribute_not_exists(pendingCancel) AND price = :price"
    " AND (orderQuantity = :total OR attribute_not_exists(orderQuantity) AND initialQuantity = :total)"
)


@dataclass(frozen=True, slots=True)
class Requested:
    """What is answered: the order, the state that it is in until an engine has decided, and the request's id."""

    order_id: str
    state: str
    change_id: str

    @property
    def shown(self) -> dict[str, str]:
        return {"orderId": self.order_id, "state": self.state, "changeId": self.change_id}


class Changes:
    """Stores requests to change orders of one TradesStore."""

    def __init__(self, table: str) -> None:
        self._table = table

    def cancel(self, customer_id: str, order_id: str, deadline: float) -> Requested:
        """Asks to end what is open of the order; asked again, it gives the same answer. Raises Refusal."""
        change_id = cancel_id(order_id)
        answer = Requested(order_id, CANCEL, change_id)
        if self._stored(customer_id, order_id, change_id):
            return answer
        item = self._open(customer_id, order_id)
        change = CancelOrder(change_id, change_id, store.standing_order(item), session_date(system.now()))
        writes = [
            dynamodb.put_new(self._table, store.change_item(change)),
            dynamodb.update(
                self._table,
                keys.order(customer_id, order_id),
                "SET pendingCancel = :change",
                "acceptance = :accepted AND leavesQuantity > :nothing",
                {":change": change_id, ":accepted": "Accepted", ":nothing": 0},
            ),
        ]
        try:
            dynamodb.transact(writes, deadline)
        except dynamodb.TransactionCanceled as canceled:
            if not canceled.reasons[0].condition_failed:
                raise _too_late(order_id) from canceled
        return answer

    def replace(
        self, customer_id: str, order_id: str, amendment: Amendment, market: Market, deadline: float
    ) -> Requested:
        """Asks for another quantity or limit; under the same client order id, it gives the first answer. Raises
        Refusal.
        """
        change_id = system.new_order_id(system.now())
        if amendment.client_order_id is not None:
            change_id = derived(order_id, f"replace {amendment.client_order_id}")
        answer = Requested(order_id, REPLACE, change_id)
        while True:
            if there := self._stored(customer_id, order_id, change_id):
                _require_same(amendment, there)
                return answer
            item = self._open(customer_id, order_id)
            change = _checked(item, amendment, change_id, market)
            try:
                dynamodb.transact(self._writes(item, change, request_hash(amendment)), deadline)
            except dynamodb.TransactionCanceled as canceled:
                _require_paid(change, canceled)
                if time.monotonic() > deadline:
                    raise Unavailable("The order changes too fast, send the change again.") from canceled
                continue
            return answer

    def _stored(self, customer_id: str, order_id: str, change_id: str) -> dict[str, Any] | None:
        return dynamodb.get(self._table, keys.change(customer_id, order_id, change_id))

    def _open(self, customer_id: str, order_id: str) -> dict[str, Any]:
        item = dynamodb.get(self._table, keys.order(customer_id, order_id))
        if item is None:
            raise Refusal("not-found", f"Customer {customer_id} has no such order.")
        if item["acceptance"] != "Accepted" or item["leavesQuantity"] <= 0:
            raise _too_late(order_id)
        return item

    def _writes(self, item: Mapping[str, Any], change: ReplaceOrder, request: str) -> list[dict[str, Any]]:
        """The request, the order, and what is needed on top: cash for a buy, shares for a sell."""
        order = change.order
        writes = [
            dynamodb.put_new(self._table, {**store.change_item(change), "requestHash": request}),
            dynamodb.update(
                self._table,
                keys.order(order.customer_id, order.order_id),
                "SET pendingReplace = :change, openQuantity = if_not_exists(openQuantity, leavesQuantity) + :more "
                "ADD reserved :cash",
                AS_READ + UNCHANGED + " AND leavesQuantity <= :leaves",
                {
                    ":change": change.change_id,
                    ":more": change.more,
                    ":cash": change.reserved,
                    ":accepted": "Accepted",
                    ":nothing": 0,
                    ":price": item["price"],
                    ":total": order.quantity,
                    ":leaves": item["leavesQuantity"],
                },
            ),
        ]
        if entry := _held_on_top(change):
            writes.append(dynamodb.put_new(self._table, ledger.entry_item(entry)))
        if change.reserved:
            writes.append(holding_cash(self._table, order.customer_id, change.reserved))
        if order.side is Side.SELL and change.more:
            writes.append(holding_shares(self._table, order.customer_id, order.ticker, change.more))
        return writes


def _checked(item: Mapping[str, Any], amendment: Amendment, change_id: str, market: Market) -> ReplaceOrder:
    """The change of the order as it stands. Raises Refusal where a rule forbids it."""
    order = store.standing_order(item)
    if order.price is None:
        raise Refusal("not-replaceable", "An order without a limit cannot be changed, only canceled.")
    if "pendingReplace" in item or "pendingCancel" in item:
        raise Refusal("change-pending", "Another change of the order is under way.")
    quantity = amendment.quantity or order.quantity
    price = amendment.price or order.price
    closed = order.quantity - int(item["leavesQuantity"])
    if quantity > market.limits.highest_quantity:
        raise Refusal("quantity-too-large", f"An order may have {market.limits.highest_quantity} shares at the most.")
    if quantity <= closed:
        raise Refusal("below-filled", f"{closed} shares of the order are filled or canceled: nothing would stay open.")
    extra = on_top(order, int(item["leavesQuantity"]), quantity, price)
    return ReplaceOrder(change_id, change_id, order, session_date(system.now()), quantity, price, extra)


def _held_on_top(change: ReplaceOrder) -> Entry | None:
    """The ledger's entry of what the change reserves, if it reserves anything."""
    more = change.more if change.order.side is Side.SELL else 0
    if not change.reserved and not more:
        return None
    return Entry(
        entry_id=change.change_id,
        customer_id=change.order.customer_id,
        kind=Kind.HOLD,
        time=iso(system.now()),
        reference=change.order.order_id,
        posting=held(change.reserved),
        ticker=change.ticker,
        shares=Shares(available=-more, reserved=more),
    )


def on_top(order: Order, leaves: int, quantity: int, price: Decimal) -> Decimal:
    """The cash that suffices for the change however much of the order is filled before an engine decides, USD."""
    if order.side is Side.SELL or order.price is None:
        return money.ZERO
    more = max(quantity - order.quantity, 0)
    fees = order.reservation(more) - order.price * more
    return max(money.ZERO, max(price - order.price, money.ZERO) * leaves + price * (quantity - order.quantity) + fees)


def request_hash(amendment: Amendment) -> str:
    """The same for the same request."""
    price = None if amendment.price is None else money.text(amendment.price)
    return hashlib.sha256(compact([amendment.quantity, price]).encode()).hexdigest()


def _require_same(amendment: Amendment, there: Mapping[str, Any]) -> None:
    if there["requestHash"] != request_hash(amendment):
        detail = f"Another change was entered as {amendment.client_order_id}."
        raise Refusal("client-order-id-reused", detail)


def _require_paid(change: ReplaceOrder, canceled: dynamodb.TransactionCanceled) -> None:
    """Raises Refusal if what failed is what the change needs on top; else the order is not as it was read."""
    if any(reason.condition_failed for reason in canceled.reasons[:2]):
        return
    failed = canceled.reasons[-1].item or {}
    if change.order.side is Side.BUY:
        cash = money.text(failed["cash"])
        detail = f"The change needs {money.text(change.reserved)} USD more, {cash} USD are available."
        raise Refusal("insufficient-funds", detail) from canceled
    held = int(failed.get("available", 0))
    detail = f"The change sells {change.more} {change.order.ticker} more, {held} are available."
    raise Refusal("insufficient-shares", detail) from canceled


def _too_late(order_id: str) -> Refusal:
    return Refusal("too-late", f"Nothing is open of the order {order_id}.")
