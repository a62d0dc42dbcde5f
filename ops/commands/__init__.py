"""What an operator does on a stack, as commands: what `python -m ops` offers, and make calls.

- `dlq`: dead letters. `inspection`: an order's life, the records of a day. `tables`: pause, put back, restore.
- `access`: reference data, credentials, links to the page. `options`: which stack.
"""

import click

from ops import command_line
from ops.commands import access, dlq, inspection, tables


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Operate any stack: one on AWS, or the system that is up here."""


for command in (
    *(dlq.dlq, dlq.redrive_dead_letters, dlq.discard_dead_letters, inspection.trace, inspection.reconcile_day),
    *(
        tables.pause_stack,
        tables.resume_stack,
        tables.copy_table,
        tables.put_back,
        tables.republish,
        tables.restore_lost,
    ),
    *(access.load, access.credential, access.page),
):
    cli.add_command(command)


def main() -> int:
    """Runs a command and returns its exit code."""
    return command_line.run(cli, "python -m ops")
