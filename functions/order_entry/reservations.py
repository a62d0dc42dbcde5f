"""Reserves shares of a position for sales: the write of a transaction, if the position allows it."""

from typing import Any

from trading.aws.store import keys, transactions
from trading.domain.accounts.limits import CustomerLimits
from trading.domain.orders import Order


def shares_reservation(table: str, order: Order, shares: int, limits: CustomerLimits) -> dict[str, Any]:
    """The write that reserves shares for the order's sale, if they are there or may be sold short. A short sale creates
    the position if there is none.
    """
    least = shares - limits.highest_short
    condition = "available >= :least"
    return transactions.update(
        table,
        keys.position(order.customer_id, order.ticker),
        "ADD available :taken, reserved :shares",
        condition if least > 0 else f"attribute_not_exists(PK) OR {condition}",
        {":shares": shares, ":taken": -shares, ":least": least},
    )
