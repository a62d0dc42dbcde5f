"""The bounds of every value in a message: one reader for each kind of id, text and number. Dates and instants are read
in `times`.

A value within its bounds fits every key, item and message that is made of it: DynamoDB takes sort keys of 1,024 bytes
and numbers of 38 digits, SNS group ids of 128 characters. A value out of bounds raises TypeError or ValueError, which
the reader of the whole message turns into Unprocessable.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.errors import shown
from trading.domain.orders import CLIENT_ORDER_ID, CUSTOMER_ID, MAX_SHARES, MAX_SLICES, ORDER_ID, TICKER

SOURCE = re.compile(r"[A-Za-z0-9._:-]{1,36}")
VENUE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._&-]{0,38}[A-Za-z0-9])?")
REASON = re.compile(r"[a-z]+(?:-[a-z]+)*")
MAX_REASON_LETTERS = 40
RATE_UNIT = Decimal("0.0001")
RATE_LETTERS = 12
MAX_PRICE = Decimal(10_000_000)
"""USD a share; prices on the wire are below it."""


def object_of(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{shown(value)} is not a JSON object")
    return value


def id_of(value: object) -> str:
    """A UUID in lower case: of an order, a command, a change, a request or a booking."""
    return _matching(ORDER_ID, value, "an id")


def customer_of(value: object) -> str:
    return _matching(CUSTOMER_ID, value, "a customer's id")


def ticker_of(value: object) -> str:
    return _matching(TICKER, value, "a ticker")


def client_order_of(value: object) -> str:
    return _matching(CLIENT_ORDER_ID, value, "a client order id")


def source_of(value: object) -> str:
    """The name of a source of quotes."""
    return _matching(SOURCE, value, "a source")


def venue_of(value: object) -> str:
    """The name of a pool or exchange."""
    return _matching(VENUE, value, "a venue")


def reason_of(value: object) -> str:
    """Why an order ended or was not changed, like `too-late`."""
    reason = _matching(REASON, value, "a reason")
    if len(reason) > MAX_REASON_LETTERS:
        raise ValueError(f"{reason:.40} is not a reason")
    return reason


def _matching(pattern: re.Pattern[str], value: object, kind: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{shown(value)} is not {kind}")
    return value


def count_of(value: object) -> int:
    """A number of shares. Raises ValueError unless it is a positive whole number of at most MAX_SHARES."""
    if type(value) is not int or value <= 0:
        raise ValueError(f"{shown(value)} is not a positive whole number")
    if value > MAX_SHARES:
        raise ValueError(f"more than {MAX_SHARES} shares")
    return value


def number_of(value: object) -> int:
    """The number of something that is counted from 1."""
    if type(value) is not int or value <= 0:
        raise ValueError(f"{shown(value)} is not a positive whole number")
    return value


def difference_of(value: object) -> int:
    """A difference of shares; negative for fewer."""
    if type(value) is not int:
        raise ValueError(f"{shown(value)} is not a whole number")
    if abs(value) > MAX_SHARES:
        raise ValueError(f"more than {MAX_SHARES} shares")
    return value


def require_slices(quantity: int, slice_size: int) -> None:
    """Raises ValueError if the quantity has more slices than an engine should work through."""
    if quantity > slice_size * MAX_SLICES:
        raise ValueError(f"{quantity} shares are more than {MAX_SLICES} slices of {slice_size}")


def price_of(value: str) -> Decimal:
    """An order's price: whole ticks."""
    price = money.amount(value)
    if not 0 < price < MAX_PRICE:
        raise ValueError(f"{value:.40} is not a price")
    return price


def trade_price_of(value: str) -> Decimal:
    """A trade's price: whole ticks, or a midpoint between two."""
    price = money.price(value)
    if price >= MAX_PRICE:
        raise ValueError(f"{value:.40} is not a price")
    return price


def rate_of(value: object) -> Decimal:
    """A fee per share, to a hundredth of a cent."""
    if not isinstance(value, str) or not value or len(value) >= RATE_LETTERS:
        raise ValueError(f"{shown(value)} is not a rate")
    try:
        rate = money.decimal(value)
        fits = rate >= 0 and rate % RATE_UNIT == 0
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"not a rate: {shown(value)}") from error
    if not fits:
        raise ValueError(f"{value:.40} is not a rate")
    return rate
