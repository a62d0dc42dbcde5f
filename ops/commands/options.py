"""Options that commands share, and the stack that they name."""

import click

from local import system
from local.environment import STACK
from ops import stack
from ops.console import Failure

of_stack = click.option(
    "--stack", "name", help="A stack on AWS, with your AWS credentials; by default the system that is up here."
)


def complete_stack(name: str | None) -> str:
    """The stack that is asked for: one on AWS, or what is up here. Raises Failure if that is not deployed whole."""
    if name is None:
        system.access()
    return name or STACK


def stack_named(name: str | None, stage: str | None = None) -> str:
    """The stack that is asked for: one on AWS, or what is up here. Raises Failure if there is none, or it has no such
    stage.
    """
    if name is None:
        system.port()
    asked = name or STACK
    if stage is None:
        stack.outputs(asked)
    elif stage not in (known := stack.stages(asked)):
        raise Failure(f"The stack {asked} has no stage {stage!r}. Its stages are: {', '.join(sorted(known))}.")
    return asked
