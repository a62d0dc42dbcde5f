"""What a broker allows a customer: its limits, and the switch that stops its orders."""

from decimal import Decimal
from typing import Any

from trading.aws import accounts, dynamodb, keys, store, system
from trading.domain.errors import Refusal
from trading.domain.limits import CustomerLimits
from trading.domain.routing import Halt
from trading.domain.times import iso

EXISTS = "attribute_exists(PK)"


def limited(table: str, customer_id: str, limits: CustomerLimits, deadline: float) -> dict[str, Any]:
    """Sets all limits of the customer; those that are None are gone. Raises Refusal if there is no such customer."""
    fields = accounts.limits_fields(limits)
    expression, values = ("SET limits = :limits", {":limits": fields}) if fields else ("REMOVE limits", {})
    _write(table, customer_id, expression, values, deadline)
    shown = {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in (fields or {}).items()}
    return {"customerId": customer_id, "limits": shown}


def halted(table: str, customer_id: str, deadline: float) -> dict[str, Any]:
    """Stops the customer: no order is accepted any more, and all open ones are asked to end. While it is stopped this
    asks once more, for what was parked, or was on its way. Raises Refusal if there is no such customer.

    The time of the request is taken when the customer is stopped already: no order that was accepted has a later one,
    and engines end by it what comes after the request.
    """
    expression, values = "SET halted = if_not_exists(halted, :time)", {":time": iso(system.now())}
    _write(table, customer_id, expression, values, deadline)
    now = system.now()
    halt = Halt(customer_id, system.new_order_id(now), iso(now))
    dynamodb.transact([dynamodb.put(table, store.halt_item(halt))], deadline)
    return {"customerId": customer_id, "halted": True, "requestId": halt.request_id}


def resumed(table: str, customer_id: str, deadline: float) -> dict[str, Any]:
    """Lets the customer enter orders again. Raises Refusal if there is no such customer."""
    _write(table, customer_id, "REMOVE halted", {}, deadline)
    return {"customerId": customer_id, "halted": False}


def _write(table: str, customer_id: str, expression: str, values: dict[str, Any], deadline: float) -> None:
    change = dynamodb.update(table, keys.customer(customer_id), expression, EXISTS, values)
    try:
        dynamodb.transact([change], deadline)
    except dynamodb.TransactionCanceled as canceled:
        raise Refusal("not-found", f"There is no customer {customer_id}.") from canceled
