"""Commands that bring the system up, take it down, and show how it is."""

import json
import subprocess
from contextlib import suppress

import click
from botocore.exceptions import BotoCoreError, ClientError

from local import logs as following
from local import ministack, orders, status, system
from local.environment import STACK
from ops import arguments
from ops.console import Failure, console
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


@click.command()
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


@click.command()
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


@click.command()
def down() -> None:
    """Stop the local cloud. All its data is gone."""
    console.print("Stopped." if ministack.stop() else "Nothing was up.")


@click.command("status")
def show_status() -> None:
    """Show the state of the system. It says what is up, what is queued, what is dead-lettered."""
    status.show()


@click.command()
def logs() -> None:
    """Follow the functions' logs until Ctrl-C. Each record is a line."""
    system.access()
    click.echo("Waiting for the functions to log something; Ctrl-C ends it.", err=True)
    with suppress(KeyboardInterrupt):
        for line in following.follow(STACK):
            click.echo(line)


def _demonstrate(api: Client) -> None:
    """The seed's order, from entry to its booked trades."""
    accepted, refused = orders.post(api, json.dumps(SEED_ORDER))
    if refused:
        raise Failure(f"The first order was refused. {refused[0]}")
    orders.Following(api, accepted).show()
    for trade in api.orders.get(accepted[0].customer_id, accepted[0].order_id)["executions"]:
        click.echo(json.dumps(trade))


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
