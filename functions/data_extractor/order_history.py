"""The history of an order: transitions and executions, read from its steps."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages import Page, PageStart, next_token

from trading.aws.store import dynamodb, items, keys, order_state
from trading.domain.executions import trades_of
from trading.domain.orders import OrdStatus, state_of

STEP_KEY = re.compile(keys.STEP_FORM, re.ASCII)


@dataclass(frozen=True, slots=True)
class BookedExecution:
    """An execution of the order: the one with this number in a booking, counted from 0."""

    booking: str
    number: int


def agree(order: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the order and its steps are of the same booking."""
    by, filled, ended = (sum(int(step.get(name, 0)) for step in steps) for name in ("by", "filled", "ended"))
    initial = int(order["initialQuantity"])
    return (by, filled, ended, any(not _refused(step) for step in steps)) == (
        int(order.get("orderQuantity", initial)) - initial,
        int(order["cumulativeQuantity"]),
        int(order["canceledQuantity"]),
        order.get("answered", False),
    )


def history_of(
    table: str, order: Mapping[str, Any], steps: Iterable[dict[str, Any]], start: PageStart, limit: int
) -> dict[str, Any]:
    """A page of an order's transitions and executions, `limit` of both together, the oldest first.

    `steps` are all of the order's, because each state follows from all steps before it. They are small. Of the bookings
    only those are read of which the page shows an execution.
    """
    page = Page(limit)
    for key, transition, executions in _transitions(order, steps):
        if key >= start.key:
            skipped = start.offset if key == start.key else 0
            if not page.add(key, [transition, *executions], skipped):
                break
    executions = [each for each in page.entries if isinstance(each, BookedExecution)]
    trades = _trades(table, order, dict.fromkeys(each.booking for each in executions))
    return {
        "transitions": [each for each in page.entries if not isinstance(each, BookedExecution)],
        "executions": [trades[each.booking][each.number] for each in executions],
    } | next_token(page.rest)


def _transitions(
    order: Mapping[str, Any], steps: Iterable[dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any], list[BookedExecution]]]:
    """The key of each step, its transition, and its executions. A state follows from what may be open at that time:
    shares that a replacement adds may be filled before the replacement is booked.
    """
    quantity = int(order["initialQuantity"])
    asked = order_state.may_be_open(order) - int(order["leavesQuantity"])
    filled, ended, ending, answered = 0, 0, None, False
    if order["acceptance"] == "Rejected":
        first = _transition(order["orderDate"], OrdStatus.REJECTED, 0, 0, order["problem"]["code"])
    else:
        first = _transition(order["orderDate"], OrdStatus.PENDING_NEW, 0, quantity)
    yield f"{keys.STEP}{order['orderId']}#", first, []
    for step in steps:
        filled += int(step["filled"])
        ended += int(step["ended"])
        quantity += int(step.get("by", 0))
        ending = step.get("ending", ending)
        leaves = quantity - filled - ended
        answered = answered or not _refused(step)
        state = state_of(filled, leaves + asked, ending and ending["status"], answered=answered)
        reason = step["ending"]["reason"] if "ending" in step else None
        executions = [BookedExecution(step["booking"], number) for number in range(int(step["executions"]))]
        transition = _transition(step["time"], state, filled, leaves, reason)
        yield step["SK"], transition | {name: step[name] for name in ("changes",) if name in step}, executions


def _refused(step: Mapping[str, Any]) -> bool:
    """Whether all that happened was that requests were refused."""
    changes = step.get("changes", [])
    return bool(changes) and all("refused" in change for change in changes) and not step["filled"] + step["ended"]


def _transition(time: str, state: OrdStatus, filled: int, leaves: int, reason: str | None = None) -> dict[str, Any]:
    transition = {"time": time, "state": state.value, "cumulativeQuantity": filled, "leavesQuantity": leaves}
    return transition if reason is None else {**transition, "reason": reason}


def _trades(table: str, order: Mapping[str, Any], bookings: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The order's trades, by booking."""
    wanted = [keys.Key(PK=order["PK"], SK=booking) for booking in bookings]
    return {
        item["SK"]: [
            trade
            for trade in trades_of(items.reports_of(item), item["settlementDate"])
            if trade["orderId"] == order["orderId"]
        ]
        for item in dynamodb.get_many(table, wanted, consistent=True)
    }
