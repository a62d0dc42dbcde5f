"""The JSON that the API takes and gives, under the names of its contract, `openapi.yaml`.

Amounts and prices are text in what the API gives: `Decimal(order["averagePrice"])` computes with them. In what it takes
they may be `Decimal`, too. Times are UTC, ISO 8601 with milliseconds. What does not apply is absent, never None.
"""

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

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


class Fault(TypedDict):
    """One of several faults of a body."""

    pointer: str
    code: str
    detail: str


class ProblemDetails(TypedDict):
    """Why something was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[Fault]]
    orderId: NotRequired[str]


class EnteredOrder(TypedDict):
    """What came of entering an order."""

    orderId: NotRequired[str]
    clientOrderId: NotRequired[str]
    state: Literal["PendingNew", "Rejected", "Unknown"]
    problem: NotRequired[ProblemDetails]


class RequestedChange(TypedDict):
    """A request to change an order, which its engine decides."""

    orderId: str
    state: Literal["PendingCancel", "PendingReplace"]
    changeId: str


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
    problem: "ProblemDetails"


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


class Credential(TypedDict):
    """A credential as it was issued. Nothing shows its secret again."""

    keyId: str
    secret: str
    role: Literal["broker", "customer"]
    customerId: NotRequired[str]


class Caller(TypedDict):
    """Whose a credential is."""

    role: Literal["broker", "customer"]
    customerId: NotRequired[str]


class Revocation(TypedDict):
    """That a credential is revoked."""

    keyId: str
    revoked: Literal[True]


class Suspension(TypedDict):
    """Whether a customer is suspended."""

    customerId: str
    halted: bool
    requestId: NotRequired[str]


class Tally(TypedDict):
    """What was traded."""

    trades: int
    quantity: int
    notional: str


class ReferenceQuote(TypedDict):
    """What market makers quote around. The first one, of the ticker's listing, has only prices."""

    bid: str
    ask: str
    bidSize: NotRequired[int]
    askSize: NotRequired[int]
    time: NotRequired[str]
    source: NotRequired[str]


class Quote(TypedDict):
    """A quote of the market as it was taken."""

    ticker: str
    bid: str
    ask: str
    bidSize: int
    askSize: int
    time: str
    source: str


class ParkedQuote(TypedDict):
    """The last quote that was outside of the band, since when such quotes come, and how many came."""

    bid: str
    ask: str
    bidSize: int
    askSize: int
    time: str
    source: str
    since: str
    count: int


class Ticker(Tally):
    """A ticker's quote, and what was traded of it in a day."""

    ticker: str
    date: str
    averagePrice: NotRequired[str]
    high: NotRequired[str]
    low: NotRequired[str]
    byExchange: dict[str, Tally]
    byPoolType: dict[str, Tally]
    bid: NotRequired[str]
    ask: NotRequired[str]
    bidSize: NotRequired[int]
    askSize: NotRequired[int]
    reference: NotRequired[ReferenceQuote]
    parkedQuote: NotRequired[ParkedQuote]


class Bar(TypedDict):
    """What was traded in a ticker from this time on, for as long as the timeframe is."""

    time: str
    open: str
    high: str
    low: str
    close: str
    quantity: int
    averagePrice: str
    trades: int


class Print(TypedDict):
    """An execution on the tape."""

    printId: str
    time: str
    quantity: int
    price: str
    exchange: str
    exchangeType: str
    aggressor: NotRequired[str]
    auction: NotRequired[str]


class Depth(TypedDict):
    """What one exchange has at a price."""

    quantity: int
    orders: int


class Level(Depth):
    """What there is at a price, in all and by exchange."""

    price: str
    byExchange: dict[str, Depth]


class ListedTicker(TypedDict):
    """A ticker with its reference quote."""

    ticker: str
    bid: str
    ask: str


class Auction(TypedDict):
    """The next auction as it would be now."""

    kind: Literal["Opening", "Closing"]
    price: str
    quantity: int
    imbalance: NotRequired[int]
    side: NotRequired[Direction]


class Book(TypedDict):
    """The best prices of a ticker's lit book, as of an entry of its journal."""

    ticker: str
    sequence: int
    time: NotRequired[str]
    session: Literal["Open", "Closed"]
    auction: NotRequired[Auction]
    bids: list[Level]
    asks: list[Level]


class Hours(TypedDict):
    """The opening hours of a pool type, and when it opens and closes next if a clock says."""

    hours: str
    state: Literal["Open", "Closed"]
    opens: NotRequired[str]
    closes: NotRequired[str]


class Session(TypedDict):
    """The session of an order of now: its date, the state of the lit pools, when a day order expires, the hours by pool
    type, when a trade of now settles, by country, and where live updates are sent.
    """

    sessionDate: str
    state: Literal["Open", "Closed"]
    ends: NotRequired[str]
    hours: dict[str, Hours]
    valueDates: dict[str, str]
    streamUrl: str


class StageWork(TypedDict):
    """What waits in a stage's queue, and what the stage works on, about."""

    stage: str
    waiting: int
    inFlight: int


class DueSettlement(TypedDict):
    """How many positions have something due on a day that is not settled."""

    valueDate: str
    due: int


class Work(TypedDict):
    """What is under way."""

    stages: list[StageWork]
    settlement: DueSettlement


class DeadLetterQueue(TypedDict):
    """How many messages could not be processed, by stage and kind."""

    stage: str
    kind: Literal["dlq", "undelivered", "failed", "unrouted"]
    count: int


class DeadLetterRecord(TypedDict):
    """A record of a stream that a stage could not process, and why."""

    stage: str
    id: str
    since: str
    reason: str
    keys: list[str]


class DeadLetters(TypedDict):
    """What could not be processed. `givenUp` are objects with records that Lambda gave up."""

    queues: list[DeadLetterQueue]
    recordCount: int
    records: list[DeadLetterRecord]
    givenUp: int


class BreakSide(TypedDict):
    """A record, and what it says; nothing, if it has no value."""

    side: str
    value: NotRequired[str]


class Break(TypedDict):
    """What differs between two records of the same thing."""

    kind: str
    field: str
    customerId: NotRequired[str]
    ticker: NotRequired[str]
    reference: NotRequired[str]
    sides: list[BreakSide]


class Reconciliation(TypedDict):
    """A day's report, with the first hundred of its breaks."""

    date: str
    time: str
    compared: dict[str, int]
    breakCount: int
    breaks: list[Break]
    busy: list[str]
    published: NotRequired[list[str]]
