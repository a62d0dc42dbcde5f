"""The bookings of several messages of a customer are one transaction: the same bookings as one by one, for fewer
writes. An order that many bookings change names them all, and stays small.
"""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support import events, updates
from tests.support.orders import entered, life
from tests.support.reconciled_day import reconciled
from tests.support.world import World
from trading.aws.store import dynamodb
from trading.aws.store.order_bookings import MAX_NAMED

STAGE = "post_trade_processor"
CUSTOMER, SELLER = "000002", "000001"
IEX = {"fee": ["0.00", "1.00"], "maker": "0.0000", "taker": "0.0009", "cap": "100.00"}
TRANSACT = "dynamodb.TransactWriteItems"
Records = list[dict[str, Any]]


def sell(world: World, quantity: int, ticker: str = "COIN", price: str = "161.85") -> None:
    """000001 sells, and nothing of it is booked yet."""
    order = entered(customerId=SELLER, direction="Sell", ticker=ticker, quantity=quantity, price=price)
    assert world.post(order)[0] == 202
    world.pipeline.run(but_not=STAGE)


def in_parts(world: World) -> Records:
    """The messages of a customer's two orders in two tickers: accepted, executed in parts, one canceled in the end."""
    world.change_market(litPools={"IEX": IEX})
    world.put_customer(SELLER, "1000000.00", COIN=1000, IBM=1000)
    answers = []
    for order in (entered(quantity=300), entered(ticker="IBM", price="133.00", quantity=200), away()):
        answers.append(world.post(order))
        world.pipeline.run(but_not=STAGE)
    for quantity in (100, 50):
        sell(world, quantity)
    sell(world, 200, "IBM", "133.00")
    [canceled] = answers[2][1]["orders"]
    assert world.change("DELETE", canceled["orderId"])[0] == 202
    world.pipeline.run(but_not=STAGE)
    theirs: Records = []
    others: Records = []
    for each in world.pipeline.take(STAGE):
        (theirs if each["attributes"]["MessageGroupId"] == CUSTOMER else others).append(each)
    deliver(world, others)
    return theirs


def away() -> dict[str, Any]:
    return entered(quantity=10, price="100.00")


def deliver(world: World, records: Sequence[dict[str, Any]]) -> int:
    """Has the stage book these records. Returns how many transactions it tried."""
    before = world.faults.calls.count(TRANSACT)
    assert world.deliver(STAGE, events.sqs(list(records))).answer == {"batchItemFailures": []}
    return world.faults.calls.count(TRANSACT) - before


def booking_ids(world: World) -> list[str]:
    """The ids of the customer's bookings, by their numbers."""
    bookings = [item for item in world.items(pk=f"CUST#{CUSTOMER}") if "bookingId" in item]
    return [str(item["bookingId"]) for item in sorted(bookings, key=lambda item: item["customerSequence"])]


def reported_ids(records: Sequence[dict[str, Any]]) -> list[str]:
    return [json.loads(each["body"])["bookingId"] for each in records]


def test_messages_of_a_customer_are_booked_in_one_transaction_as_they_are_one_by_one(new_world: NewWorld) -> None:
    outcomes = []
    for together in (True, False):
        with new_world() as world:
            records = in_parts(world)
            assert len(records) == 7
            batches = [records] if together else [[each] for each in records]
            assert [deliver(world, each) for each in batches] == [1] * len(batches)
            assert booking_ids(world) == reported_ids(records)
            world.settle()
            outcomes.append((world.state(), [each.content for each in world.pipeline.published]))
            assert updates.mistakes(world, world.pipeline.published) == []
            assert reconciled(world).breaks == ()
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("there", [[0], [3], [6], [1, 4], [0, 1, 2], [0, 1, 2, 3, 4, 5, 6]])
def test_a_batch_of_which_some_are_booked_already_books_the_others_and_tells_all(
    world: World, there: list[int]
) -> None:
    """Each but the first in the order of their numbers: what is booked already keeps its own."""
    records = in_parts(world)
    first = [records[number] for number in there]
    deliver(world, first)
    told = [each for each in world.pipeline.published if each.group == CUSTOMER]
    world.cool_down()
    assert deliver(world, records) == (1 if len(there) == len(records) else 2)
    rest = [each for each in records if each not in first]
    assert booking_ids(world) == reported_ids(first) + reported_ids(rest)
    again = world.pipeline.deliveries_to(STAGE)[-1].published
    assert [each.content["bookingId"] for each in again if each.content["type"] == "ordersUpdated"] == reported_ids(
        records
    )
    assert [each for each in told if each.attributes["eventType"] == "ordersUpdated" and each not in again] == []
    world.settle()
    assert updates.mistakes(world, world.pipeline.published) == []


def test_what_does_not_fit_is_dead_lettered_alone_and_the_others_of_its_batch_are_booked(world: World) -> None:
    records = in_parts(world)
    content = json.loads(records[2]["body"])
    order_id = content["orders"][0]["order"]["orderId"]
    strange = "01a203a9-f6bb-7060-be1c-26d323ef323f"
    wrong = events.sqs_record(CUSTOMER, records[2]["body"].replace(order_id, strange), 99)
    assert deliver(world, [*records[:2], wrong, *records[3:]]) == 1 + len(records)
    [(reason, body)] = world.dead_lettered(STAGE)
    assert (reason, body) == (f"the reports do not fit {strange}", wrong["body"])
    assert booking_ids(world) == reported_ids([*records[:2], *records[3:]])
    deliver(world, [records[2]])
    assert booking_ids(world)[-1] == content["bookingId"]
    world.settle()


def test_a_message_twice_in_a_batch_is_booked_once(world: World) -> None:
    records = in_parts(world)
    deliver(world, [*records[:3], records[1], *records[3:], records[0]])
    assert booking_ids(world) == reported_ids(records)
    world.settle()


def test_an_order_that_is_reported_on_with_other_terms_is_dead_lettered_alone(world: World) -> None:
    records = in_parts(world)
    [both] = {json.loads(each["body"])["orders"][0]["order"]["orderDate"] for each in records[3:4]}
    wrong = events.sqs_record(CUSTOMER, records[3]["body"].replace(both, "2026-11-21T00:00:00.000Z"), 99)
    deliver(world, [*records[:3], wrong, *records[4:]])
    assert len(world.dead_lettered(STAGE)) == 1
    assert booking_ids(world) == reported_ids([*records[:3], *records[4:]])
    deliver(world, [records[3]])
    world.settle()


def test_another_instance_that_books_meanwhile_takes_no_number_of_the_batch(world: World) -> None:
    records = in_parts(world)
    rivals = [[records[2]], [records[5]]]

    def overtake(**_: Any) -> None:
        if rivals:
            assert world.new_stage(STAGE)(events.sqs(rivals.pop())) == {"batchItemFailures": []}

    world.client("dynamodb").meta.events.register_first("provide-client-params.dynamodb.TransactWriteItems", overtake)
    deliver(world, records)
    assert sorted(booking_ids(world)) == sorted(reported_ids(records))
    world.settle()
    assert updates.mistakes(world, world.pipeline.published) == []


def test_an_order_names_all_its_bookings_and_is_read_in_a_call_for_sixteen_of_them(world: World) -> None:
    number = 2 * MAX_NAMED + 3
    world.change_market(litPools={"IEX": IEX})
    world.put_customer(SELLER, "1000000.00", COIN=1000)
    [placed] = world.post(entered(quantity=number, clientOrderId="bought"))[1]["orders"]
    for _ in range(number - 1):
        sell(world, 1)
    world.settle()
    [item] = world.items(pk=f"CUST#{CUSTOMER}", sk=f"ORDER#{placed['orderId']}")
    assert len(bytes(item["bookings"])) <= MAX_NAMED * 20
    assert len(json.dumps(dynamodb.to_item(item), default=str)) < 2_000
    before = len(world.faults.calls)
    order = world.order(placed["orderId"])
    assert world.faults.calls[before:] == ["dynamodb.GetItem"] + ["dynamodb.BatchGetItem"] * 3
    assert [each["quantity"] for each in order["executions"]] == [1] * (number - 1)
    assert [each[2] for each in life(world, "bought")] == [*range(number)]
    assert reconciled(world).breaks == ()
