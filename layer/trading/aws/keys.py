"""The keys of TradesStore, in one place. Every function gives an item's whole key, every prefix the start of its SK."""

from typing import TypedDict


class Key(TypedDict):
    PK: str
    SK: str


ORDER = "ORDER#"
TRADE = "TRADE#"
POSITION = "POSITION#"


def customer(customer_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"CUST#{customer_id}")


def order(customer_id: str, order_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"{ORDER}{order_id}")


def client_order(customer_id: str, client_order_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"CLORD#{client_order_id}")


def booking(customer_id: str, date: str, booking_id: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"{TRADE}{date}#{booking_id}")


def position(customer_id: str, ticker: str) -> Key:
    return Key(PK=f"CUST#{customer_id}", SK=f"{POSITION}{ticker}")


def ticker_day(ticker: str, date: str) -> Key:
    return Key(PK=f"TICKER#{ticker}", SK=date)


def counted_booking(ticker: str, date: str, booking_id: str) -> Key:
    """The marker that a booking is in its ticker's day."""
    return Key(PK=f"TICKER#{ticker}", SK=f"{date}#{booking_id}")


def quote(ticker: str) -> Key:
    return Key(PK=f"TICKER#{ticker}", SK="QUOTE")


def credential(key_id: str) -> Key:
    return Key(PK=f"APIKEY#{key_id}", SK=f"APIKEY#{key_id}")
