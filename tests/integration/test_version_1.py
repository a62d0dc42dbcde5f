"""Today's functions read what version 1 wrote, in queues, streams and tables, and lead to what it led to."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from tests.support import archived_trades, events, version_1
from tests.support.pipeline import Published
from tests.support.world import World
from trading.aws.store import dynamodb
from trading.aws.store.days import day_in
from trading.aws.store.updates import updates_of
from trading.domain.messages.events import REPORTED
from trading.domain.messages.market import MARKET
from trading.domain.messages.updates import UPDATED, updated_message

Items = list[dict[str, Any]]
MESSAGES: list[dict[str, Any]] = version_1.read("messages")
ARCHIVED: dict[str, bytes] = {name: body["B"] for name, body in version_1.read("trades").items()}
FED = {
    "Dark": "dark_pool_matching_engine",
    "Lit": "lit_pool_matching_engine",
    "executionReports": "post_trade_processor",
}


def store(world: World, table: str, items: Items) -> None:
    for item in items:
        world.client("dynamodb").put_item(TableName=world.table(table), Item=item)


def inserted(name: str, prefix: str) -> dict[str, Any]:
    """A batch of the stream: the frozen items of a kind, without the orders that were refused."""
    items = [item for item in version_1.read(name) if item["SK"]["S"].startswith(prefix)]
    wanted = [item for item in items if item.get("acceptance") != {"S": "Rejected"}]
    return {"Records": [events.inserted(item, number) for number, item in enumerate(wanted, 1)]}


def queued(kind: str) -> dict[str, Any]:
    """A batch of a queue: the frozen messages with this attribute, in their order."""
    fed = [message for message in MESSAGES if message["topic"] != MARKET]
    wanted = [message for message in fed if kind in message["attributes"].values()]
    return events.sqs([events.sqs_record(each["group"], each["body"], n) for n, each in enumerate(wanted, 1)])


def deliver_all(world: World) -> None:
    """What version 1 wrote, in the order of an order's way."""
    for prefix in ("ENTRY#", "ORDER#"):
        world.deliver("smart_order_router", inserted("accepted", prefix))
    for kind, stage in FED.items():
        assert world.deliver(stage, queued(kind)).answer == {"batchItemFailures": []}
    entries = [item for item in version_1.read("journal") if "trades" in item]
    records = [events.inserted(item, number, "OrderBooks") for number, item in enumerate(entries, 1)]
    world.deliver("trades_data_aggregator", {"Records": records})
    world.deliver("archiver", inserted("settled", "TRADE#"))


def shown(message: Published | dict[str, Any]) -> dict[str, Any]:
    """A message with its body read, so that more members in it are no difference."""
    fields = message if isinstance(message, dict) else {name: getattr(message, name) for name in Published.__slots__}
    return {**fields, "topic": fields["topic"].lower(), "body": json.loads(fields["body"])}


def decided(message: dict[str, Any]) -> dict[str, Any]:
    """Without the ids that an engine of today gives to what it decides."""
    if message["body"]["type"] != REPORTED:
        return message
    body = {name: value for name, value in message["body"].items() if name != "bookingId"}
    return {name: value for name, value in message.items() if name != "id"} | {"body": body}


def published_as_then(world: World) -> Iterable[dict[str, Any]]:
    return map(shown, world.pipeline.published)


def in_order(messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(messages, key=lambda message: (message.get("id", ""), _whose(message["body"])))


def _whose(body: dict[str, Any]) -> list[str]:
    return [each.get("order", each)["orderId"] for each in body.get("orders", [])] + [str(body.get("poolType"))]


def told(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the journal with its messages read."""
    content = version_1.told(entry)["content"]
    return entry | {"content": content | {"messages": [decided(shown(each)) for each in content["messages"]]}}


def by_key(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {f"{item['PK']} {item['SK']}": item for item in items}


def frozen(name: str) -> dict[str, Any]:
    return by_key(dynamodb.from_item(item) for item in version_1.read(name))


def test_orders_that_version_1_accepted_lead_to_what_they_led_to(world: World) -> None:
    store(world, "TradesStore", version_1.read("accepted"))
    deliver_all(world)
    published = in_order(decided(each) for each in published_as_then(world))
    assert version_1.missing(published, in_order(decided(shown(each)) for each in MESSAGES)) == []
    assert version_1.missing(by_key(world.items()), frozen("settled")) == []
    journal = by_key(map(told, world.items("OrderBooks")))
    assert version_1.missing(journal, by_key(map(told, frozen("journal").values()))) == []
    assert archived_trades.bookings(world.objects("trades/")) == archived_trades.bookings(ARCHIVED)


def test_what_version_1_has_done_is_not_done_again(world: World) -> None:
    store(world, "TradesStore", version_1.read("settled"))
    store(world, "OrderBooks", version_1.read("journal"))
    before = {name: world.items(name) for name in ("TradesStore", "OrderBooks")}
    deliver_all(world)
    assert {name: world.items(name) for name in before} == before
    published = in_order(published_as_then(world))
    assert version_1.missing(published, in_order(map(shown, MESSAGES))) == []


def test_what_version_1_told_of_its_bookings_is_told_in_the_same_words_from_what_it_stored(world: World) -> None:
    store(world, "TradesStore", version_1.read("settled"))
    bookings = [item for item in world.items(pk="CUST#") if "bookingId" in item]
    told = {
        updated_message(fields).id: updated_message(fields).body
        for fields in updates_of(world.table("TradesStore"), bookings)
    }
    frozen_updates = [each for each in MESSAGES if each["attributes"].get("eventType") == UPDATED]
    assert told == {each["id"]: each["body"] for each in frozen_updates}


def test_what_version_1_stored_is_answered(world: World) -> None:
    store(world, "TradesStore", version_1.read("settled"))
    for customer_id in ("000001", "000002"):
        status, answer = world.get("/trades/{customerId}", customerId=customer_id)
        theirs = [trade for trade in archived_trades.trades(ARCHIVED) if trade["customerId"] == customer_id]
        assert (status, sorted(answer["trades"], key=str)) == (200, sorted(theirs, key=str))
        orders = [item for item in frozen("settled").values() if item["SK"].startswith("ORDER#")]
        for order in (each for each in orders if each["customerId"] == customer_id):
            path = {"customerId": customer_id, "orderId": order["orderId"]}
            status, answer = world.get("/customers/{customerId}/orders/{orderId}", **path)
            assert (status, answer["state"]) == (200, "Canceled" if order["ticker"] == "IBM" else "Filled")
        assert world.get("/customers/{customerId}", customerId=customer_id)[0] == 200
        assert world.get("/customers/{customerId}/positions", customerId=customer_id)[0] == 200
    day = frozen("settled")["TICKER#AMD 2026-11-22"]
    assert world.get("/tickers/{ticker}", ticker="AMD")[1]["quantity"] == day_in(day).statistics.total.quantity


def test_a_client_order_id_of_version_1_has_its_first_answer(world: World) -> None:
    store(world, "TradesStore", version_1.read("settled"))
    world.clock.advance(seconds=1)  # the same instant would draw the same ids again
    accepted = frozen("settled")["CUST#000001 CLORD#a-1"]
    [order] = [
        item for item in frozen("settled").values() if item.get("orderId") == accepted["orderId"] and "type" in item
    ]
    entered = {name: order[name] for name in ("customerId", "direction", "ticker", "type", "clientOrderId")}
    again = entered | {"quantity": int(order["initialQuantity"]), "price": f"{order['price']:.2f}"}
    status, answer = world.post(again)
    assert (status, answer["orders"][0]["orderId"]) == (202, accepted["orderId"])
    status, answer = world.post(again | {"quantity": 1})
    assert (status, answer["code"]) == (422, "client-order-id-reused")


@pytest.mark.parametrize(
    ("key_id", "secret", "context"),
    [
        ("sample", "sample-secret", {"role": "broker"}),
        ("theirs", "their-secret", {"role": "customer", "customerId": "000001"}),
    ],
)
def test_a_credential_of_version_1_lets_in(world: World, key_id: str, secret: str, context: dict[str, str]) -> None:
    store(world, "TradesStore", version_1.read("settled"))
    answer = world.stage("api_authorizer")(events.token(events.basic(key_id, secret)))
    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert version_1.missing(answer["context"], context) == []
