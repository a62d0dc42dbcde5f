"""Issues and revokes credentials of the API, for brokers, and exchanges one-time codes for credentials that lapse.

In: the API. Commit: the credential with a digest of its secret, or its revocation; a code goes in the transaction that
stores its credential. Out: the answer; only the answer has the secret. This is a function of its own so that no other
function may write credentials.
"""

import re
from collections.abc import Sequence
from typing import Any

from request_bodies import Holder, code_of, holder

from trading.aws import clock
from trading.aws.api import http
from trading.aws.api.requests import body_of
from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.pause import closed_while_paused
from trading.aws.settings import TableSettings, from_environment
from trading.aws.store import credentials, keys, sign_ins, transactions
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain.credentials import digest
from trading.domain.errors import Refusal
from trading.domain.times import iso

RESERVED_SECONDS = MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction, and the answer."""
KEY_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


settings = from_environment(TableSettings)
logger = Logger()


@logger.inject_lambda_context
@time_limited
@closed_while_paused
@http.answering_errors(logger, "a credential could not be changed", http.SEND_AGAIN)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    deadline = TIME_LIMIT.deadline(RESERVED_SECONDS)
    if event["resource"] == "/sign-ins":
        return http.answer(201, _sign_in(code_of(body_of(event)), deadline))
    http.caller(event).require_broker()
    if event["httpMethod"] == "POST":
        return http.answer(201, _issue(holder(body_of(event)), deadline))
    return http.answer(200, _revoke(event["pathParameters"]["keyId"], deadline))


def _issue(whose: Holder, deadline: float) -> dict[str, Any]:
    """Stores a new credential and returns it with its secret. Raises Refusal if there is no such customer."""
    key_id, secret = clock.new_order_id(clock.now()), credentials.new_secret()
    writes = [transactions.put_new(settings.trades_store, credentials.item(key_id, secret, whose.customer_id))]
    if whose.customer_id:
        their_key = keys.customer(whose.customer_id)
        writes.append(transactions.check(settings.trades_store, their_key, "attribute_exists(PK)", {}))
    _store(writes, secret, Refusal("not-found", f"There is no customer {whose.customer_id}."), deadline)
    logger.info("credential issued", key_id=key_id, role=whose.role, customer_id=whose.customer_id)
    return {"keyId": key_id, "secret": secret} | whose.shown


def _sign_in(code: str, deadline: float) -> dict[str, Any]:
    """Exchanges a code for a new credential. Raises Refusal if the code does not work, whether there was one or not."""
    now = clock.now()
    refused = Refusal("forbidden", "This link was used before, or it is too old. Ask for a new one.")
    found = sign_ins.find(settings.trades_store, code, now)
    if found is None:
        raise refused
    key_id, secret = clock.new_order_id(now), credentials.new_secret()
    whose = Holder(found["role"], found.get("customerId"))
    item = sign_ins.credential(key_id, secret, whose.customer_id, now)
    writes = [transactions.put_new(settings.trades_store, item), sign_ins.use(settings.trades_store, code)]
    _store(writes, secret, refused, deadline)
    logger.info("signed in", key_id=key_id, role=whose.role, customer_id=whose.customer_id)
    return {"keyId": key_id, "secret": secret, "expires": item["expires"]} | whose.shown


def _store(writes: Sequence[dict[str, Any]], secret: str, refusal: Refusal, deadline: float) -> None:
    """Does these writes, the first of which stores the credential with this secret. Raises the refusal if a condition
    does not hold. If the credential is there, an attempt stored it whose answer was lost.
    """
    try:
        transactions.write(writes, deadline)
    except transactions.TransactionCanceled as canceled:
        there = canceled.reasons[0].item or {}
        if there.get("secretDigest") != digest(secret):
            raise refusal from canceled


def _revoke(key_id: str, deadline: float) -> dict[str, Any]:
    """Revokes a credential. It may be called again. Raises Refusal if there is no such credential."""
    missing = Refusal("not-found", "There is no such credential.")
    if not KEY_ID.fullmatch(key_id):
        raise missing
    try:
        transactions.write([credentials.revocation(settings.trades_store, key_id, iso(clock.now()))], deadline)
    except transactions.TransactionCanceled as canceled:
        raise missing from canceled
    logger.info("credential revoked", key_id=key_id)
    return {"keyId": key_id, "revoked": True}
