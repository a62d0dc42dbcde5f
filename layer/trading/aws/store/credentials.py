"""Credentials in TradesStore: the item of a credential, and the write that revokes it."""

import secrets
from typing import Any

from trading.aws.store import dynamodb, keys
from trading.domain.credentials import digest

SECRET_BYTES = 32


def new_secret() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(SECRET_BYTES)


def item(key_id: str, secret: str, customer_id: str | None) -> dict[str, Any]:
    """The item of a customer's own credential or, without a customer, of a broker's."""
    whose = {"role": "customer", "customerId": customer_id} if customer_id else {"role": "broker"}
    return {**keys.credential(key_id), **whose, "secretDigest": digest(secret)}


def revocation(table: str, key_id: str, time: str) -> dict[str, Any]:
    """The write that revokes a credential, if it exists. It removes the digest, so that no secret matches any more. The
    time of the first revocation stays.
    """
    expression = "SET revoked = if_not_exists(revoked, :time) REMOVE secretDigest"
    return dynamodb.update(table, keys.credential(key_id), expression, "attribute_exists(PK)", {":time": time})
