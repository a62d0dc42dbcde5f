"""Commands for the day of a market: its opening hours, its session, and the settlement of its trades."""

from datetime import UTC, datetime
from decimal import Decimal

import click

from local import parameter, sessions, system
from local.environment import STACK
from ops import arguments, stack
from ops.console import Failure, console
from ops.invocation import call
from trading.aws.parameters import KEPT_SECONDS
from trading.domain.hours import Rule
from trading.domain.orders import PoolType
from trading.domain.times import session_date


@click.command()
@click.argument("hours")
def hours(hours: str) -> None:
    """Give both pool types these opening HOURS: always, on-command, new-york, or half hours in UTC: 08:00-16:30."""
    system.access()
    try:
        parameter.set_hours(STACK, hours)
    except ValueError as error:
        raise Failure(f"{error}.") from error
    console.print(f"The opening hours are {hours}, {KEPT_SECONDS:.0f} seconds from now at the latest.")


@click.command("open")
def open_session() -> None:
    """Open the session of a market that opens on command, with an auction of the orders that have collected."""
    system.access()
    its_hours = parameter.market(STACK).hours[PoolType.LIT]
    if its_hours.rule is not Rule.ON_COMMAND:
        raise Failure(f"The opening hours are {its_hours}: no command opens. Say make hours HOURS=on-command first.")
    call("session_close", {"open": True})
    console.print("The session opens. make close ends it, GET /books/{ticker} shows what the next auction would do.")


@click.command()
def close() -> None:
    """End today's session: its day orders expire. The schedule does the same when opening hours end, or at midnight."""
    system.access()
    session = session_date(datetime.now(UTC))
    table = stack.outputs(STACK)["TradesStoreName"]
    told = sessions.closed(STACK, table, lambda: call("session_close", {"sessionDate": session}))
    console.print(f"The session {session} has ended. {told}")


@click.command()
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
