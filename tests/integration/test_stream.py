"""The client's stream on a whole system: each client ends with exactly what the API shows, whatever is lost."""

import random
from typing import Any

import pytest

from tests.support.orders import SEED
from tests.support.streams import Copy, Sockets, stream
from tests.support.world import World
from trading_client import NoAnswer, Stream, StreamRefused
from trading_client.sockets import ANSWER_SECONDS
from trading_client.stream import PATIENCE_SECONDS, PING_SECONDS, RENEW_SECONDS

BUY = SEED | {"ticker": "IBM", "quantity": 100, "price": "133.58"}
RESTING = BUY | {"price": "100.00"}


@pytest.fixture
def guarded(world: World) -> World:
    world.put_credential("broker-1", "s3cret", role="broker")
    world.put_credential("customer-2", "other", role="customer", customerId="000002")
    return world


def enter(world: World, *orders: dict[str, Any]) -> None:
    for order in orders:
        assert world.post(order)[0] == 202
        world.settle()


def test_a_stream_begins_with_a_number_and_goes_on_without_a_gap(guarded: World) -> None:
    enter(guarded, BUY)
    with stream(guarded, Sockets(guarded, "client")) as live:
        live.subscribe_customer("000002")
        first = live.receive(1)
        assert first
        assert (first["type"], first["customerSequence"]) == ("subscribed", 1)
        enter(guarded, BUY, RESTING)
        assert [message["customerSequence"] for message in (live.receive(1), live.receive(1)) if message] == [2, 3]
        assert live.receive(1) is None


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_lost_repeated_or_mixed_up_the_client_ends_with_what_the_api_shows(
    guarded: World, seed: int
) -> None:
    chance = random.Random(seed)
    copy = Copy(guarded)
    sockets = Sockets(guarded, "client", chance)
    with stream(guarded, sockets) as live:
        live.subscribe_customer("000002")
        for _ in range(12):
            enter(guarded, chance.choice([BUY, RESTING]))
            if chance.random() < 0.2:
                sockets.last.lost = True
            if chance.random() < 0.5:
                copy.read(live, seconds=chance.choice([0.0, 1.0, 5.0]))
        copy.read(live, seconds=3 * PING_SECONDS).require_current()
    assert copy.snapshots == 1


def test_a_lost_update_that_is_the_last_is_found_by_the_next_ping(guarded: World) -> None:
    sockets = Sockets(guarded, "client")
    with stream(guarded, sockets) as live:
        live.subscribe_customer("000002")
        copy = Copy(guarded).read(live, 0)
        guarded.faults.answered("apigatewaymanagementapi.PostToConnection", times=1)
        enter(guarded, BUY)
        assert copy.read(live, 1).numbers == []
        copy.read(live, 2 * PING_SECONDS).require_current()
        assert copy.numbers == [1]


def test_a_subscription_that_could_not_be_made_is_made_again(guarded: World) -> None:
    with stream(guarded, Sockets(guarded, "client")) as live:
        guarded.faults.refused("dynamodb.TransactWriteItems", "InternalServerError", times=1)
        live.subscribe_customer("000002")
        guarded.faults.refused("dynamodb.TransactWriteItems", "InternalServerError", times=1)
        live.subscribe_ticker("IBM")
        copy = Copy(guarded).read(live, 3 * PATIENCE_SECONDS)
        enter(guarded, BUY)
        copy.read(live).require_current()
    assert (copy.numbers, [each["ticker"] for each in copy.market]) == ([1], ["IBM"])


def test_a_subscription_whose_answer_is_lost_is_made_again(guarded: World) -> None:
    with stream(guarded, Sockets(guarded, "client")) as live:
        guarded.faults.answered("apigatewaymanagementapi.PostToConnection", times=1)
        live.subscribe_customer("000002")
        copy = Copy(guarded).read(live, 2 * ANSWER_SECONDS)
        enter(guarded, BUY)
        copy.read(live).require_current()
    assert (copy.numbers, copy.snapshots) == ([1], 1)


def test_before_api_gateway_ends_a_connection_another_has_taken_over_without_a_gap(guarded: World) -> None:
    sockets = Sockets(guarded, "client")
    with stream(guarded, sockets) as live:
        live.subscribe_customer("000002")
        copy = Copy(guarded).read(live, RENEW_SECONDS)
        enter(guarded, BUY)
        copy.read(live, PING_SECONDS)
        assert [socket.lost for socket in sockets.made] == [True, False]
        enter(guarded, RESTING)
        copy.read(live, PING_SECONDS).require_current()
        assert (copy.numbers, copy.snapshots) == ([1, 2], 1)


def test_who_was_away_for_a_day_is_told_to_read_a_snapshot(guarded: World) -> None:
    sockets = Sockets(guarded, "client")
    with stream(guarded, sockets) as live:
        live.subscribe_customer("000002")
        copy = Copy(guarded).read(live, 0)
        sockets.last.lost = True
        enter(guarded, BUY)
        guarded.clock.advance(days=2)
        enter(guarded, BUY)
        copy.read(live, PING_SECONDS).require_current()
        assert (copy.numbers, copy.snapshots) == ([], 2)
        enter(guarded, RESTING)
        copy.read(live, PING_SECONDS).require_current()
        assert copy.numbers == [3]


def test_a_client_that_came_back_too_late_signs_in_again_and_misses_nothing(guarded: World) -> None:
    with stream(guarded, Sockets(guarded, "client")) as live:
        live.subscribe_customer("000002")
        copy = Copy(guarded).read(live, 0)
        guarded.clock.advance(minutes=30)
        enter(guarded, BUY)
        copy.read(live, PING_SECONDS).require_current()
        assert copy.numbers == [1]


def test_who_unsubscribes_hears_nothing_more(guarded: World) -> None:
    with stream(guarded, Sockets(guarded, "client")) as live:
        live.subscribe_customer("000002")
        live.subscribe_ticker("IBM")
        live.unsubscribe_customer("000002")
        live.unsubscribe_ticker("IBM")
        Copy(guarded).read(live, 0)
        enter(guarded, BUY)
        assert live.receive(PING_SECONDS) is None


def test_wrong_credentials_and_what_is_not_ones_own_are_refused_with_the_code(guarded: World) -> None:
    with pytest.raises(StreamRefused, match="These credentials are not known") as refused:
        stream(guarded, Sockets(guarded, "client"), "broker-1", "wrong")
    assert refused.value.code == "unauthorized"
    with stream(guarded, Sockets(guarded, "other"), "customer-2", "other") as live:
        live.subscribe_customer("000001")
        with pytest.raises(StreamRefused) as forbidden:
            live.receive(1)
    assert forbidden.value.code == "forbidden"


def test_where_nothing_answers_the_client_says_so_after_some_attempts() -> None:
    def unreachable(_: str) -> Any:
        raise ConnectionRefusedError

    with pytest.raises(NoAnswer, match="No connection to ws://nowhere"):
        Stream("ws://nowhere", "a", "b", connect=unreachable, pause=lambda _: None)
