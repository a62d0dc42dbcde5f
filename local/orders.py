"""Orders on their way: posted, followed until each has ended, with a live view."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from local.api import Api
from local.console import Failure, console
from local.waiting import INTERVAL, deadline

ENDED = frozenset({"Filled", "Rejected", "Canceled", "Expired"})
STALL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order that the API took in."""

    customer_id: str
    order_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What the API refused: its problem details, and which order of the array it is about, counted from 0 as the
    pointers of its faults do, or None for the whole request.
    """

    number: int | None
    problem: dict[str, Any]

    def __str__(self) -> str:
        subject = "The request" if self.number is None else f"The order at /{self.number}"
        lines = [f"{subject} was refused ({self.problem['status']} {self.problem['code']}): {self.problem['detail']}"]
        lines += [f"  {fault['pointer'] or '/'}: {fault['detail']}" for fault in self.problem.get("errors", [])]
        return "\n".join(lines)


def post(api: Api, body: bytes | str) -> tuple[list[Accepted], list[Refused]]:
    """Posts one order or an array of orders. Raises Failure for an answer that is neither 202 nor a refusal."""
    status, answered = api.post("/orders", body)
    if isinstance(answered, dict) and "code" in answered:
        return [], [Refused(None, answered)]
    if not isinstance(answered, dict) or "orders" not in answered:
        raise Failure(f"POST /orders was answered {status}: {json.dumps(answered)[:500]}")
    entered = json.loads(body)
    values = entered if isinstance(entered, list) else [entered]
    accepted, refused = [], []
    for number, (value, answer) in enumerate(zip(values, answered["orders"], strict=True)):
        if "problem" in answer:
            refused.append(Refused(number, answer["problem"]))
        else:
            accepted.append(Accepted(value["customerId"], answer["orderId"]))
    return accepted, refused


def watch(api: Api, accepted: Sequence[Accepted]) -> list[dict[str, Any]]:
    """Shows how the orders are executed, and returns them as they ended. Off a terminal, a line for every change."""
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn()
    orders: list[dict[str, Any]] = []
    said = ""
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("accepted", total=None, state="New")
        for orders in _changes(api, accepted):
            total, done = (sum(order[name] for order in orders) for name in ("quantity", "cumulativeQuantity"))
            title, state = _title(orders), f"{done:,} of {total:,} shares, {_state(orders)}"
            progress.update(bar, description=title, total=total, completed=done, state=state)
            if not console.is_terminal and state != said:
                console.print(f"  {title}: {state}")
                said = state
    return orders


def ending(order: dict[str, Any]) -> str:
    """A line about an order that has ended."""
    executed = f"{order['cumulativeQuantity']:,} shares"
    if "averagePrice" in order:
        executed += f" at {order['averagePrice']}, fees {order['fees']}"
    return f"{order['orderId']}  customer {order['customerId']}  {_title([order])}: {order['state']}, {executed}"


def _changes(api: Api, accepted: Sequence[Accepted]) -> Iterator[list[dict[str, Any]]]:
    """All orders, whenever one of them has changed, until all have ended. Raises Failure if they get stuck."""
    orders = {each.order_id: api.order(each.customer_id, each.order_id) for each in accepted}
    stalls = deadline(STALL_SECONDS)
    yield list(orders.values())
    while open_ones := [each for each in accepted if orders[each.order_id]["state"] not in ENDED]:
        now = {each.order_id: api.order(each.customer_id, each.order_id) for each in open_ones}
        if any(orders[order_id] != order for order_id, order in now.items()):
            orders |= now
            stalls = deadline(STALL_SECONDS)
            yield list(orders.values())
        elif time.monotonic() > stalls:
            stuck = ", ".join(each.order_id for each in open_ones[:5])
            advice = "`make status` shows what is queued or parked, `make logs` what the functions say."
            raise Failure(f"Nothing has happened for {STALL_SECONDS:.0f} s, open orders: {stuck}. {advice}")
        else:
            time.sleep(INTERVAL)


def _title(orders: Sequence[dict[str, Any]]) -> str:
    if len(orders) > 1:
        return f"{len(orders)} orders"
    order = orders[0]
    return f"{order['direction']} {order['quantity']:,} {order['ticker']}"


def _state(orders: Sequence[dict[str, Any]]) -> str:
    if len(orders) == 1:
        return str(orders[0]["state"])
    return f"{sum(order['state'] in ENDED for order in orders)} of {len(orders)} ended"
