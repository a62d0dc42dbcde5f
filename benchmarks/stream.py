"""The live updates: how long it takes from the booking of an order until a client hears of it. With one client, on the
local cloud, warm.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.figures import Figure, Section, figure
from benchmarks.load import rich_customers
from benchmarks.progress import shown
from benchmarks.watcher import percentile
from tests.e2e.system import Customer, System
from trading_client import Client, Stream

WARM_UP, ORDERS = 10, 40
"""Orders that are not measured first, and orders of a run."""
SECONDS = 30.0
MS = 1000.0


def measure(system: System, _: int, runs: int) -> Section:
    [customer] = rich_customers(system, 1)
    assert customer.caller.credentials
    with Client(customer.caller.url, *customer.caller.credentials) as client, client.stream() as live:
        live.subscribe_customer(customer.id)
        assert live.receive(SECONDS)
        listener = _Listener(customer, live)
        listener.milliseconds(WARM_UP)
        found = [listener.milliseconds(ORDERS) for _ in shown(range(runs), "live updates")]
    return Section("Live updates on the local cloud", tuple(_figures(found)))


class _Listener:
    """Enters orders one after the other, and hears of each."""

    def __init__(self, customer: Customer, live: Stream) -> None:
        self._customer = customer
        self._live = live

    def milliseconds(self, orders: int) -> list[float]:
        """From the booking of each of so many orders until the client has its update."""
        return [self._one() for _ in range(orders)]

    def _one(self) -> float:
        order_id = self._customer.accepted(ticker="IBM", type="Market", price=None, quantity=100)
        while True:
            update = self._live.receive(SECONDS)
            heard = datetime.now(UTC)
            assert update, f"nothing was heard of {order_id} for {SECONDS} s"
            if any((each["orderId"], each["state"]) == (order_id, "Filled") for each in update["orders"]):
                return (heard - datetime.fromisoformat(update["settlementDate"])).total_seconds() * MS


def _figures(found: list[list[float]]) -> Iterator[Figure]:
    for percent in (50, 99):
        each = [percentile(run, percent) for run in found]
        yield figure(f"stream_p{percent}_ms", f"from a booking to a client of the live updates, p{percent}", "ms", each)
