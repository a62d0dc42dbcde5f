"""What a report claims against its order is held to the order's terms; what does not fit is set aside by itself."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.reconciled_day import reconciled
from tests.support.world import World
from trading.aws.store import dynamodb
from trading.domain.messages.wire import compact

LIT, BOOKING = "lit_pool_matching_engine", "post_trade_processor"
TODAY, CUSTOMER = "2026-11-22", "000002"
STRAY = "01a203a9-f6bb-7060-be1c-26d323ef323f"


def post(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 202
    return str(answer["orders"][0]["orderId"])


def account(world: World) -> dict[str, Any]:
    [item] = world.items(pk=f"CUST#{CUSTOMER}", sk=f"CUST#{CUSTOMER}")
    return {name: item[name] for name in ("cash", "reserved", "openOrders")}


def resting(world: World, *quantities: int, price: str = "100.00") -> list[str]:
    """Orders that wait in the lit book, below the market."""
    ids = [post(world, quantity=quantity, price=price) for quantity in quantities]
    world.settle()
    return ids


def lost_order(world: World, order_id: str) -> dict[str, Any]:
    """Takes the order's item out of the table: as if the table had been restored to before it."""
    [item] = world.items(pk=f"CUST#{CUSTOMER}", sk=f"ORDER#{order_id}")
    key = {name: {"S": item[name]} for name in ("PK", "SK")}
    world.client("dynamodb").delete_item(TableName=world.table("TradesStore"), Key=key)
    return item


def put_back(world: World, item: dict[str, Any]) -> None:
    world.client("dynamodb").put_item(TableName=world.table("TradesStore"), Item=dynamodb.to_item(item))


def stray(world: World) -> None:
    """A well-formed command for an order that nobody accepted, of a customer and a ticker that are there."""
    post(world, quantity=7, price="100.00")
    world.pipeline.run(but_not=LIT)
    [record] = world.pipeline.take(LIT)
    content = json.loads(record["body"])
    real = content["commands"][0]["order"]["orderId"]
    forged = compact(content).replace(real, STRAY).replace(content["commands"][0]["commandId"], STRAY)
    world.deliver(LIT, events.sqs([events.sqs_record("COIN", forged, 1)]))
    world.deliver(LIT, events.sqs([record]))


def set_aside(world: World) -> dict[str, Any]:
    """The one message that was dead-lettered."""
    [(reason, body)] = world.dead_lettered(BOOKING)
    assert "the reports do not fit" in reason
    content: dict[str, Any] = json.loads(body)
    return content


def test_a_stray_order_harms_no_order_that_is_reported_with_it(world: World) -> None:
    before = account(world)
    first, second = resting(world, 10, 20)
    stray(world)
    world.settle()
    told = len(world.dead_lettered(BOOKING))
    world.clock.advance(days=1)
    world.close(TODAY)
    world.settle()
    assert [world.order(each)["state"] for each in (first, second)] == ["Expired", "Expired"]
    assert account(world) == before
    dead_lettered = world.dead_lettered(BOOKING)
    assert len(dead_lettered) == told + 1
    assert {order["order"]["orderId"] for _, body in dead_lettered for order in json.loads(body)["orders"]} == {STRAY}


def test_what_was_set_aside_is_booked_when_its_order_is_there_again_and_once(world: World) -> None:
    before = account(world)
    ids = resting(world, 10, 20, 30)
    item = lost_order(world, ids[1])
    world.clock.advance(days=1)
    world.close(TODAY)
    world.pipeline.run(but_not=BOOKING)
    [whole] = world.pipeline.take(BOOKING)
    assert world.deliver(BOOKING, events.sqs([whole])).answer == {"batchItemFailures": []}
    content = set_aside(world)
    assert [each["order"]["orderId"] for each in content["orders"]] == [ids[1]]
    assert content["bookingId"] != json.loads(whole["body"])["bookingId"]
    missing = [each.where.reference for each in reconciled(world, "2026-11-23").breaks if each.kind.value == "journal"]
    assert missing == [json.loads(whole["body"])["bookingId"]]
    kept = world.items()
    world.deliver(BOOKING, events.sqs([whole]))
    assert world.items() == kept
    put_back(world, item)
    alone = events.sqs_record(CUSTOMER, compact(content), 1)
    assert world.deliver(BOOKING, events.sqs([alone])).answer == {"batchItemFailures": []}
    assert [world.order(each)["state"] for each in ids] == ["Expired"] * 3
    assert account(world) == before
    done = world.items()
    world.deliver(BOOKING, events.sqs([alone, whole]))
    world.deliver(BOOKING, events.sqs([whole]))
    assert world.items() == done
    assert {body for _, body in world.dead_lettered(BOOKING)} == {compact(content)}
    assert reconciled(world, "2026-11-23").breaks == ()


def trading(world: World, *, quantity: int = 100, **fields: Any) -> tuple[str, dict[str, Any]]:
    """A buy and what is reported of it: its trades."""
    order_id = post(world, quantity=quantity, price="220.00", **fields)
    world.pipeline.run(but_not=BOOKING)
    [record] = world.pipeline.take(BOOKING)
    return order_id, record


def with_report(record: dict[str, Any], number: int, **changed: Any) -> dict[str, Any]:
    """The record with another booking id, and this in its report."""
    content = json.loads(record["body"])
    content["bookingId"] = f"{number:08}-0000-4000-8000-000000000000"
    report = {name: value for name, value in content["orders"][0].items() if name != "closed"}
    content["orders"] = [report | changed]
    return events.sqs_record(CUSTOMER, compact(content), number)


@pytest.mark.parametrize(
    "changed",
    [
        {"executions": [[5, "400.00", "IEX", "0.00"]], "released": "2000.00"},
        {"executions": [[5, "220.005", "IEX", "0.00"]], "released": "1100.10"},
    ],
)
def test_a_trade_beyond_its_orders_limit_is_not_booked(world: World, changed: dict[str, Any]) -> None:
    order_id, record = trading(world)
    before = world.items()
    world.deliver(BOOKING, events.sqs([with_report(record, 1, **changed)]))
    assert world.items() == before
    assert order_id in json.dumps(set_aside(world))
    world.deliver(BOOKING, events.sqs([record]))
    world.settle()
    assert world.order(order_id)["state"] == "Filled"


def test_a_sale_below_its_orders_limit_is_not_booked(world: World) -> None:
    world.put_customer(CUSTOMER, "1000.00", COIN=100)
    order_id = post(world, quantity=100, price="100.00", direction="Sell")
    world.pipeline.run(but_not=BOOKING)
    [record] = world.pipeline.take(BOOKING)
    before = world.items()
    forged = with_report(record, 1, executions=[[5, "99.995", "IEX", "0.00"]], released="0.00")
    world.deliver(BOOKING, events.sqs([forged]))
    assert world.items() == before
    assert order_id in json.dumps(set_aside(world))
    world.deliver(BOOKING, events.sqs([record]))
    world.settle()


def test_terms_that_are_not_the_orders_are_not_booked(world: World) -> None:
    order_id, record = trading(world)
    before = world.items()
    order = json.loads(record["body"])["orders"][0]["order"]
    wrong = [{"orderDate": "2026-11-22T14:30:00.124Z"}, {"direction": "Sell"}]
    for number, terms in enumerate(wrong, 1):
        forged = with_report(record, number, order=order | terms, executions=[], released="0.00")
        world.deliver(BOOKING, events.sqs([forged]))
    assert world.items() == before
    assert len(world.dead_lettered(BOOKING)) == len(wrong)
    world.deliver(BOOKING, events.sqs([record]))
    world.settle()
    assert world.order(order_id)["state"] == "Filled"


def test_a_trade_under_the_limit_before_a_change_is_booked_also_when_it_comes_after_the_change(world: World) -> None:
    """Reports of one customer come in their order, but for one that was dead-lettered and given again."""
    order_id = post(world, quantity=50, price="161.89")
    world.settle()
    world.put_customer("000001", "1000.00", COIN=20)
    world.post(entered(quantity=20, price="161.89", direction="Sell", customerId="000001"))
    world.pipeline.run(but_not=BOOKING)
    traded = [each for each in world.pipeline.take(BOOKING) if each["attributes"]["MessageGroupId"] == CUSTOMER]
    assert world.change("PATCH", order_id, {"price": "150.00"})[0] == 202
    world.settle()
    assert world.order(order_id)["price"] == "150.00"
    assert world.deliver(BOOKING, events.sqs(traded)).answer == {"batchItemFailures": []}
    assert world.dead_lettered(BOOKING) == []
    shown = world.order(order_id)
    assert (shown["cumulativeQuantity"], shown["leavesQuantity"]) == (20, 30)


def test_an_order_counts_as_open_until_nothing_is_open_whatever_its_reports_claim(world: World) -> None:
    order_id, record = trading(world)
    assert account(world)["openOrders"] == 1
    for number in (1, 2):
        trade = {"executions": [[5, "161.90", "IEX", "0.00"]], "released": "1100.00", "closed": True}
        world.deliver(BOOKING, events.sqs([with_report(record, number, **trade)]))
        assert account(world)["openOrders"] == 1
    rest = {"ending": [90, "Canceled", "requested"], "executions": [], "released": "10.00"}
    world.deliver(BOOKING, events.sqs([with_report(record, 3, **rest)]))
    assert (account(world)["openOrders"], world.order(order_id)["leavesQuantity"]) == (0, 0)
    world.deliver(BOOKING, events.sqs([with_report(record, 3, **rest)]))
    assert account(world)["openOrders"] == 0


def test_an_order_is_counted_as_closed_once_in_whichever_order_its_reports_come(world: World) -> None:
    before = account(world)["openOrders"]
    world.put_customer("000001", "1000.00", COIN=50)
    post(world, quantity=50, price="161.89", timeInForce="GTC")
    world.settle()
    for quantity in (20, 30):
        world.post(entered(quantity=quantity, price="161.89", direction="Sell", customerId="000001"))
        world.pipeline.run(but_not=BOOKING)
    records = [each for each in world.pipeline.take(BOOKING) if each["attributes"]["MessageGroupId"] == CUSTOMER]
    assert len(records) == 2
    opened = []
    for record in reversed(records):
        world.deliver(BOOKING, events.sqs([record]))
        opened.append(account(world)["openOrders"])
    assert opened == [before + 1, before]
    assert world.dead_lettered(BOOKING) == []
    assert Decimal(account(world)["reserved"]) == 0


def test_what_fits_beside_a_trade_that_does_not_is_booked_once_also_when_that_fits_at_last(world: World) -> None:
    """Bookings with trades and without stand under other keys: neither is booked twice."""
    traded, ended = resting(world, 10, 20, price="161.89")
    world.put_customer("000001", "1000.00", COIN=10)
    item = lost_order(world, traded)
    world.post(entered(quantity=10, price="161.89", direction="Sell", customerId="000001"))
    assert world.change("DELETE", ended)[0] == 202
    world.pipeline.run(but_not=BOOKING)
    theirs = [each for each in world.pipeline.take(BOOKING) if each["attributes"]["MessageGroupId"] == CUSTOMER]
    contents = [json.loads(each["body"]) for each in theirs]
    whole = contents[0] | {"orders": [report for content in contents for report in content["orders"]]}
    assert [bool(report["executions"]) for report in whole["orders"]] == [True, False]
    record = events.sqs_record(CUSTOMER, compact(whole), 1)
    world.deliver(BOOKING, events.sqs([record]))
    assert world.order(ended)["state"] == "Canceled"
    [reported] = [each for each in world.items(pk=f"CUST#{CUSTOMER}") if each.get("bookingId") == whole["bookingId"]]
    assert reported["SK"].startswith("REPORT#")
    put_back(world, item)
    for _ in range(2):
        assert world.deliver(BOOKING, events.sqs([record])).answer == {"batchItemFailures": []}
        assert [world.order(each)["state"] for each in (traded, ended)] == ["Filled", "Canceled"]
    world.settle()
    assert (account(world)["openOrders"], account(world)["reserved"]) == (0, 0)


def test_a_report_that_does_not_fit_is_no_empty_booking_when_the_position_moves_meanwhile(world: World) -> None:
    post(world, quantity=5)
    world.settle()
    order_id = post(world, quantity=10)
    world.pipeline.run(but_not=BOOKING)
    item = lost_order(world, order_id)
    [position] = world.items(pk=f"CUST#{CUSTOMER}", sk="POSITION#COIN")
    moved = [position | {"sequence": position["sequence"] + 1}]

    def move(**_: Any) -> None:
        while moved:
            put_back(world, moved.pop())

    world.client("dynamodb").meta.events.register("provide-client-params.dynamodb.TransactWriteItems", move)
    world.settle()
    assert set_aside(world)["orders"][0]["order"]["orderId"] == order_id
    assert world.items(pk=f"CUST#{CUSTOMER}", sk="REPORT#") == []
    put_back(world, item)
    put_back(world, position)


def test_a_report_that_releases_a_reservation_for_nothing_is_dead_lettered(world: World) -> None:
    order_id = post(world, quantity=10, price="100.00")
    world.pipeline.run(but_not=BOOKING)
    [record] = world.pipeline.take(BOOKING)
    content = json.loads(record["body"])
    content["orders"][0]["released"] = "1000.00"
    before = account(world)
    world.deliver(BOOKING, events.sqs([events.sqs_record(CUSTOMER, compact(content), 1)]))
    assert account(world) == before
    [(reason, _)] = world.dead_lettered(BOOKING)
    assert "released without anything that happened" in reason
    world.deliver(BOOKING, events.sqs([record]))
    assert world.order(order_id)["state"] == "New"
