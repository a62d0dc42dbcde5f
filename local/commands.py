"""The commands. Each does one thing that a target of the Makefile names."""

import json
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from botocore.exceptions import BotoCoreError, ClientError

from local import containers, ministack, orders, parameter, samples, sessions, sizes, status, system
from local import logs as following
from local.environment import STACK, use_tools
from local.paths import BUILD
from local.processes import attend
from ops import arguments, command_line, stack
from ops.console import Failure, console
from ops.invocation import call
from trading.aws.parameters import KEPT_SECONDS
from trading.domain.hours import Rule
from trading.domain.orders import PoolType
from trading.domain.times import session_date
from trading_client import Client
from traffic import market

SEED_ORDER = {
    "customerId": "000002",
    "direction": "Buy",
    "ticker": "COIN",
    "type": "Limit",
    "quantity": 8614,
    "price": "161.90",
}


MOVING, STILL = "moving", "still"
GRACE_SECONDS = 2.0
"""In this time MiniStack is gone if it was on its way when a quote was sent."""

at_port = click.option(
    "--port", envvar="PORT", callback=arguments.port, default="4566", show_default=True, help="Where to listen."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The trading system on this machine, without Docker and without an AWS account."""


@cli.command()
@at_port
@click.option(
    "--market",
    "moves",
    type=click.Choice([MOVING, STILL]),
    default=MOVING,
    show_default=True,
    help="Whether the quotes move once the first order is settled.",
)
def run(port: int, moves: str) -> None:
    """Start everything, and stay up until Ctrl-C. An order is sent through the system first. Then the market moves."""
    there = ministack.running()
    if there is not None:
        raise Failure(f"A system is up already, on port {there.port}: `make status` shows it, `make down` stops it.")
    process, access = system.start(port)
    try:
        with access.api() as api:
            _demonstrate(api)
        system.let_containers_in()
        system.introduce(access)
        console.print("The system is up, also for all other make targets. Ctrl-C stops it.")
        _wait_for_end(process, moves)
    finally:
        ministack.stop(process)


@cli.command()
@at_port
@click.pass_context
def up(context: click.Context, port: int) -> None:
    """Start everything in the background. If it is up, bring it up to date."""
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
    """Stop the local cloud. All its data is gone."""
    console.print("Stopped." if ministack.stop() else "Nothing was up.")


@cli.command("status")
def show_status() -> None:
    """Show the state of the system. It says what is up, what is queued, what is dead-lettered."""
    status.show()


@cli.command()
def logs() -> None:
    """Follow the functions' logs until Ctrl-C. Each record is a line."""
    system.access()
    click.echo("Waiting for the functions to log something; Ctrl-C ends it.", err=True)
    with suppress(KeyboardInterrupt):
        for line in following.follow(STACK):
            click.echo(line)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def order(file: Path) -> None:
    """Post FILE and follow its orders. FILE has one order or an array. Each is followed until it ends or rests."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    with system.access().api() as api:
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
@click.option("--date", callback=arguments.past_date, help="The day, like 2026-11-23; by default today in UTC.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
def statement(customer: str, date: str, form: str) -> None:
    """Print CUSTOMER's statement of a day. It has balances, movements and trades."""
    with system.access().api() as api:
        if form == "csv":
            for part in api.accounts.statement_csv(customer, date):
                click.echo(part, nl=False)
        else:
            click.echo(json.dumps(api.accounts.statement(customer, date), indent=2))


@cli.command()
@click.argument("hours")
def hours(hours: str) -> None:
    """Give both pool types these opening HOURS: always, on-command, new-york, or half hours in UTC: 08:00-16:30."""
    system.access()
    try:
        parameter.set_hours(STACK, hours)
    except ValueError as error:
        raise Failure(f"{error}.") from error
    console.print(f"The opening hours are {hours}, {KEPT_SECONDS:.0f} seconds from now at the latest.")


@cli.command("open")
def open_session() -> None:
    """Open the session of a market that opens on command, with an auction of the orders that have collected."""
    system.access()
    its_hours = parameter.market(STACK).hours[PoolType.LIT]
    if its_hours.rule is not Rule.ON_COMMAND:
        raise Failure(f"The opening hours are {its_hours}: no command opens. Say make hours HOURS=on-command first.")
    call("session_close", {"open": True})
    console.print("The session opens. make close ends it, GET /books/{ticker} shows what the next auction would do.")


@cli.command()
def close() -> None:
    """End today's session: its day orders expire. The schedule does the same when opening hours end, or at midnight."""
    system.access()
    session = session_date(datetime.now(UTC))
    table = stack.outputs(STACK)["TradesStoreName"]
    told = sessions.closed(STACK, table, lambda: call("session_close", {"sessionDate": session}))
    console.print(f"The session {session} has ended. {told}")


@cli.command()
@click.option("--date", callback=arguments.date, help="Settle value dates until this one, which may be in the future.")
def settle(date: str) -> None:
    """Settle what is due until a date, by default today. The schedule does the same every hour."""
    system.access()
    answer = call("settlement", {"valueDate": date})
    if not answer["settled"]:
        due = sessions.next_due(stack.outputs(STACK)["TradesStoreName"], date)
        advice = f"The next value date with trades is {due}: make settle DATE={due}" if due else "Nothing is due later."
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
    """Give EVENT to the function of STAGE, in a container. Its AWS is the system that is up here."""
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
    """Serve the API from containers until Ctrl-C. Their AWS is the system that is up here."""
    containers.connect(system.running())
    _require_success(attend(containers.start_api(api_port)))


@cli.command("sizes")
def show_sizes() -> None:
    """Build the functions and the layer, and list their sizes."""
    use_tools()
    system.build()
    console.print(sizes.table(sizes.artefacts(BUILD)))


def _demonstrate(api: Client) -> None:
    """The seed's order, from entry to its booked trades."""
    accepted, refused = orders.post(api, json.dumps(SEED_ORDER))
    if refused:
        raise Failure(f"The first order was refused. {refused[0]}")
    orders.Following(api, accepted).show()
    for trade in api.orders.get(accepted[0].customer_id, accepted[0].order_id)["executions"]:
        click.echo(json.dumps(trade))


def _require_success(code: int) -> None:
    if code:
        raise click.exceptions.Exit(code)


def _wait_for_end(process: "subprocess.Popen[bytes]", moves: str) -> None:
    """Returns at Ctrl-C, the usual end. Raises Failure if MiniStack ends before. Until then the market moves, if it is
    to.
    """
    try:
        if moves == MOVING:
            console.print("The market moves. MARKET=still leaves it still.")
            _move_market(process)
        process.wait()
    except KeyboardInterrupt:
        console.print("\nStopping what was started.")
    else:
        raise Failure("MiniStack has ended, by `make down` or by itself: see .local/ministack.log.")


def _move_market(process: "subprocess.Popen[bytes]") -> None:
    """Moves the market until MiniStack ends. What goes wrong is told, and leaves the market still."""

    def ended(seconds: float) -> bool:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    try:
        market.wander_gently(STACK, ended)
    except (ClientError, BotoCoreError, Failure) as error:
        if not ended(GRACE_SECONDS):
            console.print(f"The market stands still: {error}", markup=False)


def main() -> int:
    """Runs a command and returns its exit code."""
    return command_line.run(cli, "python -m local")
