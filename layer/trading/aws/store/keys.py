"""The keys of TradesStore, in one place. Every function returns an item's whole key; every prefix is the start of an
SK.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

from trading.domain.accounts.ledger import LedgerEntry
from trading.domain.executions import ExecutionReports


class Key(TypedDict):
    PK: str
    SK: str


DATE, UUID = r"\d{4}-\d\d-\d\d", "[0-9a-f-]{36}"

TICKER = "TICKER#"
QUOTE = "QUOTE"
BOOK = "BOOK"
BAR = "BAR#"
TAPE = "TAPE#"
ORDER = "ORDER#"
TRADE = "TRADE#"
REPORT = "REPORT#"
CHANGE = "CHANGE#"
ENTRY = "ENTRY#"
CONTROL = "CONTROL#"
CLOSING = "CLOSING#"
MISSED = "MISSED#"
SUSPENSION = "HALT#"
MASS_CANCEL = "MASSCANCEL#"
TICKERS = "TICKERS"
CUSTOMERS = "CUSTOMERS"
POSITION = "POSITION#"

OPEN_ORDERS = "OpenOrders"
"""The index of open orders that the customer's item does not name: by PK, and by the attribute OPEN_ORDER, which no
other item has.
"""
OPEN_ORDER = "openOrder"
"""The order's id, which begins with its time."""

ENTRY_FORM = rf"{ENTRY}{DATE}#{UUID}"
REPORT_FORM = rf"{REPORT}{DATE}#{UUID}"
TRADE_FORM = rf"{TRADE}{DATE}#{UUID}"
"""What sort keys look like, as regular expressions."""


def customer(customer_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"CUST#{customer_id}")


def customer_of(key: Mapping[str, Any]) -> str:
    """The customer of a partition."""
    return str(key["PK"]).removeprefix("CUST#")


def order(customer_id: str, order_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"{ORDER}{order_id}")


def change(customer_id: str, order_id: str, change_id: str) -> Key:
    """A request to change an order."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{CHANGE}{order_id}#{change_id}")


def suspension(customer_id: str, request_id: str) -> Key:
    """A request to end all open orders of a customer."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{SUSPENSION}{request_id}")


def mass_cancel(customer_id: str, request_id: str) -> Key:
    """A request to cancel all open orders of a customer who trades on."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{MASS_CANCEL}{request_id}")


def client_order(customer_id: str, client_order_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"CLORD#{client_order_id}")


def reference(customer_id: str, reference: str) -> Key:
    """Marks a reference that a broker has used for a customer's cash or shares."""
    return Key(PK=f"CUST#{customer_id}", SK=f"REFERENCE#{reference}")


def booking(reports: ExecutionReports) -> Key:
    """Bookings with trades have another prefix than those that only say what became of orders."""
    kind = TRADE if reports.traded else REPORT
    return Key(PK=f"CUST#{reports.customer_id}", SK=f"{kind}{reports.date}#{reports.booking_id}")


def traded_booking(customer_id: str, date: str, booking_id: str) -> Key:
    """A booking with trades, by its id."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{TRADE}{date}#{booking_id}")


def position(customer_id: str, ticker: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"{POSITION}{ticker}")


def entry(entry: LedgerEntry) -> Key:
    """A ledger entry: a movement that no order or booking records."""
    return Key(PK=f"CUST#{entry.customer_id}", SK=f"{ENTRY}{entry.date}#{entry.entry_id}")


def control(customer_id: str, date: str, change_id: str) -> Key:
    """What a broker set of a customer: limits, a suspension, its end."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{CONTROL}{date}#{change_id}")


def closing(customer_id: str, date: str) -> Key:
    """A customer's balances at the end of a day."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{CLOSING}{date}")


def missed(customer_id: str, date: str) -> Key:
    """The bookings of a day that were missing when it was reconciled."""
    return Key(PK=f"CUST#{customer_id}", SK=f"{MISSED}{date}")


def due(date: str, customer_id: str, ticker: str) -> Key:
    """Lists a position of which something is due on a date; all of a date are together."""
    return Key(PK=f"DUE#{date}", SK=f"{customer_id}#{ticker}")


def due_position(key: Mapping[str, Any]) -> tuple[str, str]:
    """The customer and the ticker of a position that is listed as due."""
    customer_id, _, ticker = key["SK"].partition("#")
    return customer_id, ticker


def ticker_of(key: Mapping[str, Any]) -> str:
    """The ticker of a partition."""
    return str(key["PK"]).removeprefix(TICKER)


def ticker_day(ticker: str, date: str) -> Key:
    return Key(PK=f"{TICKER}{ticker}", SK=date)


def bar(ticker: str, timeframe: str, start: str) -> Key:
    """A bar, by when it begins."""
    return Key(PK=f"{TICKER}{ticker}", SK=f"{BAR}{timeframe}#{start}")


def tape(ticker: str, update_id: str) -> Key:
    """What one market message put on the tape. Ids sort by time."""
    return Key(PK=f"{TICKER}{ticker}", SK=f"{TAPE}{update_id}")


def quote(ticker: str) -> Key:
    return Key(PK=f"{TICKER}{ticker}", SK=QUOTE)


def book(ticker: str) -> Key:
    """What the lit pools display."""
    return Key(PK=f"{TICKER}{ticker}", SK=BOOK)


def listed(ticker: str) -> Key:
    """Lists a ticker that is traded here; all of them are together."""
    return Key(PK=TICKERS, SK=ticker)


def known(customer_id: str) -> Key:
    """Lists a customer; all of them are together."""
    return Key(PK=CUSTOMERS, SK=customer_id)


def credential(key_id: str) -> Key:
    return Key(PK=f"APIKEY#{key_id}", SK=f"APIKEY#{key_id}")


def sign_in(code_digest: str) -> Key:
    return Key(PK=f"SIGNIN#{code_digest}", SK=f"SIGNIN#{code_digest}")


def connection(connection_id: str) -> Key:
    """A WebSocket connection, in the table Listeners."""
    return Key(PK=f"CONNECTION#{connection_id}", SK=f"CONNECTION#{connection_id}")


def subscription(channel: str, connection_id: str) -> Key:
    """What a connection listens to, in the table Listeners; the listeners of a channel are together."""
    return Key(PK=channel, SK=connection_id)
