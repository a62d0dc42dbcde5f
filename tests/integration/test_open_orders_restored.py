"""The index of open orders is made anew from the orders: those that an older release accepted are not in it."""

from ops import restore
from tests.support.orders import away, entered, listed
from tests.support.world import World
from trading.aws.store import dynamodb


def change(world: World, order_id: str, expression: str) -> None:
    values = dynamodb.to_item({":order": order_id}) if ":order" in expression else None
    world.client("dynamodb").update_item(
        TableName=world.table("TradesStore"),
        Key=dynamodb.to_item({"PK": "CUST#000002", "SK": f"ORDER#{order_id}"}),
        UpdateExpression=expression,
        **({"ExpressionAttributeValues": values} if values else {}),
    )


def test_open_orders_are_listed_and_ended_ones_are_not_and_what_is_right_stays(world: World) -> None:
    status, answer = world.post([away(), away(), entered(quantity=5)])
    assert status == 202
    world.settle()
    [old, new, ended] = [each["orderId"] for each in answer["orders"]]
    change(world, old, "REMOVE openOrder")
    change(world, ended, "SET openOrder = :order")
    assert [order["orderId"] for order in listed(world, state="open")] == [new]
    assert restore.open_orders(world.table("TradesStore")) == [old, ended]
    assert [order["orderId"] for order in listed(world, state="open")] == sorted([old, new], reverse=True)
    assert restore.open_orders(world.table("TradesStore")) == []


def test_an_order_of_an_older_release_that_ends_needs_no_index(world: World) -> None:
    answer = world.post(away())[1]
    [old] = [each["orderId"] for each in answer["orders"]]
    world.settle()
    change(world, old, "REMOVE openOrder")
    assert world.change("DELETE", old)[0] == 202
    world.settle()
    assert [order["state"] for order in listed(world)] == ["Canceled"]
