"""Commands for lost or wrong data: pause the system, put a table back, make lost data again."""

from datetime import datetime

import click

from ops import arguments, pause, recovery, republication, restore, stack
from ops.commands import options
from ops.console import console


@click.command("pause")
@options.of_stack
def pause_stack(name: str | None) -> None:
    """Stop all that writes to the tables. Changes by the API are refused; all else waits. Nothing is lost."""
    pause.pause(options.stack_named(name))
    console.print(
        "Paused: changes are answered 503. Work that was begun ends within a minute. `make resume` ends the pause."
    )


@click.command("resume")
@options.of_stack
def resume_stack(name: str | None) -> None:
    """End a pause. The functions start cold, and remember nothing from before."""
    pause.resume(options.stack_named(name))
    console.print("Resumed.")


@click.command("copy-table")
@click.argument("table", type=click.Choice(recovery.TABLES))
@click.option(
    "--time",
    "instant",
    callback=arguments.instant,
    help="The time of the copy, like 2026-11-22T14:30:00Z; by default the latest.",
)
@options.of_stack
def copy_table(table: str, instant: datetime | None, name: str | None) -> None:
    """Restore a copy of TABLE beside it. DynamoDB does it; the name of the copy is printed."""
    physical = stack.outputs(options.stack_named(name))[f"{table}Name"]
    click.echo(recovery.copy_of(physical, instant))


@click.command("put-back")
@click.argument("table", type=click.Choice(recovery.TABLES))
@click.argument("copy", metavar="FROM")
@click.option(
    "--exact", is_flag=True, help="Make the table equal to the copy: also change and delete what came after it."
)
@options.of_stack
def put_back(table: str, copy: str, name: str | None, *, exact: bool) -> None:
    """Put back into TABLE the items that only the copy FROM has."""
    tally = recovery.put_back(stack.outputs(options.stack_named(name))[f"{table}Name"], copy, exact=exact)
    left = "are as in the copy now" if exact else "are left as they are"
    gone = "deleted" if exact else "left"
    console.print(
        f"{tally.missing} put back. {tally.changed} differ and {left}. {tally.newer} are not in the copy, {gone}."
    )


@click.command()
@click.option("--date", callback=arguments.past_date, help="The first day, like 2026-11-22; by default today.")
@options.of_stack
def republish(date: str, name: str | None) -> None:
    """Publish again what was executed since a day. It comes from the journals. What is booked stays as it is."""
    there = stack.outputs(options.stack_named(name))
    count = republication.republish(there["TradesStoreName"], there["OrderBooksName"], there["TradesTopicArn"], date)
    console.print(f"{count} messages published again.")


@click.command("restore")
@click.argument("what", type=click.Choice(["statistics", "snapshots", "open-orders"]))
@click.option(
    "--date", callback=arguments.past_date, help="The day of the statistics, like 2026-11-23; by default today."
)
@options.of_stack
def restore_lost(what: str, date: str, name: str | None) -> None:
    """Make lost data again. Tape, statistics and snapshots come from the journals, the index from the orders."""
    there = stack.outputs(options.complete_stack(name))
    if what == "statistics":
        restored = restore.statistics(there["TradesStoreName"], there["OrderBooksName"], date)
    elif what == "open-orders":
        restored = restore.open_orders(there["TradesStoreName"])
    else:
        restored = restore.snapshots(there["TradesStoreName"], there["OrderBooksName"], there["ArchiveName"])
    console.print(
        f"Made again: {', '.join(restored) or 'nothing, because nothing remains to make it from'}.", markup=False
    )
