"""What can go wrong in a call, as one tree of exceptions.

    TradingError
    ├── NoAnswer              no answer came: nobody knows whether the request was carried out
    ├── UnexpectedAnswer      the answer is not one of this API
    ├── AccountChanged        something was booked while a statement was read page by page
    ├── StreamRefused         the stream of live updates does not do what was asked
    └── Problem               the API refused: problem details (RFC 9457)
        ├── Malformed         400  the request is not one; `errors` points to each fault
        ├── Unauthorized      401
        ├── Forbidden         403
        ├── NotFound          404
        ├── Conflict          409  TooLate, ChangePending, QuoteLate
        ├── TooLarge          413
        ├── Refused           422  a rule forbids it; a class for each rule, as InsufficientFunds
        ├── TooManyRequests   429
        └── Unavailable       5xx

A code that this version does not know raises the class of its status. `code` always has it.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from trading_client.schemas import Fault


class TradingError(Exception):
    """A call did not do what it is for."""


class NoAnswer(TradingError):
    """No answer came, or not in time. A request that changes something may have been carried out."""


class UnexpectedAnswer(TradingError):
    """What was answered is not an answer of this API: something else is at this address, or in between."""


class AccountChanged(TradingError):
    """Something was booked while a statement was read page by page: its pages do not fit. Ask for it again."""


class StreamRefused(TradingError):
    """The stream of live updates refused a request. `code` says which rule it is."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Problem(TradingError):
    """The API refused the request. `details` is its answer as it came."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        super().__init__(details)
        self.details = details
        self.status = int(details["status"])
        self.code = str(details["code"])
        """Which rule it is. It stays the same in all versions."""
        self.detail = str(details["detail"])
        """What is wrong, in words. They may change."""
        self.errors: list[Fault] = list(details.get("errors", []))
        """Each fault of the body, with a JSON Pointer (RFC 6901) to it."""
        self.order_id: str | None = details.get("orderId")
        """The order that may have been accepted or not, where that is not known."""

    def __str__(self) -> str:
        faults = [f"{fault['pointer'] or '/'}: {fault['detail']}" for fault in self.errors]
        return "\n  ".join([f"{self.status} {self.code}: {self.detail}", *faults])


class Malformed(Problem):
    """The request is not one that the API takes."""


class Unauthorized(Problem):
    """No credentials were sent."""


class Forbidden(Problem):
    """The credentials are not known, or do not permit this."""


class NotFound(Problem):
    """There is no such thing."""


class Conflict(Problem):
    """What stands does not allow this: the state of the order, or a later quote."""


class TooLate(Conflict):
    """Nothing is open of the order."""


class ChangePending(Conflict):
    """Another change of the order is not decided yet."""


class TooLarge(Problem):
    """The body has too many bytes."""


class Refused(Problem):
    """A rule forbids it."""


class BelowFilled(Refused):
    """The order is filled beyond the quantity already."""


class BelowMinimum(Refused):
    """The quantity is below the order's minimum."""


class NotReplaceable(Refused):
    """Orders of this kind cannot be changed."""


class UnknownTicker(Refused):
    """The ticker is not traded here."""


class QuantityTooLarge(Refused):
    """More shares than an order may have."""


class MarketClosed(Refused):
    """Outside of opening hours; this order could not wait for the opening."""


class NoAuction(Refused):
    """The lit pools are always open, and have no auction for OPG and CLS."""


class AuctionOver(Refused):
    """The opening auction is over. OPG is taken again after the close."""


class ClientOrderIdReused(Refused):
    """Another order has this `clientOrderId`."""


class ReferenceReused(Refused):
    """Something else was entered under this reference."""


class TradingHalted(Refused):
    """The customer is suspended."""


class OrderValueTooLarge(Refused):
    """The order is worth more than the customer's limit."""


class PriceOutsideCollar(Refused):
    """The price is too far from the quote."""


class TooManyOpenOrders(Refused):
    """The customer has as many open orders as it may have."""


class InsufficientFunds(Refused):
    """There is less cash than is needed."""


class InsufficientShares(Refused):
    """There are fewer shares than are needed."""


class NotSettled(Refused):
    """Money or shares that are not settled cannot be withdrawn."""


class QuoteLate(Conflict):
    """There is a quote of this time, or of a later one."""


class QuoteNotPositive(Refused):
    """A price is below 0.01 USD."""


class QuoteOffTick(Refused):
    """A price is not a whole number of ticks of 0.01 USD."""


class QuoteCrossed(Refused):
    """The bid is not below the ask."""


class QuoteAhead(Refused):
    """The time of the quote is more than 5 s ahead of the clock."""


class QuoteOutsideBand(Refused):
    """The midpoint is too far from the last one; `confirmed` lets it through."""


class TooManyRequests(Problem):
    """More requests than the API lets through. Nothing was done."""


class Unavailable(Problem):
    """A part of the system does not answer. A request that changes something may have been carried out."""


BY_CODE: dict[str, type[Problem]] = {
    "too-late": TooLate,
    "change-pending": ChangePending,
    "below-filled": BelowFilled,
    "below-minimum": BelowMinimum,
    "not-replaceable": NotReplaceable,
    "unknown-ticker": UnknownTicker,
    "quantity-too-large": QuantityTooLarge,
    "market-closed": MarketClosed,
    "no-auction": NoAuction,
    "auction-over": AuctionOver,
    "client-order-id-reused": ClientOrderIdReused,
    "reference-reused": ReferenceReused,
    "trading-halted": TradingHalted,
    "order-value-too-large": OrderValueTooLarge,
    "price-outside-collar": PriceOutsideCollar,
    "too-many-open-orders": TooManyOpenOrders,
    "insufficient-funds": InsufficientFunds,
    "insufficient-shares": InsufficientShares,
    "not-settled": NotSettled,
    "quote-late": QuoteLate,
    "quote-not-positive": QuoteNotPositive,
    "quote-off-tick": QuoteOffTick,
    "quote-crossed": QuoteCrossed,
    "quote-ahead": QuoteAhead,
    "quote-outside-band": QuoteOutsideBand,
}
"""The rules that have a class of their own."""
BY_STATUS: dict[int, type[Problem]] = {
    400: Malformed,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    422: Refused,
    429: TooManyRequests,
}
OF_THE_GATEWAY = {401: "unauthorized", 403: "forbidden", 429: "too-many-requests"}
"""What a gateway may refuse by itself, by a message without a code."""


def problem_of(details: Mapping[str, Any]) -> Problem:
    """The exception that problem details are, also those of one order among many (`EnteredOrder["problem"]`)."""
    status = int(details["status"])
    of_status = Unavailable if status >= HTTPStatus.INTERNAL_SERVER_ERROR else BY_STATUS.get(status, Problem)
    return BY_CODE.get(str(details["code"]), of_status)(details)


def error_of(status: int, document: object, text: str) -> TradingError:
    """The exception that an answer is which is no success: its status, and its JSON, or None, and its text."""
    fields = document if isinstance(document, dict) else {}
    if {"code", "detail"} <= fields.keys():
        return problem_of({**fields, "status": status})
    words = str(fields.get("message") or text[:500])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem_of({"status": status, "code": "unavailable", "detail": words})
    if status in OF_THE_GATEWAY and "message" in fields:
        return problem_of({"status": status, "code": OF_THE_GATEWAY[status], "detail": words})
    return UnexpectedAnswer(f"The answer is {status}, and not one of this API: {words}")
