"""Checks who calls: compares HTTP Basic credentials (key id and secret) with the hashed ones in TradesStore.

Without an Authorization header API Gateway answers 401 by itself. The policy covers the whole stage of the API, because
API Gateway caches it per credential: a policy for a single path would deny the others. The functions behind the
authorizer check who may see what, by `role` and `customerId` in the context that is returned here.
"""

import base64
import re
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import clock
from trading.aws.settings import TableSettings, from_environment
from trading.aws.store import dynamodb, keys
from trading.aws.time_limit import time_limited
from trading.domain.credentials import Credential, credential_from, digest, matches
from trading.domain.times import iso

BASIC = re.compile(r"basic +([A-Za-z0-9+/]+=*)", re.ASCII | re.IGNORECASE)
"""The scheme in any case, any number of spaces, and base64 (RFC 9110, 11.4)."""
NOBODY = digest("")
KEY_ID_LENGTH = 128
"""The most characters of a key id; DynamoDB refuses keys of more than 2,048 bytes."""


settings = from_environment(TableSettings)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    key_id, secret = _basic(event["authorizationToken"])
    credential = _credential(key_id) if key_id else None
    allowed = matches(secret, credential.secret_digest if credential else NOBODY) and credential is not None
    logger.info("credentials checked", key_id=key_id, allowed=allowed)
    policy = _policy(key_id or "nobody", "Allow" if allowed else "Deny", event["methodArn"])
    if allowed and credential:
        policy["context"] = credential.caller
    return policy


def _credential(key_id: str) -> Credential | None:
    """What is stored under the key id, None if it is revoked or has expired. A damaged credential lets nobody in; an
    operator finds it in the log.
    """
    item = dynamodb.get(settings.trades_store, keys.credential(key_id))
    try:
        credential = credential_from(item) if item and "revoked" not in item else None
        return credential if credential and credential.lasts_at(iso(clock.now())) else None
    except ValueError as error:
        logger.exception("credential is damaged", key_id=key_id, reason=str(error))
        return None


def _basic(header: str) -> tuple[str, str]:
    """Key id and secret (RFC 7617); two empty texts if the header is not Basic or the key id is too long."""
    credentials = BASIC.fullmatch(header)
    if not credentials:
        return "", ""
    try:
        key_id, _, secret = base64.b64decode(credentials[1], validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (key_id, secret) if len(key_id) <= KEY_ID_LENGTH else ("", "")


def _policy(principal: str, effect: str, method_arn: str) -> dict[str, Any]:
    api, stage = method_arn.split("/")[:2]
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{api}/{stage}/*"}
    return {"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
