"""Orders on their way: posted, and followed until each has ended or rests in the order book, with a live view."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ops.console import Failure, console
from ops.wait import INTERVAL
from trading.domain.order_status import ENDED, OrdStatus
from trading_client import Client, Problem
from trading_client.schemas import Order

ANSWERED = frozenset({OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED})
"""Open, and an engine has said so."""
REST_SECONDS = 3.0
"""An open order that an engine has answered rests in the order book once it has not changed for so long."""
STALL_SECONDS = 60.0
LINE_SECONDS = 1.0
"""Between two lines off a terminal."""
MAX_PAUSE_SECONDS = 1.0
"""Between two looks."""
LOOKS_SHARE = 1
"""The pause after a look is at least so many times as long as that took."""
ORDERS_PER_PAGE = 500
"""The most that the API gives at once."""
BESIDE = 20
"""Orders that others enter for the customer meanwhile."""
MAX_ALONE = 8
"""Orders that are asked for one by one in a look; the next look asks for others once these have ended."""


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
    problem: Mapping[str, Any]

    def __str__(self) -> str:
        subject = "The request" if self.number is None else f"The order at /{self.number}"
        lines = [f"{subject} was refused ({self.problem['status']} {self.problem['code']}): {self.problem['detail']}"]
        lines += [f"  {fault['pointer'] or '/'}: {fault['detail']}" for fault in self.problem.get("errors", [])]
        return "\n".join(lines)


def post(api: Client, body: bytes | str) -> tuple[list[Accepted], list[Refused]]:
    """Posts one order or an array of orders, as it is. Raises TradingError if that is neither accepted nor refused."""
    try:
        answered = api.request("POST", "/orders", content=body).json()
    except Problem as problem:
        return [], [Refused(None, problem.details)]
    entered = json.loads(body)
    values = entered if isinstance(entered, list) else [entered]
    accepted, refused = [], []
    for number, (value, answer) in enumerate(zip(values, answered["orders"], strict=True)):
        if "problem" in answer:
            refused.append(Refused(number, answer["problem"]))
        else:
            accepted.append(Accepted(value["customerId"], answer["orderId"]))
    return accepted, refused


class Following:
    """The orders of a request. `found` has each as it was last seen, by id; None if it was not seen yet."""

    def __init__(self, api: Client, accepted: Sequence[Accepted]) -> None:
        self._api = api
        self._customers = {each.order_id: each.customer_id for each in accepted}
        self._changed = dict.fromkeys(self._customers, time.monotonic())
        self.found: dict[str, Order | None] = dict.fromkeys(self._customers)

    def show(self) -> None:
        """Follows the orders until each has ended or rests, and shows how far they are: off a terminal by a line now
        and then. Raises Failure if no engine answers.
        """
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn()
        said, next_line = "", 0.0
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            bar = progress.add_task("accepted", total=len(self.found), state=OrdStatus.PENDING_NEW.value)
            for over in self._looks():
                known = [order for order in self.found.values() if order]
                title, state = _title(known, len(self.found)), _state(known, len(self.found))
                ended = len(self.found) - len(self.open_ids)
                progress.update(bar, description=title, completed=ended, state=state)
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
                yield f"{order_id}  customer {self._customers[order_id]}: accepted, not found since"

    @property
    def open_ids(self) -> list[str]:
        """The orders that are not known to have ended."""
        return [order_id for order_id, order in self.found.items() if order is None or order["state"] not in ENDED]

    @property
    def is_short(self) -> bool:
        """Whether an order has ended without all of its shares."""
        return any(order and order["state"] in ENDED - {OrdStatus.FILLED} for order in self.found.values())

    def _looks(self) -> Iterator[bool]:
        """Looks at all orders, again and again; yields whether nothing moves any more. The pause between two looks
        doubles while nothing changes, and is longer where a look takes long: the orders need the processors too.
        """
        pause = INTERVAL
        while self._unsettled():
            time.sleep(pause)
            began = time.monotonic()
            changed = self._look()
            least = LOOKS_SHARE * (time.monotonic() - began)
            pause = max(least, INTERVAL if changed else min(2 * pause, MAX_PAUSE_SECONDS))
            yield False
            self._require_answers()
        yield True

    def _unsettled(self) -> list[str]:
        return [order_id for order_id in self.open_ids if not self._rests(order_id)]

    def _look(self) -> bool:
        """Whether an order has changed since the last look: a few pages of each customer's newest orders have them all.
        Those that are older, as what was entered before under the same client order id, are asked for one by one.
        """
        changed = False
        wanted: dict[str, set[str]] = defaultdict(set)
        for order_id in self.open_ids:
            wanted[self._customers[order_id]].add(order_id)
        for customer_id, left in wanted.items():
            mine = sum(each == customer_id for each in self._customers.values())
            for order in self._listed(customer_id, left, mine):
                changed |= self._see(order)
                left.discard(order["orderId"])
            for order_id in sorted(left)[:MAX_ALONE]:
                changed |= self._see(self._api.orders.get(customer_id, order_id))
        return changed

    def _listed(self, customer_id: str, wanted: set[str], mine: int) -> Iterator[Order]:
        """Those of the customer's newest orders that are followed, as far as they can be in so many pages."""
        page_size, oldest = min(ORDERS_PER_PAGE, mine + BESIDE), min(wanted)
        newest = self._api.orders.list(customer_id, page_size=page_size)
        for order in islice(newest, page_size * (2 + mine // ORDERS_PER_PAGE)):
            if order["orderId"] in self.found:
                yield order
            if order["orderId"] <= oldest:
                return

    def _see(self, order: Order) -> bool:
        """Whether the order has changed since it was last seen."""
        order_id = order["orderId"]
        if self.found[order_id] == order:
            return False
        self.found[order_id] = order
        self._changed[order_id] = time.monotonic()
        return True

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
            advice = "`make status` shows what is queued or dead-lettered, `make logs` what the functions say."
            ids = ", ".join(waiting[:5])
            raise Failure(f"No engine has answered for {STALL_SECONDS:.0f} s. Orders that wait: {ids}. {advice}")


def ending(order: Order) -> str:
    """A line about an order that has ended."""
    return f"{_name(order)}: {order['state']}, {_executed(order)}"


def _rest(order: Order) -> str:
    """A line about an order that is open."""
    left = _shares(order["leavesQuantity"])
    if "price" in order:
        left += f" at {order['price']}"
    one = order["leavesQuantity"] == 1
    where = f"rest{'s' * one} in the order book" if order["state"] in ANSWERED else f"wait{'s' * one} for an engine"
    return f"{_name(order)}: {order['state']}, {_executed(order)}; {left} {where}"


def _name(order: Order) -> str:
    return f"{order['orderId']}  customer {order['customerId']}  {_title([order], 1)}"


def _executed(order: Order) -> str:
    executed = _shares(order["cumulativeQuantity"])
    if "averagePrice" in order:
        executed += f" at {order['averagePrice']}, fees {order['fees']}"
    return executed


def _shares(quantity: int) -> str:
    return f"{quantity:,} share{'s' * (quantity != 1)}"


def _title(orders: Sequence[Order], count: int) -> str:
    if count > 1 or not orders:
        return f"{count} orders"
    order = orders[0]
    return f"{order['direction']} {order['quantity']:,} {order['ticker']}"


def _state(orders: Sequence[Order], count: int) -> str:
    """How far the orders are that were seen, of so many."""
    total, done = (sum(order[name] for order in orders) for name in ("quantity", "cumulativeQuantity"))
    shares = f"{done:,} of {total:,} shares"
    if count == len(orders) == 1:
        return f"{shares}, {orders[0]['state']}"
    ended, answered = (sum(order["state"] in states for order in orders) for states in (ENDED, ANSWERED))
    return f"{ended} of {count} ended, {answered} in the order book, {shares}"
