"""A customer is suspended: all that is open of its orders ends, wherever it is, and of nobody else's anything."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support import events
from tests.support.account_invariants import mistakes, open_ends
from tests.support.orders import entered
from tests.support.world import QUOTES, World
from trading.aws.store import dynamodb, items
from trading.domain.ids import derived
from trading.domain.routing import Suspension
from trading.domain.times import iso

pytestmark = pytest.mark.usefixtures("reconciled")

ROUTER, LIT, DARK = "smart_order_router", "lit_pool_matching_engine", "dark_pool_matching_engine"
ENDED = ("Canceled", "halted", "0.00")


def suspend(world: World, customer_id: str = "000002", *, behind: float = 0) -> Suspension:
    """Stores the request, as whoever suspends a customer does, by a clock that is so many seconds behind."""
    time = iso(world.clock.now - timedelta(seconds=behind))
    asked = Suspension(customer_id, derived(customer_id, f"halt at {time}"), time)
    item = dynamodb.to_item(items.suspension_item(asked))
    world.client("dynamodb").put_item(TableName=world.table("TradesStore"), Item=item)
    return asked


def post(world: World, *orders: dict[str, Any]) -> list[str]:
    status, answer = world.post(list(orders))
    assert status == 202, answer
    return [each["orderId"] for each in answer["orders"]]


def away(**fields: Any) -> dict[str, Any]:
    """An order that does not trade."""
    return entered(**{"quantity": 100, "price": "100.00"} | fields)


def ending(world: World, order_id: str) -> tuple[Any, ...]:
    shown = world.order(order_id)
    return shown["state"], shown.get("reason"), shown["reserved"]


def account(world: World, customer_id: str) -> list[dict[str, Any]]:
    """The customer's cash and positions."""
    whole = {f"CUST#{customer_id}", "POSITION#AMD", "POSITION#COIN"}
    return [item for item in world.items(pk=f"CUST#{customer_id}") if item["SK"] in whole]


def unnumbered(item: dict[str, Any]) -> dict[str, Any]:
    """Without the number of its last booking."""
    return {name: value for name, value in item.items() if name != "customerSequence"}


RESTING = [
    away(),
    away(ticker="AMD"),
    away(ticker="AMD", poolOnly=True, timeInForce="GTC"),
    away(direction="Sell", price="200.00"),
    away(direction="Sell", price="200.00", ticker="AMD", poolOnly=True),
    away(type="Stop", price=None, stopPrice="200.00"),
]
"""In lit books, one of them by way of the dark pools, and in dark ones; buys, sales and a stop that waits."""


def test_all_its_orders_end_and_give_back_what_they_reserved_and_nobody_elses_do(world: World) -> None:
    for customer_id in ("000001", "000002"):
        world.put_customer(customer_id, "10000000.00", COIN=100, AMD=100)
    before = account(world, "000002")
    theirs = post(world, *RESTING)
    others = post(world, *(order | {"customerId": "000001"} for order in RESTING))
    world.settle()
    untouched = world.items(pk="CUST#000001")
    suspend(world)
    world.settle()
    assert [ending(world, each) for each in theirs] == [ENDED] * len(RESTING)
    assert [unnumbered(item) for item in account(world, "000002")] == [unnumbered(item) for item in before]
    assert {world.order(each, "000001")["state"] for each in others} == {"New"}
    assert world.items(pk="CUST#000001") == untouched
    assert mistakes(world) == []


def test_of_an_order_that_is_partly_filled_the_rest_ends(world: World) -> None:
    world.put_customer("000001", "1000.00", COIN=30)
    [order_id] = post(world, entered(quantity=100, price="161.89"))
    post(world, entered(customerId="000001", direction="Sell", quantity=30, price="161.89"))
    world.settle()
    suspend(world)
    world.settle()
    shown = world.order(order_id)
    assert ending(world, order_id) == ENDED
    assert (shown["cumulativeQuantity"], shown["canceledQuantity"], shown["leavesQuantity"]) == (30, 70, 0)
    assert open_ends(world) == []


def test_every_engine_of_every_listed_ticker_is_asked(world: World) -> None:
    asked = suspend(world)
    world.pipeline.run(but_not=LIT)
    [delivery] = world.pipeline.deliveries_to(ROUTER)
    [*messages] = delivery.published
    assert sorted((each.attributes["poolType"], each.group) for each in messages) == sorted(
        (pool, ticker) for pool in ("Dark", "Lit") for ticker in QUOTES
    )
    commands = [command for each in messages for command in each.content["commands"]]
    assert len({command.pop("commandId") for command in commands}) == len(commands) == 2 * len(QUOTES)
    same = {
        "command": "cancelOrders",
        "requestId": asked.request_id,
        "customerId": "000002",
        "time": asked.time,
    }
    assert commands == [same] * len(commands)


def test_all_that_was_delivered_may_come_again(world: World) -> None:
    world.put_customer("000002", "10000000.00", COIN=100, AMD=100)
    post(world, *RESTING)
    post(world, away(customerId="000001"))
    world.settle()
    suspend(world)
    world.settle()
    world.clock.advance(seconds=1)
    post(world, away())  # as if the customer traded again
    world.settle()
    before = world.state()
    for cold in (False, True):
        if cold:
            world.cool_down()
        for delivery in list(world.pipeline.delivered):
            world.deliver(delivery.stage, delivery.event)
        world.settle()
        assert world.state() == before


@pytest.mark.parametrize("behind", [0, 1])
def test_what_is_under_way_from_the_dark_to_the_lit_pools_ends_there(world: World, behind: float) -> None:
    [order_id] = post(world, away(ticker="AMD"))
    world.pipeline.run(but_not=DARK)
    suspend(world, behind=behind)
    world.pipeline.run(but_not=DARK)
    assert [entry["SK"] for entry in world.items("OrderBooks", pk="lit#AMD")] == [1]
    assert world.order(order_id)["state"] == "PendingNew"
    world.settle()
    assert ending(world, order_id) == ENDED
    assert open_ends(world) == []


def test_what_the_dark_engine_forwards_late_leaves_alone_what_was_entered_in_the_lit_pools_since(world: World) -> None:
    suspend(world)
    world.pipeline.run(but_not=DARK)
    world.clock.advance(seconds=1)
    [order_id] = post(world, away(ticker="AMD", postOnly=True))
    world.settle()
    assert world.order(order_id)["firstPool"] == "Lit"
    assert world.order(order_id)["state"] == "New"


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "after a cold start"])
@pytest.mark.parametrize("fields", [{}, {"ticker": "AMD"}, {"ticker": "AMD", "poolOnly": True}])
def test_an_order_that_reaches_the_engine_after_a_later_suspension_ends_when_it_comes(
    world: World, fields: dict[str, Any], cold: bool
) -> None:
    [order_id] = post(world, away(**fields))
    suspend(world)
    [order, suspended] = world.pipeline.unread(ROUTER)
    world.deliver(ROUTER, {"Records": [suspended]})
    world.pipeline.run(but_not=ROUTER)
    if cold:
        world.cool_down()
    world.deliver(ROUTER, {"Records": [order]})
    world.settle()
    assert ending(world, order_id) == ENDED
    assert open_ends(world) == []


@pytest.mark.parametrize(("stage", "fields"), [(LIT, {}), (DARK, {"ticker": "AMD", "poolOnly": True})])
@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_a_change_that_is_under_way_comes_too_late(
    world: World, stage: str, fields: dict[str, Any], method: str
) -> None:
    [order_id] = post(world, away(**fields))
    world.settle()
    body = {"quantity": 150, "price": "101.00"} if method == "PATCH" else None
    assert world.change(method, order_id, body)[0] == 202
    world.pipeline.run(but_not=stage)
    late = world.pipeline.take(stage)
    suspend(world)
    world.settle()
    world.deliver(stage, events.sqs(late))
    world.settle()
    refused = "refusedReplace" if method == "PATCH" else "refusedCancel"
    assert ending(world, order_id) == ENDED
    assert world.order(order_id)[refused]["reason"] == "too-late"
    assert open_ends(world) == []


@pytest.mark.parametrize(
    ("fields", "canceled"),
    [({}, 150), ({"ticker": "AMD", "poolOnly": True}, 150), ({"ticker": "AMD"}, 100)],
    ids=["in the lit pools", "in the dark pools", "in the lit pools, its change by way of the dark ones"],
)
def test_a_replacement_that_was_asked_for_before_is_done_where_it_comes_first(
    world: World, fields: dict[str, Any], canceled: int
) -> None:
    [order_id] = post(world, away(**fields))
    world.settle()
    world.change("PATCH", order_id, {"quantity": 150, "price": "101.00"})
    suspend(world)
    world.settle()
    assert ending(world, order_id) == ENDED
    assert world.order(order_id)["canceledQuantity"] == canceled
    assert open_ends(world) == []


def test_in_a_simulated_pool_a_suspension_ends_orders_that_have_not_come_yet(world: World) -> None:
    """The lit engine is told of it before what the dark pools leave of an order comes there."""
    world.simulate()
    ids = post(world, entered(), entered(ticker="AMD", price="114.25"))
    suspend(world)
    world.settle()
    whole, part = map(world.order, ids)
    assert whole["state"] == "Filled"
    assert (part["state"], part["reason"]) == ("Canceled", "halted")
    assert {trade["exchangeType"] for trade in world.archived() if trade["ticker"] == "AMD"} == {"DarkPool"}
    assert open_ends(world) == []


def test_a_suspension_of_a_session_before_the_last_is_dead_lettered_and_ends_nothing(world: World) -> None:
    suspend(world)
    world.pipeline.run(but_not=LIT)
    late = [record for record in world.pipeline.take(LIT) if record["attributes"]["MessageGroupId"] == "COIN"]
    for _ in range(2):
        world.clock.advance(days=1)
        [order_id] = post(world, away(timeInForce="GTC"))
        world.settle()
    answer = world.deliver(LIT, events.sqs(late)).answer
    world.settle()
    dead_lettered = world.dead_lettered(LIT)
    assert answer == {"batchItemFailures": []}
    assert {reason for reason, _ in dead_lettered} == {"older than the last session"}
    commands = [command["command"] for _, body in dead_lettered for command in json.loads(body)["commands"]]
    assert commands == ["cancelOrders"] * 2
    assert world.order(order_id)["state"] == "New"


@pytest.mark.parametrize("wrong", [{"time": {"S": "now"}}, {"requestId": {"N": "1"}}, {"customerId": {"S": ""}}])
def test_a_suspension_that_cannot_be_read_is_dead_lettered_in_the_bucket_and_its_neighbours_go_on(
    world: World, wrong: dict[str, Any]
) -> None:
    suspend(world)
    [good] = world.pipeline.unread(ROUTER)
    bad = events.inserted(good["dynamodb"]["NewImage"] | wrong, number=7)
    published = world.deliver(ROUTER, {"Records": [bad, good]}).published
    [(key, content)] = world.objects("dead-letters/").items()
    assert key == f"dead-letters/{ROUTER}/{bad['eventID']}.json"
    assert json.loads(content)["reason"].startswith("not a suspension")
    assert len(published) == 2 * len(QUOTES)
