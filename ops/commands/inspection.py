"""Commands that look and compare: an order's life, the records of a day."""

from functools import partial

import click

from ops import arguments, order_trace, reconcile
from ops.commands import options
from ops.console import Failure, console
from ops.invocation import call
from trading.aws.store.order_state import is_unanswered
from trading.domain.orders import CUSTOMER_ID, ORDER_ID


@click.command()
@click.argument("order")
@click.option("--customer", help="The customer of the order; by default all customers are searched.")
@options.of_stack
def trace(order: str, customer: str | None, name: str | None) -> None:
    """Print the life of ORDER over all stages. ORDER is an order id, or customer/order id."""
    whose, _, order_id = order.rpartition("/")
    customer_id = whose or customer
    if not ORDER_ID.fullmatch(order_id) or (customer_id and not CUSTOMER_ID.fullmatch(customer_id)):
        raise Failure(f"ORDER is an order id, or 000002/ and an order id, not {order!r}.")
    trail = order_trace.trail_of(options.stack_named(name))
    item = order_trace.find(trail, order_id, customer_id)
    terms = f"{item['direction']} {int(item['initialQuantity']):,} {item['ticker']}, {item['type']}"
    console.print(f"Order {order_id} of customer {item['customerId']}: {terms}", markup=False)
    life = order_trace.life_of(trail, item)
    for line in order_trace.told(life):
        console.print(line, markup=False)
    if is_unanswered(item):
        console.print("No engine has answered it. `make dlq` shows whether a message about it is dead-lettered.")


@click.command("reconcile")
@click.option("--date", callback=arguments.past_date, help="The day, like 2026-11-23; by default today.")
@click.option(
    "--repair",
    is_flag=True,
    help="Publish orders again that no engine has answered, archive bookings that are missing there.",
)
@options.of_stack
def reconcile_day(date: str, name: str | None, *, repair: bool) -> None:
    """Have the reconciler compare all records of a day, and name every difference. Exits with 1 if there is one."""
    there = options.complete_stack(name)
    report = reconcile.run(there, date, partial(call, stack=there), repair=repair)
    if report["breaks"]:
        raise click.exceptions.Exit(1)
