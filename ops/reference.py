"""Reference data and credentials, into TradesStore of any stack. Loading them again changes no balance."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops.wait import deadline
from trading.aws import clients, clock
from trading.aws.store import accounts, credentials, dynamodb, keys, listings, transactions
from trading.domain import money
from trading.domain.quotes import Quote
from trading.domain.times import iso

REFERENCE = Path(__file__).with_name("reference.json")
WRITE_SECONDS = 30.0


def load(table: str) -> list[str]:
    """Lists the tickers, with their first quotes, and opens the accounts of the customers, with their positions.

    Returns the ids of the customers that are new. One that exists keeps its cash and its positions, and a ticker that
    is listed keeps its quote.
    """
    reference = json.loads(REFERENCE.read_text())
    for ticker, quote in reference["quotes"].items():
        first = Quote(money.amount(quote["bid"]), money.amount(quote["ask"]))
        listings.list_ticker(table, ticker, first, deadline(WRITE_SECONDS))
    customers, quotes = reference["customers"], reference["quotes"]
    return [number for number, fields in customers.items() if _open_account(table, number, fields, quotes)]


def quotes() -> dict[str, dict[str, str]]:
    """The quotes that `load` sets, bid and ask by ticker."""
    loaded: dict[str, dict[str, str]] = json.loads(REFERENCE.read_text())["quotes"]
    return loaded


def tickers() -> list[str]:
    """The tickers that `load` has traded."""
    return sorted(quotes())


def customers() -> list[str]:
    """The customers that `load` makes."""
    return sorted(json.loads(REFERENCE.read_text())["customers"])


def has_customer(table: str, customer_id: str) -> bool:
    return dynamodb.get(table, keys.customer(customer_id)) is not None


def has_credential(table: str, key_id: str) -> bool:
    return dynamodb.get(table, keys.credential(key_id)) is not None


def issue_credential(table: str, key_id: str, customer_id: str | None = None) -> str:
    """Draws the secret of a credential, stores its digest and returns it: this is the only time it is seen. It is a
    broker's, who acts for every customer, or the customer's own.

    A credential under this id that exists is replaced: its secret is no longer taken.
    """
    secret = credentials.new_secret()
    item = credentials.item(key_id, secret, customer_id)
    clients.dynamodb().put_item(TableName=table, Item=dynamodb.to_item(item))
    return secret


def _open_account(
    table: str, customer_id: str, fields: Mapping[str, Any], quotes: Mapping[str, Mapping[str, str]]
) -> bool:
    """Opens the account of a customer, with cash, and positions at what they are worth at the bid. Does nothing if the
    customer exists. Returns whether the customer is new.
    """
    shares = [
        (ticker, quantity, money.notional(money.amount(quotes[ticker]["bid"]), quantity))
        for ticker, quantity in fields["positions"].items()
    ]
    entries = accounts.brought_in(customer_id, iso(clock.now()), money.amount(fields["cash"]), shares)
    try:
        transactions.write(list(accounts.opened(table, customer_id, entries)), deadline(WRITE_SECONDS))
    except transactions.TransactionCanceled:
        return False
    return True
