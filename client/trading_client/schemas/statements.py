"""What moved a customer's money and shares, and a customer's day."""

from typing import Literal, NotRequired, TypedDict

from trading_client.schemas.orders import Trade


class Balances(TypedDict, total=False):
    """Of a customer's accounts; of a movement those that changed."""

    cash: str
    reserved: str
    fees: str
    clearing: str
    house: str


class Movement(TypedDict):
    """A movement of money and shares."""

    time: str
    kind: Literal["Order", "Booking", "Deposit", "Withdrawal", "Transfer", "Hold", "Settlement"]
    id: str
    reference: NotRequired[str]
    ticker: NotRequired[str]
    postings: Balances
    shares: dict[str, int]


class Totals(TypedDict):
    """Of a day."""

    bought: str
    sold: str
    fees: str
    deposits: str
    withdrawals: str
    trades: int


class StatementPosition(TypedDict):
    """A position at the end of a day, and its quantity at the start."""

    ticker: str
    openingQuantity: int
    quantity: int
    available: int
    reserved: int
    settled: int
    unsettled: int


class Statement(TypedDict):
    """A customer's day; final once the day, or one after it, is closed."""

    customerId: str
    date: str
    final: bool
    opening: Balances
    changes: Balances
    closing: Balances
    totals: Totals
    positions: list[StatementPosition]
    lines: list[Movement]
    trades: list[Trade]
