"""The calls about customers' accounts: what is there, and what a broker sets."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urljoin

from trading_client.connection import Connection, path_of
from trading_client.problems import AccountChanged
from trading_client.schemas import (
    Account,
    KnownCustomer,
    Limits,
    ListedCustomer,
    Movement,
    Position,
    ShareTransfer,
    Statement,
    Suspension,
    Trade,
    Transfer,
)

LISTS = ("lines", "trades")
"""What a page of a statement has a part of. All else stands on every page."""


class Accounts:
    """Accounts: cash, positions, trades, statements, limits. Each call raises TradingError. Lists ask for a page
    when it is needed. Dates are like 2026-11-22.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[ListedCustomer]:
        """All customers, by id, without what their positions are worth. For brokers."""
        for page in self._connection.pages("/customers"):
            yield from page["customers"]

    def get(self, customer_id: str) -> Account:
        """A customer's account as it is now."""
        account: Account = self._connection.get(path_of("customers", customer_id))
        return account

    def positions(self, customer_id: str) -> Iterator[Position]:
        """A customer's positions, by ticker."""
        for page in self._connection.pages(path_of("customers", customer_id, "positions")):
            yield from page["positions"]

    def trades(self, customer_id: str, *, trade_date: str | None = None, newest_first: bool = False) -> Iterator[Trade]:
        """A customer's trades as they were booked, of a day or all."""
        query = {"tradeDate": trade_date, "sort": "desc" if newest_first else None}
        for page in self._connection.pages(path_of("trades", customer_id), query):
            yield from page["trades"]

    def ledger(self, customer_id: str, *, date: str | None = None) -> Iterator[Movement]:
        """Every movement of a customer's money and shares, of a day or all, by kind and id."""
        for page in self._connection.pages(path_of("customers", customer_id, "ledger"), {"date": date}):
            yield from page["ledger"]

    def statement(self, customer_id: str, date: str) -> Statement:
        """A customer's statement of a day, whole. Raises AccountChanged if something was booked while it was read."""
        pages = list(self._connection.pages(_statement(customer_id, date)))
        heads = [{name: value for name, value in page.items() if name not in {*LISTS, "nextToken"}} for page in pages]
        if any(head != heads[0] for head in heads):
            raise AccountChanged("Something was booked while the statement was read: ask for it again.")
        lists: dict[str, Any] = {name: [each for page in pages for each in page[name]] for name in LISTS}
        return cast("Statement", heads[0] | lists)

    def statement_csv(self, customer_id: str, date: str) -> Iterator[str]:
        """A customer's statement of a day as CSV (RFC 4180), in parts: one after the other they are the whole."""
        path = f"{_statement(customer_id, date)}?format=csv"
        while True:
            answer = self._connection.request("GET", path)
            yield answer.text
            if "next" not in answer.links:
                return
            path = urljoin(path, answer.links["next"]["url"])

    def open(self, customer_id: str) -> KnownCustomer:
        """Opens an account with nothing in it; a customer who exists stays unchanged. For brokers."""
        known: KnownCustomer = self._connection.call("PUT", path_of("customers", customer_id))
        return known

    def deposit(self, customer_id: str, amount: Decimal | str, reference: str) -> Transfer:
        """Brings cash in, once for each reference: the same again moves nothing. For brokers."""
        return self._transfer(customer_id, "Deposit", amount, reference)

    def withdraw(self, customer_id: str, amount: Decimal | str, reference: str) -> Transfer:
        """Takes cash out, once for each reference: the same again moves nothing. For brokers.

        Raises InsufficientFunds, or NotSettled for what sales brought that are not settled.
        """
        return self._transfer(customer_id, "Withdrawal", amount, reference)

    def deposit_shares(
        self, customer_id: str, ticker: str, quantity: int, cost: Decimal | str, reference: str
    ) -> ShareTransfer:
        """Brings shares in, with what they had cost elsewhere, USD, once for each reference. For brokers."""
        body = {"type": "Deposit", "ticker": ticker, "quantity": quantity, "cost": cost, "reference": reference}
        return self._transfer_shares(customer_id, body)

    def withdraw_shares(self, customer_id: str, ticker: str, quantity: int, reference: str) -> ShareTransfer:
        """Takes shares out, with their part of the position's cost, once for each reference. For brokers.

        Raises InsufficientShares, or NotSettled for shares that are not delivered yet.
        """
        body = {"type": "Withdrawal", "ticker": ticker, "quantity": quantity, "reference": reference}
        return self._transfer_shares(customer_id, body)

    def set_limits(
        self,
        customer_id: str,
        *,
        highest_order_value: Decimal | str | None = None,
        highest_open_orders: int | None = None,
        collar: Decimal | str | None = None,
        highest_short: int | None = None,
    ) -> Limits:
        """Sets all limits of a customer; what is not given has no limit from now on, but nobody sells short without
        `highest_short`. For brokers.
        """
        given = {
            "highestOrderValue": highest_order_value,
            "highestOpenOrders": highest_open_orders,
            "collar": collar,
            "highestShort": highest_short,
        }
        body = {name: value for name, value in given.items() if value is not None}
        limits: Limits = self._connection.call("PUT", path_of("customers", customer_id, "limits"), body)["limits"]
        return limits

    def suspend(self, customer_id: str) -> Suspension:
        """Suspends a customer: new orders are refused, open ones end. For brokers."""
        suspension: Suspension = self._connection.call("PUT", path_of("customers", customer_id, "halt"))
        return suspension

    def resume(self, customer_id: str) -> Suspension:
        """Lets a customer trade again. For brokers."""
        suspension: Suspension = self._connection.call("DELETE", path_of("customers", customer_id, "halt"))
        return suspension

    def _transfer(self, customer_id: str, kind: str, amount: Decimal | str, reference: str) -> Transfer:
        body = {"type": kind, "amount": amount, "reference": reference}
        transfer: Transfer = self._connection.call(
            "POST", path_of("customers", customer_id, "cash"), body, repeatable=True
        )
        return transfer

    def _transfer_shares(self, customer_id: str, body: dict[str, Any]) -> ShareTransfer:
        transfer: ShareTransfer = self._connection.call(
            "POST", path_of("customers", customer_id, "shares"), body, repeatable=True
        )
        return transfer


def _statement(customer_id: str, date: str) -> str:
    return path_of("customers", customer_id, "statements", date)
