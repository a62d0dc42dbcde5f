"""The state of an order (FIX 39), as its item in TradesStore has it."""

from collections.abc import Iterator, Mapping
from typing import Any

from trading.domain.order_status import OrderEvent, OrdStatus, state_of

REQUESTS = {"pendingReplace": OrderEvent.REPLACE_REQUESTED, "pendingCancel": OrderEvent.CANCEL_REQUESTED}
"""The attributes that say that a request waits for its answer. A cancel may follow a replacement."""


def state(item: Mapping[str, Any]) -> OrdStatus:
    """The order's state."""
    refused = item["acceptance"] == "Rejected"
    ending = OrdStatus.REJECTED if refused else item.get("ending", {}).get("status")
    answered = item.get("answered", False)
    return state_of(
        int(item["cumulativeQuantity"]), may_be_open(item), ending, answered=answered, requests=_waiting(item)
    )


def is_unanswered(item: Mapping[str, Any]) -> bool:
    """Whether the order was accepted, and no engine has answered it."""
    return item["acceptance"] == "Accepted" and not item.get("answered", False) and item["leavesQuantity"] > 0


def may_be_open(item: Mapping[str, Any]) -> int:
    """Shares that are open, or would be if the requested replacement is done. A trade may be booked before the
    replacement that made room for it, so an order that seems to be filled may still be open.
    """
    return int(item.get("openQuantity", item["leavesQuantity"]))


def _waiting(item: Mapping[str, Any]) -> Iterator[OrderEvent]:
    return (request for name, request in REQUESTS.items() if name in item)
