"""The live updates: how long it takes from the booking of an order until a client hears of it, and what came before:
by the times that the order and its update have. With one client, on the local cloud, warm.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

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
HEARD = "from a booking to a client of the live updates"
HOPS = ("from sending to accepting", "from accepting to matching", "from matching to booking", HEARD)
"""What lies between the moments of an order. Each stage notes its moment before it writes: the write is of the hop that
follows.
"""
Hops = dict[str, float]
"""Milliseconds."""


def measure(system: System, _: int, runs: int) -> Section:
    [customer] = rich_customers(system, 1)
    assert customer.caller.credentials
    with Client(customer.caller.url, *customer.caller.credentials) as client, client.stream() as live:
        live.subscribe_customer(customer.id)
        assert live.receive(SECONDS)
        listener = _Listener(customer, live)
        listener.hops(WARM_UP)
        found = [listener.hops(ORDERS) for _ in shown(range(runs), "live updates")]
    return Section("Live updates on the local cloud", tuple(_figures(found)))


class _Listener:
    """Enters orders one after the other, and hears of each."""

    def __init__(self, customer: Customer, live: Stream) -> None:
        self._customer = customer
        self._live = live

    def hops(self, orders: int) -> list[Hops]:
        """Of each of so many orders."""
        return [self._one() for _ in range(orders)]

    def _one(self) -> Hops:
        sent = datetime.now(UTC)
        order_id = self._customer.accepted(ticker="IBM", type="Market", price=None, quantity=100)
        while True:
            update = self._live.receive(SECONDS)
            heard = datetime.now(UTC)
            assert update, f"nothing was heard of {order_id} for {SECONDS} s"
            for order in update["orders"]:
                if (order["orderId"], order["state"]) == (order_id, "Filled"):
                    noted = (order["orderDate"], update["time"], update["settlementDate"])
                    moments = (sent, *map(datetime.fromisoformat, noted), heard)
                    each = ((after - before).total_seconds() * MS for before, after in pairwise(moments))
                    return dict(zip(HOPS, each, strict=True))


def _figures(found: list[list[Hops]]) -> Iterator[Figure]:
    for hop in HOPS[:-1]:
        each = [percentile([order[hop] for order in run], 50) for run in found]
        yield figure(f"stream.{hop.replace(' ', '_')}_p50_ms", f"{hop}, p50", "ms", each)
    for percent in (50, 99):
        each = [percentile([order[HEARD] for order in run], percent) for run in found]
        yield figure(f"stream_p{percent}_ms", f"{HEARD}, p{percent}", "ms", each)
