"""Commands for dead letters: list them, give them to their stage again, discard them."""

from datetime import UTC, datetime, timedelta
from functools import partial

import click

from ops import arguments, dead_letter_queues, dead_letter_records, discard, redrive
from ops.commands import options
from ops.console import Failure, console
from ops.dead_letters import DeadLetter
from ops.invocation import call
from ops.shown_text import plain
from ops.stack import archive


@click.command()
@click.option("--stage", help="Only this stage; by default all.")
@click.option(
    "--first", callback=arguments.count, default="20", show_default=True, help="How many to show of each kind."
)
@options.of_stack
def dlq(stage: str | None, first: int, name: str | None) -> None:
    """List the dead letters of all stages, each with its reason."""
    stack = options.stack_named(name, None if stage == dead_letter_queues.TOPICS else stage)
    count = 0
    for queue in dead_letter_queues.queues(stack, stage):
        if there := queue.count():
            count += there
            _show(f"{queue.stage}: {queue.kind} messages", there, queue.first(first))
    records = dead_letter_records.records(stack, stage)
    for its_stage in dict.fromkeys(record.stage for record in records):
        its = [record for record in records if record.stage == its_stage]
        _show(f"{its_stage}: records of the stream", len(its), [record.shown() for record in its[:first]])
    given_up = dead_letter_records.given_up(stack, stage)
    for its_stage in dict.fromkeys(each.stage for each in given_up):
        lost = [shown for each in given_up if each.stage == its_stage for shown in each.shown()]
        _show(f"{its_stage}: records that Lambda gave up", len(lost), lost[:first])
    if not count + len(records) + len(given_up):
        console.print("Nothing is dead-lettered.")


@click.command("redrive")
@click.argument("stage")
@options.of_stack
def redrive_dead_letters(stage: str, name: str | None) -> None:
    """Give the dead letters of STAGE to it again. It waits for the stage, and says which are dead-lettered again."""
    stack = options.stack_named(name, stage)
    attempt = redrive.Attempt(stack, stage)
    tallies = []
    for tally in redrive.redrive(stack, stage, partial(call, stack=stack)):
        tallies.append(tally)
        console.print(str(tally), markup=False)
    if not tallies:
        console.print(f"{stage} has no dead letters.")
    outcome = attempt.outcome(tallies)
    if told := str(outcome):
        console.print(told, markup=False)
    if outcome.dead_lettered or any(tally.left for tally in tallies):
        raise click.exceptions.Exit(1)


@click.command("discard")
@click.argument("stage")
@click.option("--id", "only", help="Only the one that `dlq` shows with this id; by default all.")
@options.of_stack
def discard_dead_letters(stage: str, only: str | None, name: str | None) -> None:
    """Remove the dead letters of STAGE. A copy of each stays in the archive bucket."""
    stack = options.stack_named(name, None if stage == dead_letter_queues.TOPICS else stage)
    count = 0
    for each in discard.discard(stack, stage, only):
        count += 1
        _tell(each.what)
        console.print(f"             kept as {each.key}", markup=False)
    if only and not count:
        advice = "A queue shows only ten messages of a group at a time: discard or redrive these first."
        raise Failure(f"{stage} shows no dead letter with the id {plain(only)}. {advice}")
    console.print(f"{count} discarded, kept in s3://{archive(stack)}." if count else "There is nothing to discard.")


def _show(title: str, count: int, shown: list[DeadLetter]) -> None:
    """A title with the count, and two lines for each of those that are shown."""
    console.print(f"{title}: {count}" + (f", the first {len(shown)}:" if len(shown) < count else ""))
    for each in shown:
        _tell(each)


def _tell(each: DeadLetter) -> None:
    group = f"  group {each.group}" if each.group else ""
    console.print(f"  {_age(each.since):>9}{group}  {each.reason}", markup=False)
    console.print(f"             {f'{each.about} id {each.id}'.strip()}", markup=False)


def _age(since: datetime) -> str:
    """How long ago that is, like `3 days` or `5 min`."""
    passed = datetime.now(UTC) - since
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if passed >= unit:
            return f"{passed // unit} {name}"
    return f"{max(passed // timedelta(seconds=1), 0)} s"
