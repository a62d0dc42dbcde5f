"""One boto3 client per service, made when first used."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import boto3
from botocore.config import Config

from trading.aws.time_limit import TIME_LIMIT

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

T = TypeVar("T")
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 1, 3, 2
ATTEMPT_SECONDS = CONNECT_SECONDS + READ_SECONDS
MAX_CALL_SECONDS = ATTEMPTS * ATTEMPT_SECONDS + 2 ** (ATTEMPTS - 1) - 1
"""The longest that a call takes: all attempts, and botocore's pauses between them (at most 1 s, then doubling). It is
shorter than any stage's time limit, so that a call ends in an error, not in a killed function. What is slower or needs
more attempts comes again with its message.
"""

MAX_THREADS = 16
"""The most threads of a stage that makes its calls in parallel: each has a connection."""

# botocore neither checks parameters (decision 193) nor puts together a user agent (decision 206).
CONFIG = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    tcp_keepalive=True,
    max_pool_connections=MAX_THREADS,
    parameter_validation=False,
    user_agent="serverless-trading-system",
)

SSM_SECONDS = 2.0
SSM_CONFIG = CONFIG.merge(Config(read_timeout=SSM_SECONDS - CONNECT_SECONDS, retries={"total_max_attempts": 1}))
"""One attempt, which ends within SSM_SECONDS: the caller decides whether to try again."""

SOCKET_SECONDS = 2.0
SOCKET_CONFIG = CONFIG.merge(Config(read_timeout=SOCKET_SECONDS - CONNECT_SECONDS, retries={"total_max_attempts": 1}))
"""One attempt, which ends within SOCKET_SECONDS: a connection that does not take a frame by then is closed."""

_MAKING = Lock()
"""boto3's session must make one client at a time: several threads at once break it."""


@cache
def dynamodb() -> "DynamoDBClient":
    with _MAKING:
        return _limited(boto3.client("dynamodb", config=CONFIG))


@cache
def sns() -> "SNSClient":
    with _MAKING:
        client = _limited(boto3.client("sns", config=CONFIG))
    client.meta.events.register("before-call", _write_form)
    return client


@cache
def sqs() -> "SQSClient":
    with _MAKING:
        return _limited(boto3.client("sqs", config=CONFIG))


@cache
def s3() -> "S3Client":
    with _MAKING:
        return _limited(boto3.client("s3", config=CONFIG))


@cache
def ssm() -> "SSMClient":
    with _MAKING:
        return _limited(boto3.client("ssm", config=SSM_CONFIG))


@cache
def connections(endpoint: str) -> "ApiGatewayManagementApiClient":
    """The connections of the WebSocket API whose management API answers at `endpoint`."""
    with _MAKING:
        return _limited(boto3.client("apigatewaymanagementapi", endpoint_url=endpoint, config=SOCKET_CONFIG))


def _limited(client: T) -> T:
    """The client, set up to begin no attempt that may last longer than the function."""
    client.meta.events.register("before-send", _require_time)  # type: ignore[attr-defined] # every client has it
    return client


def _write_form(params: dict[str, Any], **_: Any) -> None:
    """Writes the form of a call once. botocore would write it to sign the call, and again to send it. Decision 201.
    A botocore that speaks another protocol with SNS has written the body already.
    """
    if isinstance(params["body"], dict):
        params["body"] = urlencode(params["body"])


def _require_time(**_: Any) -> None:
    TIME_LIMIT.require(ATTEMPT_SECONDS)
