"""The history of an order: transitions and executions, read from its bookings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pages import Page, PageStart, next_token

from trading.aws.store import items, keys, order_state
from trading.domain.executions import ExecutionReports, OrderReport, trades_of
from trading.domain.order_status import OrdStatus, state_of

STEP_KEY = re.compile(rf"{keys.UUID}#[0-9T:.-]{{23}}Z#{keys.UUID}", re.ASCII)
"""Where a page of an order's history begins: the order's id, the time and the id of a booking."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one booking did to the order, `report`, beside what it did to others."""

    reports: ExecutionReports
    report: OrderReport
    settlement_date: str

    @property
    def key(self) -> str:
        """Sorts as it happened: by the time and, at one time, by the booking's id."""
        return f"{first_key(self.report.order.order_id)}{self.reports.time}#{self.reports.booking_id}"

    def executions(self) -> list[dict[str, Any]]:
        """The order's trades of the booking."""
        order_id = self.report.order.order_id
        return [trade for trade in trades_of(self.reports, self.settlement_date) if trade["orderId"] == order_id]


def first_key(order_id: str) -> str:
    """The start of all keys of an order's history."""
    return f"{order_id}#"


def history_of(
    order: Mapping[str, Any], bookings: Iterable[Mapping[str, Any]], start: PageStart, limit: int
) -> dict[str, Any]:
    """A page of an order's transitions and executions, `limit` of both together, the oldest first. `bookings` are all
    of the order's, because each state follows from all steps before it.
    """
    page = Page(limit)
    for key, transition, step in _transitions(order, sorted(_steps(order, bookings), key=lambda each: each.key)):
        if key >= start.key:
            executions = [(step, number) for number, _ in enumerate(step.report.executions)] if step else []
            skipped = start.offset if key == start.key else 0
            if not page.add(key, [transition, *executions], skipped):
                break
    executions = [each for each in page.entries if isinstance(each, tuple)]
    trades = {key: step.executions() for key, step in {step.key: step for step, _ in executions}.items()}
    return {
        "transitions": [each for each in page.entries if not isinstance(each, tuple)],
        "executions": [trades[step.key][number] for step, number in executions],
    } | next_token(page.rest)


def _steps(order: Mapping[str, Any], bookings: Iterable[Mapping[str, Any]]) -> Iterator[Step]:
    for item in bookings:
        reports = items.reports_of(item)
        [mine] = [each for each in reports.orders if each.order.order_id == order["orderId"]]
        yield Step(reports, mine, str(item["settlementDate"]))


def _transitions(order: Mapping[str, Any], steps: Iterable[Step]) -> Iterator[tuple[str, dict[str, Any], Step | None]]:
    """The key of each step, its transition, and the step. The first is the order's entry, which has no step. A state
    follows from what may be open at that time: shares that a replacement adds may be filled before the replacement is
    booked.
    """
    quantity = int(order["initialQuantity"])
    asked = order_state.may_be_open(order) - int(order["leavesQuantity"])
    filled, ended, ending, answered = 0, 0, None, False
    if order["acceptance"] == "Rejected":
        first = _transition(order["orderDate"], OrdStatus.REJECTED, 0, 0, order["problem"]["code"])
    else:
        first = _transition(order["orderDate"], OrdStatus.PENDING_NEW, 0, quantity)
    yield first_key(order["orderId"]), first, None
    for step in steps:
        report = step.report
        filled += report.filled
        ended += report.ended
        quantity += report.by
        ending = report.ending.status if report.ending else ending
        leaves = quantity - filled - ended
        answered = answered or not report.refused
        state = state_of(filled, leaves + asked, ending, answered=answered)
        reason = report.ending.reason if report.ending else None
        transition = _transition(step.reports.time, state, filled, leaves, reason)
        yield step.key, transition | _changes(report), step


def _changes(report: OrderReport) -> dict[str, Any]:
    """What became of requests to change the order."""
    changes = [
        {"change": change.kind.value} | ({"refused": change.reason} if change.reason else {})
        for change in report.changes
    ]
    return {"changes": changes} if changes else {}


def _transition(time: str, state: OrdStatus, filled: int, leaves: int, reason: str | None = None) -> dict[str, Any]:
    transition = {"time": time, "state": state.value, "cumulativeQuantity": filled, "leavesQuantity": leaves}
    return transition if reason is None else {**transition, "reason": reason}
