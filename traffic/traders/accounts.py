"""The traders' accounts: opened by the broker, with play money and shares, once for each trader."""

from collections.abc import Sequence

from trading.domain import money
from trading_client import Client, ReferenceReused

FIRST = 900_001
MOST = 900
"""Traders at the most: their ids are FIRST and the ones after it."""
CASH = "100000000000.00"
SHARES = 1_000_000
REFERENCE = "traders"


def customer_id(number: int) -> str:
    """Of a trader, the first being 0."""
    return str(FIRST + number)


def open_account(api: Client, customer: str, tickers: Sequence[str], bids: dict[str, int]) -> None:
    """Opens an account with cash and with shares of these tickers, whose bids are in ticks. A trader who has been here
    keeps what it has: each deposit is made once.
    """
    api.accounts.open(customer)
    api.accounts.deposit(customer, CASH, REFERENCE)
    for ticker in tickers:
        cost = money.text(bids[ticker] * SHARES * money.TICK)
        try:
            api.accounts.deposit_shares(customer, ticker, SHARES, cost, f"{REFERENCE}-{ticker}")
        except ReferenceReused:
            continue  # it had its shares before, at what they were worth then
