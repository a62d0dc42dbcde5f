"""The API's side: the caller and the answer. Errors are problem details (RFC 9457), mapped in one table."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws import clock
from trading.domain.credentials import Caller
from trading.domain.errors import Refusal, Unavailable

P = ParamSpec("P")
Answering = Callable[Concatenate[dict[str, Any], P], dict[str, Any]]
"""A function that answers an event of the API."""

logger = Logger(child=True)

SERVER_ERROR = "answered with a server error"
"""An alarm counts lines with this text, and rolls a release back. API Gateway counts such answers, but not by version.
"""

SEND_AGAIN = "It is not known whether this was done: send the same again."
"""What a client is told that may repeat a request whose outcome is unknown."""

STATUS = {
    "malformed-json": 400,
    "invalid-order": 400,
    "invalid-request": 400,
    "empty-request": 400,
    "too-many-orders": 400,
    "invalid-parameter": 400,
    "invalid-next-token": 400,
    "forbidden": 403,
    "not-found": 404,
    "too-late": 409,
    "change-pending": 409,
    "quote-late": 409,
    "body-too-large": 413,
    "below-filled": 422,
    "below-minimum": 422,
    "not-replaceable": 422,
    "unknown-ticker": 422,
    "quantity-too-large": 422,
    "market-closed": 422,
    "no-auction": 422,
    "auction-over": 422,
    "client-order-id-reused": 422,
    "reference-reused": 422,
    "trading-halted": 422,
    "order-value-too-large": 422,
    "price-outside-collar": 422,
    "too-many-open-orders": 422,
    "insufficient-funds": 422,
    "insufficient-shares": 422,
    "not-settled": 422,
    "quote-not-positive": 422,
    "quote-off-tick": 422,
    "quote-crossed": 422,
    "quote-ahead": 422,
    "quote-outside-band": 422,
    "unavailable": 503,
}
"""Every refusal's stable code and its HTTP status."""


def caller(event: dict[str, Any]) -> Caller:
    context = event["requestContext"]["authorizer"]
    return Caller(context["role"], context.get("customerId"))


def query_of(event: Mapping[str, Any]) -> dict[str, str]:
    """The parameters of the query. Raises the refusal `invalid-parameter` for one that is given twice."""
    given: Mapping[str, list[str]] = event.get("multiValueQueryStringParameters") or {}
    for name, values in given.items():
        if len(values) > 1:
            raise Refusal("invalid-parameter", f"{name[:40]} is given {len(values)} times, once is the most.")
    return dict(event.get("queryStringParameters") or {})


def answer(status: int, body: object, content_type: str = "application/json") -> dict[str, Any]:
    return written(status, json.dumps(body, separators=(",", ":")), content_type)


def written(status: int, text: str, content_type: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An answer whose body is text already."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log_server_error(status)
    always = {"Content-Type": content_type, "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": always | dict(headers or {}), "body": text}


def unless_known(event: Mapping[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """Adds an `ETag`, which follows from the text alone. A client that names it in `If-None-Match` gets 304 without the
    text (RFC 9110, 13.1.2). The client may keep the answer, but must ask each time whether it is current.
    """
    tag = f'"{hashlib.sha256(answered["body"].encode()).hexdigest()[:32]}"'
    headers = answered["headers"] | {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [text.strip().removeprefix("W/") for text in ",".join(_headers(event, "if-none-match")).split(",")]
    if tag in known or known == ["*"]:
        kept = {name: value for name, value in headers.items() if name != "Content-Type"}
        return {"statusCode": HTTPStatus.NOT_MODIFIED.value, "headers": kept, "body": ""}
    return answered | {"headers": headers}


def _headers(event: Mapping[str, Any], wanted: str) -> list[str]:
    """All values of a header, whose name may be in any case."""
    given: Mapping[str, list[str]] = event.get("multiValueHeaders") or {}
    return [value for name, values in given.items() if name.lower() == wanted for value in values]


def log_server_error(status: int) -> None:
    """Logs that a caller got an error that is not its fault. An alarm that judges a new version counts these lines."""
    logger.error(SERVER_ERROR, extra={"status": status, "function_version": clock.function_version()})


def problem(refusal: Refusal) -> dict[str, Any]:
    """The refusal as problem details."""
    details: dict[str, Any] = {
        "type": f"urn:problem:serverless-trading-system:{refusal.code}",
        "title": refusal.code.replace("-", " ").capitalize().replace("json", "JSON"),
        "status": STATUS[refusal.code],
        "detail": refusal.detail,
        "code": refusal.code,
    }
    if refusal.faults:
        details["errors"] = [asdict(fault) for fault in refusal.faults]
    return details


def refuse(refusal: Refusal, **members: str | None) -> dict[str, Any]:
    """The answer to a request that was refused as a whole, with those further members that are not None."""
    known = {name: value for name, value in members.items() if value is not None}
    return answer(STATUS[refusal.code], problem(refusal) | known, "application/problem+json")


def answering_errors(stage_logger: Logger, failure: str, detail: str) -> Callable[[Answering[P]], Answering[P]]:
    """A decorator that turns what answering raises into an answer: a Refusal into its problem, a failed call of AWS
    into `unavailable` with this `detail`. `failure` is what is logged of such a call.
    """

    def wrapped(answering: Answering[P]) -> Answering[P]:
        @wraps(answering)
        def answered(event: dict[str, Any], /, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
            what = {"method": event["httpMethod"], "resource": event["resource"]}
            try:
                return answering(event, *args, **kwargs)
            except Refusal as refusal:
                stage_logger.info("request refused", extra=what | {"code": refusal.code})
                return refuse(refusal)
            except (ClientError, BotoCoreError):
                stage_logger.exception(failure, extra=what)
                return refuse(Unavailable(detail))

        return answered

    return wrapped
