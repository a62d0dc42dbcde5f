"""What is well-formed and not true is dead-lettered whole, with its reason, and changes nothing."""

import json
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World

GONE = "01a203a9-f6bb-7060-be1c-26d323ef323f"


def waiting(world: World, stage: str) -> list[dict[str, Any]]:
    """The records of an order of 2,500 shares, as they wait for the stage."""
    assert world.post(entered(quantity=2500, price="200.00"))[0] == 202
    world.pipeline.run(but_not=stage)
    return world.pipeline.take(stage)


FALSE = {
    "an order that does not exist": lambda order, each: order.update(orderId=GONE),
    "more shares than the order has": lambda order, each: each["executions"][0].__setitem__(0, 2501),
    "a release of more than is reserved": lambda order, each: each.update(released="9000000.00"),
    "more than is left to end": lambda order, each: each.update(ending=[2501, "Canceled", "requested"]),
    "an invalid end": lambda order, each: each.update(ending=[1, "Filled", "requested"]),
    "a trade twice, beyond the order": lambda order, each: each.update(executions=each["executions"] * 2),
    "a price finer than half a tick": lambda order, each: each["executions"][0].__setitem__(1, "161.901"),
}


@pytest.mark.parametrize("falsify", FALSE.values(), ids=FALSE.keys())
def test_executions_that_do_not_fit_their_order_are_dead_lettered_and_change_nothing(
    world: World, falsify: Any
) -> None:
    [record] = waiting(world, "post_trade_processor")
    message = json.loads(record["body"])
    [each] = message["orders"]
    falsify(each["order"], each)
    before = world.items()
    false = events.sqs_record("000002", json.dumps(message))
    assert world.deliver("post_trade_processor", events.sqs([false])).answer == {"batchItemFailures": []}
    assert [body for _, body in world.dead_lettered("post_trade_processor")] == [false["body"]]
    assert (world.items(), world.objects()) == (before, {})


def test_other_reports_under_the_id_of_a_booking_are_dead_lettered_and_change_nothing(world: World) -> None:
    [record] = waiting(world, "post_trade_processor")
    world.deliver("post_trade_processor", events.sqs([record]))
    message = json.loads(record["body"])
    message["orders"][0]["executions"][0][3] = "0.00"
    before = world.state()
    other = events.sqs_record("000002", json.dumps(message))
    assert world.deliver("post_trade_processor", events.sqs([other])).answer == {"batchItemFailures": []}
    assert world.dead_lettered("post_trade_processor") == [("other reports are booked under this id", other["body"])]
    del before["dead letters"]
    assert {name: content for name, content in world.state().items() if name in before} == before


def image_of_an_order_that_is_gone(world: World) -> dict[str, Any]:
    """As the stream has it. Nobody sells at its price."""
    world.post(entered(quantity=10, price="100.00"))
    [record] = world.pipeline.unread("smart_order_router")
    image: dict[str, Any] = record["dynamodb"]["NewImage"]
    return image | {"SK": {"S": f"ORDER#{GONE}"}, "orderId": {"S": GONE}}


def test_an_order_of_the_stream_without_a_route_is_dead_lettered(world: World) -> None:
    image = image_of_an_order_that_is_gone(world)
    del image["route"]
    before = world.items()
    world.deliver("smart_order_router", {"Records": [events.inserted(image)]})
    [content] = world.objects("dead-letters/").values()
    assert json.loads(content)["reason"].startswith("not a route: ")
    assert world.items() == before


def test_an_order_of_the_stream_that_is_not_in_the_table_is_not_invented_there(world: World) -> None:
    image = image_of_an_order_that_is_gone(world)
    world.settle()
    before = world.items(pk="CUST#")
    world.deliver("smart_order_router", {"Records": [events.inserted(image)]})
    world.settle()
    [(_, body)] = world.dead_lettered("post_trade_processor")
    assert [each["order"]["orderId"] for each in json.loads(body)["orders"]] == [GONE]
    assert world.items(pk="CUST#") == before
