"""The market's parameter of a stack, as the functions will read it."""

from typing import TYPE_CHECKING

import boto3

from ops import stack
from trading.domain.market import market_from

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def fault(stack_name: str) -> str | None:
    """What is wrong with the market's configuration, None if nothing is. Functions that run keep the last good one, so
    they do not show it: the next that starts fails.
    """
    ssm: SSMClient = boto3.client("ssm")
    [name] = stack.resources(stack_name, "AWS::SSM::Parameter")
    parameter = ssm.get_parameter(Name=name)["Parameter"]
    try:
        market_from(parameter["Value"], parameter["Version"])
    except ValueError as error:
        return f"The parameter {name} cannot be used, {error}"
    return None
