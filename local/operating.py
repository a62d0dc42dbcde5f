"""The commands for when something is wrong: what is parked, giving it again, and the life of an order."""

from datetime import UTC, datetime, timedelta
from functools import partial

import click

from local import arguments, discard, parked, recovery, redriving, stack, system, tracing
from local.calling import call
from local.console import Failure, console
from local.environment import STACK
from local.parked import Parked
from local.plain import plain
from trading.domain.orders import CUSTOMER_ID, ORDER_ID

HINT = "`make dlq` shows whether something of it is parked."

of_stack = click.option("--stack", "name", help="A stack on AWS, found by your environment; else what is up here.")


@click.command()
@click.option("--stage", help="One stage; all, if none is given.")
@click.option(
    "--first", callback=arguments.count, default="20", show_default=True, help="How many are shown of each kind."
)
@of_stack
def dlq(stage: str | None, first: int, name: str | None) -> None:
    """List what is parked, of all stages, and why."""
    stack = _stack(name, None if stage == parked.TOPICS else stage)
    count = 0
    for queue in parked.queues(stack, stage):
        if there := queue.count():
            count += there
            _show(f"{queue.stage}: {queue.kind} messages", there, queue.first(first))
    records = parked.records(stack, stage)
    for its_stage in dict.fromkeys(record.stage for record in records):
        its = [record for record in records if record.stage == its_stage]
        _show(f"{its_stage}: records of the stream", len(its), [record.shown() for record in its[:first]])
    given_up = parked.given_up(stack, stage)
    for its_stage in dict.fromkeys(each.stage for each in given_up):
        lost = [shown for each in given_up if each.stage == its_stage for shown in each.shown()]
        _show(f"{its_stage}: records that Lambda gave up", len(lost), lost[:first])
    if not count + len(records) + len(given_up):
        console.print("Nothing is parked.")


@click.command()
@click.argument("stage")
@click.option("--old", is_flag=True, help="Count also bookings of which nobody remembers whether they are counted.")
@of_stack
def redrive(stage: str, name: str | None, *, old: bool) -> None:
    """Give what is parked of STAGE to it again, wait for it, and say what is dead-lettered again."""
    stack = _stack(name, stage)
    watch = redriving.Watch(stack, stage)
    tallies = []
    for tally in redriving.redrive(stack, stage, partial(call, stack=stack), old=old):
        tallies.append(tally)
        console.print(str(tally), markup=False)
    if not tallies:
        console.print(f"Nothing of {stage} is parked.")
    outcome = watch.outcome(tallies)
    if told := str(outcome):
        console.print(told, markup=False)
    if outcome.dead_lettered or any(tally.left for tally in tallies):
        raise click.exceptions.Exit(1)


@click.command("discard")
@click.argument("stage")
@click.option("--id", "only", help="The one with this id, as `dlq` shows it; all that are there, if none is given.")
@of_stack
def discard_dead_letters(stage: str, only: str | None, name: str | None) -> None:
    """Take away what is dead-lettered of STAGE; it is kept in the archive bucket."""
    stack = _stack(name, None if stage == parked.TOPICS else stage)
    count = 0
    for each in discard.discard(stack, stage, only):
        count += 1
        _tell(each.what)
        console.print(f"             kept as {each.key}", markup=False)
    if only and not count:
        advice = "A queue shows ten messages of a group at a time: discard or redrive those first."
        raise Failure(f"Nothing of {stage} with the id {plain(only)} can be seen. {advice}")
    console.print(f"{count} discarded, kept in s3://{parked.archive_of(stack)}." if count else "Nothing is there.")


@click.command()
@of_stack
def pause(name: str | None) -> None:
    """Stop all that writes to the tables: the API's changes, schedules, queues and streams. Nothing is lost."""
    recovery.pause(_stack(name))
    console.print(
        "Paused: changes are answered 503. What was begun ends within a minute. `make resume` ends the pause."
    )


@click.command()
@of_stack
def resume(name: str | None) -> None:
    """Start again what was paused; functions forget what they remember."""
    recovery.resume(_stack(name))
    console.print("Resumed.")


@click.command("copy-table")
@click.argument("table", type=click.Choice(recovery.TABLES))
@click.option(
    "--time",
    "instant",
    callback=arguments.instant,
    help="Like 2026-11-22T14:30:00Z; the latest there is, if none is given.",
)
@of_stack
def copy_table(table: str, instant: datetime | None, name: str | None) -> None:
    """Have DynamoDB restore TABLE as it was, beside it, and print the copy's name."""
    physical = stack.outputs(_stack(name))[f"{table}Name"]
    click.echo(recovery.copy_of(physical, instant))


@click.command("put-back")
@click.argument("table", type=click.Choice(recovery.TABLES))
@click.argument("copy", metavar="FROM")
@click.option("--exact", is_flag=True, help="Make the table what the copy is: also change and delete what came since.")
@of_stack
def put_back(table: str, copy: str, name: str | None, *, exact: bool) -> None:
    """Put back into TABLE what COPY has and TABLE has lost."""
    tally = recovery.put_back(stack.outputs(_stack(name))[f"{table}Name"], copy, exact=exact)
    left = "are as in the copy now" if exact else "are left as they are"
    gone = "deleted" if exact else "left"
    console.print(
        f"{tally.missing} put back. {tally.changed} differ and {left}. {tally.newer} the copy has not, {gone}."
    )


@click.command()
@click.option("--date", callback=arguments.past_date, help="The first day, like 2026-11-22; today if none is given.")
@of_stack
def republish(date: str, name: str | None) -> None:
    """Publish again what the engines' journals say was executed since a day: what is booked stays as it is."""
    there = stack.outputs(_stack(name))
    count = recovery.republish(there["TradesStoreName"], there["OrderBooksName"], there["TradesTopicArn"], date)
    console.print(f"{count} messages published again.")


@click.command()
@click.argument("order")
@click.option("--customer", help="Whose order it is; without it all customers are asked.")
@of_stack
def trace(order: str, customer: str | None, name: str | None) -> None:
    """Print the life of ORDER, an order id or customer/order id, over all stages."""
    whose, _, order_id = order.rpartition("/")
    customer_id = whose or customer
    if not ORDER_ID.fullmatch(order_id) or (customer_id and not CUSTOMER_ID.fullmatch(customer_id)):
        raise Failure(f"ORDER is an order id, or 000002/ and an order id, not {order!r}.")
    trail = tracing.trail_of(_stack(name))
    item = tracing.find(trail, order_id, customer_id)
    terms = f"{item['direction']} {int(item['initialQuantity']):,} {item['ticker']}, {item['type']}"
    console.print(f"Order {order_id} of customer {item['customerId']}: {terms}", markup=False)
    life = tracing.life_of(trail, item)
    for line in tracing.told(life):
        console.print(line, markup=False)
    if item["leavesQuantity"] and not item.get("answered"):
        console.print(f"No engine has answered it. {HINT}")


def _stack(name: str | None, stage: str | None = None) -> str:
    """The stack that is asked for: one on AWS, or what is up here. Raises Failure if there is none, or it has no such
    stage.
    """
    if name is None:
        system.port()
    asked = name or STACK
    if stage is None:
        stack.outputs(asked)
    elif stage not in (known := parked.stages(asked)):
        raise Failure(f"There is no stage {stage!r} in the stack {asked}, but: {', '.join(sorted(known))}.")
    return asked


def _show(title: str, count: int, shown: list[Parked]) -> None:
    """A title with the count, and two lines for each of those that are shown."""
    console.print(f"{title}: {count}" + (f", the first {len(shown)}:" if len(shown) < count else ""))
    for each in shown:
        _tell(each)


def _tell(each: Parked) -> None:
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
