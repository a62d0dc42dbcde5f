"""The terms of a change: checked against the order as it stands, with what they need in addition."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from request_bodies import Amendment

from trading.aws import clock
from trading.aws.store import items
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares, held
from trading.domain.errors import Fault, Refusal
from trading.domain.market import Market
from trading.domain.messages.commands import ReplaceOrder
from trading.domain.messages.wire import compact
from trading.domain.orders import MAX_SLICES, Order, Side
from trading.domain.times import iso, session_date


def amended(item: Mapping[str, Any], amendment: Amendment, change_id: str, market: Market) -> ReplaceOrder:
    """The change, as a command on the order as it stands. Raises Refusal where a rule forbids it."""
    order = items.standing_order(item)
    if order.price is None:
        raise Refusal("not-replaceable", "An order without a limit cannot be changed, only canceled.")
    quantity = amendment.quantity or order.quantity
    price = amendment.price or order.price
    closed = order.quantity - int(item["leavesQuantity"])
    highest = min(market.limits.highest_quantity, order.slice_size * MAX_SLICES)
    if quantity > highest:
        raise Refusal("quantity-too-large", f"The order may have {highest} shares at the most.")
    if quantity <= closed:
        raise Refusal("below-filled", f"{closed} shares of the order are filled or canceled: nothing would stay open.")
    if quantity < order.minimum_quantity:
        detail = f"The order's minimumQuantity is {order.minimum_quantity}: its quantity cannot be less."
        raise Refusal("below-minimum", detail, [Fault("/quantity", "too-small", detail)])
    extra = on_top(order, int(item["leavesQuantity"]), quantity, price)
    return ReplaceOrder(change_id, change_id, order, session_date(clock.now()), quantity, price, extra)


def widest_limit(item: Mapping[str, Any], change: ReplaceOrder) -> Decimal:
    """The limit furthest from the market that the order ever had or asked for; its trades must keep to it."""
    before: Decimal = item.get("widestLimit", item["protectionPrice"])
    return (max if change.order.side is Side.BUY else min)(before, change.price)


def held_on_top(change: ReplaceOrder) -> LedgerEntry | None:
    """The ledger's entry for what the change reserves, None if it reserves nothing."""
    more = change.more if change.order.side is Side.SELL else 0
    if not change.reserved and not more:
        return None
    return LedgerEntry(
        entry_id=change.change_id,
        customer_id=change.order.customer_id,
        kind=EntryKind.HOLD,
        time=iso(clock.now()),
        reference=change.order.order_id,
        posting=held(change.reserved),
        ticker=change.ticker,
        shares=Shares(available=-more, reserved=more),
    )


def on_top(order: Order, leaves: int, quantity: int, price: Decimal) -> Decimal:
    """The additional cash for the change, USD: enough however much of the order is filled before an engine decides."""
    if order.side is Side.SELL or order.price is None:
        return money.ZERO
    more = max(quantity - order.quantity, 0)
    fees = order.highest_fees(more)
    return max(money.ZERO, max(price - order.price, money.ZERO) * leaves + price * (quantity - order.quantity) + fees)


def needed_now(item: Mapping[str, Any], change: ReplaceOrder) -> Decimal:
    """The additional cash for the change, USD, if nothing of the order is filled before an engine decides."""
    before = change.order
    after = replace(before, quantity=change.quantity, price=change.price, protection_price=change.price)
    leaves = int(item["leavesQuantity"])
    more = after.reservation(leaves + change.quantity - before.quantity) - before.reservation(leaves)
    return max(money.ZERO, more)


def request_hash(amendment: Amendment) -> str:
    """A hash of the request: the same for the same request."""
    price = None if amendment.price is None else money.text(amendment.price)
    return hashlib.sha256(compact([amendment.quantity, price]).encode()).hexdigest()


def require_same(amendment: Amendment, there: Mapping[str, Any]) -> None:
    """Raises Refusal if another change is stored under this client order id."""
    if there["requestHash"] != request_hash(amendment):
        detail = f"Another change was entered as {amendment.client_order_id}."
        raise Refusal("client-order-id-reused", detail)
