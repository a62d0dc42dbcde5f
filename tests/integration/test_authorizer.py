"""Promise 7 at the door: who is let in, as whom, and to what."""

import base64
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from tests.support import events
from tests.support.world import World

STAGE = "api_authorizer"


@pytest.fixture
def guarded(world: World) -> World:
    world.put_credential("broker-1", "s3cret:with:colons", role="broker")
    world.put_credential("customer-2", "other", role="customer", customerId="000002")
    return world


def asked(world: World, header: str) -> dict[str, Any]:
    answer: dict[str, Any] = world.stage(STAGE)(events.token(header, path="customers/000002"))
    return answer


def policy(principal: str, effect: str) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{events.METHOD_ARN}/*"}
    return {"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def test_a_brokers_credentials_open_the_whole_stage_of_the_api(guarded: World) -> None:
    answer = asked(guarded, events.basic("broker-1", "s3cret:with:colons"))
    assert answer == policy("broker-1", "Allow") | {"context": {"role": "broker"}}


def test_a_customers_credentials_name_the_customer(guarded: World) -> None:
    answer = asked(guarded, events.basic("customer-2", "other"))
    assert answer == policy("customer-2", "Allow") | {"context": {"role": "customer", "customerId": "000002"}}


@pytest.mark.parametrize("scheme", ["basic", "BASIC"])
def test_the_scheme_is_read_without_regard_to_case(guarded: World, scheme: str) -> None:
    header = events.basic("customer-2", "other").replace("Basic", scheme)
    assert asked(guarded, header)["context"]["role"] == "customer"


@pytest.mark.parametrize("spaces", [2, 3, 40])
def test_any_number_of_spaces_stands_between_the_scheme_and_the_credentials(guarded: World, spaces: int) -> None:
    header = events.basic("customer-2", "other").replace(" ", " " * spaces)
    assert asked(guarded, header)["context"] == {"role": "customer", "customerId": "000002"}


@pytest.mark.parametrize(
    "damage",
    [
        {"secretDigest": None},
        {"secretDigest": 5},
        {"secretDigest": "é" * 64},
        {"role": None},
        {"role": "admin"},
        {"role": 1},
        {"customerId": None},
        {"customerId": "2"},
        {"customerId": 2},
        {"customerId": ["000002"]},
    ],
    ids=str,
)
def test_a_damaged_credential_lets_nobody_in_and_is_an_error_in_the_log(
    guarded: World, caplog: pytest.LogCaptureFixture, damage: dict[str, Any]
) -> None:
    guarded.put_credential("customer-2", "other", **{"role": "customer", "customerId": "000002"} | damage)
    assert asked(guarded, events.basic("customer-2", "other")) == policy("customer-2", "Deny")
    [logged] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert (logged.getMessage(), vars(logged)["key_id"]) == ("credential is damaged", "customer-2")
    assert next(iter(damage)) in vars(logged)["reason"]


def test_a_brokers_credential_that_names_a_customer_is_a_brokers(guarded: World) -> None:
    guarded.put_credential("broker-2", "other", role="broker", customerId="000002")
    assert asked(guarded, events.basic("broker-2", "other"))["context"] == {"role": "broker"}


@pytest.mark.parametrize(
    ("key_id", "secret"),
    [("broker-1", "wrong"), ("broker-1", ""), ("broker-1", "s3cret"), ("broker-9", "other"), ("customer-2", "other ")],
)
def test_wrong_credentials_are_denied(guarded: World, key_id: str, secret: str) -> None:
    assert asked(guarded, events.basic(key_id, secret)) == policy(key_id, "Deny")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Basic " + base64.b64encode(b":other").decode(),
        "Bearer " + base64.b64encode(b"customer-2:other").decode(),
        "Basic é",
        *(
            events.basic("customer-2", "other").replace(" ", between)
            for between in ("", "\t", " \t", "\n", "\u00a0", ":")
        ),
        events.basic("customer-2", "other") + " ",
        " " + events.basic("customer-2", "other"),
        events.basic("customer-2", "other") + " x",
        events.basic("customer-2", "other") + ", realm=x",
        "Bearer, Basic" + events.basic("customer-2", "other").removeprefix("Basic"),
        "Basic  ",
    ],
)
def test_what_are_no_basic_credentials_is_denied_as_nobody(guarded: World, header: str) -> None:
    assert asked(guarded, header) == policy("nobody", "Deny")


def test_a_key_id_longer_than_any_key_is_denied_and_not_looked_for(guarded: World) -> None:
    for length, effect in ((128, "Allow"), (129, "Deny"), (3000, "Deny")):
        guarded.put_credential("é" * min(length, 129), "other", role="broker")
        answer = asked(guarded, events.basic("é" * length, "other"))
        assert answer["policyDocument"]["Statement"][0]["Effect"] == effect
    assert guarded.faults.calls.count("dynamodb.GetItem") == 1


def test_credentials_that_cannot_be_checked_let_nobody_in(guarded: World) -> None:
    guarded.faults.unreachable("dynamodb.GetItem")
    with pytest.raises(BotoCoreError):
        asked(guarded, events.basic("customer-2", "other"))
