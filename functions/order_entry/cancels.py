"""Requests to end the open part of an order (FIX F): they are stored here, the engines decide."""

import time
from collections.abc import Mapping
from typing import Any

from change_requests import Requested, stored_order, stored_request

from trading.aws import clock
from trading.aws.store import items, keys, order_state, transactions
from trading.domain.errors import Unavailable
from trading.domain.messages.commands import CancelOrder, cancel_id
from trading.domain.order_status import ENDED, OrdStatus
from trading.domain.times import session_date


def request_cancel(table: str, customer_id: str, order_id: str, deadline: float) -> Requested:
    """Asks to end the open part of the order. Asked again, it gives the same answer. If the order has ended, the
    answer is the state in which it ended, whether this was asked for before or not. Raises Refusal.
    """
    change_id = cancel_id(order_id)
    while True:
        item = stored_order(table, customer_id, order_id)
        state = order_state.state(item)
        if state in ENDED:
            asked = stored_request(table, customer_id, order_id, change_id)
            return Requested(order_id, state.value, change_id if asked else None)
        if _store(table, item, change_id, deadline) or stored_request(table, customer_id, order_id, change_id):
            return Requested(order_id, OrdStatus.PENDING_CANCEL.value, change_id)
        if time.monotonic() > deadline:
            raise Unavailable("The order changes too fast, send the request again.")


def _store(table: str, item: Mapping[str, Any], change_id: str, deadline: float) -> bool:
    """Whether the request was stored; False if an equal one is there, or nothing is open any more."""
    order = items.standing_order(item)
    change = CancelOrder(change_id, change_id, order, session_date(clock.now()))
    writes = [
        transactions.put_new(table, items.change_item(change, item["route"])),
        transactions.update(
            table,
            keys.order(order.customer_id, order.order_id),
            "SET pendingCancel = :change",
            "acceptance = :accepted AND (openQuantity > :nothing"
            " OR attribute_not_exists(openQuantity) AND leavesQuantity > :nothing)",
            {":change": change_id, ":accepted": "Accepted", ":nothing": 0},
        ),
    ]
    try:
        transactions.write(writes, deadline)
    except transactions.TransactionCanceled:
        return False
    return True
