"""What a broker controls of a customer: its limits, and its suspension."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from trading.aws import clock
from trading.aws.store import account_changes, customer_items, dynamodb, items, keys, transactions
from trading.domain.accounts.limits import CustomerLimits
from trading.domain.errors import Refusal, Unavailable
from trading.domain.messages.account_updates import AccountChange, AccountChangeKind
from trading.domain.routing import Suspension
from trading.domain.times import iso


def set_limits(table: str, customer_id: str, limits: CustomerLimits, deadline: float) -> dict[str, Any]:
    """Sets all limits of the customer; those that are None are removed. Raises Refusal if there is no such customer."""

    def write(number: int) -> dict[str, Any]:
        return customer_items.set_limits(table, customer_id, number, limits)

    _commit(table, customer_id, AccountChangeKind.LIMITS, write, deadline)
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

    def write(number: int) -> dict[str, Any]:
        return customer_items.suspend(table, customer_id, number, iso(clock.now()))

    _commit(table, customer_id, AccountChangeKind.HALT, write, deadline)
    now = clock.now()
    suspension = Suspension(customer_id, clock.new_order_id(now), iso(now))
    transactions.write([transactions.put(table, items.suspension_item(suspension))], deadline)
    return {"customerId": customer_id, "halted": True, "requestId": suspension.request_id}


def resume(table: str, customer_id: str, deadline: float) -> dict[str, Any]:
    """Lets the customer enter orders again. Raises Refusal if there is no such customer."""

    def write(number: int) -> dict[str, Any]:
        return customer_items.resume(table, customer_id, number)

    _commit(table, customer_id, AccountChangeKind.RESUME, write, deadline)
    return {"customerId": customer_id, "halted": False}


def _commit(
    table: str, customer_id: str, kind: AccountChangeKind, write: Callable[[int], dict[str, Any]], deadline: float
) -> None:
    """Writes the customer's item as the account's next change, with the record of it that the stream carries to who
    listens. `write` is given the number of the change. Raises Refusal if there is no such customer.
    """
    while True:
        customer = next(dynamodb.get_many(table, [keys.customer(customer_id)], consistent=True), None)
        if customer is None:
            raise Refusal("not-found", f"There is no customer {customer_id}.")
        number = customer_items.account_sequence_of(customer) + 1
        now = clock.now()
        change = AccountChange(clock.new_order_id(now), customer_id, number, kind, iso(now))
        try:
            transactions.write(
                [write(number), transactions.put_new(table, account_changes.control_item(change))], deadline
            )
        except transactions.TransactionCanceled as canceled:
            if time.monotonic() > deadline:
                raise Unavailable("The account changes too fast, send the same again.") from canceled
        else:
            return
