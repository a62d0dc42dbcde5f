"""Orders on their way: posted, and followed until each has ended or rests in the book, with a live view."""

import heapq
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from local.api import Api
from local.console import Failure, console
from local.waiting import INTERVAL
from trading.domain.orders import ENDED, OrdStatus

ANSWERED = frozenset({OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED})
"""Open, and an engine has said so."""
REST_SECONDS = 3.0
"""An open order that an engine has answered rests in the book once it has not changed for so long."""
STALL_SECONDS = 60.0
LINE_SECONDS = 1.0
"""Between two lines off a terminal."""
MAX_CALLS = 8
"""At once."""
MAX_PAUSE_SECONDS = 2.0
"""Between two looks at an order."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order that the API took in."""

    customer_id: str
    order_id: str
    quantity: int


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
            accepted.append(Accepted(value["customerId"], answer["orderId"], value["quantity"]))
    return accepted, refused


class Following:
    """The orders of a request. `found` has each as it was last seen, by id; None if it was not seen yet."""

    def __init__(self, api: Api, accepted: Sequence[Accepted]) -> None:
        self._api = api
        self._customers = {each.order_id: each.customer_id for each in accepted}
        self._quantities = {each.order_id: each.quantity for each in accepted}
        self._changed = dict.fromkeys(self._customers, time.monotonic())
        self.found: dict[str, dict[str, Any] | None] = dict.fromkeys(self._customers)

    def show(self) -> None:
        """Follows the orders until each has ended or rests, and shows how far they are: off a terminal by a line now
        and then. Raises Failure if no engine answers.
        """
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn()
        said, next_line = "", 0.0
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            bar = progress.add_task("accepted", total=None, state=OrdStatus.PENDING_NEW.value)
            for over in self._looks():
                known = [order for order in self.found.values() if order]
                total, done = self._shares(), sum(order["cumulativeQuantity"] for order in known)
                title, state = _title(known, len(self.found)), f"{done:,} of {total:,} shares, {_state(known)}"
                progress.update(bar, description=title, total=total, completed=done, state=state)
                if not console.is_terminal and state != said and (over or time.monotonic() >= next_line):
                    console.print(f"  {title}: {state}")
                    said, next_line = state, time.monotonic() + LINE_SECONDS

    def lines(self) -> Iterator[str]:
        """What is known of each order: of those that have ended, then of those that are open."""
        known = [order for order in self.found.values() if order]
        yield from (ending(order) for order in known if order["state"] in ENDED)
        yield from (_rest(order) for order in known if order["state"] not in ENDED)
        for order_id, order in self.found.items():
            if order is None:
                yield f"{order_id}  customer {self._customers[order_id]}: accepted, not seen since"

    @property
    def open_ids(self) -> list[str]:
        """The orders that are not known to have ended."""
        return [order_id for order_id, order in self.found.items() if order is None or order["state"] not in ENDED]

    @property
    def is_short(self) -> bool:
        """Whether an order has ended without all of its shares."""
        return any(order and order["state"] in ENDED - {OrdStatus.FILLED} for order in self.found.values())

    def _shares(self) -> int:
        """Of all orders, also of those that were not seen yet: of these as they were entered."""
        return sum(order["quantity"] if order else self._quantities[each] for each, order in self.found.items())

    def _looks(self) -> Iterator[bool]:
        """Looks at a few orders at a time, and no more at one that has ended; yields whether nothing moves any more.

        The more orders the longer the pause between two looks at one, so that the requests stay few; it doubles while
        the order is the same. Those that rest are looked at once more when there are no others.
        """
        first = min(MAX_PAUSE_SECONDS, INTERVAL * len(self.found) / MAX_CALLS)
        queue = [(time.monotonic() + first, first, order_id) for order_id in self.found]
        resting: list[str] = []
        with ThreadPoolExecutor(MAX_CALLS) as threads:
            while queue:
                time.sleep(max(0.0, queue[0][0] - time.monotonic()))
                batch = [heapq.heappop(queue) for _ in range(min(MAX_CALLS, len(queue)))]
                for (_, pause, order_id), changed in zip(batch, threads.map(self._look, batch), strict=True):
                    if self._rests(order_id):
                        resting.append(order_id)
                    elif order_id in self.open_ids:
                        after = first if changed else min(2 * pause, MAX_PAUSE_SECONDS)
                        heapq.heappush(queue, (time.monotonic() + after, after, order_id))
                yield False
                self._require_answers()
                if not queue and any(list(threads.map(self._look, [(0.0, 0.0, each) for each in resting]))):
                    queue = [(0.0, first, order_id) for order_id in resting if order_id in self.open_ids]
                    resting = []
        yield True

    def _look(self, turn: tuple[float, float, str]) -> bool:
        """Whether an order has changed since the last look."""
        order_id = turn[2]
        before = self.found[order_id]
        now = self._api.order(self._customers[order_id], order_id)
        self.found[order_id] = now
        if before != now:
            self._changed[order_id] = time.monotonic()
        return before != now

    def _rests(self, order_id: str) -> bool:
        order = self.found[order_id]
        still = time.monotonic() - self._changed[order_id]
        return order is not None and order["state"] in ANSWERED and still >= REST_SECONDS

    def _require_answers(self) -> None:
        """Raises Failure if there are orders that wait for an engine, and none has changed for long."""
        waiting = [
            order["orderId"] for order in self.found.values() if order and order["state"] not in ENDED | ANSWERED
        ]
        if waiting and time.monotonic() - max(self._changed.values()) > STALL_SECONDS:
            advice = "`make status` shows what is queued or parked, `make logs` what the functions say."
            ids = ", ".join(waiting[:5])
            raise Failure(f"No engine has answered for {STALL_SECONDS:.0f} s. Orders that wait: {ids}. {advice}")


def ending(order: dict[str, Any]) -> str:
    """A line about an order that has ended."""
    return f"{_name(order)}: {order['state']}, {_executed(order)}"


def _rest(order: dict[str, Any]) -> str:
    """A line about an order that is open."""
    left = _shares(order["leavesQuantity"])
    if "price" in order:
        left += f" at {order['price']}"
    one = order["leavesQuantity"] == 1
    where = f"rest{'s' * one} in the book" if order["state"] in ANSWERED else f"wait{'s' * one} for an engine"
    return f"{_name(order)}: {order['state']}, {_executed(order)}; {left} {where}"


def _name(order: dict[str, Any]) -> str:
    return f"{order['orderId']}  customer {order['customerId']}  {_title([order], 1)}"


def _executed(order: dict[str, Any]) -> str:
    executed = _shares(order["cumulativeQuantity"])
    if "averagePrice" in order:
        executed += f" at {order['averagePrice']}, fees {order['fees']}"
    return executed


def _shares(quantity: int) -> str:
    return f"{quantity:,} share{'s' * (quantity != 1)}"


def _title(orders: Sequence[dict[str, Any]], count: int) -> str:
    if count > 1 or not orders:
        return f"{count} orders"
    order = orders[0]
    return f"{order['direction']} {order['quantity']:,} {order['ticker']}"


def _state(orders: Sequence[dict[str, Any]]) -> str:
    if len(orders) == 1:
        return str(orders[0]["state"])
    ended, answered = (sum(order["state"] in states for order in orders) for states in (ENDED, ANSWERED))
    return f"{ended} ended, {answered} in the book"
