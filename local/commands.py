"""The commands. Each does one thing that a target of the Makefile names."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from local import (
    arguments,
    containers,
    ministack,
    operating,
    orders,
    reconcile,
    reference,
    restore,
    samples,
    sessions,
    sizes,
    stack,
    statements,
    status,
    system,
)
from local import logs as following
from local.api import Api
from local.calling import call
from local.console import Failure, console
from local.environment import STACK, use_tools
from local.paths import BUILD
from local.processes import STOPPING, attend
from trading.domain.times import session_date

SEED_ORDER = {
    "customerId": "000002",
    "direction": "Buy",
    "ticker": "COIN",
    "type": "Limit",
    "quantity": 8614,
    "price": "161.90",
}

INTERRUPTED = 130

at_port = click.option(
    "--port", envvar="PORT", callback=arguments.port, default="4566", show_default=True, help="Where to listen."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The trading system on this machine, without Docker and without an AWS account."""


for command in (
    *(operating.dlq, operating.redrive, operating.discard_dead_letters, operating.trace),
    *(operating.pause, operating.resume, operating.copy_table, operating.put_back, operating.republish),
):
    cli.add_command(command)


@cli.command()
@at_port
def run(port: int) -> None:
    """Start everything, send an order through it, and stay up until Ctrl-C."""
    there = ministack.running()
    if there is not None:
        raise Failure(f"A system is up already, on port {there.port}: `make status` shows it, `make down` stops it.")
    process, access = system.start(port)
    try:
        _demonstrate(access.api())
        system.let_containers_in()
        system.introduce(access)
        console.print("It is up, here and for all other targets. Ctrl-C stops it.")
        _wait_for_end(process)
    finally:
        ministack.stop(process)


@cli.command()
@at_port
@click.pass_context
def up(context: click.Context, port: int) -> None:
    """Start everything in the background, or bring what is up up to date."""
    there = ministack.running()
    if there is None:
        _, access = system.start(port)
    else:
        chosen = context.get_parameter_source("port") is not click.core.ParameterSource.DEFAULT
        if chosen and there.port != port:
            raise Failure(f"A system is up already, on port {there.port}. Stop it first: make down")
        found = system.up_to_date(there)
        console.print(f"A system is up on port {there.port}" + (", and up to date." if found else ": updating it."))
        access = found or system.install(there.port)
    system.let_containers_in()
    system.introduce(access)


@cli.command()
def down() -> None:
    """Stop what is up. All that it held is gone."""
    console.print("Stopped." if ministack.stop() else "Nothing was up.")


@cli.command("status")
def show_status() -> None:
    """Show whether a system is up, its stack, and what is queued or parked."""
    status.show()


@cli.command()
def logs() -> None:
    """Follow the functions' logs, from now on, a line per record, until Ctrl-C."""
    system.access()
    click.echo("Waiting for the functions to log something; Ctrl-C ends it.", err=True)
    with suppress(KeyboardInterrupt):
        for line in following.follow(STACK):
            click.echo(line)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def order(file: Path) -> None:
    """Post FILE, one order or an array of orders, and follow each until it has ended or rests in the book."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    api = system.access().api()
    accepted, refused = orders.post(api, body)
    following = orders.Following(api, accepted)
    try:
        if accepted:
            following.show()
    finally:  # also what is known when Ctrl-C or a failure comes
        for line in following.lines():
            console.print(line, markup=False)
        if following.open_ids:
            console.print(f"Open: {', '.join(following.open_ids)}", markup=False)
        for refusal in refused:
            click.echo(str(refusal), err=True)
    if refused or following.is_short:
        raise click.exceptions.Exit(1)


@cli.command()
@click.argument("customer", callback=arguments.customer)
@click.option("--date", callback=arguments.past_date, help="Today in UTC, if none is given.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
def statement(customer: str, date: str, form: str) -> None:
    """Print CUSTOMER's statement of a day: balances, what moved, trades."""
    api = system.access().api()
    if form == "csv":
        for part in api.statement_csv(customer, date):
            click.echo(part, nl=False)
    else:
        click.echo(json.dumps(statements.document(api, customer, date), indent=2))


@cli.command()
def close() -> None:
    """End today's session, as the schedule does at midnight UTC: what was to last no longer expires."""
    system.access()
    session = session_date(datetime.now(UTC))
    table = stack.outputs(STACK)["TradesStoreName"]
    told = sessions.closed(STACK, table, lambda: call("session_close", {"sessionDate": session}))
    console.print(f"The session {session} has ended. {told}")


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
        restored = restore.statistics(there["TradesStoreName"], date)
    elif what == "open-orders":
        restored = restore.open_orders(there["TradesStoreName"])
    else:
        restored = restore.snapshots(there["TradesStoreName"], there["OrderBooksName"], there["ArchiveName"])
    console.print(f"Made anew: {', '.join(restored) or 'nothing, for nothing remains of it'}.", markup=False)


@cli.command()
@click.option("--date", callback=arguments.date, help="The last value date that settles, also one that has not come.")
def settle(date: str) -> None:
    """Settle what is due until a date, today if none is given, as the schedule does every hour."""
    system.access()
    answer = call("settlement", {"valueDate": date})
    if not answer["settled"]:
        due = sessions.next_due(stack.outputs(STACK)["TradesStoreName"], date)
        advice = (
            f"The next value date with trades is {due}: make settle DATE={due}" if due else "Nor is anything later."
        )
        console.print(f"Nothing is due until {date}. {advice}")
        return
    net = Decimal(answer["net"])
    moved = "paid for purchases, less sales" if net >= 0 else "received for sales, less purchases"
    count = "1 position" if answer["settled"] == 1 else f"{answer['settled']} positions"
    console.print(f"Settled what was due until {date}: {count}, {abs(net):,} USD {moved}.")


@cli.command()
@click.argument("stage")
@click.argument("event", type=click.Path(path_type=Path))
def invoke(stage: str, event: Path) -> None:
    """Give EVENT to the function of STAGE in a container, with what is up for its AWS."""
    samples.check(event, stage)
    containers.connect(system.running())
    text = samples.given(event, stage, stack.outputs(STACK)["TradesStoreName"])
    with NamedTemporaryFile("w", suffix=".json") as given:
        given.write(text)
        given.flush()
        _require_success(attend(containers.invoke(stage, Path(given.name))))


@cli.command()
@click.option("--api-port", envvar="API_PORT", callback=arguments.port, default="3000", show_default=True)
def start_api(api_port: int) -> None:
    """Serve the API from containers until Ctrl-C, with what is up for their AWS."""
    containers.connect(system.running())
    _require_success(attend(containers.start_api(api_port)))


@cli.command("sizes")
def show_sizes() -> None:
    """Build the functions and the layer, and list what they weigh."""
    use_tools()
    system.build()
    console.print(sizes.table(sizes.artefacts(BUILD)))


@cli.command()
@click.option("--stack", "name", required=True, help="The stack, found by your AWS environment.")
@click.option("--new-credential", is_flag=True, help="Replace the broker's credential if there is one.")
def load(name: str, *, new_credential: bool) -> None:
    """Load reference data, and a broker's credential, into a stack on AWS. Balances that are there stay."""
    outputs = stack.outputs(name)
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
@click.option("--customer", required=True, callback=arguments.customer, help="Whose credential it is.")
@click.option("--stack", "name", help="A stack on AWS; what is up here if none is given.")
def credential(customer: str, name: str | None) -> None:
    """Issue a customer's own credential, for its own data and orders alone. One that it had before is replaced."""
    if name is None:
        system.access()
    outputs = stack.outputs(name or STACK)
    table = outputs["TradesStoreName"]
    if not reference.has_customer(table, customer):
        raise Failure(f"There is no customer {customer}.")
    key_id = f"customer-{customer}"
    secret = reference.issue_credential(table, key_id, customer)
    url = outputs["ApiUrl"] if name else system.access().url
    console.print(f"API      {url}\nKey id   {key_id}\nSecret   {secret}", markup=False)
    console.print("This is the only time that the secret is shown. An earlier one may be taken for five minutes more.")


def _demonstrate(api: Api) -> None:
    """The seed's order, from entry to its booked trades."""
    accepted, refused = orders.post(api, json.dumps(SEED_ORDER))
    if refused:
        raise Failure(f"The first order was refused. {refused[0]}")
    orders.Following(api, accepted).show()
    for trade in api.trades(accepted[0].customer_id, accepted[0].order_id):
        click.echo(json.dumps(trade))


def _require_success(code: int) -> None:
    if code:
        raise click.exceptions.Exit(code)


def _wait_for_end(process: "subprocess.Popen[bytes]") -> None:
    """Returns at Ctrl-C, the usual end. Raises Failure if MiniStack ends before."""
    try:
        process.wait()
    except KeyboardInterrupt:
        console.print("\nStopping what was started.")
    else:
        raise Failure("MiniStack has ended, by `make down` or by itself: see .local/ministack.log.")


def main() -> int:
    """Runs a command and returns its exit code. SIGTERM and a closed terminal end it as Ctrl-C does: with all that it
    started.
    """
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)
    try:
        return int(cli.main(prog_name="python -m local", standalone_mode=False) or 0)
    except click.ClickException as error:
        click.echo(f"Error: {_words(error)}", err=True)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return 1
    except click.exceptions.Abort:
        click.echo("Stopped.")
        return INTERRUPTED
    except (ClientError, BotoCoreError) as error:
        click.echo(f"Error: {_words(error)}", err=True)
        return 1


def _words(error: Exception) -> str:
    match error:
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{arguments.name_of(parameter)}: {error.message}"
        case click.ClickException():
            return error.format_message()
        case NoRegionError() | NoCredentialsError():
            return f"{str(error).rstrip('.')}: your AWS environment has to say where and who, as for the AWS CLI."
        case _:
            return f"AWS, or the local cloud, says: {error}"
