"""Orders that rest, and what is done to them."""

from decimal import Decimal
from typing import Any

from tests.support.orders import entered
from tests.support.world import World

LIT, DARK = "lit_pool_matching_engine", "dark_pool_matching_engine"


def resting(world: World, **fields: Any) -> str:
    """An order away from the market, which an engine has."""
    [order_id] = post(world, entered(**{"quantity": 100, "price": "100.00"} | fields))
    world.settle()
    return order_id


def post(world: World, *orders: dict[str, Any]) -> list[str]:
    status, answer = world.post(list(orders))
    assert status == 202
    return [each["orderId"] for each in answer["orders"]]


def money(world: World, customer_id: str = "000002") -> dict[str, Decimal]:
    [item] = [each for each in world.items() if each["PK"] == each["SK"] == f"CUST#{customer_id}"]
    return {name: item[name] for name in ("cash", "reserved")}
