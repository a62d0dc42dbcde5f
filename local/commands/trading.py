"""Commands that trade: post orders and follow them, print a statement."""

import json
from pathlib import Path

import click

from local import orders, system
from ops import arguments
from ops.console import Failure, console


@click.command()
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


@click.command()
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
