"""Credentials are issued and revoked by brokers: the secret is shown once, and what is revoked opens nothing."""

import json
from typing import Any

import pytest

from tests.support import events
from tests.support.log_lines import listening
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.domain.credentials import digest

TRANSACT = "dynamodb.TransactWriteItems"
CUSTOMER = {"role": "customer", "customerId": "000002"}


def issued(world: World, body: object = CUSTOMER) -> dict[str, Any]:
    status, answer = world.credentials("POST", None, body)
    assert status == 201
    return dict(answer)


def let_in(world: World, key_id: str, secret: str) -> dict[str, str] | None:
    """Who calls with this, as the authorizer says; None if nobody."""
    policy = world.stage("api_authorizer")(events.token(events.basic(key_id, secret)))
    allowed = policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    return policy["context"] if allowed else None


@pytest.mark.parametrize("whose", [CUSTOMER, {"role": "broker"}])
def test_an_issued_credential_lets_its_holder_in_and_only_its_digest_is_stored(
    world: World, whose: dict[str, str]
) -> None:
    answer = issued(world, whose)
    assert answer == {"keyId": answer["keyId"], "secret": answer["secret"], **whose}
    assert len(answer["secret"]) >= 43
    [stored] = world.items(pk=f"APIKEY#{answer['keyId']}")
    key = f"APIKEY#{answer['keyId']}"
    assert stored == {"PK": key, "SK": key, "secretDigest": digest(answer["secret"]), **whose}
    assert let_in(world, answer["keyId"], answer["secret"]) == whose
    assert let_in(world, answer["keyId"], answer["secret"] + "x") is None


def test_each_credential_is_another_one(world: World) -> None:
    first, second = issued(world), issued(world)
    assert first["keyId"] != second["keyId"]
    assert first["secret"] != second["secret"]


def test_a_revoked_credential_lets_nobody_in_and_others_stay(world: World) -> None:
    gone, stays = issued(world), issued(world)
    assert world.credentials("DELETE", gone["keyId"]) == (200, {"keyId": gone["keyId"], "revoked": True})
    assert let_in(world, gone["keyId"], gone["secret"]) is None
    assert let_in(world, stays["keyId"], stays["secret"]) == CUSTOMER


def test_it_is_revoked_once_and_for_good(world: World) -> None:
    gone = issued(world)
    first = world.credentials("DELETE", gone["keyId"])
    before = world.state()
    world.clock.advance(days=1)
    assert world.credentials("DELETE", gone["keyId"]) == first
    assert world.state() == before
    [stored] = world.items(pk=f"APIKEY#{gone['keyId']}")
    assert (stored.get("secretDigest"), stored["revoked"]) == (None, "2026-11-22T14:30:00.123Z")


def test_a_revoked_credential_is_no_fault_for_an_operator(world: World) -> None:
    gone = issued(world)
    world.credentials("DELETE", gone["keyId"])
    with listening(world, "api_authorizer") as logged:
        let_in(world, gone["keyId"], gone["secret"])
    assert {json.loads(line)["level"] for line in logged.getvalue().splitlines()} == {"INFO"}


def test_no_log_has_a_secret(world: World) -> None:
    with listening(world, "credential_keeper") as logged:
        answer = issued(world)
    assert answer["keyId"] in logged.getvalue()
    assert answer["secret"] not in logged.getvalue()


@pytest.mark.parametrize("key_id", ["none", "", "a#b", "a" * 129, "\u00e9"])
def test_a_credential_that_is_not_there_is_not_found(world: World, key_id: str) -> None:
    before = world.state()
    status, answer = world.credentials("DELETE", key_id)
    assert (status, answer["code"]) == (404, "not-found")
    assert world.state() == before


def test_a_customer_that_is_not_there_gets_no_credential(world: World) -> None:
    before = world.state()
    status, answer = world.credentials("POST", None, CUSTOMER | {"customerId": "999999"})
    assert (status, answer["code"]) == (404, "not-found")
    assert world.state() == before


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [("/role", "missing")]),
        ({"role": "Broker"}, [("/role", "unknown-value")]),
        ({"role": "customer"}, [("/customerId", "missing")]),
        ({"role": "broker", "customerId": "000002"}, [("/customerId", "not-allowed")]),
        (CUSTOMER | {"customerId": "2"}, [("/customerId", "invalid-format")]),
        (CUSTOMER | {"customerId": 2}, [("/customerId", "wrong-type")]),
        (CUSTOMER | {"secret": "mine"}, [("/secret", "unknown-field")]),
        ([CUSTOMER], [("", "wrong-type")]),
    ],
)
def test_a_request_that_is_not_well_formed_is_refused(world: World, body: Any, faults: list[tuple[str, str]]) -> None:
    status, answer = world.credentials("POST", None, body)
    found = [(fault["pointer"], fault["code"]) for fault in answer["errors"]]
    assert (status, answer["code"], found) == (400, "invalid-request", faults)


@pytest.mark.parametrize(("method", "key_id"), [("POST", None), ("DELETE", "broker-1")])
def test_only_brokers_issue_and_revoke(world: World, method: str, key_id: str | None) -> None:
    world.put_credential("broker-1", "secret", role="broker")
    before = world.state()
    status, answer = world.credentials(method, key_id, CUSTOMER, caller=events.customer("000002"))
    assert (status, answer["code"]) == (403, "forbidden")
    assert world.state() == before


def test_a_credential_whose_answer_was_lost_once_is_issued_once(world: World) -> None:
    world.faults.answer_lost(TRANSACT)
    answer = issued(world)
    assert let_in(world, answer["keyId"], answer["secret"]) == CUSTOMER
    assert len(world.items(pk="APIKEY#")) == 1


def test_a_credential_whose_every_answer_was_lost_is_unknown_and_another_one_is_issued(world: World) -> None:
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    assert world.credentials("POST", None, CUSTOMER)[0] == 503
    answer = issued(world)
    assert let_in(world, answer["keyId"], answer["secret"]) == CUSTOMER


def test_a_revocation_whose_answer_was_lost_is_done(world: World) -> None:
    gone = issued(world)
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    assert world.credentials("DELETE", gone["keyId"])[0] == 503
    assert let_in(world, gone["keyId"], gone["secret"]) is None
    assert world.credentials("DELETE", gone["keyId"])[0] == 200
