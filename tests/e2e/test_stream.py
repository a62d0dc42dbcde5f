"""Live updates on the deployed system: what a client hears is what the API shows, also when functions die meanwhile."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from tests.e2e.disturbances import impatient, workers
from tests.e2e.system import Customer, System, eventually
from trading_client import Client, Stream

CONNECTIONS, ARRAYS, ORDERS = 50, 20, 50
KILL_EVERY = 5
SECONDS = 60.0


def client_of(customer: Customer) -> Client:
    assert customer.caller.credentials
    return Client(customer.caller.url, *customer.caller.credentials)


class Heard:
    """What one client knows of a customer's orders by its stream. `numbers` are those of the updates, as they came."""

    def __init__(self, live: Stream) -> None:
        self._live = live
        self.orders: dict[str, dict[str, Any]] = {}
        self.numbers: list[int] = []

    def until(self, ended: int) -> "Heard":
        """Listens until so many orders have ended."""
        while sum(not order["leavesQuantity"] for order in self.orders.values()) < ended:
            message = self._live.receive(SECONDS)
            assert message is not None, f"nothing for {SECONDS} s, after {len(self.orders)} orders"
            assert message["type"] == "ordersUpdated"
            self.numbers.append(message["customerSequence"])
            for order in message["orders"]:
                known = self.orders.get(order["orderId"], {"customerSequence": 0})
                if order["customerSequence"] > known["customerSequence"]:
                    self.orders[order["orderId"]] = {name: each for name, each in order.items() if name != "happened"}
        return self


@contextmanager
def listening(customer: Customer, url: str) -> Iterator[Heard]:
    assert customer.caller.credentials
    with Stream(url, *customer.caller.credentials) as live:
        live.subscribe_customer(customer.id)
        first = live.receive(SECONDS)
        assert first
        assert (first["type"], first["customerSequence"]) == ("subscribed", 0)
        yield Heard(live)


def test_an_order_is_heard_of_as_it_fills_and_the_cash_with_it(system: System) -> None:
    customer = system.customer()
    with client_of(customer) as client, client.stream() as live:
        live.subscribe_customer(customer.id)
        assert live.receive(SECONDS)
        order_id = customer.accepted(ticker="IBM", type="Market", price=None, quantity=300)
        update = live.receive(SECONDS)
        assert update
        [order] = update["orders"]
        assert (order["orderId"], order["state"], update["customerSequence"]) == (order_id, "Filled", 1)
        assert update["account"]["cash"] == client.accounts.get(customer.id)["cash"]
        assert [position["quantity"] for position in update["positions"]] == [300]


def test_a_thousand_orders_reach_fifty_connections_whole_while_the_functions_die(system: System) -> None:
    customer = system.customer()
    with client_of(customer) as client, impatient(system, "live_updates"), ThreadPoolExecutor(CONNECTIONS + 1) as pool:
        url, connecting = client.market.session()["streamUrl"], threading.Lock()
        connected = threading.Barrier(CONNECTIONS + 1, timeout=SECONDS)

        def listen() -> Heard:
            with ExitStack() as stack:
                with connecting:  # many frames at once would start as many workers
                    heard = stack.enter_context(listening(customer, url))
                connected.wait()
                return heard.until(ARRAYS * ORDERS)

        listeners = [pool.submit(listen) for _ in range(CONNECTIONS)]
        connected.wait()
        order = customer.order(ticker="IBM", type="Market", price=None, quantity=2)
        killed = 0
        for number in range(ARRAYS):
            assert customer.caller.post([order] * ORDERS).status == 202
            killed += kill_fan_out() if number % KILL_EVERY == 0 else 0
        all_heard = [listener.result() for listener in listeners]
        assert killed
        shown = {order["orderId"]: order for order in client.orders.list(customer.id)}
        assert len(shown) == ARRAYS * ORDERS
        for heard in all_heard:
            assert heard.numbers == list(range(1, heard.numbers[-1] + 1)), "without a gap, each once, in order"
            assert heard.orders == shown
    eventually(lambda: not system.waiting("live_updates-dlq") or None, "no update to be dead-lettered")


def kill_fan_out() -> int:
    """Kills the processes that send updates, in the middle of it, and returns how many."""
    killed = 0
    for process in workers().get("live_updates", []):
        with suppress(ProcessLookupError):  # it has ended by itself
            os.kill(process, signal.SIGKILL)
            killed += 1
    return killed
