"""What brokers may ask of an account: who may, what is refused with which code, and that nothing is stored."""

import json
from typing import Any

import pytest

from tests.support import events
from tests.support.world import World

DEPOSIT = {"type": "Deposit", "amount": "100.00", "reference": "wire-1"}
SHARES = {"type": "Deposit", "ticker": "COIN", "quantity": 10, "cost": "100.00", "reference": "transfer-1"}
OUT = {"type": "Withdrawal", "ticker": "COIN", "quantity": 10, "reference": "transfer-1"}
ROUTES: list[tuple[str, str, Any]] = [
    ("POST", "cash", DEPOSIT),
    ("POST", "shares", SHARES),
    ("PUT", "limits", {"highestShort": 5}),
    ("PUT", "halt", None),
    ("DELETE", "halt", None),
]
WRONG: list[tuple[str, dict[str, Any] | list[Any] | str | int, list[tuple[str, str]]]] = [
    ("cash", {}, [("/amount", "missing"), ("/reference", "missing"), ("/type", "missing")]),
    ("cash", DEPOSIT | {"type": "deposit"}, [("/type", "unknown-value")]),
    ("cash", DEPOSIT | {"type": "Transfer"}, [("/type", "unknown-value")]),
    ("cash", DEPOSIT | {"amount": 100}, [("/amount", "wrong-type")]),
    ("cash", DEPOSIT | {"amount": "0.00"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"amount": "-1.00"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"amount": "1.001"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"amount": "1e3"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"amount": "NaN"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"amount": "1\n"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"amount": "1000000000000.00"}, [("/amount", "invalid-format")]),
    ("cash", DEPOSIT | {"reference": ""}, [("/reference", "invalid-format")]),
    ("cash", DEPOSIT | {"reference": "a" * 37}, [("/reference", "invalid-format")]),
    ("cash", DEPOSIT | {"reference": "a#b"}, [("/reference", "invalid-format")]),
    ("cash", DEPOSIT | {"reference": None}, [("/reference", "wrong-type")]),
    ("cash", DEPOSIT | {"currency": "EUR"}, [("/currency", "unknown-field")]),
    ("cash", [DEPOSIT], [("", "wrong-type")]),
    ("shares", {}, [(f"/{name}", "missing") for name in ("quantity", "reference", "ticker", "type")]),
    ("shares", SHARES | {"type": "Transfer"}, [("/type", "unknown-value")]),
    ("shares", SHARES | {"ticker": "coin"}, [("/ticker", "invalid-format")]),
    ("shares", SHARES | {"ticker": 5}, [("/ticker", "wrong-type")]),
    ("shares", SHARES | {"quantity": 0}, [("/quantity", "not-positive")]),
    ("shares", SHARES | {"quantity": -10}, [("/quantity", "not-positive")]),
    ("shares", SHARES | {"quantity": 10**9 + 1}, [("/quantity", "too-large")]),
    ("shares", SHARES | {"quantity": 1.5}, [("/quantity", "not-a-whole-number")]),
    ("shares", SHARES | {"cost": 100}, [("/cost", "wrong-type")]),
    ("shares", SHARES | {"cost": "-1.00"}, [("/cost", "invalid-format")]),
    ("shares", SHARES | {"cost": "1.001"}, [("/cost", "invalid-format")]),
    ("shares", SHARES | {"reference": "a#b"}, [("/reference", "invalid-format")]),
    ("shares", SHARES | {"price": "1.00"}, [("/price", "unknown-field")]),
    ("shares", OUT | {"type": "Deposit"}, [("/cost", "missing")]),
    ("shares", OUT | {"cost": "1.00"}, [("/cost", "not-allowed")]),
    ("shares", [SHARES], [("", "wrong-type")]),
    ("limits", 5, [("", "wrong-type")]),
    ("limits", "null", [("", "wrong-type")]),
    ("limits", {"highestOrderValue": "0"}, [("/highestOrderValue", "invalid-format")]),
    ("limits", {"highestOrderValue": 5}, [("/highestOrderValue", "wrong-type")]),
    ("limits", {"highestOpenOrders": 0}, [("/highestOpenOrders", "not-positive")]),
    ("limits", {"highestOpenOrders": "5"}, [("/highestOpenOrders", "not-a-whole-number")]),
    ("limits", {"highestOpenOrders": 10**9 + 1}, [("/highestOpenOrders", "too-large")]),
    ("limits", {"highestShort": -1}, [("/highestShort", "not-positive")]),
    ("limits", {"highestShort": 1.0}, [("/highestShort", "not-a-whole-number")]),
    ("limits", {"highestShort": True}, [("/highestShort", "not-a-whole-number")]),
    ("limits", {"collar": "1.0"}, [("/collar", "invalid-format")]),
    ("limits", {"collar": "0.1234567"}, [("/collar", "invalid-format")]),
    ("limits", {"collar": 0.1}, [("/collar", "wrong-type")]),
    ("limits", {"highestQuantity": 5}, [("/highestQuantity", "unknown-field")]),
]


@pytest.fixture(autouse=True)
def _nothing_is_stored(shared_world: World) -> Any:
    before = shared_world.state()
    yield
    assert shared_world.state() == before


@pytest.mark.parametrize(("what", "body", "faults"), WRONG)
def test_a_request_that_is_not_well_formed_is_refused_with_a_pointer_to_each_fault(
    shared_world: World, what: str, body: Any, faults: list[tuple[str, str]]
) -> None:
    method = "PUT" if what == "limits" else "POST"
    status, answer = shared_world.account(method, what, body)
    found = [(fault["pointer"], fault["code"]) for fault in answer["errors"]]
    assert (status, answer["code"], found) == (400, "invalid-request", faults)


@pytest.mark.parametrize(("method", "what"), [("POST", "cash"), ("POST", "shares"), ("PUT", "limits")])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "empty-request"),
        (" ", "empty-request"),
        ("{", "malformed-json"),
        (json.dumps(DEPOSIT)[:-1] + ', "type": "Deposit"}', "malformed-json"),
        ('{"highestShort": NaN}', "malformed-json"),
        ('{"highestShort": ' + "9" * 5000 + "}", "malformed-json"),
        ("[" * 100_000 + "]" * 100_000, "malformed-json"),
    ],
)
def test_a_body_that_is_not_json_is_refused(
    shared_world: World, method: str, what: str, body: str | None, code: str
) -> None:
    status, answer = shared_world.account(method, what, body)
    assert (status, answer["code"]) == (400, code)


def test_no_depth_of_nesting_brings_the_keeper_down(shared_world: World) -> None:
    for depth in [*range(850, 1000), *range(1000, 60_000, 5000)]:
        for method, what in (("POST", "cash"), ("POST", "shares"), ("PUT", "limits")):
            assert shared_world.account(method, what, "[" * depth + "]" * depth)[0] == 400


@pytest.mark.parametrize(("method", "what", "body"), [*ROUTES, ("PUT", "", None)])
def test_only_brokers_may_change_accounts_not_even_customers_their_own(
    shared_world: World, method: str, what: str, body: Any
) -> None:
    for customer in ("000002", "000001"):
        status, answer = shared_world.account(method, what, body, caller=events.customer(customer))
        assert (status, answer["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "what", "body"), ROUTES)
@pytest.mark.parametrize("customer_id", ["999999", "2", "00000\uff12", "000002 ", "CUST#000002"])
def test_a_customer_that_is_not_there_is_not_found(
    shared_world: World, method: str, what: str, body: Any, customer_id: str
) -> None:
    status, answer = shared_world.account(method, what, body, of=customer_id)
    assert (status, answer["code"]) == (404, "not-found")
