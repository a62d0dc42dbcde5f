"""What has been executed, what it does to an account, and the trades that it is shown as."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.ids import derived
from trading.domain.orders import Order, PoolType, Side


@dataclass(frozen=True, slots=True)
class Execution:
    """One slice (or a part of it) traded at a venue (FIX 30, LastMkt). Price in USD a share, fee in USD."""

    slice: int
    quantity: int
    price: Decimal
    venue: str
    fee: Decimal


@dataclass(frozen=True, slots=True)
class ExecutedOrder:
    """The executions of one order, and the cash reservation that they release, USD."""

    order: Order
    executions: tuple[Execution, ...]
    released: Decimal
    not_matched_in_dark_pool: bool = False

    @property
    def quantity(self) -> int:
        return sum(execution.quantity for execution in self.executions)

    @property
    def notional(self) -> Decimal:
        return sum((execution.price * execution.quantity for execution in self.executions), money.ZERO)

    @property
    def fees(self) -> Decimal:
        return sum((execution.fee for execution in self.executions), money.ZERO)


@dataclass(frozen=True, slots=True)
class TradesExecuted:
    """What one commit of an engine did for one customer in one ticker: the unit that is booked, once, as a whole."""

    booking_id: str
    customer_id: str
    ticker: str
    pool: PoolType
    trade_date: str
    orders: tuple[ExecutedOrder, ...]


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


def posting_of(executed: TradesExecuted) -> Posting:
    """Keeps `cash + reserved + spent + fees = deposits - withdrawals + proceeds`, whatever the executions."""
    bought = [each for each in executed.orders if each.order.side is Side.BUY]
    sold = [each for each in executed.orders if each.order.side is Side.SELL]
    released = sum((each.released for each in executed.orders), money.ZERO)
    fees = sum((each.fees for each in executed.orders), money.ZERO)
    spent = sum((each.notional for each in bought), money.ZERO)
    proceeds = sum((each.notional for each in sold), money.ZERO)
    return Posting(
        cash=released + proceeds - spent - fees,
        reserved=-released,
        spent=spent,
        proceeds=proceeds,
        fees=fees,
        available_shares=sum(each.quantity for each in bought),
        reserved_shares=-sum(each.quantity for each in sold),
    )


def trades_of(executed: TradesExecuted, settlement_date: str) -> Iterator[dict[str, Any]]:
    """A booking as the trades that it is made of: the seed's fields in the seed's order, further ones after them."""
    for each in executed.orders:
        order = each.order
        for execution in each.executions:
            trade = {
                "customerId": order.customer_id,
                "direction": order.side.value,
                "ticker": order.ticker,
                "type": order.type.value,
                "quantity": execution.quantity,
                "price": money.text(execution.price),
                "orderId": order.order_id,
                "orderDate": order.order_date,
                "initialQuantity": order.quantity,
                "split": "Yes" if order.slices > 1 else "No",
                "tradeId": derived(order.slice_id(execution.slice), "trade"),
                "exchange": execution.venue,
                "exchangeType": f"{executed.pool}Pool",
                "tradeDate": executed.trade_date,
                "fee": money.text(execution.fee),
                "settlementDate": settlement_date,
            }
            if order.client_order_id is not None:
                trade["clientOrderId"] = order.client_order_id
            if each.not_matched_in_dark_pool:
                trade["notMatchedInDarkPool"] = True
            yield trade
