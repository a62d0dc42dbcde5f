"""While an operator has paused the system nothing is written, and what is refused is told so; then it goes on."""

from collections.abc import Iterator

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.e2e.deployed import said
from tests.e2e.system import Answer, Customer, System, eventually
from tests.e2e.test_recovery import kept
from trading.aws.pause import PAUSED, WORDS

API = ("trading-order_entry", "trading-account_keeper", "trading-credential_keeper")
STREAMED = "trading-snapshot_taker"
ANY_ORDER = "01a203a9-f6bb-7060-be1c-26d323ef323f"


@pytest.fixture(scope="module")
def live(system: System) -> dict[str, str]:
    """Which versions of the API's functions are live before the pause."""
    return {function: version_of(system, function) for function in API}


@pytest.fixture(scope="module")
def paused(system: System, live: dict[str, str]) -> Iterator[Customer]:
    """A customer with an order that rests, while the system is paused: once for these tests, the last of which ends it.
    Afterwards the order is canceled.
    """
    customer = system.customer()
    order_id = customer.accepted(ticker="IBM", price="1.00", quantity=3, timeInForce="GTC")
    eventually(lambda: customer.state(order_id)["state"] == "New" or None, "the order to rest")
    said("pause")
    try:
        yield customer
    finally:
        if "Paused" in said("status"):
            said("resume")
        assert customer.caller.change("DELETE", f"/customers/{customer.id}/orders").status == 202
        eventually(lambda: customer.state(order_id)["state"] == "Canceled" or None, "the order to be canceled")


def changes(system: System, customer: Customer) -> Iterator[Answer]:
    """An answer of each way to change something."""
    account = f"/customers/{customer.id}"
    order = f"{account}/orders/{ANY_ORDER}"
    yield customer.caller.post(customer.order())
    yield customer.caller.post([customer.order(), customer.order()])
    yield customer.caller.change("DELETE", order)
    yield customer.caller.change("PATCH", order, {"quantity": 2})
    yield system.broker.change("POST", f"{account}/cash", {"amount": "1.00", "reference": "while paused"})
    yield system.broker.change("PUT", f"{account}/limits", {})
    yield system.broker.change("PUT", f"{account}/halt")
    yield system.broker.change("DELETE", f"{account}/halt")


def test_changes_are_answered_503_with_words_questions_are_answered_and_nothing_is_written(
    system: System, paused: Customer
) -> None:
    tables = ("TRADES_STORE_NAME", "ORDER_BOOKS_NAME")
    before = [kept(system, table) for table in tables]
    for answer in changes(system, paused):
        assert (answer.status, answer.body["code"], answer.body["detail"]) == (503, "unavailable", WORDS)
    assert paused.account()["reserved"] > 0
    once = Config(retries={"total_max_attempts": 1})
    of_lambda = system.session.client("lambda", endpoint_url=system.endpoint, config=once)
    for stage in ("session_close", "settlement", "archive_compactor", "reconciler"):
        with pytest.raises(ClientError, match="TooManyRequestsException"):
            of_lambda.invoke(FunctionName=f"trading-{stage}", Qualifier="live", Payload=b"{}")
    assert "Paused" in said("status")
    said("settle", code=1)
    said("pause")
    assert [kept(system, table) for table in tables] == before


def test_a_resume_releases_nothing_that_is_not_released(system: System, paused: Customer) -> None:
    of_lambda = system.aws("lambda")
    live, held = version_of(system, STREAMED), of_lambda.get_function_configuration(FunctionName=STREAMED)
    of_lambda.update_function_configuration(FunctionName=STREAMED, Timeout=held["Timeout"] + 1)
    try:
        said("resume", code=1)
        assert version_of(system, STREAMED) == live
        assert paused.caller.post(paused.order()).status == 503
    finally:
        of_lambda.update_function_configuration(FunctionName=STREAMED, Timeout=held["Timeout"])


def test_after_it_everything_is_taken_again_and_no_function_is_left_that_the_next_release_would_pause(
    system: System, live: dict[str, str], paused: Customer
) -> None:
    assert all(version_of(system, function) != version for function, version in live.items())
    said("resume")
    assert "Paused" not in said("status")
    assert {function: version_of(system, function) for function in API} == live
    for function in API:
        held = system.aws("lambda").get_function_configuration(FunctionName=function)
        assert PAUSED not in held["Environment"]["Variables"]
    customer = system.customer()
    customer.settled(customer.accepted(quantity=10))
    assert system.broker.change("PUT", f"/customers/{customer.id}/limits", {}).status == 200


def version_of(system: System, function: str) -> str:
    """Which version is live."""
    return str(system.aws("lambda").get_alias(FunctionName=function, Name="live")["FunctionVersion"])
