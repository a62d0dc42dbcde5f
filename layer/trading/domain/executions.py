"""What became of orders in one commit of an engine, what it does to an account, and the trades that it is shown as."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trading.domain import money
from trading.domain.ids import derived
from trading.domain.orders import Order, OrdStatus, PoolType, Side


@dataclass(frozen=True, slots=True)
class Execution:
    """A trade of an order at a venue (FIX 30, LastMkt). Price in USD a share, fee in USD."""

    quantity: int
    price: Decimal
    venue: str
    fee: Decimal

    @property
    def notional(self) -> Decimal:
        return money.notional(self.price, self.quantity)


@dataclass(frozen=True, slots=True)
class Ending:
    """So much of an order has ended unfilled: how (Canceled, Expired, Rejected), and why."""

    quantity: int
    status: OrdStatus
    reason: str


class ChangeKind(StrEnum):
    """What was asked of an open order."""

    CANCEL = "Cancel"
    REPLACE = "Replace"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request to change an order: refused for a `reason` (FIX 35=9, OrderCancelReject), or done (FIX
    150=4 and 5, Canceled and Replaced).

    A replacement that is done gave the order this total quantity, `by` more than before, and this limit, USD a share.
    `returned` are shares that the order does not have any more, or was to have and does not get.
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
    """What happened to one order, and the cash reservation that it releases, USD. With neither executions nor an ending
    nor changes it says that the order was taken in and waits (FIX 150=0, New). `order` is as it stands afterwards.
    """

    order: Order
    executions: tuple[Execution, ...]
    released: Decimal
    ending: Ending | None = None
    not_matched_in_dark_pool: bool = False
    changes: tuple[Outcome, ...] = ()

    @property
    def filled(self) -> int:
        return sum(execution.quantity for execution in self.executions)

    @property
    def ended(self) -> int:
        """Shares that will not be filled any more."""
        return self.ending.quantity if self.ending else 0

    @property
    def refused(self) -> bool:
        """Whether nothing happened but that changes were refused."""
        return bool(self.changes) and all(change.reason for change in self.changes) and not self.filled + self.ended

    @property
    def by(self) -> int:
        """So many more shares are to be filled than before."""
        return sum(change.by for change in self.changes)

    @property
    def returned(self) -> int:
        """Shares that the order gave up, or asked for and did not get."""
        return sum(change.returned for change in self.changes)

    @property
    def notional(self) -> Decimal:
        return sum((execution.notional for execution in self.executions), money.ZERO)

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


@dataclass(frozen=True, slots=True)
class Posting:
    """What a booking adds to an account (USD) and to its position (shares)."""

    cash: Decimal
    reserved: Decimal
    spent: Decimal
    proceeds: Decimal
    fees: Decimal
    available_shares: int
    reserved_shares: int


def posting_of(reports: ExecutionReports) -> Posting:
    """Keeps `cash + reserved + spent + fees = deposits - withdrawals + proceeds`, whatever happened."""
    bought = [each for each in reports.orders if each.order.side is Side.BUY]
    sold = [each for each in reports.orders if each.order.side is Side.SELL]
    released = sum((each.released for each in reports.orders), money.ZERO)
    fees = sum((each.fees for each in reports.orders), money.ZERO)
    spent = sum((each.notional for each in bought), money.ZERO)
    proceeds = sum((each.notional for each in sold), money.ZERO)
    return Posting(
        cash=released + proceeds - spent - fees,
        reserved=-released,
        spent=spent,
        proceeds=proceeds,
        fees=fees,
        available_shares=sum(each.filled for each in bought) + sum(each.ended + each.returned for each in sold),
        reserved_shares=-sum(each.filled + each.ended + each.returned for each in sold),
    )


def trades_of(reports: ExecutionReports, settlement_date: str) -> Iterator[dict[str, Any]]:
    """A booking as the trades that it is made of: the seed's fields in the seed's order, further ones after them."""
    for each in reports.orders:
        order = each.order
        for number, execution in enumerate(each.executions):
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
            }
            if order.client_order_id is not None:
                trade["clientOrderId"] = order.client_order_id
            if each.not_matched_in_dark_pool:
                trade["notMatchedInDarkPool"] = True
            yield trade
