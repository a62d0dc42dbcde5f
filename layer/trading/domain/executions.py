"""What one commit of an engine did to orders, the effect on an account, and the trades to show."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trading.domain import money
from trading.domain.accounts.ledger import Posting, Shares
from trading.domain.accounts.settlement import value_date
from trading.domain.ids import beside, derived
from trading.domain.order_status import OrdStatus
from trading.domain.orders import Order, PoolType, Side

MAX_BOOKED_EXECUTIONS = 250
MAX_BOOKED_ORDERS = 40
"""These two keep a booking's message, item and transaction far below the limits of SNS and DynamoDB."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A trade as one order sees it, at a venue (FIX 30, LastMkt). `price` is USD a share, `fee` USD.

    `counted` says whether it counts in its ticker's day. A trade between two customers is reported to both and counts
    for the incoming order only; a trade with the house counts for the customer. `turn` sorts the executions of a
    booking across its orders: see `in_turn`.
    """

    quantity: int
    price: Decimal
    venue: str
    fee: Decimal
    counted: bool = True
    turn: int = 0

    @property
    def notional(self) -> Decimal:
        """What is paid for it, USD, to the cent."""
        return money.notional(self.price, self.quantity)

    @property
    def turnover(self) -> Decimal:
        """Price times quantity, USD, exact: average prices are computed from it."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Ending:
    """A quantity of an order that ended unfilled: how (Canceled, Expired, Rejected), and why."""

    quantity: int
    status: OrdStatus
    reason: str


class ChangeKind(StrEnum):
    """What was asked of an open order."""

    CANCEL = "Cancel"
    REPLACE = "Replace"


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """The outcome of a request to change an order: refused for a `reason` (FIX 35=9, OrderCancelReject), or done (FIX
    150=4 and 5, Canceled and Replaced).

    A replacement that is done gave the order this total `quantity`, which is `by` more than before, and this limit,
    `price`, USD a share. `returned` are reserved shares that the order gave up, or that the request asked for and did
    not get.
    """

    change_id: str
    kind: ChangeKind
    reason: str | None = None
    quantity: int | None = None
    price: Decimal | None = None
    by: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What happened to one order, and the cash reservation that it releases, USD. Without executions, ending and
    changes it acknowledges the order (FIX 150=0, New). `order` is as it stands afterwards. `closed` says that nothing
    of it is open any more, in any pool (FIX 151=0, LeavesQty).
    """

    order: Order
    executions: tuple[Execution, ...]
    released: Decimal
    ending: Ending | None = None
    not_matched_in_dark_pool: bool = False
    changes: tuple[ChangeOutcome, ...] = ()
    closed: bool = False

    @property
    def filled(self) -> int:
        return sum(execution.quantity for execution in self.executions)

    @property
    def ended(self) -> int:
        """Shares that ended unfilled."""
        return self.ending.quantity if self.ending else 0

    @property
    def taken(self) -> int:
        """By how many shares the open quantity fell; negative if it grew."""
        return self.filled + self.ended - self.by

    @property
    def refused(self) -> bool:
        """Whether all that happened was that changes were refused."""
        return bool(self.changes) and all(change.reason for change in self.changes) and not self.filled + self.ended

    @property
    def by(self) -> int:
        """By how many shares replacements raised the order's quantity."""
        return sum(change.by for change in self.changes)

    @property
    def returned(self) -> int:
        """Reserved shares that the order gave up, or asked for and did not get."""
        return sum(change.returned for change in self.changes)

    @property
    def notional(self) -> Decimal:
        return sum((execution.notional for execution in self.executions), money.ZERO)

    @property
    def turnover(self) -> Decimal:
        return sum((execution.turnover for execution in self.executions), money.ZERO)

    @property
    def fees(self) -> Decimal:
        return sum((execution.fee for execution in self.executions), money.ZERO)


@dataclass(frozen=True, slots=True)
class ExecutionReports:
    """What one commit of an engine did for one customer in one ticker: the unit that is booked, once, as a whole."""

    booking_id: str
    customer_id: str
    ticker: str
    pool: PoolType
    time: str
    orders: tuple[OrderReport, ...]

    @property
    def date(self) -> str:
        return self.time[:10]

    @property
    def traded(self) -> bool:
        return any(report.executions for report in self.orders)

    def without(self, order_ids: Collection[str]) -> "ExecutionReports":
        """The booking without these orders, which are booked apart from it."""
        kept = tuple(each for each in self.orders if each.order.order_id not in order_ids)
        return replace(self, orders=kept)

    def apart(self, order_id: str) -> "ExecutionReports":
        """One of the orders as a booking of its own."""
        [alone] = [each for each in self.orders if each.order.order_id == order_id]
        return replace(self, booking_id=beside(self.booking_id, f"{order_id} apart"), orders=(alone,))

    @property
    def counted(self) -> bool:
        """Whether any execution counts in the ticker's day."""
        return any(execution.counted for report in self.orders for execution in report.executions)

    def in_turn(self) -> list[tuple[OrderReport, int, Execution]]:
        """The executions in the order in which they happened, each with its order's report and its index in that."""
        by_order = [(each, number, one) for each in self.orders for number, one in enumerate(each.executions)]
        return sorted(by_order, key=lambda executed: executed[2].turn)

    @property
    def closed(self) -> int:
        """How many orders were closed."""
        return sum(each.closed for each in self.orders)

    @property
    def spent(self) -> Decimal:
        """What the customer's purchases were worth, USD."""
        return sum((each.notional for each in self.of(Side.BUY)), money.ZERO)

    @property
    def proceeds(self) -> Decimal:
        """What the customer's sales were worth, USD."""
        return sum((each.notional for each in self.of(Side.SELL)), money.ZERO)

    def of(self, side: Side) -> list[OrderReport]:
        return [each for each in self.orders if each.order.side is side]


@dataclass(frozen=True, slots=True)
class Due:
    """What settles on one date: purchases less sales, USD, and the shares that come in; negative if they go out."""

    cash: Decimal = money.ZERO
    shares: int = 0

    def __add__(self, other: "Due") -> "Due":
        return Due(self.cash + other.cash, self.shares + other.shares)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a booking changes: its customer's accounts, the shares of the position, and what settles, by value date."""

    posting: Posting
    shares: Shares
    due: Mapping[str, Due]


def effect_of(reports: ExecutionReports) -> Effect:
    """What a booking of these reports changes."""
    return Effect(_posting(reports), _shares(reports), _due(reports))


def _posting(reports: ExecutionReports) -> Posting:
    released = sum((each.released for each in reports.orders), money.ZERO)
    fees = sum((each.fees for each in reports.orders), money.ZERO)
    clearing = reports.spent - reports.proceeds
    return Posting(cash=released - clearing - fees, reserved=-released, fees=fees, clearing=clearing)


def _shares(reports: ExecutionReports) -> Shares:
    given_back = sum(each.ended + each.returned for each in reports.of(Side.SELL))
    sold = sum(each.filled for each in reports.of(Side.SELL))
    bought = sum(each.filled for each in reports.of(Side.BUY))
    return Shares(available=bought + given_back, reserved=-sold - given_back)


def _due(reports: ExecutionReports) -> dict[str, Due]:
    due: dict[str, Due] = {}
    for each in reports.orders:
        sign = 1 if each.order.side is Side.BUY else -1
        for execution in each.executions:
            date = value_date(execution.venue, reports.date)
            due[date] = due.get(date, Due()) + Due(sign * execution.notional, sign * execution.quantity)
    return due


def trades_of(reports: ExecutionReports, settlement_date: str) -> Iterator[dict[str, Any]]:
    """The trades of a booking. They have the original document's fields in its order, then further ones.

    `settlementDate` is when the booking was made, `valueDate` when shares and money change hands.
    """
    for each, number, execution in reports.in_turn():
        order = each.order
        trade = {
            "customerId": order.customer_id,
            "direction": order.side.value,
            "ticker": order.ticker,
            "type": order.type.value,
            "quantity": execution.quantity,
            "price": money.price_text(execution.price),
            "orderId": order.order_id,
            "orderDate": order.order_date,
            "initialQuantity": order.quantity,
            "split": "Yes" if order.split else "No",
            "tradeId": derived(reports.booking_id, f"trade {number} of {order.order_id}"),
            "exchange": execution.venue,
            "exchangeType": f"{reports.pool}Pool",
            "tradeDate": reports.time,
            "fee": money.text(execution.fee),
            "settlementDate": settlement_date,
            "valueDate": value_date(execution.venue, reports.date),
        }
        if order.client_order_id is not None:
            trade["clientOrderId"] = order.client_order_id
        if each.not_matched_in_dark_pool:
            trade["notMatchedInDarkPool"] = True
        if not execution.counted:
            trade["counted"] = False
        if order.arrival_bid is not None:
            trade["arrivalBid"] = money.text(order.arrival_bid)
        if order.arrival_ask is not None:
            trade["arrivalAsk"] = money.text(order.arrival_ask)
        yield trade
