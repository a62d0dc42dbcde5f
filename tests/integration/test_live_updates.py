"""Every booking reaches who listens: once or more, with its number, and without holding up others."""

from typing import Any

import pytest

from tests.support.listener import Listener
from tests.support.orders import SEED
from tests.support.world import World
from trading.aws.store.subscriptions import LAPSE_SECONDS
from trading.domain.times import iso

BUY = SEED | {"ticker": "IBM", "quantity": 100, "price": "133.58"}
RESTING = BUY | {"price": "100.00"}


@pytest.fixture
def guarded(world: World) -> World:
    world.put_credential("broker-1", "s3cret", role="broker")
    return world


def listening(world: World, name: str = "one", customer_id: str = "000002") -> Listener:
    listener = Listener(world, name).sign_in()
    assert listener.send("subscribe", customerId=customer_id)["type"] == "subscribed"
    return listener


def trade(world: World, *orders: dict[str, Any]) -> None:
    """Enters the orders one by one; each is booked before the next."""
    for order in orders:
        assert world.post(order)[0] == 202
        world.settle()


def numbers(listener: Listener) -> list[int]:
    return [update["customerSequence"] for update in listener.updates]


def test_who_listens_gets_each_booking_as_it_was_published(guarded: World) -> None:
    listener = listening(guarded)
    trade(guarded, BUY)
    [update] = listener.updates
    [published] = [each.content for each in guarded.pipeline.published if each.content["type"] == "ordersUpdated"]
    assert {name: value for name, value in update.items() if name not in {"account", "positions"}} == published


def test_the_orders_of_an_update_are_those_that_the_api_shows(guarded: World) -> None:
    listener = listening(guarded)
    trade(guarded, BUY, RESTING)
    for update in listener.updates:
        [order] = update["orders"]
        shown = guarded.order(order["orderId"])
        assert {name: shown[name] for name in order if name != "happened"} == {
            name: value for name, value in order.items() if name != "happened"
        }


def test_an_update_has_cash_and_position_as_the_api_shows_them(guarded: World) -> None:
    listener = listening(guarded)
    trade(guarded, BUY)
    [update] = listener.updates
    _, account = guarded.get("/customers/{customerId}", customerId="000002")
    _, positions = guarded.get("/customers/{customerId}/positions", customerId="000002")
    assert update["account"] == {name: account[name] for name in update["account"]}
    [position], [shown] = update["positions"], positions["positions"]
    assert position == {name: shown[name] for name in position}
    assert position["quantity"] == 100


def test_numbers_begin_after_that_of_the_subscription_and_rise_by_one(guarded: World) -> None:
    trade(guarded, BUY, BUY)
    listener = Listener(guarded, "one").sign_in()
    assert listener.send("subscribe", customerId="000002")["customerSequence"] == 2
    trade(guarded, BUY, RESTING, BUY)
    assert numbers(listener) == [3, 4, 5]
    assert listener.send("ping")["customers"] == {"000002": 5}


def test_nobody_hears_of_another_customer(guarded: World) -> None:
    first, second = listening(guarded, "one", "000001"), listening(guarded, "two", "000002")
    trade(guarded, BUY, BUY | {"customerId": "000001"})
    assert {update["customerId"] for update in first.updates} == {"000001"}
    assert {update["customerId"] for update in second.updates} == {"000002"}


def test_a_delivery_that_comes_again_brings_the_same_update_again(guarded: World) -> None:
    listener = listening(guarded)
    trade(guarded, BUY)
    [delivery] = guarded.pipeline.deliveries_to("live_updates")
    guarded.deliver("live_updates", delivery.event)
    first, second = listener.updates
    assert first == second


def test_who_does_not_ping_any_more_hears_nothing(guarded: World) -> None:
    listener = listening(guarded)
    guarded.clock.advance(seconds=LAPSE_SECONDS)
    trade(guarded, BUY)
    assert listener.updates == []


def test_a_connection_that_is_gone_is_forgotten_and_the_others_hear_everything(guarded: World) -> None:
    for name in ("one", "two", "three"):
        listening(guarded, name)
    guarded.faults.refused("apigatewaymanagementapi.PostToConnection", "GoneException", times=1, about="two")
    trade(guarded, BUY, BUY)
    assert numbers(Listener(guarded, "one")) == numbers(Listener(guarded, "three")) == [1, 2]
    assert {item["SK"] for item in guarded.items("Listeners", pk="CUST#000002")} == {"one", "three"}


def test_a_connection_that_takes_nothing_is_closed_so_that_its_client_comes_again(guarded: World) -> None:
    listener = listening(guarded)
    guarded.faults.refused("apigatewaymanagementapi.PostToConnection", "LimitExceededException", times=1)
    trade(guarded, BUY)
    assert "apigatewaymanagementapi.DeleteConnection" in guarded.faults.calls
    assert listener.send("ping")["code"] == "unauthorized"


def test_when_the_table_does_not_answer_the_updates_come_again(guarded: World) -> None:
    listener = listening(guarded)
    guarded.faults.refused("dynamodb.Query", "InternalServerError", times=1, about="CUST#000002")
    trade(guarded, BUY)
    assert numbers(listener) == [1]


def test_what_was_missed_is_sent_again_as_it_was(guarded: World) -> None:
    all_along = listening(guarded, "one")
    trade(guarded, BUY)
    since = all_along.updates[0]["time"]
    trade(guarded, RESTING, BUY, SEED)
    late = Listener(guarded, "two").sign_in()
    answer = late.send("resume", customerId="000002", after=1, since=since)
    last = all_along.updates[-1]["customerSequence"]
    assert answer == {"type": "resumed", "customerId": "000002", "customerSequence": last, "accountSequence": 0}
    assert [bare(update) for update in late.updates] == [bare(update) for update in all_along.updates[1:]]


def test_what_was_missed_since_a_day_to_come_is_not_found(guarded: World) -> None:
    trade(guarded, BUY, SEED)
    late = Listener(guarded, "two").sign_in()
    answer = late.send("resume", customerId="000002", after=1, since="2999-12-31T00:00:00.000Z")
    assert answer["type"] == "snapshotRequired"


def bare(update: dict[str, Any]) -> dict[str, Any]:
    """Without the balances, which are those of when it was sent."""
    return {name: value for name, value in update.items() if name not in {"account", "positions"}}


def test_who_has_missed_nothing_is_sent_nothing(guarded: World) -> None:
    trade(guarded, BUY)
    listener = Listener(guarded, "one").sign_in()
    since = iso(guarded.clock.now)
    assert listener.send("resume", customerId="000002", after=1, since=since)["type"] == "resumed"
    assert listener.updates == []
    trade(guarded, BUY)
    assert numbers(listener) == [2]


@pytest.mark.parametrize("after", [0, 9])
def test_who_was_away_too_long_or_knows_what_never_was_needs_a_snapshot(guarded: World, after: int) -> None:
    trade(guarded, BUY)
    since = iso(guarded.clock.now)
    guarded.clock.advance(days=2)
    trade(guarded, BUY)
    listener = Listener(guarded, "one").sign_in()
    answer = listener.send("resume", customerId="000002", after=after, since=since)
    assert answer == {
        "type": "snapshotRequired",
        "customerId": "000002",
        "customerSequence": 2,
        "accountSequence": 0,
        "time": iso(guarded.clock.now),
    }
    trade(guarded, BUY)
    assert numbers(listener) == [3], "it listens from here on"


def test_a_message_that_cannot_be_read_is_dead_lettered_and_holds_nobody_up(guarded: World) -> None:
    listener = listening(guarded)
    trade(guarded, BUY)
    [delivery] = guarded.pipeline.deliveries_to("live_updates")
    [record] = delivery.event["Records"]
    broken = record | {"messageId": "broken", "body": "{}"}
    guarded.deliver("live_updates", {"Records": [broken, record]})
    assert [reason for reason, _ in guarded.dead_lettered("live_updates")]
    assert numbers(listener) == [1, 1]


def test_when_nobody_listens_a_booking_costs_one_read(guarded: World) -> None:
    trade(guarded, BUY)
    guarded.faults.calls.clear()
    [delivery] = guarded.pipeline.deliveries_to("live_updates")
    guarded.deliver("live_updates", delivery.event)
    assert guarded.faults.calls == ["dynamodb.Query"]


def test_who_listens_to_a_ticker_gets_what_is_published_of_its_market(guarded: World) -> None:
    first, other = Listener(guarded, "one").sign_in(), Listener(guarded, "two").sign_in()
    assert first.send("subscribe", ticker="IBM")["type"] == "subscribed"
    assert other.send("subscribe", ticker="COIN")["type"] == "subscribed"
    trade(guarded, BUY)
    published = [each.content for each in guarded.pipeline.published if each.topic == "Market"]
    assert first.updates == published
    assert published
    assert other.updates == []


def test_a_message_of_a_market_that_cannot_be_read_is_dead_lettered_and_holds_nobody_up(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    listener.send("subscribe", ticker="IBM")
    trade(guarded, BUY)
    [delivery] = guarded.pipeline.deliveries_to("live_market")
    [record] = delivery.event["Records"]
    guarded.deliver("live_market", {"Records": [record | {"messageId": "broken", "body": "{}"}, record]})
    assert [reason for reason, _ in guarded.dead_lettered("live_market")]
    assert len(listener.updates) == 2
