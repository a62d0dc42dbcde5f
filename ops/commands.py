"""The commands for when something is wrong: what is dead-lettered, giving it again, and the life of an order."""

from datetime import UTC, datetime, timedelta
from functools import partial

import click

from local import system
from local.environment import STACK
from ops import (
    arguments,
    command_line,
    dead_letters,
    discard,
    order_trace,
    reconcile,
    recovery,
    redrive,
    reference,
    stack,
)
from ops import restore as restoring
from ops.console import Failure, console
from ops.dead_letters import DeadLetter
from ops.invocation import call
from ops.plain import plain
from trading.aws import clock
from trading.domain.orders import CUSTOMER_ID, ORDER_ID

HINT = "`make dlq` shows whether something of it is dead-lettered."


of_stack = click.option("--stack", "name", help="A stack on AWS, found by your environment; else what is up here.")


@click.command()
@click.option("--stage", help="One stage; all, if none is given.")
@click.option(
    "--first", callback=arguments.count, default="20", show_default=True, help="How many are shown of each kind."
)
@of_stack
def dlq(stage: str | None, first: int, name: str | None) -> None:
    """List what is dead-lettered, of all stages, and why."""
    stack = _stack(name, None if stage == dead_letters.TOPICS else stage)
    count = 0
    for queue in dead_letters.queues(stack, stage):
        if there := queue.count():
            count += there
            _show(f"{queue.stage}: {queue.kind} messages", there, queue.first(first))
    records = dead_letters.records(stack, stage)
    for its_stage in dict.fromkeys(record.stage for record in records):
        its = [record for record in records if record.stage == its_stage]
        _show(f"{its_stage}: records of the stream", len(its), [record.shown() for record in its[:first]])
    given_up = dead_letters.given_up(stack, stage)
    for its_stage in dict.fromkeys(each.stage for each in given_up):
        lost = [shown for each in given_up if each.stage == its_stage for shown in each.shown()]
        _show(f"{its_stage}: records that Lambda gave up", len(lost), lost[:first])
    if not count + len(records) + len(given_up):
        console.print("Nothing is dead-lettered.")


@click.command("redrive")
@click.argument("stage")
@click.option("--old", is_flag=True, help="Count also bookings of which nobody remembers whether they are counted.")
@of_stack
def redrive_dead_letters(stage: str, name: str | None, *, old: bool) -> None:
    """Give what is dead-lettered of STAGE to it again, wait for it, and say what is dead-lettered again."""
    stack = _stack(name, stage)
    watch = redrive.Watch(stack, stage)
    tallies = []
    for tally in redrive.redrive(stack, stage, partial(call, stack=stack), old=old):
        tallies.append(tally)
        console.print(str(tally), markup=False)
    if not tallies:
        console.print(f"Nothing of {stage} is dead-lettered.")
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
    stack = _stack(name, None if stage == dead_letters.TOPICS else stage)
    count = 0
    for each in discard.discard(stack, stage, only):
        count += 1
        _tell(each.what)
        console.print(f"             kept as {each.key}", markup=False)
    if only and not count:
        advice = "A queue shows ten messages of a group at a time: discard or redrive those first."
        raise Failure(f"Nothing of {stage} with the id {plain(only)} can be seen. {advice}")
    console.print(
        f"{count} discarded, kept in s3://{dead_letters.archive_of(stack)}." if count else "Nothing is there."
    )


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
    trail = order_trace.trail_of(_stack(name))
    item = order_trace.find(trail, order_id, customer_id)
    terms = f"{item['direction']} {int(item['initialQuantity']):,} {item['ticker']}, {item['type']}"
    console.print(f"Order {order_id} of customer {item['customerId']}: {terms}", markup=False)
    life = order_trace.life_of(trail, item)
    for line in order_trace.told(life):
        console.print(line, markup=False)
    if item["leavesQuantity"] and not item.get("answered"):
        console.print(f"No engine has answered it. {HINT}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """What an operator does on any stack: on AWS, or on the system that is up here."""


for command in (
    *(dlq, redrive_dead_letters, discard_dead_letters, trace),
    *(pause, resume, copy_table, put_back, republish),
):
    cli.add_command(command)


@cli.command("reconcile")
@click.option("--date", callback=arguments.past_date, help="The day, like 2026-11-23; today if none is given.")
@click.option("--repair", is_flag=True, help="Publish accepted orders again that no engine has answered.")
@click.option(
    "--stack", "name", help="A stack on AWS, found by your AWS environment; what is up here if none is given."
)
def reconcile_day(date: str, name: str | None, *, repair: bool) -> None:
    """Hold all that is stored of a day against each other. Ends with exit code 1 if anything differs."""
    if name is None:
        system.access()
    report = reconcile.run(name or STACK, date, repair=repair)
    if report.breaks:
        raise click.exceptions.Exit(1)


@cli.command("restore")
@click.argument("what", type=click.Choice(["statistics", "snapshots", "open-orders"]))
@click.option(
    "--date", callback=arguments.past_date, help="The day of the statistics, like 2026-11-23; today if none is given."
)
@click.option("--stack", "name", help="A stack on AWS; what is up here if none is given.")
def restore_lost(what: str, date: str, name: str | None) -> None:
    """Make market statistics, engines' snapshots or the list of open orders anew, from bookings, journals, orders."""
    if name is None:
        system.access()
    there = stack.outputs(name or STACK)
    if what == "statistics":
        restored = restoring.statistics(there["TradesStoreName"], date)
    elif what == "open-orders":
        restored = restoring.open_orders(there["TradesStoreName"])
    else:
        restored = restoring.snapshots(there["TradesStoreName"], there["OrderBooksName"], there["ArchiveName"])
    console.print(f"Made anew: {', '.join(restored) or 'nothing, for nothing remains of it'}.", markup=False)


@cli.command()
@click.option("--stack", "name", required=True, help="The stack, found by your AWS environment.")
@click.option("--new-credential", is_flag=True, help="Replace the broker's credential if there is one.")
@click.option("--confirm", help="The stack's name once more: needed for prod, where play money harms.")
def load(name: str, confirm: str | None, *, new_credential: bool) -> None:
    """Load reference data, and a broker's credential, into a stack on AWS. Balances that are there stay. Refuses prod
    unless its name is confirmed.
    """
    outputs = stack.outputs(name)
    if stack.is_prod(name) and confirm != name:
        advice = f"A broker's first credential: make credential STACK={name} ROLE=broker. To load it: CONFIRM={name}"
        raise Failure(f"{name} is prod. This would give it customers with play money, and quotes. {advice}")
    table = outputs["TradesStoreName"]
    opened = reference.load(table)
    console.print(f"Quotes loaded into {table}; new customers: {', '.join(opened) or 'none'}.")
    if reference.has_credential(table, system.BROKER) and not new_credential:
        advice = f"For another one: make load STACK={name} NEW_CREDENTIAL=1"
        console.print(f"The broker's credential exists. Its secret is not stored. {advice}", markup=False)
        return
    secret = reference.issue_credential(table, system.BROKER)
    console.print(f"API      {outputs['ApiUrl']}\nKey id   {system.BROKER}\nSecret   {secret}")
    console.print("This is the only time that the secret is shown.")


@cli.command()
@click.option("--customer", callback=arguments.customer, help="Whose credential it is; none for a broker's.")
@click.option("--role", help="broker, or customer with --customer.")
@click.option("--stack", "name", help="A stack on AWS; what is up here if none is given.")
def credential(customer: str | None, role: str | None, name: str | None) -> None:
    """Issue a customer's own credential, for its own data and orders alone, which replaces the one of this command that
    it had before; or another one for a broker, who acts for every customer.
    """
    if (role or "customer") != ("customer" if customer else "broker"):
        raise Failure("Say whose: ROLE=broker alone, or CUSTOMER=000002.")
    if name is None:
        system.access()
    outputs = stack.outputs(name or STACK)
    table = outputs["TradesStoreName"]
    if customer and not reference.has_customer(table, customer):
        raise Failure(f"There is no customer {customer}.")
    key_id = f"customer-{customer}" if customer else f"broker-{clock.new_order_id(clock.now())}"
    secret = reference.issue_credential(table, key_id, customer)
    url = outputs["ApiUrl"] if name else system.access().url
    console.print(f"API      {url}\nKey id   {key_id}\nSecret   {secret}", markup=False)
    console.print("This is the only time that the secret is shown. An earlier one may be taken for a minute more.")


def _stack(name: str | None, stage: str | None = None) -> str:
    """The stack that is asked for: one on AWS, or what is up here. Raises Failure if there is none, or it has no such
    stage.
    """
    if name is None:
        system.port()
    asked = name or STACK
    if stage is None:
        stack.outputs(asked)
    elif stage not in (known := dead_letters.stages(asked)):
        raise Failure(f"There is no stage {stage!r} in the stack {asked}, but: {', '.join(sorted(known))}.")
    return asked


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


def main() -> int:
    """Runs a command and returns its exit code."""
    return command_line.run(cli, "python -m ops")
