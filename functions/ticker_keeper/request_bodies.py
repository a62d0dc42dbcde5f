"""Reads quotes from the body of a request: a ticker's first one, and a later one. An invalid body is refused with all
its faults.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

from trading.aws.api.requests import Form, schema_of
from trading.domain import money
from trading.domain.errors import Fault, Refusal
from trading.domain.quotes import Quote, QuoteUpdate
from trading.domain.times import checked_instant

FIRST_PRICE = "a price above zero as text, at most 999999.99, with at most two decimals"
LATER_PRICE = "a price in USD as text, below 10000000, with at most four decimals"
INSTANT = "an instant like 2026-11-22T14:30:00.123Z"
WORDS = {
    "bid": LATER_PRICE,
    "ask": LATER_PRICE,
    "time": INSTANT,
    "source": "1 to 36 letters, digits, dots, colons, hyphens or underscores",
}
FOLDER = Path(__file__).parent
FIRST = Form(
    schema_of(FOLDER / "ticker.schema.json"), "request", "invalid-request", {"bid": FIRST_PRICE, "ask": FIRST_PRICE}
)
LATER = Form(schema_of(FOLDER / "quote.schema.json"), "request", "invalid-request", WORDS)
SOURCE = "api"
"""The source of a quote that names none."""


def first_quote(value: object) -> Quote:
    """Raises the refusal `invalid-request` with all its faults, and `quote-crossed` if the bid is not below the ask."""
    FIRST.check(value)
    fields: Any = value
    quote = Quote(money.amount(fields["bid"]), money.amount(fields["ask"]))
    if quote.bid >= quote.ask:
        raise Refusal("quote-crossed", "The bid is not below the ask.")
    return quote


def later_quote(ticker: str, value: object, now: str) -> QuoteUpdate:
    """The quote that a body has; without a time it is of `now`. Raises the refusal `invalid-request` with all its
    faults.
    """
    LATER.check(value)
    fields: Any = value
    return QuoteUpdate(
        ticker=ticker,
        bid=Decimal(fields["bid"]),
        ask=Decimal(fields["ask"]),
        bid_size=fields["bidSize"],
        ask_size=fields["askSize"],
        time=_instant(fields["time"]) if "time" in fields else now,
        source=fields.get("source", SOURCE),
        confirmed=fields.get("confirmed", False),
    )


def _instant(text: str) -> str:
    """An instant that exists: the schema's pattern also takes a 31st of February. Raises Refusal for any other."""
    try:
        return checked_instant(text)
    except ValueError as error:
        fault = Fault("/time", "invalid-format", f"time is {INSTANT}.")
        raise Refusal("invalid-request", "The request is not well-formed.", [fault]) from error
