"""The WebSocket API: who may listen to what, for how long, and what each frame is answered."""

from typing import Any

import pytest

from tests.support import events
from tests.support.listener import Listener, sent
from tests.support.world import World
from trading.aws.store.subscriptions import LAPSE_SECONDS, MAX_CHANNELS
from trading.domain.times import iso

HALF = LAPSE_SECONDS / 2


@pytest.fixture
def guarded(world: World) -> World:
    world.put_credential("broker-1", "s3cret", role="broker")
    world.put_credential("customer-2", "other", role="customer", customerId="000002")
    return world


def test_a_broker_says_who_it_is_and_is_told_so(guarded: World) -> None:
    answer = Listener(guarded, "one").send("authenticate", keyId="broker-1", secretKey="s3cret")
    assert answer == {"type": "authenticated", "role": "broker"}


def test_a_customer_is_told_whose_the_credential_is(guarded: World) -> None:
    answer = Listener(guarded, "one").send("authenticate", keyId="customer-2", secretKey="other")
    assert answer == {"type": "authenticated", "role": "customer", "customerId": "000002"}


@pytest.mark.parametrize(("key_id", "secret"), [("broker-1", "wrong"), ("nobody", "s3cret"), ("", ""), ("k" * 500, "")])
def test_who_is_not_known_hears_nothing(guarded: World, key_id: str, secret: str) -> None:
    listener = Listener(guarded, "one")
    assert listener.send("authenticate", keyId=key_id, secretKey=secret)["code"] == "unauthorized"
    assert listener.send("subscribe", customerId="000002")["code"] == "unauthorized"
    assert stored(guarded) == []


def test_before_anybody_says_who_is_there_nothing_is_stored(guarded: World) -> None:
    assert Listener(guarded, "one").send("ping")["code"] == "unauthorized"
    assert stored(guarded) == []


def test_a_customer_listens_to_itself_alone(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in("customer-2", "other")
    assert listener.send("subscribe", customerId="000001")["code"] == "forbidden"
    assert listener.send("resume", customerId="000001", after=0, since=now(guarded))["code"] == "forbidden"
    assert listener.send("subscribe", customerId="000002") == {
        "type": "subscribed",
        "customerId": "000002",
        "customerSequence": 0,
        "accountSequence": 0,
        "time": now(guarded),
    }


def test_everybody_listens_to_tickers_that_are_traded(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in("customer-2", "other")
    assert listener.send("subscribe", ticker="COIN") == {"type": "subscribed", "ticker": "COIN", "time": now(guarded)}
    assert listener.send("subscribe", ticker="ZZZ")["code"] == "not-found"


def test_a_customer_that_does_not_exist_is_not_found(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    assert listener.send("subscribe", customerId="000009") == {
        "type": "error",
        "code": "not-found",
        "detail": "There is no customer 000009.",
        "action": "subscribe",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed-json"),
        ("{", "malformed-json"),
        ("[" * 100_000, "malformed-json"),
        ("[]", "invalid-request"),
        ("{}", "invalid-request"),
        ('{"action":"shout"}', "invalid-request"),
        ('{"action":["ping"]}', "invalid-request"),
        ('{"action":"authenticate"}', "invalid-request"),
        ('{"action":"authenticate","keyId":"broker-1","secretKey":5}', "invalid-request"),
        ('{"action":"subscribe"}', "invalid-request"),
        ('{"action":"subscribe","customerId":2}', "invalid-request"),
        ('{"action":"subscribe","customerId":"2"}', "invalid-request"),
        ('{"action":"subscribe","customerId":"000002","ticker":"COIN"}', "invalid-request"),
        ('{"action":"subscribe","ticker":"coin"}', "invalid-request"),
        ('{"action":"resume","ticker":"COIN","after":0,"since":"2026-11-26T10:00:00.000Z"}', "invalid-request"),
        ('{"action":"resume","customerId":"000002"}', "invalid-request"),
        ('{"action":"resume","customerId":"000002","after":-1,"since":"2026-11-26T10:00:00.000Z"}', "invalid-request"),
        ('{"action":"resume","customerId":"000002","after":true,"since":"x"}', "invalid-request"),
        ('{"action":"resume","customerId":"000002","after":0,"since":"yesterday"}', "invalid-request"),
        ('{"action":"resume","customerId":"000002","after":0,"since":"x","account":"1"}', "invalid-request"),
    ],
)
def test_a_frame_that_is_wrong_is_answered_with_the_reason(guarded: World, text: str, code: str) -> None:
    answer = Listener(guarded, "one").sign_in().send_text(text)
    assert (answer["type"], answer["code"]) == ("error", code)
    assert answer["detail"]


def test_a_ping_keeps_the_connection_and_what_it_listens_to(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    listener.send("subscribe", customerId="000002")
    for _ in range(4):
        guarded.clock.advance(seconds=HALF)
        assert listener.send("ping") == {
            "type": "pong",
            "time": now(guarded),
            "customers": {"000002": 0},
            "accounts": {"000002": 0},
        }
    assert listening(guarded, "CUST#000002") == ["one"]


def test_without_pings_a_connection_hears_nothing_more(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    listener.send("subscribe", customerId="000002")
    guarded.clock.advance(seconds=LAPSE_SECONDS)
    assert listener.send("ping")["code"] == "unauthorized"
    assert listening(guarded, "CUST#000002") == []


def test_a_revoked_credential_hears_nothing_after_the_next_ping(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in("customer-2", "other")
    listener.send("subscribe", customerId="000002")
    assert guarded.credentials("DELETE", "customer-2")[0] == 200
    assert listener.send("ping")["code"] == "unauthorized"
    assert stored(guarded) == []


def test_who_unsubscribes_hears_the_rest_alone(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    for fields in ({"customerId": "000001"}, {"customerId": "000002"}, {"ticker": "COIN"}):
        listener.send("subscribe", **fields)
    assert listener.send("unsubscribe", customerId="000001") == {"type": "unsubscribed", "customerId": "000001"}
    assert [listening(guarded, each) for each in ("CUST#000001", "CUST#000002", "TICKER#COIN")] == [
        [],
        ["one"],
        ["one"],
    ]
    assert listener.send("ping")["customers"] == {"000002": 0}


def test_who_connects_is_told_nothing_before_the_first_frame(guarded: World) -> None:
    assert guarded.stage("live_connections")(events.connected("one")) == {"statusCode": 200}
    assert sent("one") == ""
    assert stored(guarded) == []


def test_a_connection_that_ends_leaves_nothing(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    listener.send("subscribe", customerId="000002")
    listener.send("subscribe", ticker="COIN")
    listener.disconnect()
    listener.disconnect()
    assert stored(guarded) == []


def test_who_signs_in_as_somebody_else_keeps_nothing_of_before(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    listener.send("subscribe", customerId="000001")
    listener.sign_in("customer-2", "other")
    assert listening(guarded, "CUST#000001") == []


def test_a_connection_has_a_bounded_number_of_subscriptions(guarded: World) -> None:
    for number in range(MAX_CHANNELS + 1):
        guarded.put_customer(f"{100 + number:06}", "1.00")
    listener = Listener(guarded, "one").sign_in()
    for number in range(MAX_CHANNELS):
        assert listener.send("subscribe", customerId=f"{100 + number:06}")["type"] == "subscribed"
    assert listener.send("subscribe", customerId=f"{100 + MAX_CHANNELS:06}")["code"] == "too-many-subscriptions"
    assert listener.send("subscribe", customerId="000100")["type"] == "subscribed"
    assert len(listener.send("ping")["customers"]) == MAX_CHANNELS


def test_when_the_table_does_not_answer_the_client_may_send_the_same_again(guarded: World) -> None:
    listener = Listener(guarded, "one").sign_in()
    guarded.faults.refused("dynamodb.TransactWriteItems", "InternalServerError", times=1)
    answer = listener.send("subscribe", customerId="000002")
    assert (answer["code"], answer["action"]) == ("unavailable", "subscribe")
    assert listener.send("subscribe", customerId="000002")["type"] == "subscribed"


def stored(world: World) -> list[dict[str, Any]]:
    return world.items("Listeners")


def listening(world: World, channel: str) -> list[str]:
    """The connections that are told of a channel now."""
    instant = world.clock.now.timestamp()
    return [item["SK"] for item in world.items("Listeners", pk=channel) if item["expiresAt"] > instant]


def now(world: World) -> str:
    return iso(world.clock.now)
