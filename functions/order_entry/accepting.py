"""Acceptance: orders and what they reserve, stored in one transaction per customer and chunk.

The transaction is first tried without reading anything. If a condition fails, DynamoDB gives back the item that was in
the way, and what does not fit is refused: the customer's cash and shares go to the orders in the order of the request.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from reading import Entered

from trading.aws import dynamodb, keys, store
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.orders import Order, Side
from trading.domain.wire import compact

WRITES_PER_TRANSACTION = 100
DEFAULTS = {field.name: field.default for field in fields(Order)}
"""What an order has that says nothing of it: terms that join later leave the hash of older requests as it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: its id and, if it was refused, why. An order that was not stored has no id."""

    order_id: str | None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class _Write:
    """A write of the transaction and whom it is for: the customer itself, a position, or an order."""

    request: dict[str, Any]
    order: Order | None = None
    ticker: str | None = None


@dataclass(slots=True)
class _Available:
    """What failed conditions have shown that the customer has: nothing is known of what did not fail."""

    cash: Decimal | None = None
    shares: dict[str, int] = field(default_factory=dict)


def accept(table: str, orders: Sequence[Order], deadline: float) -> Iterator[tuple[Order, Outcome]]:
    """Accepts or refuses the orders of one customer, all of them distinct in `client_order_id`.

    Raises what `dynamodb.transact` raises; what was given before that is answered and stored.
    """
    for chunk in _chunks(orders):
        yield from _accept(table, chunk, deadline)


def _accept(table: str, orders: Sequence[Order], deadline: float) -> Iterator[tuple[Order, Outcome]]:
    waiting = list(orders)
    available = _Available()
    while waiting:
        refusals = _refusals(waiting, available)
        failed = _try(_writes(table, waiting, refusals), deadline)
        if not failed or any(write.order and _is_own(write.order, item) for write, item in failed):
            yield from ((order, Outcome(order.order_id, refusals.get(order.order_id))) for order in waiting)
            return
        for write, item in failed:
            if write.order:
                waiting.remove(write.order)
                yield write.order, _first_answer(write.order, item)
            elif write.ticker:
                available.shares[write.ticker] = int(item["available"]) if item else 0
            elif item:
                available.cash = item["cash"]
            else:
                unknown = Refusal("unknown-customer", f"There is no customer {orders[0].customer_id}.")
                yield from ((order, Outcome(None, unknown)) for order in waiting)
                return


def _try(writes: Sequence[_Write], deadline: float) -> list[tuple[_Write, dict[str, Any]]]:
    """Nothing if all was written, else the writes whose condition failed, with the items in their way."""
    try:
        dynamodb.transact([write.request for write in writes], deadline)
    except dynamodb.TransactionCanceled as canceled:
        reasons = zip(writes, canceled.reasons, strict=True)
        return [(write, reason.item or {}) for write, reason in reasons if reason.condition_failed]
    return []


def _refusals(orders: Sequence[Order], available: _Available) -> dict[str, Refusal]:
    """The orders, by id, that what is known to be available does not suffice for."""
    refusals: dict[str, Refusal] = {}
    cash, shares = available.cash, dict(available.shares)
    for order in orders:
        needed = order.reservation(order.quantity)
        held = shares.get(order.ticker) if order.side is Side.SELL else None
        if cash is not None and needed > cash:
            detail = f"The order needs {money.text(needed)} USD, {money.text(cash)} USD are available."
            refusals[order.order_id] = Refusal("insufficient-funds", detail)
        elif held is not None and order.quantity > held:
            detail = f"The order sells {order.quantity} {order.ticker}, {held} are available."
            refusals[order.order_id] = Refusal("insufficient-shares", detail)
        else:
            cash = None if cash is None else cash - needed
            if held is not None:
                shares[order.ticker] = held - order.quantity
    return refusals


def _writes(table: str, orders: Sequence[Order], refusals: Mapping[str, Refusal]) -> list[_Write]:
    writes = []
    accepted = [order for order in orders if order.order_id not in refusals]
    if accepted:
        cash = sum((order.reservation(order.quantity) for order in accepted), money.ZERO)
        writes.append(_Write(holding_cash(table, accepted[0].customer_id, cash, len(accepted))))
    for ticker in dict.fromkeys(order.ticker for order in accepted if order.side is Side.SELL):
        shares = sum(order.quantity for order in accepted if order.side is Side.SELL and order.ticker == ticker)
        writes.append(_Write(holding_shares(table, accepted[0].customer_id, ticker, shares), ticker=ticker))
    for order in orders:
        refusal = refusals.get(order.order_id)
        writes.append(_Write(dynamodb.put_new(table, store.order_item(order, refusal)), order))
        if order.client_order_id is not None:
            writes.append(_Write(dynamodb.put_new(table, _client_order(order, refusal)), order))
    return writes


def holding_cash(table: str, customer_id: str, cash: Decimal, orders: int = 0) -> dict[str, Any]:
    """The write that reserves a customer's cash, USD, if it is there, and counts so many more orders as open."""
    return dynamodb.update(
        table,
        keys.customer(customer_id),
        "ADD cash :taken, reserved :cash, openOrders :orders",
        "attribute_exists(PK) AND cash >= :cash",
        {":cash": cash, ":taken": -cash, ":orders": orders},
    )


def holding_shares(table: str, customer_id: str, ticker: str, shares: int) -> dict[str, Any]:
    """The write that reserves a customer's shares, if they are there."""
    return dynamodb.update(
        table,
        keys.position(customer_id, ticker),
        "ADD available :taken, reserved :shares",
        "available >= :shares",
        {":shares": shares, ":taken": -shares},
    )


def _client_order(order: Order, refusal: Refusal | None) -> dict[str, Any]:
    """The first answer under a client order id, with a hash of what was asked."""
    return {
        **keys.client_order(order.customer_id, str(order.client_order_id)),
        "orderId": order.order_id,
        "requestHash": request_hash(order),
        "problem": {"code": refusal.code, "detail": refusal.detail} if refusal else None,
    }


def first_answers(table: str, orders: Iterable[Entered]) -> dict[Entered, Outcome]:
    """The answers to those of the orders that were entered before, under their client order ids."""
    wanted = {
        each: keys.client_order(each.customer_id, each.client_order_id)
        for each in orders
        if each.client_order_id is not None
    }
    distinct = {(key["PK"], key["SK"]): key for key in wanted.values()}
    found = dynamodb.get_many(table, list(distinct.values()), consistent=True)
    items = {(item["PK"], item["SK"]): item for item in found}
    pairs = [(each, items.get((key["PK"], key["SK"]))) for each, key in wanted.items()]
    return {each: _first_answer(each, item) for each, item in pairs if item is not None}


def request_hash(order: Order | Entered) -> str:
    """The same for the same request: what the customer entered, whatever was fixed at acceptance."""
    asked = {
        name: money.text(value) if isinstance(value, Decimal) else value
        for name in Entered.__slots__
        if (value := getattr(order, name)) != DEFAULTS.get(name)
    }
    return hashlib.sha256(compact(asked).encode()).hexdigest()


def _is_own(order: Order, item: Mapping[str, Any]) -> bool:
    """Whether the item in the way is the order itself: the transaction was done, only its answer was lost."""
    return item.get("orderId") == order.order_id


def _first_answer(order: Order | Entered, item: Mapping[str, Any]) -> Outcome:
    if item["requestHash"] != request_hash(order):
        return Outcome(None, reused(order))
    problem = item.get("problem")
    return Outcome(item["orderId"], Refusal(problem["code"], problem["detail"]) if problem else None)


def reused(order: Order | Entered) -> Refusal:
    return Refusal("client-order-id-reused", f"Another order was entered as {order.client_order_id}.")


def _chunks(orders: Sequence[Order]) -> Iterator[list[Order]]:
    """As many orders as a transaction holds: each is one or two writes, each ticker sold one, the customer one."""
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
