"""Requests to cancel all open orders of a customer (FIX q): they are stored here, the engines decide."""

from typing import Any

from trading.aws import clock
from trading.aws.store import items, keys, ledger, transactions
from trading.domain.errors import Refusal
from trading.domain.orders import CUSTOMER_ID
from trading.domain.routing import MassCancelRequest
from trading.domain.times import iso


def request_mass_cancel(table: str, customer_id: str, ticker: str | None, deadline: float) -> dict[str, Any]:
    """Asks to end the customer's open orders, in one ticker or in all, and returns the answer. Raises Refusal."""
    if not CUSTOMER_ID.fullmatch(customer_id):
        raise Refusal("not-found", f"There is no customer {customer_id[:40]}.")
    now = clock.now()
    asked = MassCancelRequest(customer_id, clock.new_order_id(now), max(iso(now), _newest(table, customer_id)), ticker)
    writes = [
        transactions.check(table, keys.customer(customer_id), "attribute_exists(PK)", {}),
        transactions.put(table, items.mass_cancel_item(asked)),
    ]
    if ticker is not None:
        writes.append(transactions.check(table, keys.listed(ticker), "attribute_exists(PK)", {}))
    try:
        transactions.write(writes, deadline)
    except transactions.TransactionCanceled as canceled:
        if canceled.reasons[0].condition_failed:
            raise Refusal("not-found", f"There is no customer {customer_id}.") from canceled
        raise Refusal("unknown-ticker", f"{ticker} is not traded here.") from canceled
    answer = {"customerId": customer_id, "ticker": ticker, "requestId": asked.request_id}
    return {name: value for name, value in answer.items() if value is not None}


def _newest(table: str, customer_id: str) -> str:
    """When the customer's newest order was entered, by the clock of the function that accepted it: that may be ahead of
    this one.
    """
    orders = ledger.items(table, customer_id, keys.ORDER, f"{keys.ORDER}~", 1, last_first=True)
    return next((str(order["orderDate"]) for order in orders), "")
