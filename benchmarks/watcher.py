"""What becomes of the orders that were posted, seen from outside: in the tables, and in the processors' time."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psutil

from benchmarks.load import Posted
from tests.e2e.system import System
from trading.aws.store import dynamodb, items, keys
from trading.aws.store.days import day_in
from trading.domain.times import session_date

MAX_SECONDS = 300.0
OFTEN_SECONDS = 0.003
"""Between two looks at one order. Each look takes the local cloud a millisecond or two, which counts as the order's."""
SELDOM_SECONDS = 0.05
"""Between two looks at what many orders have led to."""
QUIET_LOOKS = 4
"""So often nothing has changed before the bookings are read, which is work of its own."""


@dataclass(frozen=True, slots=True)
class Trades:
    """How many trades orders led to, and when, s of `time.perf_counter`, the last was booked and the last counted; the
    seconds that the processors had worked by then.
    """

    number: int
    booked: float
    counted: float
    processors: float


class Watcher:
    def __init__(self, system: System, processors: "Processors") -> None:
        self._processors = processors
        self._table = system.resources["TRADES_STORE_NAME"]
        self._dynamodb = system.aws("dynamodb")
        self._done: dict[str, str] = {}
        """By customer, the last booking of all orders that are over: those that come have later keys."""

    def settled(self, posted: Posted) -> float:
        """When all orders of the request are settled, s of `time.perf_counter`."""
        for order_id in posted.order_ids:
            _until(partial(self._is_done, keys.order(posted.customer_id, order_id)), OFTEN_SECONDS)
        return time.perf_counter()

    def _is_done(self, order: keys.Key) -> bool:
        return bool(self._item(order)["leavesQuantity"] == 0)

    def open_orders(self, customer_ids: Iterable[str]) -> int:
        return sum(int(self._item(keys.customer(each))["openOrders"]) for each in customer_ids)

    def counted(self, tickers: Iterable[str]) -> int:
        """Trades in the tickers' days so far."""
        today = session_date(datetime.now(UTC))
        days = [self._item(keys.ticker_day(each, today)) for each in tickers]
        return sum(day_in(day).statistics.total.trades for day in days if day)

    def trades(self, posted: Sequence[Posted], tickers: Sequence[str], before: int) -> Trades:
        """Waits until all that was posted is booked and counted. `before` were counted when it began."""
        customer_ids = sorted({each.customer_id for each in posted})
        _until(lambda: self.open_orders(customer_ids) == 0, SELDOM_SECONDS)
        booked = time.perf_counter()
        number, counted, used = -1, booked, self._processors.seconds()
        quiet = 0
        while quiet < QUIET_LOOKS or number != self.booked(posted):
            now = self.counted(tickers) - before
            if now != number:
                number, counted, used, quiet = now, time.perf_counter(), self._processors.seconds(), 0
            quiet += 1
            if time.perf_counter() - booked > MAX_SECONDS:
                raise TimeoutError(f"{number} trades are counted, {self.booked(posted)} are booked")
            time.sleep(SELDOM_SECONDS)
        self._leave(customer_ids)
        return Trades(number, booked, counted, used)

    def wait_for(self, posted: Posted, tickers: Sequence[str], before: int) -> None:
        """Returns when all trades of the request, whose orders are settled, are counted. `before` were before it."""
        number = self.booked([posted])
        _until(lambda: self.counted(tickers) - before == number, OFTEN_SECONDS)
        self._leave([posted.customer_id])

    def booked(self, posted: Sequence[Posted]) -> int:
        """Trades of these orders, by the bookings."""
        return sum(self._booked(its_id, posted) for its_id in {each.customer_id for each in posted})

    def _booked(self, customer_id: str, posted: Sequence[Posted]) -> int:
        """A customer's trades of these orders, by the bookings."""
        wanted = {order_id for each in posted for order_id in each.order_ids}
        reports = (items.reports_of(item) for item in self._bookings(customer_id))
        orders = (order for each in reports for order in each.orders)
        return sum(len(order.executions) for order in orders if order.order.order_id in wanted)

    def _leave(self, customer_ids: Iterable[str]) -> None:
        """All orders of these customers are over: their bookings are not read again."""
        for each in customer_ids:
            for item in self._bookings(each):
                self._done[each] = item["SK"]

    def _bookings(self, customer_id: str) -> Iterator[dict[str, Any]]:
        """A customer's bookings with trades, by time, from the last one on that was done before."""
        first = self._done.get(customer_id, keys.TRADE)
        request = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :pk AND SK BETWEEN :first AND :last",
            "ExpressionAttributeValues": dynamodb.to_item(
                {":pk": keys.customer(customer_id)["PK"], ":first": first, ":last": f"{keys.TRADE}~"}
            ),
            "ConsistentRead": True,
        }
        pages = self._dynamodb.get_paginator("query").paginate(**request)
        return (dynamodb.from_item(item) for page in pages for item in page["Items"])

    def _item(self, key: keys.Key) -> dict[str, Any]:
        answer = self._dynamodb.get_item(TableName=self._table, Key=dynamodb.to_item(key), ConsistentRead=True)
        return dynamodb.from_item(answer.get("Item", {}))


class Processors:
    """The time that the local cloud and its functions take of the processors: all processes of one group."""

    def __init__(self, pid: int) -> None:
        self._cloud = psutil.Process(pid)

    def seconds(self) -> float:
        """So far, of those that run and those that have ended."""
        return sum(_seconds_of(each) for each in (self._cloud, *self._cloud.children(recursive=True)))


def _seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _until(done: Callable[[], bool], pause: float) -> None:
    deadline = time.monotonic() + MAX_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not done after {MAX_SECONDS:.0f} s")
        time.sleep(pause)
