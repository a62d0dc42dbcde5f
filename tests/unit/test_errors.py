"""What an error says of what somebody sent: in words, on one line, as any queue takes it."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest

from trading.domain.errors import Fault, Refusal, Unavailable, Unprocessable, printable, shown, why
from trading.domain.messages.command_messages import commands_from
from trading.domain.orders import PoolType


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a\n'b'\ud800", "\"a\\n'b'\\ud800\""),
        (None, "null"),
        (True, "true"),
        ({"a": [1.5]}, '{"a": [1.5]}'),
        (Decimal("1.50"), '"1.50"'),
        ("x" * 50, '"' + "x" * 39),
    ],
)
def test_a_value_is_quoted_as_json_and_cut(value: object, words: str) -> None:
    assert shown(value) == words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("ticker"), "there is no ticker"),
        (ValueError("a price\x00 is none\n"), r"a price\x00 is none\n"),
        (ValueError("x" * 300), "x" * 200),
        (RecursionError("maximum depth"), "it is nested too deeply"),
        (InvalidOperation([]), "a number is beyond any range"),
    ],
)
def test_why_something_cannot_be_read_is_told_in_words(error: Exception, words: str) -> None:
    assert why(error) == words


def test_what_is_not_json_is_called_so() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads("{broken")
    assert why(caught.value).startswith("it is not JSON: Expecting property name")


def test_text_that_prints_stays_as_it_is() -> None:
    assert printable("reports do not fit, 5 €") == "reports do not fit, 5 €"


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '{"type": "\\ud800\\u0000"}', '{"type": "routedOrders", "version": 1, "poolType": "\\u0000"}'],
)
def test_a_reason_has_nothing_of_python_and_nothing_that_a_queue_refuses(body: Any) -> None:
    with pytest.raises(Unprocessable) as caught:
        commands_from(body, PoolType.LIT)
    reason = caught.value.reason
    assert reason.isprintable()
    assert "Error(" not in reason


def test_a_refusal_has_a_code_words_and_what_is_wrong_in_the_body() -> None:
    fault = Fault("/quantity", "minimum", "0 is less than 1")
    refusal = Refusal("invalid-request", "The order is not valid.", [fault])
    assert (refusal.code, refusal.detail, refusal.faults, str(refusal)) == (
        "invalid-request",
        "The order is not valid.",
        (fault,),
        "The order is not valid.",
    )
    assert Refusal("x", "y").faults == ()


def test_what_may_be_sent_again_has_the_code_unavailable() -> None:
    unavailable = Unavailable("No quote.")
    assert (unavailable.code, unavailable.detail) == ("unavailable", "No quote.")


def test_what_cannot_be_processed_has_a_reason_and_what_it_is_found_by() -> None:
    error = Unprocessable("not an order", {"orderId": "1"})
    assert (error.reason, error.context, str(error)) == ("not an order", {"orderId": "1"}, "not an order")
    assert Unprocessable("not an order").context == {}
