"""Opening hours, from the order that waits for the opening to its trade in the auction."""

from typing import Any

import pytest

from tests.support import events
from tests.support.clock import START
from tests.support.orders import entered
from tests.support.world import World
from trading.domain.times import iso

HOURS = "15:00-16:00"
OPENS, CLOSES = "2026-11-22T15:00:00Z", "2026-11-22T16:00:00Z"
BUY = {"customerId": "000002", "direction": "Buy"}
SELL = {"customerId": "000001", "direction": "Sell"}
ORDER = "/customers/{customerId}/orders/{orderId}"


@pytest.fixture
def market(world: World) -> World:
    """A market that is closed for another half hour."""
    assert iso(START).startswith("2026-11-22T14:30")
    world.put_customer("000001", "0.00", COIN=1000)
    world.change_market(openingHours={"Dark": HOURS, "Lit": HOURS})
    return world


def state(world: World, *order_ids: str) -> list[str]:
    return [
        str(found["state"])
        for order_id in order_ids
        for customer in ("000001", "000002")
        if (found := world.get(ORDER, customerId=customer, orderId=order_id)[1]) and "state" in found
    ]


def executions(world: World, customer: str, order_id: str) -> list[dict[str, Any]]:
    return list(world.get(ORDER, customerId=customer, orderId=order_id)[1]["executions"])


def posted(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 202, answer
    world.settle()
    return str(answer["orders"][0]["orderId"])


def refused(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 422
    return str(answer["code"])


def turn(world: World, time: str) -> None:
    """The schedule strikes at this time."""
    world.stage("session_close")(events.scheduled("session_close", time))
    world.settle()


def book(world: World) -> dict[str, Any]:
    status, shown = world.get("/books/{ticker}", ticker="COIN")
    assert status == 200
    return dict(shown)


def test_a_day_with_an_opening_and_a_closing_auction(market: World) -> None:
    bought = posted(market, **BUY, quantity=300, price="162.50")
    sold = posted(market, **SELL, quantity=200, price="161.00")
    waiting = posted(market, **SELL, quantity=50, price="161.50", timeInForce="CLS")
    assert state(market, bought, sold, waiting) == ["New"] * 3
    shown = book(market)
    assert (shown["session"], shown["auction"]["kind"], shown["auction"]["quantity"]) == ("Closed", "Opening", 300)
    _, ticker = market.get("/tickers/{ticker}", ticker="COIN")
    assert "bid" not in ticker
    assert refused(market, **BUY, timeInForce="IOC") == "market-closed"

    market.clock.advance(minutes=30, seconds=5)
    turn(market, OPENS)
    assert state(market, bought, sold, waiting) == ["Filled", "Filled", "New"]
    trades = [*executions(market, "000002", bought), *executions(market, "000001", sold)]
    assert {each["price"] for each in trades} == {shown["auction"]["price"]}
    assert sum(each["quantity"] for each in trades) == 500
    assert refused(market, **BUY, timeInForce="OPG") == "auction-over"
    shown = book(market)
    assert (shown["session"], shown["auction"]["kind"]) == ("Open", "Closing")

    day = posted(market, **BUY, quantity=10, price="150.00")
    market.clock.advance(minutes=60)
    turn(market, CLOSES)
    assert state(market, waiting, day) == ["Filled", "Expired"]
    tape = market.get("/tickers/{ticker}/trades", ticker="COIN")[1]["trades"]
    assert {(each["auction"], "aggressor" in each) for each in tape} == {("Opening", False), ("Closing", False)}
    assert sum(each["quantity"] for each in tape if each["auction"] == "Closing") == 50
    assert market.get("/session")[1]["state"] == "Closed"


def test_schedules_that_come_late_twice_and_out_of_turn_change_nothing(market: World) -> None:
    posted(market, **BUY, quantity=300, price="162.50")
    market.clock.advance(minutes=30, seconds=5)
    turn(market, OPENS)
    resting = posted(market, **BUY, quantity=10, price="150.00", timeInForce="GTC")
    market.clock.advance(minutes=60)
    turn(market, CLOSES)
    before = market.state()
    for time in (OPENS, CLOSES, OPENS, "2026-11-22T15:30:00Z", "2026-11-23T00:00:00Z"):
        turn(market, time)
    for delivery in list(market.pipeline.delivered):
        market.deliver(delivery.stage, delivery.event)
    market.settle()
    assert market.state() == before
    assert market.order(resting)["state"] == "New"


def test_an_order_opens_the_market_whose_schedule_is_late(market: World) -> None:
    bought = posted(market, **BUY, quantity=300, price="162.50")
    market.clock.advance(minutes=30, seconds=5)
    assert market.order(bought)["state"] == "New"
    posted(market, **SELL, quantity=1, price="170.00")
    assert market.order(bought)["state"] == "Filled"


def test_an_order_of_the_evening_waits_for_the_next_day(market: World) -> None:
    market.clock.advance(hours=3)
    order_id = posted(market, **BUY, quantity=300, price="162.50")
    turn(market, "2026-11-23T00:00:00Z")
    assert market.order(order_id)["state"] == "New"
    market.clock.advance(hours=22)
    turn(market, "2026-11-23T15:00:00Z")
    assert market.order(order_id)["state"] == "Filled"


def test_the_session_says_its_hours(market: World) -> None:
    _, session = market.get("/session")
    hours = {
        "hours": HOURS,
        "state": "Closed",
        "opens": "2026-11-22T15:00:00.000Z",
        "closes": "2026-11-22T16:00:00.000Z",
    }
    assert session["state"] == "Closed"
    assert session["ends"] == "2026-11-22T16:00:00.000Z"
    assert session["hours"] == {"Dark": hours, "Lit": hours}


def test_a_market_on_command_is_opened_and_closed_by_an_operator(world: World) -> None:
    world.change_market(openingHours={"Dark": "on-command", "Lit": "on-command"})
    posted(world, **BUY, quantity=10, price="150.00")
    world.clock.advance(seconds=1)
    world.close("2026-11-22")
    world.settle()
    assert world.get("/session")[1]["hours"]["Lit"] == {"hours": "on-command", "state": "Closed"}
    world.clock.advance(seconds=1)
    order_id = posted(world, **BUY, quantity=300, price="162.50", timeInForce="OPG")
    turn(world, "2026-11-23T00:00:00Z")
    assert world.order(order_id)["state"] == "New"
    world.stage("session_close")({"open": True})
    world.settle()
    assert world.order(order_id)["state"] == "Filled"
    _, session = world.get("/session")
    assert (session["state"], "ends" in session) == ("Open", False)


def test_what_is_always_open_is_not_opened(world: World) -> None:
    sent = len(world.pipeline.delivered)
    for event in ({"open": True}, events.scheduled("session_close", "2026-11-22T15:00:00Z")):
        world.stage("session_close")(event)
    world.settle()
    assert len(world.pipeline.delivered) == sent
