"""Reads the first quote of a ticker from the body of a request. An invalid body is refused with all its faults."""

from pathlib import Path
from typing import Any

from trading.aws.api.requests import Form, schema_of
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.orders import Quote

PRICE = "a price above zero as text, at most 999999.99, with at most two decimals"
WORDS = {"bid": PRICE, "ask": PRICE}
QUOTE = Form(schema_of(Path(__file__).parent / "ticker.schema.json"), "request", "invalid-request", WORDS)


def first_quote(value: object) -> Quote:
    """Raises the refusal `invalid-request` with all its faults, and `quote-crossed` if the bid is not below the ask."""
    QUOTE.check(value)
    fields: Any = value
    quote = Quote(money.amount(fields["bid"]), money.amount(fields["ask"]))
    if quote.bid >= quote.ask:
        raise Refusal("quote-crossed", "The bid is not below the ask.")
    return quote
