"""Starting the functions' workers before they are needed, by calls that change nothing but show that each one works."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from ops import stack
from ops.console import Failure
from trading_client import Client, Malformed, Problem

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

AT_ONCE = 4
COLD_SECONDS = 90.0
"""For a call whose functions start: beside others, on a busy machine, that takes long."""
OF_THE_API = ("-api_authorizer", "-broker_ui", "-order_entry", "-account_keeper", "-data_extractor")
NOTHING = b'{"Records": [], "requestContext": {"eventType": "DISCONNECT", "connectionId": "none"}}'
"""No records, and the end of a connection that nobody has."""
NOT_WAITED_FOR = (
    *("-api_docs", "-credential_keeper", "-operations_desk"),
    *("-archive_compactor", "-reconciler", "-session_close", "-settlement", "-ticker_keeper"),
)
"""A call of those of a schedule has an effect. A cold start of any of these harms nobody."""


def warm_up(stack_name: str, api: Client) -> None:
    """Calls every function once: those of the API through it, the others with no records.

    Raises Failure with what the function said if it cannot start.
    """
    client: LambdaClient = boto3.client(
        "lambda", config=Config(read_timeout=COLD_SECONDS, max_pool_connections=AT_ONCE)
    )

    def invoke(function: str) -> None:
        answer = client.invoke(FunctionName=function, Qualifier=stack.ALIAS, Payload=NOTHING)
        if "FunctionError" in answer:
            raise Failure(f"The function {function} fails: {answer['Payload'].read().decode()[:1000]}")

    functions = stack.resources(stack_name, "AWS::Lambda::Function")
    behind = [function for function in functions if not function.endswith(OF_THE_API + NOT_WAITED_FOR)]
    calls: list[Callable[[], None]] = [lambda: _call(api), *(lambda name=name: invoke(name) for name in behind)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for call in [pool.submit(call) for call in calls]:
            call.result()


def _call(api: Client) -> None:
    for path in ("/orders", "/customers/000001/cash"):
        _require_refusal(api, path)
    api.accounts.get("000001")
    api.request("GET", "/ui")


def _require_refusal(api: Client, path: str) -> None:
    """Raises Failure unless a request without a body is answered as one."""
    try:
        answer = api.request("POST", path, content="")
    except Malformed:
        return
    except Problem as problem:
        raise Failure(f"POST {path} without a body was answered {problem} instead of 400.") from problem
    raise Failure(f"POST {path} without a body was answered {answer.status_code} instead of 400.")
