"""What orders hold of a customer's cash and shares: the writes of a transaction, each if the account allows it."""

from decimal import Decimal
from typing import Any

from trading.aws import accounts, dynamodb, keys
from trading.domain.limits import CustomerLimits
from trading.domain.orders import Order


def holding_cash(
    table: str, customer_id: str, limits: CustomerLimits, cash: Decimal, orders: int = 0
) -> dict[str, Any]:
    """The write that reserves a customer's cash, USD, if it is there, and counts so many more orders as open, if there
    is room for them; on condition that the customer is not halted and that these are its limits.
    """
    condition, values = accounts.as_known(limits)
    condition += " AND cash >= :cash"
    values |= {":cash": cash, ":taken": -cash, ":orders": orders}
    room = limits.room(orders)
    if orders and room is not None:
        condition += " AND (openOrders <= :room OR attribute_not_exists(openOrders))"
        values[":room"] = room
    expression = "ADD cash :taken, reserved :cash, openOrders :orders"
    return dynamodb.update(table, keys.customer(customer_id), expression, condition, values)


def holding_nothing(table: str, customer_id: str, limits: CustomerLimits) -> dict[str, Any]:
    """The condition alone, that the customer is not halted and that these are its limits."""
    condition, values = accounts.as_known(limits)
    return dynamodb.check(table, keys.customer(customer_id), condition, values)


def holding_shares(table: str, order: Order, shares: int, limits: CustomerLimits) -> dict[str, Any]:
    """The write that reserves so many shares of what the order sells, if they are there or may be sold short; a
    position that there is not is made by a short sale.
    """
    least = shares - limits.highest_short
    condition = "available >= :least"
    return dynamodb.update(
        table,
        keys.position(order.customer_id, order.ticker),
        "ADD available :taken, reserved :shares",
        condition if least > 0 else f"attribute_not_exists(PK) OR {condition}",
        {":shares": shares, ":taken": -shares, ":least": least},
    )
