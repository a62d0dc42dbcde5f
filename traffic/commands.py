"""What makes a system busy: traders and quotes, on any stack or on the system that is up here."""

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import httpx

from local import ministack, system
from local.environment import STACK
from ops import arguments, command_line, reconcile, stack
from ops.console import Failure, console
from ops.invocation import call
from trading.aws.parameters import Parameters
from trading.domain.times import iso, session_date
from trading_client import Client, Retry
from trading_client.client import TIMEOUT_SECONDS
from traffic import market, quote_files, random_market, view
from traffic.feed import BATCH, move
from traffic.quote_files import Recording
from traffic.traders import accounts, memory, report
from traffic.traders.session import Plan, Session

SECONDS = 1000
IDLE_SECONDS = 2.0
"""After so long a connection is not used again: the local cloud closes those that are idle for longer."""
CREDENTIAL = ("API_KEY_ID", "API_SECRET_KEY")

of_stack = click.option(
    "--stack", "name", help="A stack on AWS, with your AWS credentials; by default the system that is up here."
)
confirm = click.option("--confirm", help="The stack's name again. A prod stack needs it, because this is play.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Quotes and orders from outside, made up or replayed."""


@cli.command()
@click.option("--count", callback=arguments.count, default="8", show_default=True, help="Traders.")
@click.option(
    "--rate", callback=arguments.count, default="10", show_default=True, help="Orders and changes a second, of all."
)
@click.option("--seed", callback=arguments.count_if_given, help="Of what they draw; by default another one each time.")
@click.option("--duration", callback=arguments.duration, default="30s", show_default=True, help="Like 30s, 30m.")
@click.option("--orders", callback=arguments.count_if_given, help="End before, after so many orders and changes.")
@of_stack
@confirm
def traders(
    count: int, rate: int, seed: int | None, duration: int, orders: int | None, name: str | None, confirm: str | None
) -> None:
    """Let seeded traders trade over the API, and reconcile the day then. Exits with 1 if anything does not fit."""
    if count > accounts.MOST:
        raise Failure(f"COUNT is at most {accounts.MOST}, not {count}.")
    plan = Plan(count, rate, duration / SECONDS, _seed(seed), orders)
    with _api(name, confirm, count) as api:
        there = name or STACK
        session = Session(api, plan, _dark_tickers(there), _memory(name))
        console.print(f"{count} traders, {rate} orders and changes a second, seed {plan.seed}.")
        session.prepare()
        since = iso(datetime.now(UTC))
        outcome = session.trade()
        report.tell(outcome)
        session.drain()
        report.tell_orders(api, session.traders, since)
    if not session.accepted:
        raise Failure("No order was accepted, so there is nothing to reconcile.")
    _reconcile(there, since)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed", callback=arguments.count, default="1", show_default=True, help="So many times as fast.")
@click.option("--rebase", is_flag=True, help="Move each ticker by whole ticks first, to its present quote.")
@of_stack
@confirm
def quotes(file: Path, speed: int, name: str | None, confirm: str | None, *, rebase: bool) -> None:
    """Replay the quotes of FILE: CSV, or either of LOBSTER's two files of a day. Ctrl-C stops it."""
    recording = _recording(file)
    there = _there(name, confirm)
    middles = {each.ticker: each.middle for each in market.quoted(there)}
    if unknown := [ticker for ticker in recording.tickers if ticker not in middles]:
        raise Failure(f"{file.name}: {', '.join(unknown)} is not traded here.")
    if rebase:
        try:
            recording = recording.rebased(middles)
        except ValueError as error:
            raise Failure(f"{file.name}: {error}") from error
    elif far := recording.far_from(middles):
        console.print(
            f"{', '.join(far)}: the first quote is far from the present one, and is parked if it is outside of the"
            " market's band. REBASE=1 moves the file to the present quote.",
            markup=False,
        )
    view.show_replay(recording, speed, market.feed(there, market.REPLAY))


@cli.command("market")
@click.option("--seed", callback=arguments.count_if_given, help="Of what is drawn; by default another each time.")
@click.option("--every", callback=arguments.duration, default="1s", show_default=True, help="How often quotes change.")
@click.option(
    "--volatility",
    callback=arguments.count,
    default=str(market.VOLATILITY),
    show_default=True,
    help="Of a ticker, percent a year.",
)
@click.option("--duration", callback=arguments.duration_if_given, help="How long; by default until Ctrl-C.")
@of_stack
@confirm
def move_market(
    seed: int | None, every: int, volatility: int, duration: int | None, name: str | None, confirm: str | None
) -> None:
    """Move the market by chance, from the quotes that are there, until Ctrl-C. The same seed moves it alike."""
    there = _there(name, confirm)
    seed, start = _seed(seed), market.quoted(there)
    shown = view.MarketView(market.feed(there, market.RANDOM), start, duration and duration / SECONDS)
    console.print(f"{len(start)} tickers, every {every / SECONDS:g} s, {volatility} % a year, seed {seed}.")
    try:
        steps = random_market.quotes(start, seed, every, volatility)
        with console.status("The market moves; Ctrl-C stops it."):
            move(steps, every / SECONDS, BATCH, shown.send, shown.wait)
    finally:
        console.print(shown.line(), markup=False)


def _recording(file: Path) -> Recording:
    try:
        return quote_files.read(file)
    except OSError as error:
        raise Failure(f"{error.filename or file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Failure(f"{error}.") from error


def _there(name: str | None, confirm: str | None) -> str:
    """The stack that is asked for, if it is for play."""
    if name is None:
        system.access()
        return STACK
    _require_play(name, confirm)
    return name


def _reconcile(there: str, since: str) -> None:
    """Of every day since then: a session may go over midnight."""
    days = dict.fromkeys((since[:10], session_date(datetime.now(UTC))))
    reports = [reconcile.run(there, day, partial(call, stack=there), repair=False) for day in days]
    if any(each["breaks"] for each in reports):
        raise click.exceptions.Exit(1)


def _seed(given: int | None) -> int:
    return given or secrets.randbelow(10**arguments.DIGITS - 1) + 1


def _api(name: str | None, confirm: str | None, count: int) -> Client:
    """The API with a broker's credential, for so many threads. Refusals are to be seen, so nothing is repeated."""
    if name is None:
        access = system.access()
        url, key_id, secret = access.url, access.key_id, access.secret
    else:
        _require_play(name, confirm)
        url = stack.outputs(name)["ApiUrl"]
        key_id, secret = (os.environ.get(each, "") for each in CREDENTIAL)
        if not (key_id and secret):
            raise Failure(
                f"Set {' and '.join(CREDENTIAL)} to a broker's credential: make credential STACK={name} ROLE=broker"
            )
    limits = httpx.Limits(max_connections=count + 1, keepalive_expiry=IDLE_SECONDS)
    transport = httpx.HTTPTransport(limits=limits)
    return Client(url, key_id, secret, timeout=TIMEOUT_SECONDS, retry=Retry(attempts=1), transport=transport)


def _require_play(name: str, confirm: str | None) -> None:
    if stack.is_prod(name) and confirm != name:
        raise Failure(
            f"{name} is prod. This would give it play quotes, or orders of play money. To do it: CONFIRM={name}"
        )


def _dark_tickers(there: str) -> frozenset[str]:
    [parameter] = stack.resources(there, "AWS::SSM::Parameter")
    return Parameters(parameter).market().dark_pool_tickers


def _memory(name: str | None) -> Callable[[], int | None]:
    """Of the system that is up here; nobody knows that of one on AWS."""
    there = None if name else ministack.running()
    return lambda: None if there is None else memory.megabytes(there.pid)


def main() -> int:
    """Runs a command and returns its exit code."""
    return command_line.run(cli, "python -m traffic")
