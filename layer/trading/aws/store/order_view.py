"""An order as the API and its events show it."""

from collections.abc import Mapping
from typing import Any

from trading.aws.store import order_state
from trading.domain import money
from trading.domain.statistics import average_price

BOOKED = (
    "quantity",
    "price",
    "state",
    "reason",
    "cumulativeQuantity",
    "canceledQuantity",
    "leavesQuantity",
    "averagePrice",
    "fees",
    "reserved",
    "protectionPrice",
    "firstPool",
    "refusedCancel",
    "refusedReplace",
    "customerSequence",
)
"""The fields that change after an order was accepted. All others stay as they are."""


def shown(item: Mapping[str, Any]) -> dict[str, Any]:
    """An order with its state and quantities. `customerSequence` is the number of the last booking that changed it.

    A fill may be booked before the replacement that made room for it. Filled and ended shares are then more than the
    quantity for a moment.
    """
    quantity, cumulative = int(item.get("orderQuantity", item["initialQuantity"])), int(item["cumulativeQuantity"])
    fields = {
        "orderId": item["orderId"],
        "clientOrderId": item.get("clientOrderId"),
        "customerId": item["customerId"],
        "direction": item["direction"],
        "ticker": item["ticker"],
        "type": item["type"],
        "quantity": quantity,
        "price": money.text(item["price"]) if "price" in item else None,
        "orderDate": item["orderDate"],
        "timeInForce": item.get("timeInForce"),
        "stopPrice": money.text(item["stopPrice"]) if "stopPrice" in item else None,
        "minimumQuantity": int(item["minimumQuantity"]) if "minimumQuantity" in item else None,
        "postOnly": item.get("postOnly"),
        "poolOnly": item.get("poolOnly"),
        "pegToMidpoint": item.get("pegToMidpoint"),
        "pegToPrimary": item.get("pegToPrimary"),
        "pegOffset": money.text(item["pegOffset"]) if "pegOffset" in item else None,
        "selfTradePrevention": item.get("selfTradePrevention"),
        "state": order_state.state(item).value,
        "reason": item.get("ending", {}).get("reason"),
        "cumulativeQuantity": cumulative,
        "canceledQuantity": int(item["canceledQuantity"]),
        "leavesQuantity": max(int(item["leavesQuantity"]), 0),
        "averagePrice": f"{average_price(item['executedNotional'], cumulative)}" if cumulative else None,
        "fees": money.text(item["fees"]),
        "reserved": money.text(item["reserved"]),
        "protectionPrice": money.text(item["protectionPrice"]),
        "arrival": _arrival(item["arrival"]) if "arrival" in item else None,
        "firstPool": item["route"]["pool"] if "route" in item else None,
        "problem": item.get("problem"),
        "refusedCancel": item.get("refusedCancel"),
        "refusedReplace": item.get("refusedReplace"),
        "customerSequence": int(item["customerSequence"]) if "customerSequence" in item else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _arrival(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The quote that was displayed when the order arrived."""
    prices = {side: money.text(fields[side]) for side in ("bid", "ask") if side in fields}
    sizes = {size: int(fields[size]) for size in ("bidSize", "askSize") if size in fields}
    return {**prices, **sizes, "time": fields["time"]}


def booked_fields(order: Mapping[str, Any]) -> dict[str, Any]:
    """What may change of an order, as it is shown, but for the number of its last booking."""
    return {name: order[name] for name in BOOKED if name in order and name != "customerSequence"}


def as_booked(order: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The order, as it is shown today, with what may change as it was at a booking."""
    kept = {name: value for name, value in order.items() if name not in BOOKED or name in fields}
    return kept | dict(fields)
