"""The market's parameter of a stack, as the functions will read it, and its opening hours."""

import json
from typing import TYPE_CHECKING

import boto3

from ops import stack
from trading.domain.market import Market, market_from
from trading.domain.orders import PoolType

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def fault(stack_name: str) -> str | None:
    """What is wrong with the market's configuration, None if nothing is. Functions that run keep the last good one, so
    they do not show it: the next that starts fails.
    """
    name, text, version = _read(stack_name)
    try:
        market_from(text, version)
    except ValueError as error:
        return f"The parameter {name} cannot be used, {error}"
    return None


def market(stack_name: str) -> Market:
    """The market's configuration. Raises ValueError if it cannot be used."""
    _, text, version = _read(stack_name)
    return market_from(text, version)


def set_hours(stack_name: str, hours: str) -> None:
    """Gives both pool types these opening hours. Raises ValueError, and changes nothing, for others than there are."""
    name, text, version = _read(stack_name)
    changed = json.dumps(json.loads(text) | {"openingHours": {pool.value: hours for pool in PoolType}}, indent=2)
    market_from(changed, version)
    ssm: SSMClient = boto3.client("ssm")
    ssm.put_parameter(Name=name, Value=changed, Overwrite=True)


def _read(stack_name: str) -> tuple[str, str, int]:
    """The parameter's name, text and version."""
    ssm: SSMClient = boto3.client("ssm")
    [name] = stack.resources(stack_name, "AWS::SSM::Parameter")
    parameter = ssm.get_parameter(Name=name)["Parameter"]
    return name, parameter["Value"], parameter["Version"]
