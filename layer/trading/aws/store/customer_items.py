"""A customer's item in TradesStore: its totals, its limits, whether it is suspended, and every write of it.

Each function whose name is an imperative returns one write of a transaction, with its condition. Amounts are USD and
are added to what is there, so the writes of several stages commute.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from trading.aws.store import keys, transactions
from trading.domain import money
from trading.domain.accounts.ledger import Posting, held_back
from trading.domain.accounts.limits import CustomerLimits
from trading.domain.executions import ExecutionReports

TOTALS = ("cash", "reserved", "spent", "fees", "proceeds", "deposits", "withdrawals", "settled")
"""The totals in a customer's item, beside `trades`, the number of its trades. `settled` is the net of purchases and
sales that have settled.
"""
HOLDING_BACK = ("proceeds", "settled", "shorted")
"""The higher these totals, the less can be withdrawn. Older items lack the ones that were added later."""
EXISTS = "attribute_exists(PK)"
SEQUENCE = "customerSequence"
"""The number of the customer's last booking: each booking raises it by one. Items without any booking lack it."""
ACCOUNT_SEQUENCE = "accountSequence"
"""The number of the account's last change that is not a booking: cash, a transfer, settlement, limits, suspension. Each
raises it by one. It is beside the number of bookings, so that neither waits for the other. Items without any such
change lack it.
"""
OPEN_ORDER_IDS = "openOrderIds"
"""The ids of the customer's open orders, 16 bytes each, as far as they are named here; the others are in the index.
Where an order is listed is decided when it is accepted. The attribute is absent when it is empty.
"""
FEW = 32
"""As long as fewer orders are named, those that are accepted next are named, too. So the item stays within a write unit
if orders come alone, and within three if they come in arrays.
"""


def clearing_of(item: Mapping[str, Any]) -> Decimal:
    """What purchases cost less what sales brought in, as far as it has not settled, USD."""
    clearing: Decimal = item["spent"] - item["proceeds"] - item.get("settled", money.ZERO)
    return clearing


def held_back_of(item: Mapping[str, Any]) -> Decimal:
    """The cash that cannot be withdrawn yet, USD."""
    return held_back(clearing_of(item), item.get("shorted", money.ZERO))


def accounts_of(item: Mapping[str, Any]) -> Posting:
    """What is in each account, USD."""
    settled = item.get("settled", money.ZERO)
    house = item["withdrawals"] - item["deposits"] + settled
    return Posting(item["cash"], item["reserved"], item["fees"], clearing_of(item), house)


def sequence_of(item: Mapping[str, Any]) -> int:
    """The number of the customer's last booking, 0 if there was none."""
    return int(item.get(SEQUENCE, 0))


def account_sequence_of(item: Mapping[str, Any]) -> int:
    """The number of the account's last change that is not a booking, 0 if there was none."""
    return int(item.get(ACCOUNT_SEQUENCE, 0))


def open_orders_of(item: Mapping[str, Any]) -> list[str]:
    """The ids of the open orders that the customer's item names, the newest first."""
    return sorted((str(UUID(bytes=bytes(each))) for each in item.get(OPEN_ORDER_IDS, ())), reverse=True)


def is_crowded(item: Mapping[str, Any]) -> bool:
    """Whether the customer's item names so many open orders that further ones go into the index."""
    return len(item.get(OPEN_ORDER_IDS, ())) >= FEW


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
    """Creates a customer who brings in this cash, if the id is free."""
    totals = dict.fromkeys(TOTALS, money.ZERO) | {"cash": cash, "deposits": cash}
    return transactions.put_new(table, keys.customer(customer_id) | totals | {"openOrders": 0, "trades": 0})


def deposit(table: str, customer_id: str, number: int, amount: Decimal) -> dict[str, Any]:
    """Adds cash that the customer brings in."""
    added = "ADD cash :amount, deposits :amount"
    return _change(table, customer_id, number, EXISTS, {":amount": amount}, more=added)


def withdraw(table: str, customer_id: str, number: int, amount: Decimal, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Withdraws cash, on condition that no less can be withdrawn than when the item was `seen`."""
    not_higher = [f"{name} <= :{name}" if name in seen else f"attribute_not_exists({name})" for name in HOLDING_BACK]
    values = {
        ":cash": -amount,
        ":amount": amount,
        ":needed": amount + held_back_of(seen),
        ":spent": seen["spent"],
        **{f":{name}": seen[name] for name in HOLDING_BACK if name in seen},
    }
    condition = " AND ".join(["cash >= :needed", "spent >= :spent", *not_higher])
    return _change(table, customer_id, number, condition, values, more="ADD cash :cash, withdrawals :amount")


def set_limits(table: str, customer_id: str, number: int, limits: CustomerLimits) -> dict[str, Any]:
    """Sets all limits; those that are None are removed."""
    if fields := limits_fields(limits):
        return _change(table, customer_id, number, EXISTS, {":limits": fields}, also="limits = :limits")
    return _change(table, customer_id, number, EXISTS, {}, more="REMOVE limits")


def suspend(table: str, customer_id: str, number: int, time: str) -> dict[str, Any]:
    """Suspends the customer from this time on; a customer who is already suspended keeps the earlier time."""
    halted = "halted = if_not_exists(halted, :time)"
    return _change(table, customer_id, number, EXISTS, {":time": time}, also=halted)


def resume(table: str, customer_id: str, number: int) -> dict[str, Any]:
    return _change(table, customer_id, number, EXISTS, {}, more="REMOVE halted")


def reserve(
    table: str,
    customer_id: str,
    limits: CustomerLimits,
    cash: Decimal,
    order_ids: Collection[str] = (),
    *,
    named: bool = False,
) -> dict[str, Any]:
    """Reserves cash, if it is there, and counts these orders as open, if there is room for them; on condition that the
    customer is not suspended and has these limits. The orders are `named` on condition that only few are.
    """
    condition, values = _as_known(limits)
    condition += " AND cash >= :cash"
    values |= {":cash": cash, ":taken": -cash, ":orders": len(order_ids)}
    expression = "ADD cash :taken, reserved :cash, openOrders :orders"
    room = limits.room(len(order_ids))
    if order_ids and room is not None:
        condition += " AND (openOrders <= :room OR attribute_not_exists(openOrders))"
        values[":room"] = room
    if named:
        condition += f" AND (attribute_not_exists({OPEN_ORDER_IDS}) OR size({OPEN_ORDER_IDS}) < :few)"
        values |= {":few": FEW, ":named": _as_named(order_ids)}
        expression += f", {OPEN_ORDER_IDS} :named"
    return transactions.update(table, keys.customer(customer_id), expression, condition, values)


def require(table: str, customer_id: str, limits: CustomerLimits) -> dict[str, Any]:
    """Writes nothing, on condition that the customer is not suspended and has these limits."""
    condition, values = _as_known(limits)
    return transactions.check(table, keys.customer(customer_id), condition, values)


def book(
    table: str,
    customer_id: str,
    bookings: Sequence[ExecutionReports],
    posting: Posting,
    closing: int,
    ended: Collection[str],
    shorted: Decimal,
    sequence: int,
) -> dict[str, Any]:
    """Posts bookings, if what they release is reserved, as the customer's next ones; the last of them has the number
    `sequence`. `closing` is how many orders they close, `ended` are the orders of which nothing is open afterwards.
    `shorted` is how much more was sold short, USD; negative for what was bought back.
    """
    before = sequence - len(bookings)
    next_ones = f"{SEQUENCE} = :before" if before else f"attribute_not_exists({SEQUENCE})"
    return transactions.update(
        table,
        keys.customer(customer_id),
        f"SET {SEQUENCE} = :number "
        "ADD cash :cash, reserved :reserved, spent :spent, proceeds :proceeds, fees :fees, trades :trades, "
        "openOrders :closed"
        + (", shorted :shorted" if shorted else "")
        + (f" DELETE {OPEN_ORDER_IDS} :ended" if ended else ""),
        f"reserved >= :released AND {next_ones}",
        {
            ":cash": posting.cash,
            ":reserved": posting.reserved,
            ":released": -posting.reserved,
            ":spent": sum((each.spent for each in bookings), money.ZERO),
            ":proceeds": sum((each.proceeds for each in bookings), money.ZERO),
            ":fees": posting.fees,
            ":closed": -closing,
            ":trades": sum(len(each.executions) for reports in bookings for each in reports.orders),
            ":shorted": shorted or None,
            ":number": sequence,
            ":before": before or None,
            ":ended": _as_named(ended) or None,
        },
    )


def transfer(table: str, customer_id: str, number: int, shorted: Decimal) -> dict[str, Any]:
    """Notes a transfer of shares. `shorted` changes what open short positions were sold for; it is below zero if shares
    that came in closed some of them.
    """
    added = "ADD shorted :shorted" if shorted else ""
    return _change(table, customer_id, number, EXISTS, {":shorted": shorted or None}, more=added)


def settle(table: str, customer_id: str, number: int, net: Decimal) -> dict[str, Any]:
    """Adds the net of purchases and sales that have settled."""
    return _change(table, customer_id, number, EXISTS, {":net": net}, more="ADD settled :net")


def _change(
    table: str, customer_id: str, number: int, condition: str, values: Mapping[str, Any], also: str = "", more: str = ""
) -> dict[str, Any]:
    """A change of the account that is not a booking, as the one of this number, if it is the next one. `also` is set
    with the number, `more` are further clauses of the expression.
    """
    next_one = f"{ACCOUNT_SEQUENCE} = :before" if number > 1 else f"attribute_not_exists({ACCOUNT_SEQUENCE})"
    expression = f"SET {ACCOUNT_SEQUENCE} = :number{', ' + also if also else ''} {more}".strip()
    numbers = {":number": number, ":before": number - 1 or None}
    return transactions.update(
        table, keys.customer(customer_id), expression, f"{condition} AND {next_one}", {**values, **numbers}
    )


def _as_named(order_ids: Iterable[str]) -> set[bytes]:
    return {UUID(each).bytes for each in order_ids}


def _as_known(limits: CustomerLimits) -> tuple[str, dict[str, Any]]:
    """The condition that the customer is not suspended and has these limits; and its values."""
    fields = limits_fields(limits)
    same = "limits = :limits" if fields else "attribute_not_exists(limits)"
    return f"{EXISTS} AND attribute_not_exists(halted) AND {same}", {":limits": fields} if fields else {}
