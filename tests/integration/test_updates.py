"""Every booking is told: its number, the orders as they stand, and what happened to them."""

import json
from typing import Any

import pytest

from tests.support import events, updates
from tests.support.orders import away, enter_day, entered
from tests.support.pipeline import Published
from tests.support.world import World
from trading.aws.store.updates import updates_of
from trading.domain.messages.updates import UPDATED

STAGE = "post_trade_processor"
LIFE = ("transitions", "executions", "nextToken")


def told(world: World, customer_id: str = "000002") -> list[dict[str, Any]]:
    """What was published for the customer, in its order, each once."""
    messages = {each.id: each for each in world.pipeline.published if _is_update(each, customer_id)}
    return [each.content for each in messages.values()]


def _is_update(message: Published, customer_id: str) -> bool:
    return (message.attributes.get("eventType"), message.group) == (UPDATED, customer_id)


def shown(world: World, order_id: str, of: str = "000002") -> dict[str, Any]:
    """The order as the API shows it, without its life."""
    return {name: value for name, value in world.order(order_id, of).items() if name not in LIFE}


def post(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 202
    world.settle()
    return str(answer["orders"][0]["orderId"])


def last(world: World, order_id: str) -> dict[str, Any]:
    """What happened to the order last, which is told as the API shows it."""
    [order] = told(world)[-1]["orders"]
    happened: dict[str, Any] = order.pop("happened")
    assert order == shown(world, order_id)
    return happened


def test_whatever_a_booking_does_to_an_order_is_told_with_the_order_as_it_is_shown(world: World) -> None:
    order_id = post(world, quantity=100, price="100.00")
    assert last(world, order_id) == {"acknowledged": True}
    assert world.change("PATCH", order_id, {"quantity": 150, "price": "99.00"})[0] == 202
    world.settle()
    assert last(world, order_id) == {"changes": [{"change": "Replace"}]}
    world.put_customer("000001", "0.00", COIN=30)
    assert world.change("PATCH", order_id, {"quantity": 150, "price": "161.89"})[0] == 202
    world.settle()
    world.post(entered(customerId="000001", direction="Sell", quantity=30, price="161.89"))
    world.settle()
    happened = last(world, order_id)
    [execution] = happened.pop("executions")
    assert happened == {"filled": 30}
    [trade] = world.get("/trades/{customerId}", customerId="000002")[1]["trades"]
    assert execution == {name: trade[name] for name in execution}
    assert {"tradeId", "quantity", "price", "exchange", "exchangeType", "fee", "valueDate"} <= execution.keys()
    world.close("2026-11-22")
    world.settle()
    assert last(world, order_id) == {"ended": 120, "reason": "expired"}
    assert [each["customerSequence"] for each in told(world)] == [1, 2, 3, 4, 5]
    assert world.get("/customers/{customerId}", customerId="000002")[1]["customerSequence"] == 5


def test_a_change_that_is_refused_is_told(world: World) -> None:
    order_id = post(world, **away())
    assert world.change("DELETE", order_id)[0] == 202
    world.pipeline.run(but_not="lit_pool_matching_engine")
    world.settle()
    assert last(world, order_id) == {"ended": 10, "reason": "requested", "changes": [{"change": "Cancel"}]}
    filled = entered(quantity=10)
    [placed] = world.post(filled)[1]["orders"]
    assert world.change("DELETE", placed["orderId"])[0] == 202
    world.settle()
    changes = [each["happened"].get("changes") for update in told(world)[2:] for each in update["orders"]]
    assert [{"change": "Cancel", "refused": "too-late"}] in changes
    assert updates.mistakes(world, world.pipeline.published) == []


def test_each_customer_has_numbers_of_its_own_and_messages_have_its_group(world: World) -> None:
    enter_day(world)
    world.settle()
    for customer_id in ("000001", "000002"):
        numbers = [each["customerSequence"] for each in told(world, customer_id)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 1
    assert told(world, "000003") == []
    assert world.get("/customers/{customerId}", customerId="000003")[1]["customerSequence"] == 0


def test_a_booking_that_comes_again_is_told_in_the_same_words_whatever_happened_since(world: World) -> None:
    order_id = post(world, **away())
    [taken_in] = world.pipeline.deliveries_to(STAGE)
    assert world.change("PATCH", order_id, {"quantity": 20, "price": "161.95"})[0] == 202
    world.settle()
    assert world.order(order_id)["state"] == "Filled"
    world.cool_down()
    assert world.deliver(STAGE, taken_in.event).published == taken_in.published
    bookings = [item for item in world.items(pk="CUST#000002") if "bookingId" in item]
    again = sorted(updates_of(world.table("TradesStore"), bookings), key=lambda each: each["customerSequence"])
    assert again == told(world)


@pytest.mark.parametrize("ticker", ["COIN", "IBM"])
def test_two_bookings_of_a_customer_at_once_have_two_numbers(world: World, ticker: str) -> None:
    """Another instance books after the first has read the customer: for the same order, or for another one."""
    order_id = post(world, **away())
    rival = order_id if ticker == "COIN" else post(world, **away(ticker=ticker))
    assert world.change("PATCH", order_id, {"quantity": 20, "price": "100.00"})[0] == 202
    world.pipeline.run(but_not=STAGE)
    first = world.pipeline.take(STAGE)
    assert world.change("DELETE", rival)[0] == 202
    world.pipeline.run(but_not=STAGE)
    second = world.pipeline.take(STAGE)

    def overtake(**_: Any) -> None:
        while second:
            records = [second.pop()]
            assert world.new_stage(STAGE)(events.sqs(records)) == {"batchItemFailures": []}

    world.client("dynamodb").meta.events.register_first("provide-client-params.dynamodb.TransactWriteItems", overtake)
    assert world.deliver(STAGE, events.sqs(first)).answer == {"batchItemFailures": []}
    world.settle()
    assert sorted(each["customerSequence"] for each in told(world)) == list(range(1, len(told(world)) + 1))
    assert updates.mistakes(world, world.pipeline.published) == []


def test_a_request_that_comes_between_reading_and_booking_is_shown_in_the_end(world: World) -> None:
    world.post(away(quantity=100))
    world.pipeline.run(but_not=STAGE)
    [record] = world.pipeline.take(STAGE)
    order_id = json.loads(record["body"])["orders"][0]["order"]["orderId"]
    asked = [{"quantity": 200, "price": "101.00"}]

    def ask(**_: Any) -> None:
        while asked:
            assert world.change("PATCH", order_id, asked.pop())[0] == 202

    world.client("dynamodb").meta.events.register_first("provide-client-params.dynamodb.TransactWriteItems", ask)
    world.deliver(STAGE, events.sqs([record]))
    assert not asked
    world.settle()
    assert last(world, order_id) == {"changes": [{"change": "Replace"}]}
    assert updates.mistakes(world, world.pipeline.published) == []


def test_messages_are_published_together_in_the_order_of_their_numbers(world: World) -> None:
    for _ in range(3):
        world.post(entered(quantity=10))
        world.pipeline.run(but_not=STAGE)
    records = world.pipeline.take(STAGE)
    calls: list[Any] = []
    world.client("sns").meta.events.register(
        "provide-client-params.sns.PublishBatch", lambda params, **_: calls.append(params)
    )
    world.deliver(STAGE, events.sqs(records))
    [call] = calls
    kinds = [each["MessageAttributes"]["eventType"]["StringValue"] for each in call["PublishBatchRequestEntries"]]
    assert kinds == ["tradesSettled", "ordersUpdated"] * 3
    assert [each["customerSequence"] for each in told(world)] == [1, 2, 3]
