"""Keeps customers' accounts for brokers: opens them, moves cash and shares in and out, sets limits, suspends customers.

In: the API. Commit: the customer, the ledger's entry with the balances or the position, the limits, or the suspension
with the request to end open orders. Out: the answer; the table's stream carries the request on.
"""

from typing import Any

from cash import book_transfer
from controls import resume, set_limits, suspend
from customers import open_account
from request_bodies import limits, share_transfer, transfer
from shares import transfer_shares

from trading.aws.api import http
from trading.aws.api.requests import body_of
from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.pause import closed_while_paused
from trading.aws.settings import TableSettings, from_environment
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.errors import Refusal
from trading.domain.orders import CUSTOMER_ID

RESERVED_SECONDS = 2 * MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction, reading its result, and the answer."""


settings = from_environment(TableSettings)
logger = Logger()


@logger.inject_lambda_context
@time_limited
@closed_while_paused
@http.answering_errors(logger, "an account could not be changed", http.SEND_AGAIN)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    http.caller(event).require_broker()
    status, body = _changed(event, TIME_LIMIT.deadline(RESERVED_SECONDS))
    what = {"method": event["httpMethod"], "resource": event["resource"]}
    logger.info("account changed", **what, customer_id=body["customerId"])
    return http.answer(status, body)


def _changed(event: dict[str, Any], deadline: float) -> tuple[int, dict[str, Any]]:
    """Does what is asked, and returns the answer's status and body. Raises Refusal."""
    table, customer_id = settings.trades_store, event["pathParameters"]["customerId"]
    if not CUSTOMER_ID.fullmatch(customer_id):
        raise Refusal("not-found", f"There is no customer {customer_id[:40]}.")
    match event["httpMethod"], event["resource"].rpartition("/")[2]:
        case "POST", "cash":
            return 201, book_transfer(table, customer_id, transfer(body_of(event)), deadline)
        case "POST", _:
            return 201, transfer_shares(table, customer_id, share_transfer(body_of(event)), deadline)
        case "PUT", "limits":
            return 200, set_limits(table, customer_id, limits(body_of(event)), deadline)
        case "PUT", "halt":
            return 200, suspend(table, customer_id, deadline)
        case "PUT", _:
            return open_account(table, customer_id, deadline)
        case _:
            return 200, resume(table, customer_id, deadline)
