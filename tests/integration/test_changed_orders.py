"""Orders that are canceled or replaced: whatever wins the race, money and shares stay whole."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.changed_orders import DARK, LIT, money, post, resting
from tests.support.orders import entered
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reconciled")


def test_a_canceled_order_ends_and_gives_back_what_it_reserved(world: World) -> None:
    before = money(world)
    order_id = resting(world)
    status, answer = world.change("DELETE", order_id)
    assert (status, answer["orderId"], answer["state"]) == (202, order_id, "PendingCancel")
    assert world.order(order_id)["state"] == "PendingCancel"
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["reason"], shown["reserved"]) == ("Canceled", "requested", "0.00")
    assert money(world) == before
    assert open_ends(world) == []
    assert world.change("DELETE", order_id) == (200, answer | {"state": "Canceled"})


def test_an_order_of_small_slices_cannot_get_more_of_them_than_an_engine_takes(world: World) -> None:
    """Whatever the configuration says by then: an order keeps the slices that it was entered with."""
    world.change_market(sliceSize=1, limits={"highestQuantity": 10_000, "collar": "0.05"})
    order_id = resting(world, price="1.00")
    world.change_market(sliceSize=1000, limits={"highestQuantity": 10_000_000, "collar": "0.05"})
    world.cool_down()
    status, answer = world.change("PATCH", order_id, {"quantity": 10_001})
    assert (status, answer["code"]) == (422, "quantity-too-large")
    assert "10000 shares" in answer["detail"]
    assert world.change("PATCH", order_id, {"quantity": 10_000})[0] == 202
    world.settle()
    assert world.order(order_id)["quantity"] == 10_000


@pytest.mark.parametrize("fields", [{}, {"poolOnly": True}, {"ticker": "AMD"}])
def test_a_replaced_order_has_its_new_quantity_and_limit_and_reserves_exactly_for_them(
    world: World, fields: dict[str, Any]
) -> None:
    order_id = resting(world, **fields)
    status, answer = world.change("PATCH", order_id, {"quantity": 150, "price": "101.00"})
    assert (status, answer["state"]) == (202, "PendingReplace")
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["quantity"], shown["leavesQuantity"], shown["price"]) == ("New", 150, 150, "101.00")
    [fresh] = post(world, entered(**{"quantity": 150, "price": "101.00"} | fields))
    assert shown["reserved"] == world.order(fresh)["reserved"]
    for each in (order_id, fresh):
        world.change("DELETE", each)
    world.settle()
    assert money(world)["reserved"] == 0
    assert open_ends(world) == []


def test_a_sale_that_is_replaced_reserves_the_shares_that_it_sells(world: World) -> None:
    world.put_customer("000002", "1000.00", COIN=200)
    order_id = resting(world, direction="Sell", price="200.00")
    assert world.change("PATCH", order_id, {"quantity": 201})[1]["code"] == "insufficient-shares"
    world.change("PATCH", order_id, {"quantity": 180})
    world.settle()
    assert shares(world) == (20, 180)
    world.change("PATCH", order_id, {"quantity": 50})
    world.settle()
    assert shares(world) == (150, 50)
    world.change("DELETE", order_id)
    world.settle()
    assert shares(world) == (200, 0)


def shares(world: World) -> tuple[int, int]:
    [item] = world.items(pk="CUST#000002", sk="POSITION#COIN")
    return int(item["available"]), int(item["reserved"])


def test_a_fill_that_wins_the_race_is_booked_and_the_change_comes_too_late(world: World) -> None:
    [order_id] = post(world, entered(quantity=100))
    assert world.change("PATCH", order_id, {"quantity": 300, "price": "170.00"})[0] == 202
    assert world.change("DELETE", order_id)[0] == 202
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["cumulativeQuantity"], shown["quantity"]) == ("Filled", 100, 100)
    assert shown["refusedCancel"]["reason"] == "too-late"
    assert money(world)["reserved"] == 0
    assert open_ends(world) == []


def test_a_cancel_that_comes_after_the_fill_is_refused_and_that_is_shown(world: World) -> None:
    [order_id] = post(world, entered(quantity=100))
    world.pipeline.run(but_not="post_trade_processor")
    assert world.change("PATCH", order_id, {"quantity": 300})[0] == 202
    assert world.change("DELETE", order_id)[0] == 202
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["cumulativeQuantity"], shown["quantity"]) == ("Filled", 100, 100)
    assert shown["refusedCancel"]["reason"] == shown["refusedReplace"]["reason"] == "too-late"
    assert money(world)["reserved"] == 0
    assert open_ends(world) == []
    assert world.change("PATCH", order_id, {"quantity": 300})[1]["code"] == "too-late"
    status, again = world.change("DELETE", order_id)
    assert (status, again["state"]) == (200, "Filled")


@pytest.mark.parametrize(("stage", "fields"), [(LIT, {}), (DARK, {"ticker": "AMD"})])
def test_a_cancel_that_overtakes_its_order_kills_it_when_it_comes(
    world: World, stage: str, fields: dict[str, Any]
) -> None:
    [order_id] = post(world, entered(quantity=100, **fields))
    world.pipeline.run(but_not=stage)
    late = world.pipeline.take(stage)
    world.change("DELETE", order_id)
    world.settle()
    assert world.order(order_id)["state"] == "PendingCancel"
    world.deliver(stage, events.sqs(late))
    world.settle()
    assert world.order(order_id)["state"] == "Canceled"
    assert world.archived() == []
    assert open_ends(world) == []


def test_all_that_was_delivered_may_come_again(world: World) -> None:
    one, two, three = (resting(world, **fields) for fields in ({}, {"poolOnly": True}, {"ticker": "AMD"}))
    world.change("PATCH", one, {"quantity": 50})
    world.change("PATCH", two, {"price": "99.00"})
    world.change("DELETE", three)
    world.settle()
    world.close("2026-11-22")
    world.settle()
    assert [world.order(each)["state"] for each in (one, two, three)] == ["Expired", "Expired", "Canceled"]
    before = world.state()
    for delivery in list(world.pipeline.delivered):
        world.deliver(delivery.stage, delivery.event)
    world.settle()
    assert world.state() == before


def test_a_trade_may_be_booked_before_the_replacement_that_made_room_for_it(world: World) -> None:
    order_id = resting(world)
    world.change("PATCH", order_id, {"quantity": 500})
    world.pipeline.run(but_not="post_trade_processor")
    world.quote("COIN", "99.00", "99.10")
    world.clock.advance(minutes=2)
    post(world, entered(customerId="000001", quantity=1))
    world.pipeline.run(but_not="post_trade_processor")
    waiting = world.pipeline.take("post_trade_processor")
    for record in reversed(waiting):
        world.deliver("post_trade_processor", events.sqs([record]))
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["cumulativeQuantity"], shown["leavesQuantity"]) == ("Filled", 500, 0)
    assert world.dead_lettered("post_trade_processor") == []
    assert money(world)["reserved"] == 0


IEX = {"fee": ["0.00", "1.00"], "maker": "0.0000", "taker": "0.0009", "cap": "100.00"}


def test_an_order_that_is_filled_before_its_replacement_is_booked_is_not_filled_for_good(world: World) -> None:
    """What filled the order as it was entered is booked first, what made room for more afterwards."""
    world.change_market(litPools={"IEX": IEX})
    world.put_customer("000001", "1000.00", COIN=500)
    order_id = resting(world)
    world.change("PATCH", order_id, {"quantity": 500})
    world.pipeline.run(but_not="post_trade_processor")
    post(world, entered(customerId="000001", direction="Sell", quantity=100, price="100.00"))
    world.pipeline.run(but_not="post_trade_processor")
    waiting = world.pipeline.take("post_trade_processor")
    replaced, filled = (each for each in waiting if each["attributes"]["MessageGroupId"] == "000002")
    world.deliver("post_trade_processor", events.sqs([filled]))
    shown = world.order(order_id)
    assert (shown["state"], shown["cumulativeQuantity"]) == ("PendingReplace", 100)
    assert [each["state"] for each in shown["transitions"]] == ["PendingNew", "New", "PartiallyFilled"]
    assert world.change("PATCH", order_id, {"quantity": 600})[1]["code"] == "change-pending"
    assert world.change("DELETE", order_id)[1]["state"] == "PendingCancel"
    assert world.order(order_id)["state"] == "PendingCancel"
    for record in (replaced, *(each for each in waiting if each not in (replaced, filled))):
        world.deliver("post_trade_processor", events.sqs([record]))
    assert world.order(order_id)["state"] == "PendingCancel"
    world.settle()
    shown = world.order(order_id)
    states = ["PendingNew", "New", "New", "PartiallyFilled", "Canceled"]
    assert [each["state"] for each in shown["transitions"]] == states
    assert (shown["cumulativeQuantity"], shown["canceledQuantity"]) == (100, 400)
    assert money(world)["reserved"] == 0
    assert open_ends(world) == []


def test_a_refused_cancel_that_is_booked_before_anything_else_leaves_the_order_as_it_was(world: World) -> None:
    [order_id] = post(world, entered(quantity=100))
    world.pipeline.run(but_not="post_trade_processor")
    [filled] = world.pipeline.take("post_trade_processor")
    world.clock.advance(seconds=1)
    world.change("DELETE", order_id)
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["refusedCancel"]["reason"]) == ("PendingNew", "too-late")
    assert [each["state"] for each in shown["transitions"]] == ["PendingNew", "PendingNew"]
    world.deliver("post_trade_processor", events.sqs([filled]))
    world.settle()
    shown = world.order(order_id)
    assert shown["state"] == "Filled"
    assert [each["state"] for each in shown["transitions"]] == ["PendingNew", "Filled", "Filled"]


def test_an_order_may_be_canceled_while_its_replacement_waits_and_is_shown_so(world: World) -> None:
    """FIX allows it: the cancel is about whatever the replacement leaves."""
    order_id = resting(world)
    states = [world.order(order_id)["state"]]
    for method, body in (("PATCH", {"quantity": 150}), ("DELETE", None)):
        assert world.change(method, order_id, body)[0] == 202
        states.append(world.order(order_id)["state"])
    assert world.change("PATCH", order_id, {"quantity": 160})[1]["code"] == "change-pending"
    world.settle()
    states.append(world.order(order_id)["state"])
    assert states == ["New", "PendingReplace", "PendingCancel", "Canceled"]
    assert open_ends(world) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid-order"),
        ({"quantity": 0}, 400, "invalid-order"),
        ({"price": "100.001"}, 400, "invalid-order"),
        ({"side": "Sell"}, 400, "invalid-order"),
        ({"quantity": 10**9}, 422, "quantity-too-large"),
        ({"price": "999999.99"}, 422, "insufficient-funds"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(
    world: World, body: object, status: int, code: str
) -> None:
    order_id = resting(world)
    before = world.state()
    answered = world.change("PATCH", order_id, body)
    assert (answered[0], answered[1]["code"]) == (status, code)
    assert world.state() == before


def test_changes_are_refused_while_another_is_under_way_for_others_and_for_what_is_not_there(world: World) -> None:
    order_id = resting(world)
    unknown = order_id[:-1] + ("0" if order_id[-1] != "0" else "1")
    other = events.customer("000003")
    assert world.change("DELETE", unknown)[1]["code"] == "not-found"
    assert world.change("DELETE", order_id, caller=other)[0] == 403
    assert world.change("PATCH", order_id, {"quantity": 50}, caller=other)[0] == 403
    assert world.change("PATCH", order_id, {"quantity": 50})[0] == 202
    assert world.change("PATCH", order_id, {"quantity": 60})[1]["code"] == "change-pending"
    stop = resting(world, type="Stop", price=None, stopPrice="200.00")
    assert world.change("PATCH", stop, {"quantity": 50})[1]["code"] == "not-replaceable"


@pytest.fixture
def all_reserved(world: World) -> str:
    """An order for 100 shares at 1.99 that holds all the cash of its customer."""
    world.change_market(
        litPools={"IEX": {"fee": ["0.00", "1.00"], "cap": "1.00", "maker": "0.0000", "taker": "0.0009"}}
    )
    world.put_quote("COIN", "2.00", "2.02")
    world.put_customer("000003", "199.10")
    order_id = resting(world, customerId="000003", price="1.99")
    assert money(world, "000003") == {"cash": 0, "reserved": Decimal("199.10")}
    return order_id


def test_a_replacement_that_needs_no_more_than_the_order_holds_needs_no_other_cash(
    world: World, all_reserved: str
) -> None:
    assert world.change("PATCH", all_reserved, {"quantity": 200, "price": "1.00"}, of="000003")[0] == 422
    assert world.change("PATCH", all_reserved, {"quantity": 198, "price": "1.00"}, of="000003")[0] == 202
    assert money(world, "000003") == {"cash": 0, "reserved": Decimal("199.10")}
    world.settle()
    shown = world.order(all_reserved, "000003")
    assert (shown["quantity"], shown["price"], "refusedReplace" in shown) == (198, "1.00", False)
    assert money(world, "000003") == {"cash": Decimal("0.90"), "reserved": Decimal("198.20")}


def test_such_a_replacement_is_refused_if_fills_come_first_and_it_needs_more_then(
    world: World, all_reserved: str
) -> None:
    world.put_customer("000001", "1.00", COIN=60)
    post(world, entered(customerId="000001", direction="Sell", quantity=60, price="1.99"))
    world.pipeline.run(but_not="post_trade_processor")
    assert world.change("PATCH", all_reserved, {"quantity": 198, "price": "1.00"}, of="000003")[0] == 202
    world.settle()
    shown = world.order(all_reserved, "000003")
    assert (shown["quantity"], shown["price"], shown["cumulativeQuantity"]) == (100, "1.99", 60)
    assert shown["refusedReplace"]["reason"] == "not-reserved"


def test_a_cancel_of_an_order_that_has_ended_is_answered_by_its_final_state(world: World) -> None:
    filled = resting(world, price="170.00")
    assert world.change("DELETE", filled) == (200, {"orderId": filled, "state": "Filled"})
    world.put_customer("000003", "1.00")
    refused = world.post(entered(customerId="000003"))[1]["orderId"]
    assert world.change("DELETE", refused, of="000003") == (200, {"orderId": refused, "state": "Rejected"})
