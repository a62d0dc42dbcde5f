"""What an operator does on a stack: dead letters, the life of an order, pause and recovery, reconciliation, data."""

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
    page_link,
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
from ops.shown_text import plain
from trading.aws import clock
from trading.aws.store.order_state import is_unanswered
from trading.domain.orders import CUSTOMER_ID, ORDER_ID

HINT = "`make dlq` shows whether a message about it is dead-lettered."


of_stack = click.option(
    "--stack", "name", help="A stack on AWS, with your AWS credentials; by default the system that is up here."
)


@click.command()
@click.option("--stage", help="Only this stage; by default all.")
@click.option(
    "--first", callback=arguments.count, default="20", show_default=True, help="How many to show of each kind."
)
@of_stack
def dlq(stage: str | None, first: int, name: str | None) -> None:
    """List the dead letters of all stages, each with its reason."""
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
@of_stack
def redrive_dead_letters(stage: str, name: str | None) -> None:
    """Give the dead letters of STAGE to it again. It waits for the stage, and says which are dead-lettered again."""
    stack = _stack(name, stage)
    watch = redrive.Watch(stack, stage)
    tallies = []
    for tally in redrive.redrive(stack, stage, partial(call, stack=stack)):
        tallies.append(tally)
        console.print(str(tally), markup=False)
    if not tallies:
        console.print(f"{stage} has no dead letters.")
    outcome = watch.outcome(tallies)
    if told := str(outcome):
        console.print(told, markup=False)
    if outcome.dead_lettered or any(tally.left for tally in tallies):
        raise click.exceptions.Exit(1)


@click.command("discard")
@click.argument("stage")
@click.option("--id", "only", help="Only the one that `dlq` shows with this id; by default all.")
@of_stack
def discard_dead_letters(stage: str, only: str | None, name: str | None) -> None:
    """Remove the dead letters of STAGE. A copy of each stays in the archive bucket."""
    stack = _stack(name, None if stage == dead_letters.TOPICS else stage)
    count = 0
    for each in discard.discard(stack, stage, only):
        count += 1
        _tell(each.what)
        console.print(f"             kept as {each.key}", markup=False)
    if only and not count:
        advice = "A queue shows only ten messages of a group at a time: discard or redrive these first."
        raise Failure(f"{stage} shows no dead letter with the id {plain(only)}. {advice}")
    console.print(
        f"{count} discarded, kept in s3://{dead_letters.archive_of(stack)}."
        if count
        else "There is nothing to discard."
    )


@click.command()
@of_stack
def pause(name: str | None) -> None:
    """Stop all that writes to the tables. Changes by the API are refused; all else waits. Nothing is lost."""
    recovery.pause(_stack(name))
    console.print(
        "Paused: changes are answered 503. Work that was begun ends within a minute. `make resume` ends the pause."
    )


@click.command()
@of_stack
def resume(name: str | None) -> None:
    """End a pause. The functions start cold, and remember nothing from before."""
    recovery.resume(_stack(name))
    console.print("Resumed.")


@click.command("copy-table")
@click.argument("table", type=click.Choice(recovery.TABLES))
@click.option(
    "--time",
    "instant",
    callback=arguments.instant,
    help="The time of the copy, like 2026-11-22T14:30:00Z; by default the latest.",
)
@of_stack
def copy_table(table: str, instant: datetime | None, name: str | None) -> None:
    """Restore a copy of TABLE beside it. DynamoDB does it; the name of the copy is printed."""
    physical = stack.outputs(_stack(name))[f"{table}Name"]
    click.echo(recovery.copy_of(physical, instant))


@click.command("put-back")
@click.argument("table", type=click.Choice(recovery.TABLES))
@click.argument("copy", metavar="FROM")
@click.option(
    "--exact", is_flag=True, help="Make the table equal to the copy: also change and delete what came after it."
)
@of_stack
def put_back(table: str, copy: str, name: str | None, *, exact: bool) -> None:
    """Put back into TABLE the items that only the copy FROM has."""
    tally = recovery.put_back(stack.outputs(_stack(name))[f"{table}Name"], copy, exact=exact)
    left = "are as in the copy now" if exact else "are left as they are"
    gone = "deleted" if exact else "left"
    console.print(
        f"{tally.missing} put back. {tally.changed} differ and {left}. {tally.newer} are not in the copy, {gone}."
    )


@click.command()
@click.option("--date", callback=arguments.past_date, help="The first day, like 2026-11-22; by default today.")
@of_stack
def republish(date: str, name: str | None) -> None:
    """Publish again what was executed since a day. It comes from the journals. What is booked stays as it is."""
    there = stack.outputs(_stack(name))
    count = recovery.republish(there["TradesStoreName"], there["OrderBooksName"], there["TradesTopicArn"], date)
    console.print(f"{count} messages published again.")


@click.command()
@click.argument("order")
@click.option("--customer", help="The customer of the order; by default all customers are searched.")
@of_stack
def trace(order: str, customer: str | None, name: str | None) -> None:
    """Print the life of ORDER over all stages. ORDER is an order id, or customer/order id."""
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
    if is_unanswered(item):
        console.print(f"No engine has answered it. {HINT}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Operate any stack: one on AWS, or the system that is up here."""


for command in (
    *(dlq, redrive_dead_letters, discard_dead_letters, trace),
    *(pause, resume, copy_table, put_back, republish),
):
    cli.add_command(command)


@cli.command("reconcile")
@click.option("--date", callback=arguments.past_date, help="The day, like 2026-11-23; by default today.")
@click.option(
    "--repair",
    is_flag=True,
    help="Publish orders again that no engine has answered, archive bookings that are missing there.",
)
@click.option(
    "--stack", "name", help="A stack on AWS, with your AWS credentials; by default the system that is up here."
)
def reconcile_day(date: str, name: str | None, *, repair: bool) -> None:
    """Have the reconciler compare all records of a day, and name every difference. Exits with 1 if there is one."""
    if name is None:
        system.access()
    there = name or STACK
    report = reconcile.run(there, date, partial(call, stack=there), repair=repair)
    if report["breaks"]:
        raise click.exceptions.Exit(1)


@cli.command("restore")
@click.argument("what", type=click.Choice(["statistics", "snapshots", "open-orders"]))
@click.option(
    "--date", callback=arguments.past_date, help="The day of the statistics, like 2026-11-23; by default today."
)
@click.option("--stack", "name", help="A stack on AWS; by default the system that is up here.")
def restore_lost(what: str, date: str, name: str | None) -> None:
    """Make lost data again. Tape, statistics and snapshots come from the journals, the index from the orders."""
    if name is None:
        system.access()
    there = stack.outputs(name or STACK)
    if what == "statistics":
        restored = restoring.statistics(there["TradesStoreName"], there["OrderBooksName"], date)
    elif what == "open-orders":
        restored = restoring.open_orders(there["TradesStoreName"])
    else:
        restored = restoring.snapshots(there["TradesStoreName"], there["OrderBooksName"], there["ArchiveName"])
    console.print(
        f"Made again: {', '.join(restored) or 'nothing, because nothing remains to make it from'}.", markup=False
    )


@cli.command()
@click.option("--stack", "name", required=True, help="The stack, with your AWS credentials.")
@click.option("--new-credential", is_flag=True, help="Replace the broker's credential if there is one.")
@click.option("--confirm", help="The stack's name again. A prod stack needs it, because this loads play money.")
def load(name: str, confirm: str | None, *, new_credential: bool) -> None:
    """Load reference data into a stack on AWS. It gets a broker's credential, too. Existing balances stay. A prod stack
    is refused unless `--confirm` names it.
    """
    outputs = stack.outputs(name)
    if stack.is_prod(name) and confirm != name:
        advice = f"A broker's first credential: make credential STACK={name} ROLE=broker. To load it: CONFIRM={name}"
        raise Failure(f"{name} is prod. This would give it customers with play money, and quotes. {advice}")
    table = outputs["TradesStoreName"]
    opened = reference.load(table)
    console.print(f"Quotes loaded into {table}; new customers: {', '.join(opened) or 'none'}.")
    if reference.has_credential(table, system.BROKER) and not new_credential:
        advice = f"For a new one: make load STACK={name} NEW_CREDENTIAL=1"
        console.print(f"The broker's credential exists. Its secret is not stored. {advice}", markup=False)
        return
    secret = reference.issue_credential(table, system.BROKER)
    console.print(f"API      {outputs['ApiUrl']}\nKey id   {system.BROKER}\nSecret   {secret}")
    console.print("The secret is shown only this once.")


@cli.command()
@click.option(
    "--customer", callback=arguments.customer, help="The customer, like 000002; none for a broker's credential."
)
@click.option("--role", help="broker, or customer with --customer.")
@click.option("--stack", "name", help="A stack on AWS; by default the system that is up here.")
def credential(customer: str | None, role: str | None, name: str | None) -> None:
    """Issue a credential. A customer's own gives access to this customer only, and replaces the one that this command
    issued before. A broker's is one more, and gives access to every customer.
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
    console.print("The secret is shown only this once. An earlier one may work for one minute more.")


@cli.command()
@click.option("--customer", callback=arguments.customer, help="The customer, like 000002; none for a broker.")
@click.option("--stack", "name", help="A stack on AWS; by default the system that is up here.")
def page(customer: str | None, name: str | None) -> None:
    """Print a link that signs its reader in on the page, once. A customer's link gives access to this customer only."""
    url = None if name else system.access().url
    outputs = stack.outputs(name or STACK)
    table = outputs["TradesStoreName"]
    if customer and not reference.has_customer(table, customer):
        raise Failure(f"There is no customer {customer}.")
    link = page_link.new_link(table, url or outputs["ApiUrl"], customer)
    console.print(link, markup=False, soft_wrap=True)
    console.print(f"It signs in once, within {page_link.MINUTES} minutes.")


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
        raise Failure(f"The stack {asked} has no stage {stage!r}. Its stages are: {', '.join(sorted(known))}.")
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
