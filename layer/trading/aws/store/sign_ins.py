"""One-time codes, with which somebody signs in on the page who has no secret at hand. TradesStore has their digests.

A code is drawn by an operator's command, works once and for some minutes, and brings a credential that expires.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from trading.aws.store import credentials, dynamodb, keys, transactions
from trading.domain.credentials import digest
from trading.domain.times import iso

CODE_BYTES = 32
CODE_LASTS = timedelta(minutes=10)
CREDENTIAL_LASTS = timedelta(hours=12)


def new_code() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(CODE_BYTES)


def item(code: str, customer_id: str | None, now: datetime) -> dict[str, Any]:
    """The item of a code for this customer or, without one, for a broker."""
    whose = {"role": "customer", "customerId": customer_id} if customer_id else {"role": "broker"}
    return {**keys.sign_in(digest(code)), **whose, **_until(now + CODE_LASTS)}


def find(table: str, code: str, now: datetime) -> dict[str, Any] | None:
    """The item of a code that works, None if there is none: it was used, or is too old."""
    found = dynamodb.get(table, keys.sign_in(digest(code)))
    return found if found and found["expires"] > iso(now) else None


def use(table: str, code: str) -> dict[str, Any]:
    """The write that uses a code up, if it was not used before."""
    return transactions.delete_if(table, keys.sign_in(digest(code)), "attribute_exists(PK)")


def credential(key_id: str, secret: str, customer_id: str | None, now: datetime) -> dict[str, Any]:
    """The item of the credential that a code brings."""
    return credentials.item(key_id, secret, customer_id) | _until(now + CREDENTIAL_LASTS)


def _until(end: datetime) -> dict[str, Any]:
    """`expires` decides; by `expiresAt` DynamoDB removes the item, some day after."""
    return {"expires": iso(end), "expiresAt": int(end.timestamp())}
