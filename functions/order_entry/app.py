"""Takes in orders (`POST /orders`, one or an array of up to 500), requests to change them (`DELETE` and `PATCH`), and
requests to cancel all of a customer's (`DELETE`). Says what would come of an order (`POST /order-previews`).

In: the API. Commit: orders or requests with what they reserve. Out: the answer; the table's stream carries them on.
"""

from dataclasses import dataclass
from typing import Any

from acceptance import Acceptance
from amendments import Replacements
from cancels import request_cancel
from change_requests import Requested
from client_order_ids import OrderOutcome
from limits_cache import LastKnown
from mass_cancels import request_mass_cancel
from preview import Previews
from request_bodies import amendment, values_of
from submission import Desk

from trading.aws.api import http
from trading.aws.api.requests import body_of
from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.parameters import Parameters
from trading.aws.pause import closed_while_paused
from trading.aws.settings import from_environment
from trading.aws.store.quotes import Quotes, market_quotes
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.errors import Refusal, Unavailable
from trading.domain.order_status import OrdStatus
from trading.domain.orders import CUSTOMER_ID, ORDER_ID, TICKER

RESERVED_SECONDS = MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction, and the answer."""
NONE_ACCEPTED = "Orders cannot be taken at the moment. None of these was accepted."
PREVIEW_UNKNOWN = "The order cannot be previewed at the moment."
CHANGE_UNKNOWN = "It is not known whether the change was taken: ask for the order."
MASS_CANCEL_UNKNOWN = "It is not known whether this was asked for: send the same again."
STATES = {type(None): OrdStatus.PENDING_NEW.value, Unavailable: "Unknown"}
"""The state that is shown of an order, by the kind of its refusal; for any other kind it is Rejected."""


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    market_parameter: str


settings = from_environment(Settings)
parameters = Parameters(settings.market_parameter)
quotes = Quotes(settings.trades_store, market_quotes)
last_known = LastKnown()
desk = Desk(settings.trades_store, parameters, quotes, Acceptance(settings.trades_store, last_known))
previews = Previews(settings.trades_store, parameters, quotes)
replacements = Replacements(settings.trades_store, quotes, last_known)
logger = Logger()


@logger.inject_lambda_context
@time_limited
@closed_while_paused
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)
    if event["resource"] == "/order-previews":
        return _preview(event)
    if event["httpMethod"] == "POST":
        return _enter(event, deadline)
    return _change(event, deadline) if "orderId" in event["pathParameters"] else _cancel_all(event, deadline)


@http.answering_errors(logger, "orders could not be checked", NONE_ACCEPTED)
def _enter(event: dict[str, Any], deadline: float) -> dict[str, Any]:
    body = body_of(event)
    values = values_of(body)
    pointers = [f"/{number}" for number in range(len(values))] if isinstance(body, list) else [""]
    outcomes = desk.enter(values, pointers, http.caller(event), deadline)
    accepted = [outcome.order_id for outcome in outcomes if outcome.refusal is None]
    logger.info("orders entered", order_ids=accepted, refused=len(outcomes) - len(accepted))
    return _answer(values, outcomes, alone=not isinstance(body, list))


@http.answering_errors(logger, "an order could not be previewed", PREVIEW_UNKNOWN)
def _preview(event: dict[str, Any]) -> dict[str, Any]:
    shown = previews.of(body_of(event), http.caller(event))
    logger.info("order previewed", refused="problem" in shown)
    return http.answer(200, shown)


@http.answering_errors(logger, "an order's change could not be stored", CHANGE_UNKNOWN)
def _change(event: dict[str, Any], deadline: float) -> dict[str, Any]:
    requested = _requested(event, deadline)
    logger.info("change requested", order_id=requested.order_id, change_id=requested.change_id)
    return http.answer(200 if requested.ended else 202, requested.shown)


@http.answering_errors(logger, "a mass cancel could not be stored", MASS_CANCEL_UNKNOWN)
def _cancel_all(event: dict[str, Any], deadline: float) -> dict[str, Any]:
    customer_id = event["pathParameters"]["customerId"]
    http.caller(event).require(customer_id)
    requested = request_mass_cancel(settings.trades_store, customer_id, _ticker(event), deadline)
    logger.info("mass cancel requested", customer_id=customer_id, request_id=requested["requestId"])
    return http.answer(202, requested)


def _ticker(event: dict[str, Any]) -> str | None:
    """The ticker of a mass cancel, None for all. Raises Refusal for any other parameter: the request must not cancel
    more than was meant.
    """
    query = http.query_of(event)
    if other := query.keys() - {"ticker"}:
        raise Refusal("invalid-parameter", f"{min(other)[:40]} is not a parameter: those of this request are ticker.")
    ticker = query.get("ticker")
    if ticker is not None and not TICKER.fullmatch(ticker):
        raise Refusal("invalid-parameter", "ticker is 1 to 10 capital letters or dots.")
    return ticker


def _requested(event: dict[str, Any], deadline: float) -> Requested:
    customer_id, order_id = event["pathParameters"]["customerId"], event["pathParameters"]["orderId"]
    http.caller(event).require(customer_id)
    if not CUSTOMER_ID.fullmatch(customer_id) or not ORDER_ID.fullmatch(order_id):
        raise Refusal("not-found", "There is no such order.")
    if event["httpMethod"] == "DELETE":
        return request_cancel(settings.trades_store, customer_id, order_id, deadline)
    return replacements.replace(customer_id, order_id, amendment(body_of(event)), parameters.market(), deadline)


def _answer(values: list[Any], outcomes: list[OrderOutcome], *, alone: bool) -> dict[str, Any]:
    """202 if any order was accepted. A single order that was refused is answered by its problem, a refused array by
    422, or by 503 if the same may be sent again.
    """
    refusals = [outcome.refusal for outcome in outcomes if outcome.refusal]
    if alone and refusals:
        return http.refuse(refusals[0], orderId=outcomes[0].order_id)
    orders = [_shown(value, outcome) for value, outcome in zip(values, outcomes, strict=True)]
    unavailable = [refusal for refusal in refusals if isinstance(refusal, Unavailable)]
    if unavailable and len(unavailable) == len(outcomes):
        return http.answer(503, {"orders": orders})
    if unavailable:
        http.log_server_error(http.STATUS["unavailable"])
    return http.answer(202 if len(refusals) < len(outcomes) else 422, {"orders": orders})


def _shown(value: Any, outcome: OrderOutcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"orderId": outcome.order_id} if outcome.order_id else {}
    shown["state"] = STATES.get(type(outcome.refusal), OrdStatus.REJECTED.value)
    if isinstance(value, dict) and isinstance(value.get("clientOrderId"), str):
        shown["clientOrderId"] = value["clientOrderId"]
    if outcome.refusal:
        shown["problem"] = http.problem(outcome.refusal)
    return shown
