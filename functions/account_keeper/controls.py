"""What a broker controls of a customer: its limits, and its suspension."""

from decimal import Decimal
from typing import Any

from trading.aws import clock
from trading.aws.store import customer_items, dynamodb, items
from trading.domain.accounts.limits import CustomerLimits
from trading.domain.errors import Refusal
from trading.domain.routing import Suspension
from trading.domain.times import iso


def set_limits(table: str, customer_id: str, limits: CustomerLimits, deadline: float) -> dict[str, Any]:
    """Sets all limits of the customer; those that are None are removed. Raises Refusal if there is no such customer."""
    _write(customer_id, customer_items.set_limits(table, customer_id, limits), deadline)
    fields = customer_items.limits_fields(limits) or {}
    shown = {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in fields.items()}
    return {"customerId": customer_id, "limits": shown}


def suspend(table: str, customer_id: str, deadline: float) -> dict[str, Any]:
    """Suspends the customer: no order is accepted any more, and all open ones are asked to end. Done again during the
    suspension, it asks once more, for orders that were dead-lettered or on their way. Raises Refusal if there is no
    such customer.

    The time of the request is taken when the customer is already suspended, so no accepted order has a later one.
    Engines use this time to end what comes after the request.
    """
    _write(customer_id, customer_items.suspend(table, customer_id, iso(clock.now())), deadline)
    now = clock.now()
    suspension = Suspension(customer_id, clock.new_order_id(now), iso(now))
    dynamodb.transact([dynamodb.put(table, items.suspension_item(suspension))], deadline)
    return {"customerId": customer_id, "halted": True, "requestId": suspension.request_id}


def resume(table: str, customer_id: str, deadline: float) -> dict[str, Any]:
    """Lets the customer enter orders again. Raises Refusal if there is no such customer."""
    _write(customer_id, customer_items.resume(table, customer_id), deadline)
    return {"customerId": customer_id, "halted": False}


def _write(customer_id: str, change: dict[str, Any], deadline: float) -> None:
    try:
        dynamodb.transact([change], deadline)
    except dynamodb.TransactionCanceled as canceled:
        raise Refusal("not-found", f"There is no customer {customer_id}.") from canceled
