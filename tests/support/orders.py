"""Orders as customers enter them, and a day's worth of them."""

from typing import Any

from tests.support.world import World
from trading.aws.store import customer_items, dynamodb, keys, transactions

SEED: dict[str, Any] = {
    "customerId": "000002",
    "direction": "Buy",
    "ticker": "COIN",
    "type": "Limit",
    "quantity": 8614,
    "price": "161.90",
}
"""The order of the document that it all started from."""


def entered(**fields: Any) -> dict[str, Any]:
    """The seed's order with other fields; one that is None is left out."""
    return {name: value for name, value in (SEED | fields).items() if value is not None}


def away(**fields: Any) -> dict[str, Any]:
    """An order that does not trade, and stays."""
    return entered(**{"quantity": 10, "price": "100.00", "timeInForce": "GTC"} | fields)


DAY = [
    SEED,
    entered(customerId="000001", ticker="AMD", quantity=5500, price="114.25", clientOrderId="a-1"),
    entered(customerId="000001", direction="Sell", ticker="AMD", type="Market", quantity=2500, price=None),
    entered(customerId="000002", ticker="IBM", type="Market", quantity=10, price=None),
    entered(customerId="000002", ticker="AMD", quantity=3000, price="114.30"),
]
"""Both sides, both types, both pools, two customers in one ticker, orders that are split and one that is not."""


def enter_day(world: World) -> list[str]:
    """Posts DAY and gives the ids of its orders."""
    world.put_customer("000001", "10000000.00", AMD=2500)
    status, answer = world.post(DAY)
    assert status == 202
    ids = [each["orderId"] for each in answer["orders"]]
    assert [each["state"] for each in answer["orders"]] == ["PendingNew"] * len(DAY)
    return ids


def listed(world: World, of: str = "000002", **query: str) -> list[dict[str, Any]]:
    """A customer's orders by these parameters, page after page."""
    found: list[dict[str, Any]] = []
    while True:
        status, answer = world.get("/customers/{customerId}/orders", query, customerId=of)
        assert status == 200, answer
        found += answer["orders"]
        if "nextToken" not in answer:
            return found
        query["nextToken"] = answer["nextToken"]


def into_the_index(world: World, of: str = "000002") -> list[str]:
    """Moves the open orders that a customer's item names into the index, as an older release had them. Returns their
    ids.
    """
    table, customer = world.table("TradesStore"), keys.customer(of)
    named = customer_items.open_orders_of(dynamodb.get(table, customer) or {})
    write(world, customer, f"REMOVE {customer_items.OPEN_ORDER_IDS}")
    for each in named:
        write(world, keys.order(of, each), f"SET {keys.OPEN_ORDER} = :order", each)
    return named


def write(world: World, key: keys.Key, expression: str, order_id: str | None = None) -> None:
    """Changes an item behind the back of the system; `:order` is the order's id."""
    values = {":order": order_id} if order_id else {}
    transactions.write([transactions.update(world.table("TradesStore"), key, expression, None, values)], deadline=0)


def asked(world: World, client_order_id: str, **query: str) -> tuple[int, dict[str, Any]]:
    """`GET` of the order: status and answer."""
    [item] = [each for each in world.items(sk="ORDER#") if each.get("clientOrderId") == client_order_id]
    return world.get(
        "/customers/{customerId}/orders/{orderId}", query, customerId=item["customerId"], orderId=item["orderId"]
    )


def life(world: World, client_order_id: str) -> list[tuple[Any, ...]]:
    """The order's transitions: minute, state, filled, open, reason."""
    status, order = asked(world, client_order_id)
    assert status == 200
    return [
        (each["time"][14:16], each["state"], each["cumulativeQuantity"], each["leavesQuantity"], each.get("reason"))
        for each in order["transitions"]
    ]
