"""Orders: what is entered and asked for, what came of it, orders as they are, and their trades."""

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

from trading_client.schemas.problems import ProblemDetails

Direction = Literal["Buy", "Sell"]
OrderType = Literal["Limit", "Market", "Stop", "StopLimit"]
TimeInForce = Literal["Day", "GTC", "IOC", "FOK", "OPG", "CLS"]
SelfTradePrevention = Literal["CancelNewest", "CancelOldest", "CancelBoth", "DecrementAndCancel", "Off"]
State = Literal[
    "PendingNew",
    "New",
    "PartiallyFilled",
    "Filled",
    "PendingCancel",
    "Canceled",
    "PendingReplace",
    "Rejected",
    "Expired",
]


class NewOrder(TypedDict):
    """An order as it is entered."""

    customerId: str
    direction: Direction
    ticker: str
    type: OrderType
    quantity: int
    price: NotRequired[Decimal | str]
    stopPrice: NotRequired[Decimal | str]
    clientOrderId: NotRequired[str]
    timeInForce: NotRequired[TimeInForce]
    minimumQuantity: NotRequired[int]
    postOnly: NotRequired[bool]
    poolOnly: NotRequired[bool]
    pegToMidpoint: NotRequired[bool]
    pegToPrimary: NotRequired[bool]
    pegOffset: NotRequired[Decimal | str]
    selfTradePrevention: NotRequired[SelfTradePrevention]


class EnteredOrder(TypedDict):
    """What came of entering an order."""

    orderId: NotRequired[str]
    clientOrderId: NotRequired[str]
    state: Literal["PendingNew", "Rejected", "Unknown"]
    problem: NotRequired[ProblemDetails]


class Reservation(TypedDict, total=False):
    """What an order takes out of the account until it is done: cash of a buy, shares of a sell."""

    cash: str
    shares: int


class OrderPreview(TypedDict, total=False):
    """What would come of an order. If there is only a `problem`, it forbids to compute the rest."""

    reserves: Reservation
    value: str
    highestFees: str
    protectionPrice: str
    furthestLimit: str
    buyingPower: str
    available: int
    problem: ProblemDetails


class RequestedChange(TypedDict):
    """A request to change an order, which its engine decides."""

    orderId: str
    state: Literal["PendingCancel", "PendingReplace"]
    changeId: str


class RequestedCancel(TypedDict):
    """A request to cancel an order, which its engine decides. An order that has ended has its last state, and a
    `changeId` if its cancel was asked for before.
    """

    orderId: str
    state: Literal["PendingCancel", "Filled", "Canceled", "Expired", "Rejected"]
    changeId: NotRequired[str]


class RequestedMassCancel(TypedDict):
    """A request to cancel all that is open."""

    customerId: str
    ticker: NotRequired[str]
    requestId: str


class RefusedChange(TypedDict):
    """Why an order was not changed."""

    changeId: str
    reason: str


class Arrival(TypedDict):
    """The quote that was displayed when an order arrived. A side that was empty is absent."""

    bid: NotRequired[str]
    bidSize: NotRequired[int]
    ask: NotRequired[str]
    askSize: NotRequired[int]
    time: str


class Order(TypedDict):
    """An order as it is now."""

    orderId: str
    clientOrderId: NotRequired[str]
    customerId: str
    direction: Direction
    ticker: str
    type: OrderType
    quantity: int
    price: NotRequired[str]
    orderDate: str
    timeInForce: NotRequired[TimeInForce]
    stopPrice: NotRequired[str]
    minimumQuantity: NotRequired[int]
    postOnly: NotRequired[bool]
    poolOnly: NotRequired[bool]
    pegToMidpoint: NotRequired[bool]
    pegToPrimary: NotRequired[bool]
    pegOffset: NotRequired[str]
    selfTradePrevention: NotRequired[SelfTradePrevention]
    state: State
    reason: NotRequired[str]
    cumulativeQuantity: int
    canceledQuantity: int
    leavesQuantity: int
    averagePrice: NotRequired[str]
    fees: str
    reserved: str
    protectionPrice: str
    arrival: NotRequired[Arrival]
    firstPool: NotRequired[Literal["Dark", "Lit"]]
    problem: NotRequired[ProblemDetails]
    refusedCancel: NotRequired[RefusedChange]
    refusedReplace: NotRequired[RefusedChange]
    customerSequence: NotRequired[int]


class Transition(TypedDict):
    """A state that an order came into."""

    time: str
    state: State
    cumulativeQuantity: int
    leavesQuantity: int
    reason: NotRequired[str]
    changes: NotRequired[list[dict[str, Any]]]


class Trade(TypedDict):
    """A trade as it was booked: the fields of its order, then its own."""

    customerId: str
    direction: Direction
    ticker: str
    type: OrderType
    quantity: int
    price: str
    orderId: str
    orderDate: str
    initialQuantity: int
    split: Literal["Yes", "No"]
    tradeId: str
    exchange: str
    exchangeType: Literal["DarkPool", "LitPool"]
    tradeDate: str
    fee: str
    settlementDate: str
    clientOrderId: NotRequired[str]
    notMatchedInDarkPool: NotRequired[bool]
    counted: NotRequired[bool]
    arrivalBid: NotRequired[str]
    arrivalAsk: NotRequired[str]
    valueDate: str


class OrderWithLife(Order):
    """An order, its transitions and its executions, in the order in which they happened."""

    transitions: list[Transition]
    executions: list[Trade]
