"""Client order ids: a request that is repeated under its id gets the first answer; another request under that id is
refused.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from request_bodies import Entered

from trading.aws.store import dynamodb, keys
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.messages.wire import compact
from trading.domain.orders import Order

DEFAULTS = {field.name: field.default for field in fields(Order)}
"""The values of terms that were not asked for. They are left out of the hash, so terms that are added later do not
change the hashes of older requests.
"""


@dataclass(frozen=True, slots=True)
class OrderOutcome:
    """What became of an order: its id and, if it was refused, why. An order that was not stored has no id; one that may
    be stored has the id to look for.
    """

    order_id: str | None
    refusal: Refusal | None = None


def client_order_item(order: Order, refusal: Refusal | None) -> dict[str, Any]:
    """The item that keeps the first answer under a client order id, with a hash of the request."""
    return {
        **keys.client_order(order.customer_id, str(order.client_order_id)),
        "orderId": order.order_id,
        "requestHash": request_hash(order),
        "problem": {"code": refusal.code, "detail": refusal.detail} if refusal else None,
    }


def first_answers(table: str, orders: Iterable[Entered]) -> dict[Entered, OrderOutcome]:
    """The first answers to those orders that were entered before, under their client order ids."""
    wanted = {
        each: keys.client_order(each.customer_id, each.client_order_id)
        for each in orders
        if each.client_order_id is not None
    }
    distinct = {(key["PK"], key["SK"]): key for key in wanted.values()}
    found = dynamodb.get_many(table, list(distinct.values()), consistent=True)
    items = {(item["PK"], item["SK"]): item for item in found}
    pairs = [(each, items.get((key["PK"], key["SK"]))) for each, key in wanted.items()]
    return {each: first_answer(each, item) for each, item in pairs if item is not None}


def first_answer(order: Order | Entered, item: Mapping[str, Any]) -> OrderOutcome:
    """The answer in the item of the order's client order id."""
    if item["requestHash"] != request_hash(order):
        return OrderOutcome(None, reused(order))
    problem = item.get("problem")
    return OrderOutcome(item["orderId"], Refusal(problem["code"], problem["detail"]) if problem else None)


def request_hash(order: Order | Entered) -> str:
    """A hash of what the customer entered, without what was fixed at acceptance: equal requests have equal hashes."""
    asked = {
        name: money.text(value) if isinstance(value, Decimal) else value
        for name in Entered.__slots__
        if (value := getattr(order, name)) != DEFAULTS.get(name)
    }
    return hashlib.sha256(compact(asked).encode()).hexdigest()


def reused(order: Order | Entered) -> Refusal:
    return Refusal("client-order-id-reused", f"Another order was entered as {order.client_order_id}.")
