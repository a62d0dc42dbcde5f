"""A customer's item in TradesStore: its totals, its limits, whether it is suspended, and every write of it.

Each function that is an imperative gives one write of a transaction, with the condition on which it may be done.
Amounts are USD and are added to what is there, so the writes of several stages commute.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import dynamodb, keys
from trading.domain import money
from trading.domain.accounts.ledger import Posting, held_back
from trading.domain.accounts.limits import CustomerLimits
from trading.domain.executions import ExecutionReports

TOTALS = ("cash", "reserved", "spent", "fees", "proceeds", "deposits", "withdrawals", "settled")
"""What a customer's item adds up. `settled` is the net of purchases and sales that have been settled."""
HOLDING_BACK = ("proceeds", "settled", "shorted")
"""The figures by which less can be withdrawn the higher they are; those that came later are not in every item."""
EXISTS = "attribute_exists(PK)"


def clearing_of(item: Mapping[str, Any]) -> Decimal:
    """What was paid for purchases, less what was earned by sales, and is not settled."""
    clearing: Decimal = item["spent"] - item["proceeds"] - item.get("settled", money.ZERO)
    return clearing


def held_back_of(item: Mapping[str, Any]) -> Decimal:
    """What of the cash cannot be withdrawn yet."""
    return held_back(clearing_of(item), item.get("shorted", money.ZERO))


def limits_fields(limits: CustomerLimits) -> dict[str, Any] | None:
    """A customer's limits as its item has them; None if there are none."""
    fields = {
        "highestOrderValue": limits.highest_order_value,
        "highestOpenOrders": limits.highest_open_orders,
        "collar": limits.collar,
        "highestShort": limits.highest_short or None,
    }
    return {name: value for name, value in fields.items() if value is not None} or None


def limits_of(item: Mapping[str, Any]) -> CustomerLimits:
    """The limits that a customer's item has."""
    fields = item.get("limits", {})
    open_orders = fields.get("highestOpenOrders")
    return CustomerLimits(
        highest_order_value=fields.get("highestOrderValue"),
        highest_open_orders=None if open_orders is None else int(open_orders),
        collar=fields.get("collar"),
        highest_short=int(fields.get("highestShort", 0)),
    )


def create(table: str, customer_id: str, cash: Decimal) -> dict[str, Any]:
    """A customer who brings in so much cash, if there is none of this id."""
    totals = dict.fromkeys(TOTALS, money.ZERO) | {"cash": cash, "deposits": cash}
    return dynamodb.put_new(table, keys.customer(customer_id) | totals | {"openOrders": 0})


def deposit(table: str, customer_id: str, amount: Decimal) -> dict[str, Any]:
    values = {":amount": amount}
    return dynamodb.update(table, keys.customer(customer_id), "ADD cash :amount, deposits :amount", EXISTS, values)


def withdraw(table: str, customer_id: str, amount: Decimal, seen: Mapping[str, Any]) -> dict[str, Any]:
    """On condition that no less can be withdrawn than when the item was `seen`."""
    not_higher = [f"{name} <= :{name}" if name in seen else f"attribute_not_exists({name})" for name in HOLDING_BACK]
    values = {
        ":cash": -amount,
        ":amount": amount,
        ":needed": amount + held_back_of(seen),
        ":spent": seen["spent"],
        **{f":{name}": seen[name] for name in HOLDING_BACK if name in seen},
    }
    condition = " AND ".join(["cash >= :needed", "spent >= :spent", *not_higher])
    return dynamodb.update(table, keys.customer(customer_id), "ADD cash :cash, withdrawals :amount", condition, values)


def set_limits(table: str, customer_id: str, limits: CustomerLimits) -> dict[str, Any]:
    """All limits; those that are None are gone."""
    fields = limits_fields(limits)
    expression, values = ("SET limits = :limits", {":limits": fields}) if fields else ("REMOVE limits", {})
    return dynamodb.update(table, keys.customer(customer_id), expression, EXISTS, values)


def suspension(table: str, customer_id: str, time: str) -> dict[str, Any]:
    """Stops the customer from this time on; one that is suspended already stays so from its own."""
    expression, values = "SET halted = if_not_exists(halted, :time)", {":time": time}
    return dynamodb.update(table, keys.customer(customer_id), expression, EXISTS, values)


def resume(table: str, customer_id: str) -> dict[str, Any]:
    return dynamodb.update(table, keys.customer(customer_id), "REMOVE halted", EXISTS, {})


def reserve(table: str, customer_id: str, limits: CustomerLimits, cash: Decimal, orders: int = 0) -> dict[str, Any]:
    """Reserves cash, if it is there, and counts so many more orders as open, if there is room for them; on condition
    that the customer is not suspended and that these are its limits.
    """
    condition, values = _as_known(limits)
    condition += " AND cash >= :cash"
    values |= {":cash": cash, ":taken": -cash, ":orders": orders}
    room = limits.room(orders)
    if orders and room is not None:
        condition += " AND (openOrders <= :room OR attribute_not_exists(openOrders))"
        values[":room"] = room
    expression = "ADD cash :taken, reserved :cash, openOrders :orders"
    return dynamodb.update(table, keys.customer(customer_id), expression, condition, values)


def require(table: str, customer_id: str, limits: CustomerLimits) -> dict[str, Any]:
    """The condition alone, that the customer is not suspended and that these are its limits."""
    condition, values = _as_known(limits)
    return dynamodb.check(table, keys.customer(customer_id), condition, values)


def book(table: str, reports: ExecutionReports, posting: Posting, closing: int, shorted: Decimal) -> dict[str, Any]:
    """Posts a booking, if what it releases is reserved. `closing` are so many orders fewer that are open; `shorted` is
    what more was sold short, below zero for what was bought back.
    """
    return dynamodb.update(
        table,
        keys.customer(reports.customer_id),
        "ADD cash :cash, reserved :reserved, spent :spent, proceeds :proceeds, fees :fees, openOrders :closed"
        + (", shorted :shorted" if shorted else ""),
        "reserved >= :released",
        {
            ":cash": posting.cash,
            ":reserved": posting.reserved,
            ":released": -posting.reserved,
            ":spent": reports.spent,
            ":proceeds": reports.proceeds,
            ":fees": posting.fees,
            ":closed": -closing,
            ":shorted": shorted or None,
        },
    )


def cover(table: str, customer_id: str, shorted: Decimal) -> dict[str, Any]:
    """Adds what open short positions were sold for more, below zero where shares that came in have closed some."""
    return dynamodb.update(table, keys.customer(customer_id), "ADD shorted :shorted", EXISTS, {":shorted": shorted})


def settle(table: str, customer_id: str, net: Decimal) -> dict[str, Any]:
    """Adds the net of purchases and sales that were settled."""
    return dynamodb.update(table, keys.customer(customer_id), "ADD settled :net", EXISTS, {":net": net})


def _as_known(limits: CustomerLimits) -> tuple[str, dict[str, Any]]:
    """The condition that these are the limits, and that the customer is not suspended; its values."""
    fields = limits_fields(limits)
    same = "limits = :limits" if fields else "attribute_not_exists(limits)"
    return f"{EXISTS} AND attribute_not_exists(halted) AND {same}", {":limits": fields} if fields else {}
