"""Promise 1 when AWS fails the entry: what is answered is true, and no order is taken twice."""

import time
from typing import Any

import pytest

from tests.support.cloud import timeout_of
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.clients import ATTEMPTS, MAX_CALL_SECONDS
from trading.aws.store import dynamodb, keys

TRANSACT = "dynamodb.TransactWriteItems"
CANCELED = "TransactionCanceledException"
CONFLICT: dict[str, Any] = {"CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}]}


def test_a_conflict_is_tried_again_until_the_order_is_accepted_once(world: World) -> None:
    world.faults.refused(TRANSACT, CANCELED, times=10, **CONFLICT)
    status, answer = world.post(entered(quantity=5))
    assert (status, [each["state"] for each in answer["orders"]]) == (202, ["PendingNew"])
    assert len(world.items(sk="ORDER#")) == 1


def test_a_conflict_without_end_is_answered_by_503_within_the_time_limit(world: World) -> None:
    world.faults.refused(TRANSACT, CANCELED, times=1000, **CONFLICT)
    begun = time.monotonic()
    status, answer = world.post(entered(quantity=5))
    world.faults.mend()
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.faults.calls.count(TRANSACT) > 10
    assert time.monotonic() - begun < timeout_of("order_entry")
    assert world.items(sk="ORDER#") == []


@pytest.mark.parametrize("seconds", [1.0, 3.0, 5.7, 8.6, MAX_CALL_SECONDS])
def test_conflicts_that_are_slow_to_tell_are_answered_within_the_time_limit(world: World, seconds: float) -> None:
    world.faults.refused(TRANSACT, CANCELED, times=1000, **CONFLICT)
    slow = world.client("dynamodb").meta.events
    slow.register(f"provide-client-params.{TRANSACT}", lambda **_: world.clock.advance(seconds=seconds))
    begun = time.monotonic()
    assert world.post(entered(quantity=5))[0] == 503
    world.faults.mend()
    assert time.monotonic() - begun < timeout_of("order_entry")


@pytest.mark.parametrize("client_order_id", [None, "mine-1"])
@pytest.mark.parametrize("times", range(1, ATTEMPTS))
def test_an_order_whose_answer_was_lost_is_found_by_the_next_attempt(
    world: World, times: int, client_order_id: str | None
) -> None:
    world.faults.answer_lost(TRANSACT, times=times)
    status, answer = world.post(entered(quantity=5, clientOrderId=client_order_id))
    [order] = world.items(sk="ORDER#")
    [shown] = answer["orders"]
    assert (status, shown["state"], shown["orderId"]) == (202, "PendingNew", order["orderId"])


def test_a_rejected_order_whose_answer_was_lost_is_still_rejected(world: World) -> None:
    world.faults.answer_lost(TRANSACT, skipped=1)
    status, answer = world.post(entered(quantity=1_000_000))
    [order] = world.items(sk="ORDER#")
    assert (status, answer["code"], answer["orderId"]) == (422, "insufficient-funds", order["orderId"])


def test_an_order_whose_every_answer_was_lost_is_not_known_and_found_under_its_own_id(world: World) -> None:
    order = entered(quantity=5, clientOrderId="mine-1")
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    status, answer = world.post(order)
    assert (status, answer["code"]) == (503, "unavailable")
    status, answer = world.post(order)
    [stored] = world.items(sk="ORDER#")
    assert (status, answer["orders"][0]["orderId"]) == (202, stored["orderId"])


ORDER = "/customers/{customerId}/orders/{orderId}"


@pytest.mark.parametrize("alone", [True, False])
def test_an_order_that_is_not_known_to_be_accepted_names_the_id_by_which_it_is_found(
    world: World, *, alone: bool
) -> None:
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    status, answer = world.post(entered(quantity=5) if alone else [entered(quantity=5)])
    shown = answer if alone else answer["orders"][0]
    problem = answer if alone else shown["problem"]
    [stored] = world.items(sk="ORDER#")
    assert (status, shown["orderId"], problem["code"]) == (503, stored["orderId"], "unavailable")
    assert stored["orderId"] in problem["detail"]
    assert alone or shown["state"] == "Unknown"
    assert world.order(shown["orderId"])["state"] == "PendingNew"


def test_an_order_that_is_not_known_to_be_accepted_and_was_not_is_not_found(world: World) -> None:
    world.faults.unreachable(TRANSACT)
    status, answer = world.post(entered(quantity=5))
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.get(ORDER, customerId="000002", orderId=answer["orderId"])[0] == 404


def test_an_order_with_an_id_of_its_customers_names_no_other_since_it_may_be_stored_under_an_earlier_one(
    world: World,
) -> None:
    order = entered(quantity=5, clientOrderId="mine-1")
    assert world.post(order)[0] == 202
    world.faults.unreachable(TRANSACT)
    status, answer = world.post(order)
    assert (status, answer["code"], "orderId" in answer) == (503, "unavailable", False)


def test_quotes_that_cannot_be_read_are_answered_by_503_and_nothing_is_stored(world: World) -> None:
    world.faults.unreachable("dynamodb.BatchGetItem")
    status, answer = world.post([entered(quantity=5)])
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.items(sk="ORDER#") == []


def busy(world: World) -> dict[str, Any]:
    """DynamoDB's answer when it is too busy to read COIN's quote."""
    asked = {"Keys": [dynamodb.to_item({**keys.quote("COIN")})]}
    return {"Responses": {}, "UnprocessedKeys": {world.table("TradesStore"): asked}}


def test_quotes_that_dynamodb_leaves_out_are_asked_for_again_after_a_pause(world: World) -> None:
    world.faults.answered("dynamodb.BatchGetItem", times=3, **busy(world))
    begun = time.monotonic()
    assert world.post(entered(quantity=5))[0] == 202
    assert time.monotonic() - begun > 3 * dynamodb.FIRST_PAUSE


def test_quotes_that_dynamodb_leaves_out_again_and_again_are_answered_by_503(world: World) -> None:
    world.faults.answered("dynamodb.BatchGetItem", times=1000, **busy(world))
    status, answer = world.post(entered(quantity=5))
    world.faults.mend()
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.faults.calls.count("dynamodb.BatchGetItem") == dynamodb.BATCH_ATTEMPTS


def test_of_two_customers_the_one_whose_transaction_fails_is_told_so(world: World) -> None:
    world.faults.refused(TRANSACT, "InternalServerError", times=1)
    status, answer = world.post([entered(quantity=5), entered(quantity=5, customerId="000001")])
    stored = {item["orderId"] for item in world.items(sk="ORDER#")}
    assert status == 202
    assert sorted(each.get("problem", {}).get("code", "") for each in answer["orders"]) == ["", "unavailable"]
    assert {each["orderId"] for each in answer["orders"] if each["state"] == "PendingNew"} == stored
    assert sorted(each["state"] for each in answer["orders"]) == ["PendingNew", "Unknown"]
