"""Checks who calls: compares HTTP Basic credentials (key id and secret) with the hashed ones in TradesStore.

Without an Authorization header API Gateway answers 401 by itself. The policy covers the whole stage of the API, because
API Gateway caches it per credential: a policy for a single path would deny the others. The functions behind the
authorizer check who may see what, by `role` and `customerId` in the context that is returned here.
"""

import base64
import re
from typing import Any

from trading.aws.logs import Logger
from trading.aws.settings import TableSettings, from_environment
from trading.aws.store import credentials
from trading.aws.time_limit import time_limited

BASIC = re.compile(r"basic +([A-Za-z0-9+/]+=*)", re.ASCII | re.IGNORECASE)
"""The scheme in any case, any number of spaces, and base64 (RFC 9110, 11.4)."""


settings = from_environment(TableSettings)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    key_id, secret = _basic(event["authorizationToken"])
    credential = credentials.holder(settings.trades_store, key_id, secret)
    logger.info("credentials checked", key_id=key_id, allowed=credential is not None)
    policy = _policy(key_id or "nobody", "Allow" if credential else "Deny", event["methodArn"])
    if credential:
        policy["context"] = credential.caller.shown
    return policy


def _basic(header: str) -> tuple[str, str]:
    """Key id and secret (RFC 7617); two empty texts if the header is not Basic, or the key id is too long to be one."""
    found = BASIC.fullmatch(header)
    if not found:
        return "", ""
    try:
        key_id, _, secret = base64.b64decode(found[1], validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (key_id, secret) if len(key_id) <= credentials.KEY_ID_LENGTH else ("", "")


def _policy(principal: str, effect: str, method_arn: str) -> dict[str, Any]:
    api, stage = method_arn.split("/")[:2]
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": f"{api}/{stage}/*"}
    return {"principalId": principal, "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
