"""Orders that expire with their session, however late and often it is closed."""

import pytest

from tests.support import events
from tests.support.changed_orders import LIT, money, post, resting
from tests.support.orders import entered
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reconciled")


def test_day_orders_expire_with_their_session_however_late_and_often_it_is_ended(world: World) -> None:
    day, gtc = resting(world), resting(world, timeInForce="GTC")
    world.clock.advance(days=3)
    next_day = resting(world)
    for session in ("2026-11-22", "2026-11-21", "2026-11-22"):
        world.close(session)
        world.settle()
    assert [world.order(each)["state"] for each in (day, gtc, next_day)] == ["Expired", "New", "New"]
    world.change("DELETE", gtc)
    world.settle()
    assert world.order(gtc)["state"] == "Canceled"
    assert world.dead_lettered(LIT) == []


def test_the_schedule_ends_the_session_that_is_over(world: World) -> None:
    order_id = resting(world)
    world.stage("session_close")(events.scheduled("session_close", "2026-11-23T00:00:00Z"))
    world.settle()
    assert world.order(order_id)["state"] == "Expired"
    assert money(world)["reserved"] == 0


@pytest.mark.parametrize("again", [{"sessionDate": "2026-11-22"}, {"time": "2026-11-23T00:00:00Z"}])
def test_closing_a_session_again_ends_what_was_entered_since(world: World, again: dict[str, str]) -> None:
    first = resting(world)
    world.clock.advance(seconds=1)
    world.close("2026-11-22")
    world.settle()
    second = resting(world)
    world.clock.advance(seconds=1)
    world.stage("session_close")(again)
    world.settle()
    world.clock.advance(seconds=1)
    third = resting(world)
    world.settle()
    assert [world.order(each)["state"] for each in (first, second, third)] == ["Expired", "Expired", "New"]


@pytest.mark.parametrize("ticker", ["COIN", "AMD"])
def test_an_order_that_is_delayed_past_the_close_of_its_session_expires(world: World, ticker: str) -> None:
    terms = {"ticker": ticker, "price": "100.00", "poolOnly": ticker == "AMD"}
    [order_id] = post(world, entered(**{"quantity": 100} | terms))
    world.clock.advance(hours=10)
    world.close("2026-11-22")
    world.settle()
    shown = world.order(order_id)
    assert (shown["state"], shown["canceledQuantity"]) == ("Expired", 100)
    assert money(world)["reserved"] == 0


@pytest.mark.parametrize("time", ["2026-11-23T00:00:05Z", "2026-11-23T00:00:00Z", "2026-11-23T00:29:59Z"])
def test_the_schedule_of_the_first_half_hour_closes_the_day_before_it(world: World, time: str) -> None:
    yesterday = resting(world)
    world.clock.advance(hours=24)
    today = resting(world)
    world.stage("session_close")(events.scheduled("session_close", time))
    world.settle()
    assert [world.order(each)["state"] for each in (yesterday, today)] == ["Expired", "New"]


def test_a_close_that_is_delivered_late_does_not_end_what_was_entered_after_it(world: World) -> None:
    before = resting(world)
    world.clock.advance(seconds=1)
    world.close("2026-11-22")
    world.clock.advance(seconds=1)
    after = resting(world)
    world.settle()
    assert [world.order(each)["state"] for each in (before, after)] == ["Expired", "New"]
