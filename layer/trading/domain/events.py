"""The events of the Trades topic: what an engine executed, and what has been booked and settled."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from trading.domain import money
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutedOrder, Execution, TradesExecuted, trades_of
from trading.domain.ids import derived
from trading.domain.orders import PoolType, Side
from trading.domain.times import checked_instant
from trading.domain.wire import (
    UNREADABLE,
    VERSION,
    Message,
    OrderFields,
    compact,
    count_of,
    object_of,
    order_fields,
    order_from,
    parsed,
    price_of,
    text_of,
)

TRADES = "trades"
EXECUTED = "tradesExecuted"
SETTLED = "tradesSettled"

ExecutionFields = tuple[int, int, str, str, str]
"""Slice number, quantity, price, venue, fee."""


class ExecutedOrderFields(TypedDict):
    """The executions of one order and the cash reservation that they release."""

    order: OrderFields
    released: str
    executions: list[ExecutionFields]
    notMatchedInDarkPool: NotRequired[bool]


def executed_message(executed: TradesExecuted) -> Message:
    return Message(
        topic=TRADES,
        attributes={"eventType": EXECUTED},
        group=executed.customer_id,
        id=derived(executed.booking_id, EXECUTED),
        body=compact(
            {
                "version": VERSION,
                "type": EXECUTED,
                "bookingId": executed.booking_id,
                "customerId": executed.customer_id,
                "ticker": executed.ticker,
                "poolType": executed.pool.value,
                "tradeDate": executed.trade_date,
                "orders": executed_orders_fields(executed.orders),
            }
        ),
    )


def settled_message(executed: TradesExecuted, settlement_date: str) -> Message:
    return Message(
        topic=TRADES,
        attributes={"eventType": SETTLED},
        group=executed.customer_id,
        id=derived(executed.booking_id, SETTLED),
        body=compact(
            {
                "version": VERSION,
                "type": SETTLED,
                "bookingId": executed.booking_id,
                "customerId": executed.customer_id,
                "ticker": executed.ticker,
                "settlementDate": settlement_date,
                "trades": list(trades_of(executed, settlement_date)),
            }
        ),
    )


def executed_from(body: str) -> TradesExecuted:
    """Raises Unprocessable, with the reason, for what is not a tradesExecuted message."""
    try:
        return executed_of(parsed(body, EXECUTED))
    except UNREADABLE as error:
        raise Unprocessable(f"not a {EXECUTED} message: {error!r:.200}") from error


def executed_of(fields: Mapping[str, Any]) -> TradesExecuted:
    """Raises KeyError, TypeError or ValueError where the fields, a message's or a booking's, are not of executions."""
    executed = TradesExecuted(
        booking_id=text_of(fields["bookingId"]),
        customer_id=text_of(fields["customerId"]),
        ticker=text_of(fields["ticker"]),
        pool=PoolType(fields["poolType"]),
        trade_date=checked_instant(fields["tradeDate"]),
        orders=_executed_orders_from(fields["orders"]),
    )
    _check(executed)
    return executed


def _check(executed: TradesExecuted) -> None:
    """The rules that hold for every honest message: one customer, one ticker, nothing beyond what was reserved."""
    if not executed.orders:
        raise ValueError("no order was executed")
    if len({each.order.order_id for each in executed.orders}) != len(executed.orders):
        raise ValueError("an order is listed twice")
    for each in executed.orders:
        order = each.order
        if (order.customer_id, order.ticker) != (executed.customer_id, executed.ticker):
            raise ValueError(f"order {order.order_id} is another customer's or another ticker's")
        slices = {execution.slice for execution in each.executions}
        if not slices or len(slices) != len(each.executions) or max(slices) >= order.slices:
            raise ValueError(f"the executions of order {order.order_id} are not one for each of some of its slices")
        worst = each.notional + each.fees if order.side is Side.BUY else each.fees - each.notional
        if max(worst, money.ZERO) > each.released:
            raise ValueError(f"the executions of order {order.order_id} take more than they release")


def executed_orders_fields(orders: Sequence[ExecutedOrder]) -> list[ExecutedOrderFields]:
    return [_executed_order_fields(each) for each in orders]


def _executed_order_fields(each: ExecutedOrder) -> ExecutedOrderFields:
    fields: ExecutedOrderFields = {
        "order": order_fields(each.order),
        "released": money.text(each.released),
        "executions": [(e.slice, e.quantity, money.text(e.price), e.venue, money.text(e.fee)) for e in each.executions],
    }
    if each.not_matched_in_dark_pool:
        fields["notMatchedInDarkPool"] = True
    return fields


def _executed_orders_from(fields: Sequence[Mapping[str, Any]]) -> tuple[ExecutedOrder, ...]:
    return tuple(
        ExecutedOrder(
            order=order_from(each["order"]),
            executions=tuple(_execution_from(*execution) for execution in each["executions"]),
            released=_not_negative(each["released"]),
            not_matched_in_dark_pool=object_of(each).get("notMatchedInDarkPool") is True,
        )
        for each in fields
    )


def _execution_from(number: int, quantity: int, price: str, venue: str, fee: str) -> Execution:
    if type(number) is not int or number < 0:
        raise ValueError(f"{number!r:.40} is not a slice number")
    return Execution(number, count_of(quantity), price_of(price), text_of(venue), _not_negative(fee))


def _not_negative(text: str) -> Decimal:
    value = money.amount(text)
    if value < 0:
        raise ValueError(f"{text:.40} is negative")
    return value
