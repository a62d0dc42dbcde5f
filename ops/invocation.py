"""Calls a stack's function, as a schedule or a stream would."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.environment import STACK
from ops.console import Failure
from ops.stack import ALIAS

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

MAX_CALL_SECONDS = 930
"""Longer than the 900 that Lambda lets a function work: then Lambda itself says that its time was up."""


def call(stage: str, event: dict[str, Any], stack: str = STACK) -> Any:
    """What the stage's function answers. Raises Failure with what it raised. It is called once, whatever happens."""
    try:
        answer = _client().invoke(FunctionName=f"{stack}-{stage}", Qualifier=ALIAS, Payload=json.dumps(event).encode())
    except _client().exceptions.TooManyRequestsException as error:
        raise Failure(f"{stage} may not run: the system is paused (`make resume`), or the account is full.") from error
    said = answer["Payload"].read().decode()
    if answer.get("FunctionError"):
        raise Failure(f"The function {stage} failed: {_words(said)}. `make logs` follows what it says.")
    return json.loads(said)


def _words(said: str) -> str:
    """What a function raised, without its traceback."""
    try:
        error = json.loads(said)
        return ": ".join(str(error[name]) for name in ("errorType", "errorMessage") if name in error) or said[:500]
    except (ValueError, TypeError):
        return said[:500]


@cache
def _client() -> "LambdaClient":
    config = Config(
        read_timeout=MAX_CALL_SECONDS,
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,  # or what lies between may drop a connection on which nothing is sent for minutes
    )
    return boto3.client("lambda", config=config)
