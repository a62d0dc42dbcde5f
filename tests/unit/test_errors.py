"""What an error says, by code and in words."""

from trading.domain.errors import Fault, Refusal, Unavailable, Unprocessable


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
