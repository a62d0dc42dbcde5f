"""The orders that are posted, and the clients that post them: each as fast as it is answered."""

import base64
import http.client
import json
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.e2e.system import Customer, System
from tests.support import orders

CLIENTS = 8
CASH = "1000000000000.00"
SHARES = 1_000_000_000
ACCEPTED = 202

Order = dict[str, Any]

SEED: list[Order] = [{name: value for name, value in orders.SEED.items() if name != "customerId"}]
"""Nine slices at one exchange each: nine trades of one booking."""

BASKET: list[Order] = [
    {"direction": "Buy", "ticker": "COIN", "type": "Limit", "quantity": 1500, "price": "161.90"},
    {"direction": "Sell", "ticker": "COIN", "type": "Market", "quantity": 800},
    {"direction": "Buy", "ticker": "AMD", "type": "Limit", "quantity": 5500, "price": "114.25"},
    {"direction": "Sell", "ticker": "AMD", "type": "Limit", "quantity": 1200, "price": "114.24"},
    {"direction": "Buy", "ticker": "IBM", "type": "Market", "quantity": 300},
    {"direction": "Buy", "ticker": "F", "type": "Limit", "quantity": 2000, "price": "20.30"},
    {"direction": "Buy", "ticker": "TSLA", "type": "Limit", "quantity": 100, "price": "936.85"},
    {"direction": "Sell", "ticker": "T", "type": "Market", "quantity": 500},
    {"direction": "Buy", "ticker": "MSFT", "type": "Limit", "quantity": 1000, "price": "310.99"},
    {"direction": "Buy", "ticker": "SPY", "type": "Market", "quantity": 250},
]
"""Both sides, both types, eight tickers, three of them on the dark list: every one of them trades at once."""


@dataclass(frozen=True, slots=True)
class Case:
    """These orders in requests of so many; `key` names it among the figures, the seed's without a word of its own."""

    title: str
    key: str
    orders: Sequence[Order]
    size: int

    @property
    def tickers(self) -> list[str]:
        return sorted({order["ticker"] for order in self.orders})

    def requests(self) -> Iterator[list[Order]]:
        """Requests that take turns through the orders, without end."""
        for first in count(0, self.size):
            yield [self.orders[number % len(self.orders)] for number in range(first, first + self.size)]


CASES = (
    Case("seed orders, one by one", "single", SEED, 1),
    Case("seed orders, by 50", "array50", SEED, 50),
    Case("mixed orders, one by one", "mixed.single", BASKET, 1),
    Case("mixed orders, by 50", "mixed.array50", BASKET, 50),
)


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that was answered: when it was sent, s of `time.perf_counter`, how long it took, s, and its orders."""

    sent: float
    took: float
    customer_id: str
    order_ids: tuple[str, ...]


class Client:
    """Posts for a customer."""

    def __init__(self, customer: Customer) -> None:
        self._customer_id = customer.id
        url = urllib.parse.urlsplit(customer.caller.url)
        token = base64.b64encode(":".join(customer.caller.credentials or ()).encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        self._path = f"{url.path}/orders"
        self._host = url.netloc

    def post(self, wanted: Sequence[Order]) -> Posted:
        """One order alone, or an array. Fails if one of them is not accepted."""
        entered = [{"customerId": self._customer_id} | order for order in wanted]
        body = json.dumps(entered if len(entered) > 1 else entered[0])
        sent = time.perf_counter()
        connection = http.client.HTTPConnection(self._host)  # the local cloud closes those that are idle for seconds
        connection.request("POST", self._path, body, self._headers)
        answer = connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - sent
        connection.close()
        shown = json.loads(text)
        assert answer.status == ACCEPTED, shown
        assert all(each["state"] == "PendingNew" for each in shown["orders"]), shown
        return Posted(sent, took, self._customer_id, tuple(each["orderId"] for each in shown["orders"]))


def rich_customers(system: System, number: int) -> list[Customer]:
    """New ones, who can pay for all that is to come."""
    held = {order["ticker"]: SHARES for order in BASKET if order["direction"] == "Sell"}
    return [system.customer(CASH, **held) for _ in range(number)]


def together(clients: Sequence[Client], case: Case, each: int) -> list[Posted]:
    """All clients at once, each posting so many requests one after the other."""

    def work(client: Client) -> list[Posted]:
        source = case.requests()
        return [client.post(next(source)) for _ in range(each)]

    with ThreadPoolExecutor(len(clients)) as pool:
        return [posted for part in pool.map(work, clients) for posted in part]
