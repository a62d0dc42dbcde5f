"""Credentials in TradesStore: the item of a credential, whose it is, and the write that revokes it."""

import secrets
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import clock
from trading.aws.store import dynamodb, keys, transactions
from trading.domain.credentials import Credential, credential_from, digest, matches
from trading.domain.times import iso

SECRET_BYTES = 32
NOBODY = digest("")
KEY_ID_LENGTH = 128
"""The most characters of a key id; DynamoDB refuses keys of more than 2,048 bytes."""

logger = Logger(child=True)


def new_secret() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(SECRET_BYTES)


def item(key_id: str, secret: str, customer_id: str | None) -> dict[str, Any]:
    """The item of a customer's own credential or, without a customer, of a broker's."""
    whose = {"role": "customer", "customerId": customer_id} if customer_id else {"role": "broker"}
    return {**keys.credential(key_id), **whose, "secretDigest": digest(secret)}


def holder(table: str, key_id: str, secret: str) -> Credential | None:
    """The credential, if there is one under this key id and its secret is this one. A comparison takes as long when
    there is none.
    """
    credential = current(table, key_id)
    return credential if matches(secret, credential.secret_digest if credential else NOBODY) else None


def current(table: str, key_id: str) -> Credential | None:
    """What is stored under the key id, None if it is revoked or has expired. A damaged credential lets nobody in; an
    operator finds it in the log.
    """
    if not 0 < len(key_id) <= KEY_ID_LENGTH:
        return None
    item = dynamodb.get(table, keys.credential(key_id))
    try:
        credential = credential_from(item) if item and "revoked" not in item else None
        return credential if credential and credential.lasts_at(iso(clock.now())) else None
    except ValueError as error:
        logger.exception("credential is damaged", key_id=key_id, reason=str(error))
        return None


def revocation(table: str, key_id: str, time: str) -> dict[str, Any]:
    """The write that revokes a credential, if it exists. It removes the digest, so that no secret matches any more. The
    time of the first revocation stays.
    """
    expression = "SET revoked = if_not_exists(revoked, :time) REMOVE secretDigest"
    return transactions.update(table, keys.credential(key_id), expression, "attribute_exists(PK)", {":time": time})
