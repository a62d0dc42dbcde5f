"""Requests that are refused as a whole: the right status, code and pointers, and nothing is stored."""

import base64
import json
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import SEED, entered
from tests.support.world import World

RESPONSE_BYTES = 6_000_000
"""What Lambda lets a function answer, a little less than 6 MB."""


def with_raw(field: str, literal: str) -> str:
    """The seed's order with a field's value written just so."""
    return json.dumps(SEED | {field: "@"}).replace('"@"', literal)


def faults_of(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault["pointer"], fault["code"]) for fault in answer["errors"]]


MALFORMED = {
    "not JSON": "{",
    "cut off": json.dumps(SEED)[:-1],
    "two values": "1 2",
    "a fraction that overflows": with_raw("quantity", "1e99999999999999999999"),
    "NaN": with_raw("quantity", "NaN"),
    "infinity": with_raw("quantity", "-Infinity"),
    "a number of 5000 digits": with_raw("quantity", "9" * 5000),
    "a field twice": json.dumps(SEED)[:-1] + ', "quantity": 1}',
    "an inner field twice": with_raw("ticker", '{"a": 1, "a": 2}'),
    "arrays nested deeply": "[" * 100_000 + "]" * 100_000,
    "objects nested deeply": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a byte order mark": "\ufeff" + json.dumps(SEED),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_body_that_is_not_json_is_refused(shared_world: World, body: str) -> None:
    status, answer = shared_world.post(body)
    assert (status, answer["code"], answer["status"]) == (400, "malformed-json", 400)


@pytest.mark.parametrize("literal", ["1e99999999999999999999", "1.5e99999999999999999999", "9" * 5000])
def test_a_number_beyond_any_range_is_called_so(shared_world: World, literal: str) -> None:
    _, answer = shared_world.post(with_raw("quantity", literal))
    assert answer["title"] == "Malformed JSON"
    assert answer["detail"] == "The body is not JSON: a number beyond any range"


@pytest.mark.parametrize("body", [b"\xff\xfe", b'"\xed\xa0\x80"', json.dumps(SEED).encode("utf-16")])
def test_a_body_that_is_not_utf_8_is_refused(shared_world: World, body: bytes) -> None:
    event = events.post_orders(base64.b64encode(body).decode()) | {"isBase64Encoded": True}
    status, answer = shared_world.answer("order_entry", event)
    assert (status, answer["code"]) == (400, "malformed-json")


@pytest.mark.parametrize("body", ["?", "é", "ab"])
def test_a_body_that_claims_to_be_base64_and_is_not_is_refused(shared_world: World, body: str) -> None:
    status, answer = shared_world.answer("order_entry", events.post_orders(body) | {"isBase64Encoded": True})
    assert (status, answer["code"]) == (400, "malformed-json")


@pytest.mark.parametrize("body", [None, "", " \n", "[]"])
def test_a_request_without_an_order_is_refused(shared_world: World, body: str | None) -> None:
    status, answer = shared_world.post(body)
    assert (status, answer["code"]) == (400, "empty-request")


@pytest.mark.parametrize("body", ["null", "true", "1", "1.5", '"order"'])
def test_an_order_that_is_no_object_is_refused_with_the_pointer_to_it(shared_world: World, body: str) -> None:
    for text, expected, pointer in ((body, 400, ""), (f"[{body}]", 422, "/0")):
        status, answer = shared_world.post(text)
        problem = answer["orders"][0]["problem"] if "orders" in answer else answer
        assert (status, problem["code"], faults_of(problem)) == (expected, "invalid-order", [(pointer, "wrong-type")])


def test_an_array_in_the_place_of_an_order_is_refused_with_the_pointer_to_it(shared_world: World) -> None:
    status, answer = shared_world.post([[SEED]])
    problem = answer["orders"][0]["problem"]
    assert (status, problem["code"], faults_of(problem)) == (422, "invalid-order", [("/0", "wrong-type")])


DEPTHS = [*range(850, 1000), *range(1000, 60_000, 5000)]
"""Every one where Python's limit may strike: a single depth can be read and is too deep for what follows."""


def test_no_depth_of_nesting_brings_the_entry_down(shared_world: World) -> None:
    for depth in DEPTHS:
        assert shared_world.post("[" * depth + "]" * depth)[0] in {400, 422}


@pytest.mark.parametrize("field", ["quantity", "price"])
def test_no_depth_of_nesting_within_a_field_brings_the_entry_down(shared_world: World, field: str) -> None:
    for depth in DEPTHS:
        status, answer = shared_world.post(with_raw(field, "[" * depth + "]" * depth))
        assert (status, answer["code"] in {"invalid-order", "malformed-json"}) == (400, True)


def test_five_hundred_orders_are_read_and_one_more_is_too_many(shared_world: World) -> None:
    wrong = entered(quantity=0)
    status, answer = shared_world.post([wrong] * 500)
    assert (status, len(answer["orders"])) == (422, 500)
    status, answer = shared_world.post([wrong] * 501)
    assert (status, answer["code"]) == (400, "too-many-orders")


@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_body_of_a_million_bytes_is_read_and_one_byte_more_is_too_large(shared_world: World, letter: str) -> None:
    longest = json.dumps(letter * ((1_000_000 - 2) // len(letter.encode())), ensure_ascii=False)
    assert len(longest.encode()) == 1_000_000
    assert shared_world.post(longest)[0] == 400
    status, answer = shared_world.post(longest + " ")
    assert (status, answer["code"]) == (413, "body-too-large")


def test_an_answer_stays_within_what_lambda_lets_through_however_much_is_wrong(shared_world: World) -> None:
    body = json.dumps({f"{number:x}": 0 for number in range(90_000)}, separators=(",", ":"))
    assert len(body) < 1_000_000
    answer = shared_world.stage("order_entry")(events.post_orders(body))
    assert answer["statusCode"] == 400
    assert len(answer["body"]) < RESPONSE_BYTES


def test_nothing_of_what_is_refused_is_stored(shared_world: World) -> None:
    before = shared_world.state()
    for body in ("{", None, "null", "[]", [entered(quantity=0)], entered(ticker="NONE"), entered(customerId="999999")):
        assert shared_world.post(body)[0] >= 400
    assert shared_world.state() == before
