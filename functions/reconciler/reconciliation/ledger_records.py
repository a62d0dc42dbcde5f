"""Orders and bookings of TradesStore in the form in which they are compared."""

from collections.abc import Mapping
from typing import Any

from reconciliation.rules.movements import BookingRecord, OrderRecord
from trading.aws.store import items, ledger
from trading.domain.errors import Unprocessable, why
from trading.domain.executions import effect_of
from trading.domain.messages.wire import UNREADABLE

Item = Mapping[str, Any]


def placed_of(item: Item) -> OrderRecord:
    """The record of an order. A price that a replacement set is taken as its own. Raises Unprocessable if the item is
    not an order.
    """
    order = items.order_of(item)
    try:
        ending = item.get("ending")
        leaves = int(item["leavesQuantity"])
        stands = {
            "orderQuantity": int(item.get("orderQuantity", order.quantity)),
            "cumulativeQuantity": int(item["cumulativeQuantity"]),
            "canceledQuantity": int(item["canceledQuantity"]),
            "leavesQuantity": leaves,
            "openQuantity": int(item.get("openQuantity", leaves)),
            "executedNotional": item["executedNotional"],
            "fees": item["fees"],
            "reserved": item["reserved"],
            "answered": item.get("answered", False),
            "price": order.price,
            "ending": f"{ending['status']} {ending['reason']}" if ending else None,
        }
        return OrderRecord(
            order=order,
            accepted=item["acceptance"] == "Accepted",
            posting=item.get("posting", {}),
            shares=ledger.shares_of_order(item),
            stands=stands,
            replacing="pendingReplace" in item,
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not an order: {why(error)}", {"key": str(item.get("SK"))}) from error


def booked_of(item: Item) -> BookingRecord:
    """The record of a booking. Raises Unprocessable if the item is not a booking."""
    reports = items.reports_of(item)
    try:
        position = item.get("position")
        return BookingRecord(
            reports=reports,
            effect=effect_of(reports),
            settlement_date=item["settlementDate"],
            posting=item.get("posting", {}),
            shares={name: int(value) for name, value in item.get("shares", {}).items()},
            position=position and {**position, **{name: int(position[name]) for name in ("sequence", "quantity")}},
            sequence=int(item["customerSequence"]) if "customerSequence" in item else None,
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not a booking: {why(error)}", {"key": str(item.get("SK"))}) from error
