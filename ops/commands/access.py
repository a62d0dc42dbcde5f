"""Commands that let somebody in: reference data with a first credential, further credentials, links to the page."""

import click

from local import system
from ops import arguments, page_link, reference, stack
from ops.commands import options
from ops.console import Failure, console
from trading.aws import clock


@click.command()
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


@click.command()
@click.option(
    "--customer", callback=arguments.customer, help="The customer, like 000002; none for a broker's credential."
)
@click.option("--role", help="broker, or customer with --customer.")
@options.of_stack
def credential(customer: str | None, role: str | None, name: str | None) -> None:
    """Issue a credential. A customer's own gives access to this customer only, and replaces the one that this command
    issued before. A broker's is one more, and gives access to every customer.
    """
    if (role or "customer") != ("customer" if customer else "broker"):
        raise Failure("Say whose: ROLE=broker alone, or CUSTOMER=000002.")
    outputs = stack.outputs(options.complete_stack(name))
    table = outputs["TradesStoreName"]
    if customer and not reference.has_customer(table, customer):
        raise Failure(f"There is no customer {customer}.")
    key_id = f"customer-{customer}" if customer else f"broker-{clock.new_order_id(clock.now())}"
    secret = reference.issue_credential(table, key_id, customer)
    url = outputs["ApiUrl"] if name else system.access().url
    console.print(f"API      {url}\nKey id   {key_id}\nSecret   {secret}", markup=False)
    console.print("The secret is shown only this once. An earlier one may work for one minute more.")


@click.command()
@click.option("--customer", callback=arguments.customer, help="The customer, like 000002; none for a broker.")
@options.of_stack
def page(customer: str | None, name: str | None) -> None:
    """Print a link that signs its reader in on the page, once. A customer's link gives access to this customer only."""
    outputs = stack.outputs(options.complete_stack(name))
    table = outputs["TradesStoreName"]
    if customer and not reference.has_customer(table, customer):
        raise Failure(f"There is no customer {customer}.")
    link = page_link.new_link(table, outputs["ApiUrl"] if name else system.access().url, customer)
    console.print(link, markup=False, soft_wrap=True)
    console.print(f"It signs in once, within {page_link.MINUTES} minutes.")
