"""Customers: their accounts, positions and limits, and what a broker changes of them."""

from typing import Literal, NotRequired, TypedDict


class Limits(TypedDict):
    """A customer's limits."""

    highestOrderValue: NotRequired[str]
    highestOpenOrders: NotRequired[int]
    collar: NotRequired[str]
    highestShort: NotRequired[int]


class ListedCustomer(TypedDict):
    """A customer's account, without what its positions are worth."""

    customerId: str
    cash: str
    reserved: str
    spent: str
    fees: str
    proceeds: str
    deposits: str
    withdrawals: str
    openOrders: int
    halted: bool
    customerSequence: int
    accountSequence: int
    limits: NotRequired[Limits]


class Account(ListedCustomer):
    """A customer's account."""

    buyingPower: str
    withdrawable: str
    settledCash: str
    unsettledCash: str
    marketValue: str
    realisedProfit: str
    unrealisedProfit: str
    equity: str
    withoutQuote: NotRequired[list[str]]


class Position(TypedDict):
    """A position; its quantity is below zero if it was sold short."""

    ticker: str
    quantity: int
    available: int
    reserved: int
    settled: int
    unsettled: int
    averageCost: NotRequired[str]
    cost: str
    realisedProfit: str
    commission: str
    marketValue: NotRequired[str]
    unrealisedProfit: NotRequired[str]


class Transfer(TypedDict):
    """Cash that came in or went out, and the cash after it."""

    customerId: str
    entryId: str
    type: Literal["Deposit", "Withdrawal"]
    amount: str
    reference: str
    time: str
    cash: str


class ShareTransfer(TypedDict):
    """Shares that came in or went out, and how many can be sold after it: below zero if they were sold short."""

    customerId: str
    entryId: str
    type: Literal["Deposit", "Withdrawal"]
    ticker: str
    quantity: int
    cost: str
    reference: str
    time: str
    available: int


class KnownCustomer(TypedDict):
    """A customer who has an account."""

    customerId: str


class Suspension(TypedDict):
    """Whether a customer is suspended."""

    customerId: str
    halted: bool
    requestId: NotRequired[str]
