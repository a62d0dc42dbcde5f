"""The commands: what `python -m local` offers, and make calls. Each does one thing that a target of the Makefile names.

- `lifecycle`: bring the system up, take it down, look at it. `trading`: orders and statements.
- `market_day`: opening hours, the session, settlement. `functions`: in containers, and their sizes.
"""

import click

from local.commands import functions, lifecycle, market_day, trading
from ops import command_line


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The trading system on this machine, without Docker and without an AWS account."""


for command in (
    *(lifecycle.run, lifecycle.up, lifecycle.down, lifecycle.show_status, lifecycle.logs),
    *(trading.order, trading.statement),
    *(market_day.hours, market_day.open_session, market_day.close, market_day.settle),
    *(functions.invoke, functions.start_api, functions.show_sizes),
):
    cli.add_command(command)


def main() -> int:
    """Runs a command and returns its exit code."""
    return command_line.run(cli, "python -m local")
