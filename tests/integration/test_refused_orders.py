"""What may be wrong with one order: its status, its code and the pointer to every fault."""

import json
from typing import Any

import pytest

from tests.support.orders import SEED, entered
from tests.support.world import World

WRONG: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("no customer", entered(customerId=None), [("/customerId", "missing")]),
    ("no direction", entered(direction=None), [("/direction", "missing")]),
    ("no ticker", entered(ticker=None), [("/ticker", "missing")]),
    ("no type", entered(type=None), [("/type", "missing")]),
    ("no quantity", entered(quantity=None), [("/quantity", "missing")]),
    ("a limit order without a price", entered(price=None), [("/price", "missing")]),
    ("a market order with a price", entered(type="Market"), [("/price", "not-allowed")]),
    ("an unknown field", entered(comment="now"), [("/comment", "unknown-field")]),
    ("an unknown field with a slash", SEED | {"a/b~c": 1}, [("/a~1b~0c", "unknown-field")]),
    ("a surrogate as a field", SEED | {"\ud800": 1}, [("/\ud800", "unknown-field")]),
    ("nothing to buy", entered(quantity=0), [("/quantity", "not-positive")]),
    ("less than nothing", entered(quantity=-5), [("/quantity", "not-positive")]),
    ("half a share", entered(quantity=0.5), [("/quantity", "not-a-whole-number"), ("/quantity", "not-positive")]),
    ("one share and a half", entered(quantity=1.5), [("/quantity", "not-a-whole-number")]),
    ("a quantity with a point", entered(quantity=100.0), [("/quantity", "not-a-whole-number")]),
    ("a quantity in quotes", entered(quantity="100"), [("/quantity", "not-a-whole-number")]),
    ("true shares", entered(quantity=True), [("/quantity", "not-a-whole-number")]),
    ("null shares", SEED | {"quantity": None}, [("/quantity", "not-a-whole-number")]),
    ("a price below zero", entered(price="-1.00"), [("/price", "invalid-format")]),
    ("a price of zero", entered(price="0.00"), [("/price", "invalid-format")]),
    ("a price of plain zero", entered(price="0"), [("/price", "invalid-format")]),
    ("a price as a number", entered(price=161.9), [("/price", "wrong-type")]),
    ("a price as a whole number", entered(price=161), [("/price", "wrong-type")]),
    ("a price that is null", SEED | {"price": None}, [("/price", "wrong-type")]),
    ("not a number", entered(price="NaN"), [("/price", "invalid-format")]),
    ("infinitely expensive", entered(price="Infinity"), [("/price", "invalid-format")]),
    ("a price in powers of ten", entered(price="1e3"), [("/price", "invalid-format")]),
    ("three decimals", entered(price="161.901"), [("/price", "invalid-format")]),
    ("a price with a line break", entered(price="161.90\n"), [("/price", "invalid-format")]),
    ("a price in Arabic digits", entered(price="١٦١"), [("/price", "invalid-format")]),
    ("a million a share", entered(price="1000000.00"), [("/price", "invalid-format")]),
    ("an unknown direction", entered(direction="buy"), [("/direction", "unknown-value")]),
    ("an array as direction", entered(direction=["Buy"]), [("/direction", "unknown-value")]),
    ("an unknown type", entered(type="Pegged"), [("/type", "unknown-value")]),
    ("a stop order without a stop", entered(type="Stop", price=None), [("/stopPrice", "missing")]),
    ("a limit order with a stop", entered(stopPrice="1.00"), [("/stopPrice", "not-allowed")]),
    (
        "a market order with a stop",
        entered(type="Market", price=None, stopPrice="1.00"),
        [("/stopPrice", "not-allowed")],
    ),
    ("a stop order with a price", entered(type="Stop", stopPrice="1.00"), [("/price", "not-allowed")]),
    (
        "a stop-limit order without a price",
        entered(type="StopLimit", price=None, stopPrice="1.00"),
        [("/price", "missing")],
    ),
    ("a stop-limit order without a stop", entered(type="StopLimit"), [("/stopPrice", "missing")]),
    ("post-only at once", entered(postOnly=True, timeInForce="IOC"), [("/postOnly", "not-allowed")]),
    ("post-only in the dark", entered(postOnly=True, poolOnly=True), [("/postOnly", "not-allowed")]),
    ("a stop in the dark", entered(type="StopLimit", stopPrice="1.00", poolOnly=True), [("/poolOnly", "not-allowed")]),
    (
        "a minimum beyond the order",
        entered(minimumQuantity=8615, timeInForce="IOC"),
        [("/minimumQuantity", "too-large")],
    ),
    ("a minimum of an order that rests", entered(minimumQuantity=5), [("/minimumQuantity", "not-allowed")]),
    ("perhaps post-only", entered(postOnly="yes"), [("/postOnly", "wrong-type")]),
    ("an unknown time in force", entered(timeInForce="GTD"), [("/timeInForce", "unknown-value")]),
    ("a ticker in small letters", entered(ticker="coin"), [("/ticker", "invalid-format")]),
    ("a ticker with a key's separator", entered(ticker="COIN#X"), [("/ticker", "invalid-format")]),
    ("an empty ticker", entered(ticker=""), [("/ticker", "invalid-format")]),
    ("a customer with a line break", entered(customerId="000002\n"), [("/customerId", "invalid-format")]),
    ("a customer as a number", entered(customerId=2), [("/customerId", "wrong-type")]),
    ("a customer with a surrogate", entered(customerId="\ud800"), [("/customerId", "invalid-format")]),
    ("a client order id too long", entered(clientOrderId="a" * 37), [("/clientOrderId", "invalid-format")]),
    ("a client order id with a space", entered(clientOrderId="a b"), [("/clientOrderId", "invalid-format")]),
    ("an empty client order id", entered(clientOrderId=""), [("/clientOrderId", "invalid-format")]),
    (
        "two faults",
        entered(direction="Up", quantity=0),
        [("/direction", "unknown-value"), ("/quantity", "not-positive")],
    ),
]


@pytest.mark.parametrize(("order", "faults"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_an_order_that_is_not_well_formed_is_refused_with_a_pointer_to_each_fault(
    shared_world: World, order: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    status, answer = shared_world.post(order)
    found = [(fault["pointer"], fault["code"]) for fault in answer["errors"]]
    assert (status, answer["code"], found) == (400, "invalid-order", faults)
    status, answer = shared_world.post([order])
    [entry] = answer["orders"]
    found = [(fault["pointer"], fault["code"]) for fault in entry["problem"]["errors"]]
    assert (status, entry["state"], "orderId" in entry) == (422, "Rejected", False)
    assert found == [(f"/0{pointer}", code) for pointer, code in faults]


def test_a_quantity_beyond_all_bounds_is_refused_whatever_its_notation(shared_world: World) -> None:
    for literal, code, expected in (
        ("1e999", "invalid-order", 400),
        ("1" + "0" * 4000, "quantity-too-large", 422),
        ("10000001", "quantity-too-large", 422),
    ):
        body = json.dumps(entered(quantity="@")).replace('"@"', literal)
        status, answer = shared_world.post(body)
        assert (status, answer["code"]) == (expected, code)


@pytest.mark.parametrize(
    ("order", "refused"),
    [
        (entered(ticker="NONE"), (422, "unknown-ticker")),
        (entered(customerId="999999"), (404, "not-found")),
        (entered(customerId="999999", direction="Sell"), (404, "not-found")),
        (entered(customerId="999999", clientOrderId="a-1"), (404, "not-found")),
    ],
)
def test_an_order_for_what_is_not_known_is_refused_and_not_stored(
    shared_world: World, order: dict[str, Any], refused: tuple[int, str]
) -> None:
    before = shared_world.state()
    status, answer = shared_world.post(order)
    assert ((status, answer["code"]), "orderId" in answer) == (refused, False)
    assert shared_world.state() == before


def test_problem_details_are_whole(shared_world: World) -> None:
    assert shared_world.post(entered(quantity=0)) == (
        400,
        {
            "type": "urn:problem:serverless-trading-system:invalid-order",
            "title": "Invalid order",
            "status": 400,
            "detail": "The order is not well-formed.",
            "code": "invalid-order",
            "errors": [
                {"pointer": "/quantity", "code": "not-positive", "detail": "quantity is a whole number of at least 1."}
            ],
        },
    )
