"""Versions of a stack's functions: which one is live, and how a new one is made of what is released already.

A new version is made of a function's unpublished code and settings. These may differ from what is live: after a
rollback, or while a release is on its way. Then nothing is published.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from ops.console import Failure
from ops.stack import ALIAS
from trading.aws import clock
from trading.aws.pause import PAUSED

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

COMPARED = ("CodeSha256", "Runtime", "Handler", "Architectures", "MemorySize", "Timeout", "Role")
"""What two versions that do the same have in common, beside their layers and variables."""
Configuration = Mapping[str, Any]


class NotReleased(Failure):
    """These functions have code or settings that are not live, or not for all calls. Nothing was changed."""

    def __init__(self, functions: list[str]) -> None:
        super().__init__(
            f"The code of these functions is not live, or live for a part of the calls only: {', '.join(functions)}."
            " Nothing was done. Wait until the deployment has ended. If it was rolled back, deploy what is live again."
        )


def require_released(functions: list[str]) -> None:
    """Raises Failure, with their names, if a new version of one would be anything else than what is live."""
    others = [function for function in functions if _released(function) is None]
    if others:
        raise NotReleased(others)


def renew(function: str) -> None:
    """Lets the function start cold, from a new version of what is live. Raises Failure where there is none."""
    live = _required(function)
    _publish(function, live, _variables(live), f"Resumed {clock.now():%F %T}")


def is_closed(function: str) -> bool:
    """Whether the function refuses what it is called for."""
    return PAUSED in _variables(_live(function))


def close(function: str) -> None:
    """Lets the function refuse what it is called for, until `reopen`. Done again it changes nothing."""
    if is_closed(function):
        return
    live = _required(function)
    closed = _variables(live) | {PAUSED: live["Version"]}
    try:
        _publish(function, live, closed, f"Paused {clock.now():%F %T}")
    finally:  # or the next release would be paused
        _configure(function, Environment={"Variables": _variables(live)}, Description=live.get("Description", ""))


def reopen(function: str) -> None:
    """Lets the version go on that was live when the function was closed. Where another was released since, it stays."""
    before = _variables(_live(function)).get(PAUSED)
    if before:
        _lambda().update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=before)


def _publish(function: str, live: Configuration, variables: Mapping[str, str], description: str) -> None:
    """Makes a new version live: what is live, with these variables. Raises Failure if it would be something else."""
    configured = _configure(function, Environment={"Variables": dict(variables)}, Description=description)
    if not _same(configured, live):
        raise NotReleased([function])
    version = _lambda().publish_version(
        FunctionName=function, CodeSha256=live["CodeSha256"], RevisionId=configured["RevisionId"]
    )["Version"]
    _lambda().get_waiter("published_version_active").wait(FunctionName=function, Qualifier=version)
    _lambda().update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version)


def _configure(function: str, **fields: Any) -> Configuration:
    """The function's configuration with these fields, once it has them."""
    _lambda().update_function_configuration(FunctionName=function, **fields)
    _lambda().get_waiter("function_updated_v2").wait(FunctionName=function)
    return _lambda().get_function_configuration(FunctionName=function)


def _required(function: str) -> Configuration:
    live = _released(function)
    if live is None:
        raise NotReleased([function])
    return live


def _released(function: str) -> Configuration | None:
    """What is live, if it is live for all calls and the function itself holds the same; else None."""
    alias = _lambda().get_alias(FunctionName=function, Name=ALIAS)
    live = _live(function)
    if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"):
        return None
    return live if _same(_lambda().get_function_configuration(FunctionName=function), live) else None


def _live(function: str) -> Configuration:
    return _lambda().get_function_configuration(FunctionName=function, Qualifier=ALIAS)


def _same(one: Configuration, other: Configuration) -> bool:
    return _compared(one) == _compared(other)


def _compared(configuration: Configuration) -> list[Any]:
    layers = [layer["Arn"] for layer in configuration.get("Layers", [])]
    open_ones = {name: value for name, value in _variables(configuration).items() if name != PAUSED}
    return [layers, open_ones, *(configuration.get(name) for name in COMPARED)]


def _variables(configuration: Configuration) -> dict[str, str]:
    return dict(configuration.get("Environment", {}).get("Variables", {}))


@cache
def _lambda() -> "LambdaClient":
    return boto3.client("lambda")
