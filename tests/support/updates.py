"""What whoever listens to `ordersUpdated` knows in the end, compared with what is stored."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from tests.support.account_invariants import Stores
from trading.aws.store.order_view import shown
from trading.domain.messages.updates import UPDATED


class Told(Protocol):
    """A message that was published, once or several times."""

    @property
    def attributes(self) -> dict[str, str]: ...

    @property
    def body(self) -> str: ...


def mistakes(stored: Stores, published: Sequence[Told]) -> list[str]:
    """Every gap and every double in the numbers, and every order that a listener knows otherwise than it is."""
    bodies: dict[tuple[str, int], set[str]] = defaultdict(set)
    for message in published:
        if message.attributes.get("eventType") == UPDATED:
            content = json.loads(message.body)
            bodies[content["customerId"], content["customerSequence"]].add(message.body)
    found = [f"{which} was told as {each}" for which, each in bodies.items() if len(each) > 1]
    for customer in stored.items(pk="CUST#", sk="CUST#"):
        found += _of_customer(stored, customer, bodies)
    return found


def _of_customer(stored: Stores, customer: dict[str, Any], bodies: dict[tuple[str, int], set[str]]) -> Iterator[str]:
    customer_id = customer["PK"].removeprefix("CUST#")
    numbers = sorted(number for its_id, number in bodies if its_id == customer_id)
    if numbers != list(range(1, int(customer.get("customerSequence", 0)) + 1)):
        yield f"{customer_id} was told {numbers}, the last is {customer.get('customerSequence')}"
    known = {}
    for number in numbers:
        for order in json.loads(min(bodies[customer_id, number]))["orders"]:
            known[order["orderId"]] = {name: value for name, value in order.items() if name != "happened"}
    for item in stored.items(pk=customer["PK"], sk="ORDER#"):
        if item["acceptance"] == "Accepted" and known.get(item["orderId"]) != shown(item):
            yield f"{item['SK']} is {shown(item)}, known as {known.get(item['orderId'])}"
