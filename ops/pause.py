"""A pause: nothing writes to a stack's tables any more, until it is resumed.

The API refuses changes, and says so. What gets its work from queues, streams and schedules stands still.
"""

from functools import cache
from typing import TYPE_CHECKING

import boto3

from ops import stack, versions, wait
from ops.console import Failure

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationResponseTypeDef

OF_THE_API = ("order_entry", "account_keeper", "credential_keeper", "ticker_keeper")
"""What writes when the API calls it."""
OF_SCHEDULES = ("session_close", "settlement", "archive_compactor", "reconciler")
"""What writes when a schedule calls it; the others get their work from queues and streams."""
MAPPING_SECONDS = 300.0


def pause(name: str) -> None:
    """Stops all writes to the stack's tables. What has begun is finished. Messages wait meanwhile, and the API refuses
    changes.
    """
    for stage in OF_THE_API:
        versions.close(f"{name}-{stage}")
    for stage in OF_SCHEDULES:
        _lambda().put_function_concurrency(FunctionName=f"{name}-{stage}", ReservedConcurrentExecutions=0)
    _switch(name, enabled=False)


def is_paused(name: str) -> bool:
    """Whether the stack's API refuses changes."""
    return any(versions.is_closed(f"{name}-{stage}") for stage in OF_THE_API)


def resume(name: str) -> None:
    """Ends a pause. Every function that has a queue or a stream starts cold, because the data that it remembers may be
    gone.

    Raises Failure, and changes nothing, if one of them has code or settings that are not released.
    """
    functions = sorted({mapping["FunctionArn"].split(":")[6] for mapping in _mappings(name)})
    versions.require_released(functions)
    for function in functions:
        versions.renew(function)
    _switch(name, enabled=True)
    for stage in OF_SCHEDULES:
        _lambda().delete_function_concurrency(FunctionName=f"{name}-{stage}")
    for stage in OF_THE_API:
        versions.reopen(f"{name}-{stage}")


def _mappings(name: str) -> "list[EventSourceMappingConfigurationResponseTypeDef]":
    ids = stack.resources(name, "AWS::Lambda::EventSourceMapping")
    return [_lambda().get_event_source_mapping(UUID=each) for each in ids]


def _switch(name: str, *, enabled: bool) -> None:
    """All mappings on or off. Raises Failure if one is not so in time."""
    for mapping in _mappings(name):
        _lambda().update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)
    state = "Enabled" if enabled else "Disabled"
    if not wait.until(lambda: all(each["State"] == state for each in _mappings(name)), MAPPING_SECONDS):
        raise Failure(f"Not every mapping of the stack {name} is {state} yet: run the same command again.")


@cache
def _lambda() -> "LambdaClient":
    return boto3.client("lambda")
