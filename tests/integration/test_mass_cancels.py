"""A customer cancels all that is open of its orders, in a ticker or in all, and trades on."""

from typing import Any

import pytest

from tests.support import events
from tests.support.account_invariants import mistakes, open_ends
from tests.support.orders import away, entered, listed
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reconciled")

ROUTER = "smart_order_router"


def cancel_all(
    world: World, query: dict[str, str] | None = None, of: str = "000002", caller: Any = events.BROKER
) -> tuple[int, Any]:
    return world.answer("order_entry", events.cancel_all(of, query, caller))


def post(world: World, *orders: dict[str, Any]) -> list[str]:
    status, answer = world.post(list(orders))
    assert status == 202
    return [each["orderId"] for each in answer["orders"]]


def endings(world: World, *order_ids: str) -> set[tuple[Any, ...]]:
    shown = [world.order(order_id) for order_id in order_ids]
    return {(order["state"], order.get("reason"), order["reserved"]) for order in shown}


RESTING = [away(), away(ticker="AMD"), away(ticker="AMD", poolOnly=True), away(direction="Sell", price="200.00")]
ENDED = ("Canceled", "mass-cancel", "0.00")


def test_all_that_is_open_ends_and_what_is_entered_afterwards_stays(world: World) -> None:
    world.put_customer("000002", "10000.00", COIN=10)
    before = post(world, *RESTING)
    post(world, away(customerId="000001"))
    world.settle()
    status, answer = cancel_all(world)
    assert (status, answer) == (202, {"customerId": "000002", "requestId": answer["requestId"]})
    world.clock.advance(milliseconds=1)
    after = post(world, *RESTING[:3])
    world.settle()
    assert endings(world, *before) == {ENDED}
    assert {order["orderId"] for order in listed(world, state="open")} == set(after)
    assert [order["state"] for order in listed(world, "000001", state="open")] == ["New"]
    assert world.get("/customers/{customerId}", customerId="000002")[1]["halted"] is False
    assert mistakes(world) == []


def test_in_one_ticker_the_orders_in_others_stay(world: World) -> None:
    [coin, *amd, _] = post(world, *RESTING[:3], away(ticker="F", price="10.00"))
    world.settle()
    status, answer = cancel_all(world, {"ticker": "AMD"})
    assert (status, answer["ticker"]) == (202, "AMD")
    world.settle()
    assert endings(world, *amd) == {ENDED}
    assert world.order(coin)["state"] == "New"
    [delivery] = world.pipeline.deliveries_to(ROUTER)[-1:]
    assert {each.group for each in delivery.published} == {"AMD"}


def test_a_customer_may_cancel_its_own_and_nobody_elses(world: World) -> None:
    [order_id] = post(world, away())
    status, answer = cancel_all(world, caller=events.customer("000001"))
    assert (status, answer["code"]) == (403, "forbidden")
    assert cancel_all(world, caller=events.customer("000002"))[0] == 202
    world.settle()
    assert endings(world, order_id) == {ENDED}


@pytest.mark.parametrize("of", ["999999", "2", "٠٠٠٠٠٢", "0" * 3000])
def test_a_customer_that_is_not_there_is_not_found(world: World, of: str) -> None:
    assert cancel_all(world, of=of)[0] == 404
    assert world.items(sk="MASSCANCEL#") == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"ticker": "NONE"}, 422, "unknown-ticker"),
        ({"ticker": ""}, 400, "invalid-parameter"),
        ({"ticker": "coin"}, 400, "invalid-parameter"),
        ({"ticker": "COIN\n"}, 400, "invalid-parameter"),
        ({"Ticker": "COIN"}, 400, "invalid-parameter"),
        ({"symbol": "COIN"}, 400, "invalid-parameter"),
        ({"ticker": "COIN", "state": "open"}, 400, "invalid-parameter"),
    ],
)
def test_what_is_not_understood_cancels_nothing(world: World, query: dict[str, str], status: int, code: str) -> None:
    found, answer = cancel_all(world, query)
    assert (found, answer["code"]) == (status, code)
    assert world.items(sk="MASSCANCEL#") == []


def test_a_ticker_that_is_given_twice_cancels_nothing(world: World) -> None:
    event = events.cancel_all("000002", {"ticker": "COIN"})
    event["multiValueQueryStringParameters"]["ticker"] = ["AMD", "COIN"]
    status, answer = world.answer("order_entry", event)
    assert (status, answer["code"]) == (400, "invalid-parameter")
    assert world.items(sk="MASSCANCEL#") == []


@pytest.mark.parametrize("fields", [{}, {"ticker": "AMD"}, {"ticker": "AMD", "poolOnly": True}])
def test_an_order_that_comes_to_the_engine_after_the_request_ends_if_it_was_entered_before(
    world: World, fields: dict[str, Any]
) -> None:
    [order_id] = post(world, away(**fields))
    cancel_all(world)
    [order, request] = world.pipeline.unread(ROUTER)
    world.deliver(ROUTER, {"Records": [request]})
    world.pipeline.run(but_not=ROUTER)
    world.cool_down()
    world.deliver(ROUTER, {"Records": [order]})
    world.settle()
    assert endings(world, order_id) == {ENDED}
    assert open_ends(world) == []


def test_an_order_that_overtakes_the_request_stays_if_it_was_entered_after_it(world: World) -> None:
    cancel_all(world)
    world.clock.advance(milliseconds=1)
    [order_id] = post(world, away())
    [request, order] = world.pipeline.unread(ROUTER)
    for record in (order, request):
        world.deliver(ROUTER, {"Records": [record]})
        world.pipeline.run(but_not=ROUTER)
    assert world.order(order_id)["state"] == "New"
    world.settle()


def test_an_order_that_was_accepted_by_a_clock_that_is_ahead_ends_too(world: World) -> None:
    world.clock.advance(seconds=1)
    [order_id] = post(world, away())
    world.clock.advance(seconds=-1)
    cancel_all(world)
    world.settle()
    assert endings(world, order_id) == {ENDED}


def test_what_was_filled_stays_filled_and_the_request_may_come_again(world: World) -> None:
    [filled, rest] = post(world, entered(quantity=5), away())
    world.settle()
    cancel_all(world)
    world.settle()
    before = world.state()
    for delivery in list(world.pipeline.delivered):
        world.deliver(delivery.stage, delivery.event)
    world.settle()
    assert world.state() == before
    assert world.order(filled)["state"] == "Filled"
    assert endings(world, rest) == {ENDED}


def test_what_cannot_be_stored_is_answered_by_503_and_an_answer_that_was_lost_is_one_request(world: World) -> None:
    world.faults.unreachable("dynamodb.TransactWriteItems")
    assert cancel_all(world)[0] == 503
    assert world.items(sk="MASSCANCEL#") == []
    world.faults.answer_lost("dynamodb.TransactWriteItems")
    assert cancel_all(world)[0] == 202
    assert len(world.items(sk="MASSCANCEL#")) == 1
    world.settle()
