"""What is stored of an order and of the requests to change it, and the answer to such a request."""

from dataclasses import dataclass
from typing import Any

from trading.aws.store import dynamodb, keys
from trading.domain.errors import Refusal
from trading.domain.order_status import ENDED, OrdStatus


@dataclass(frozen=True, slots=True)
class Requested:
    """The answer: the order, its state, and the request's id. The state is that of the request until an engine has
    decided, or the one in which the order ended: then there is an id only if a request was stored before.
    """

    order_id: str
    state: str
    change_id: str | None

    @property
    def ended(self) -> bool:
        return OrdStatus(self.state) in ENDED

    @property
    def shown(self) -> dict[str, str]:
        shown = {"orderId": self.order_id, "state": self.state}
        return shown if self.change_id is None else shown | {"changeId": self.change_id}


def stored_request(table: str, customer_id: str, order_id: str, change_id: str) -> dict[str, Any] | None:
    return dynamodb.get(table, keys.change(customer_id, order_id, change_id))


def stored_order(table: str, customer_id: str, order_id: str) -> dict[str, Any]:
    """Raises Refusal if there is no such order."""
    item = dynamodb.get(table, keys.order(customer_id, order_id))
    if item is None:
        raise Refusal("not-found", f"Customer {customer_id} has no such order.")
    return item
