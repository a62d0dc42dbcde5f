"""Orders that flow while something happens to the system, and what became of each."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

from tests.e2e.system import Customer, eventually

PAUSE_SECONDS = 0.05
QUANTITY = 1500
LIT_AND_DARK: tuple[Mapping[str, object], ...] = (
    {"ticker": "COIN", "price": "161.90"},
    {"ticker": "AMD", "price": "114.25"},
)
FAULT = 500
SECONDS = 90.0
"""For an order to be accepted: whatever happens meanwhile takes less."""


class Flow:
    """Orders one after the other from each of a few senders, until it is stopped.

    What is not accepted for a fault that is not its sender's is sent again under its client order id, as a broker does,
    until it is.
    """

    def __init__(
        self,
        senders: Sequence[Customer],
        orders: Sequence[Mapping[str, object]] = LIT_AND_DARK,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._senders = senders
        self._orders = orders
        self._pause = pause_seconds
        self._stopped = threading.Event()
        self.accepted: dict[str, Customer] = {}
        """By the ids of the orders."""
        self.faults: list[int] = []
        """The answers after which an order was sent again."""

    @contextmanager
    def flowing(self) -> Iterator[None]:
        with ThreadPoolExecutor(len(self._senders)) as pool:
            sending = [pool.submit(self._send, number) for number in range(len(self._senders))]
            try:
                yield
            finally:
                self._stopped.set()
            for each in sending:
                each.result()

    def shares(self) -> Counter[str]:
        """How many shares of each order have traded, as its customer is shown."""
        found: Counter[str] = Counter()
        for customer in {customer.id: customer for customer in self._senders}.values():
            for trade in customer.trades():
                found[trade["orderId"]] += trade["quantity"]
        return found

    def wanted(self) -> Counter[str]:
        """How many shares of each order are to trade: all."""
        return Counter(dict.fromkeys(self.accepted, QUANTITY))

    def _send(self, sender: int) -> None:
        for number in count():
            if self._stopped.wait(self._pause):
                return
            self._enter(sender, number)

    def _enter(self, sender: int, number: int) -> None:
        customer, fields = self._senders[sender], self._orders[number % len(self._orders)]
        order = customer.order(quantity=QUANTITY, clientOrderId=f"flow-{sender}-{number}", **fields)

        def accepted() -> str | None:
            answer = customer.caller.post(order)
            if answer.status == 202:
                return str(answer.body["orders"][0]["orderId"])
            assert answer.status >= FAULT, answer
            self.faults.append(answer.status)
            return None

        self.accepted[eventually(accepted, "an order to be accepted", SECONDS)] = customer
