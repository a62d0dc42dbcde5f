"""Takes orders in: `POST /orders`, one order or an array of up to 500.

In: the API. Commit: the orders with what they reserve. Out: the answer; the table's stream carries the orders on.
"""

import time
from dataclasses import dataclass
from typing import Any

from accepting import Outcome
from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError
from entering import Desk
from reading import body_of, values_of

from trading.aws import http
from trading.aws.clients import LONGEST_CALL_SECONDS
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.domain.errors import Refusal, Unavailable

RESERVED_SECONDS = LONGEST_CALL_SECONDS + 1
"""What is kept of the time limit for the last attempt at a transaction, and the answer."""


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    market_parameter: str


settings = from_environment(Settings)
desk = Desk(settings.trades_store, Parameters(settings.market_parameter))
logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVED_SECONDS
    try:
        body = body_of(event)
        values = values_of(body)
        pointers = [f"/{number}" for number in range(len(values))] if isinstance(body, list) else [""]
        outcomes = desk.enter(values, pointers, http.caller(event), deadline)
    except Refusal as refusal:
        logger.info("request refused", code=refusal.code)
        return http.refuse(refusal)
    except (ClientError, BotoCoreError):
        logger.exception("orders could not be checked")
        return http.refuse(Unavailable("Orders cannot be taken at the moment. None of these was accepted."))
    accepted = [outcome.order_id for outcome in outcomes if outcome.refusal is None]
    logger.info("orders entered", order_ids=accepted, refused=len(outcomes) - len(accepted))
    return _answer(values, outcomes, alone=not isinstance(body, list))


def _answer(values: list[Any], outcomes: list[Outcome], *, alone: bool) -> dict[str, Any]:
    """202 if any order was accepted; a single one that was refused is answered by its problem, an array by 422, or by
    503 if it may simply be sent again.
    """
    refusals = [outcome.refusal for outcome in outcomes if outcome.refusal]
    if alone and refusals:
        return http.refuse(refusals[0], orderId=outcomes[0].order_id)
    orders = [_shown(value, outcome) for value, outcome in zip(values, outcomes, strict=True)]
    if len(refusals) < len(outcomes):
        return http.answer(202, {"orders": orders})
    unavailable = all(isinstance(refusal, Unavailable) for refusal in refusals)
    return http.answer(503 if unavailable else 422, {"orders": orders})


def _shown(value: Any, outcome: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"orderId": outcome.order_id} if outcome.order_id else {}
    shown["state"] = "Rejected" if outcome.refusal else "New"
    if isinstance(value, dict) and isinstance(value.get("clientOrderId"), str):
        shown["clientOrderId"] = value["clientOrderId"]
    if outcome.refusal:
        shown["problem"] = http.problem(outcome.refusal)
    return shown
