"""One transaction per booking: the booking itself, the customer's cash, the position, the orders."""

from collections.abc import Mapping
from typing import Any

from trading.aws import dynamodb, keys, store, system
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutedOrder, Posting, TradesExecuted, posting_of
from trading.domain.times import iso


def book(table: str, executed: TradesExecuted, deadline: float) -> str:
    """Books the executions, once, and gives their settlement date: that of the first time, if they are booked already.

    Only amounts are added, so bookings commute. Raises Unprocessable if the customer or an order does not exist, if
    more was executed than the order had left or the account had reserved, or if other executions are booked under the
    same id.
    """
    posting = posting_of(executed)
    settlement_date = iso(system.now())
    writes = [
        dynamodb.put_new(table, store.booking_item(executed, posting, settlement_date)),
        _customer(table, executed, posting),
        _position(table, executed, posting),
        *(_order(table, each) for each in executed.orders),
    ]
    try:
        dynamodb.transact(writes, deadline)
    except dynamodb.TransactionCanceled as canceled:
        booked = canceled.reasons[0].item or dynamodb.get(table, _key(executed))
        if booked is None:
            raise Unprocessable(_reason(executed, canceled), {"booking_id": executed.booking_id}) from canceled
        _require_same(executed, booked)
        return str(booked["settlementDate"])
    return settlement_date


def _key(executed: TradesExecuted) -> keys.Key:
    return keys.booking(executed.customer_id, executed.trade_date[:10], executed.booking_id)


def _require_same(executed: TradesExecuted, booked: Mapping[str, Any]) -> None:
    """Raises Unprocessable if the booking in the table is of other executions: these would be lost without a trace."""
    if store.executed_of(booked).orders != executed.orders:
        raise Unprocessable("other executions are booked under this id", {"booking_id": executed.booking_id})


def _customer(table: str, executed: TradesExecuted, posting: Posting) -> dict[str, Any]:
    return dynamodb.update(
        table,
        keys.customer(executed.customer_id),
        "ADD cash :cash, reserved :reserved, spent :spent, proceeds :proceeds, fees :fees",
        "reserved >= :released",
        {
            ":cash": posting.cash,
            ":reserved": posting.reserved,
            ":released": -posting.reserved,
            ":spent": posting.spent,
            ":proceeds": posting.proceeds,
            ":fees": posting.fees,
        },
    )


def _position(table: str, executed: TradesExecuted, posting: Posting) -> dict[str, Any]:
    """A buy may open the position; a sell needs the shares that its order reserved."""
    return dynamodb.update(
        table,
        keys.position(executed.customer_id, executed.ticker),
        "ADD available :bought, reserved :released",
        "reserved >= :sold" if posting.reserved_shares else None,
        {
            ":bought": posting.available_shares,
            ":released": posting.reserved_shares,
            ":sold": -posting.reserved_shares if posting.reserved_shares else None,
        },
    )


def _order(table: str, each: ExecutedOrder) -> dict[str, Any]:
    return dynamodb.update(
        table,
        keys.order(each.order.customer_id, each.order.order_id),
        "ADD cumulativeQuantity :filled, leavesQuantity :taken, executedNotional :notional, fees :fees, "
        "reserved :released",
        "leavesQuantity >= :filled AND reserved >= :release",
        {
            ":filled": each.quantity,
            ":taken": -each.quantity,
            ":notional": each.notional,
            ":fees": each.fees,
            ":released": -each.released,
            ":release": each.released,
        },
    )


def _reason(executed: TradesExecuted, canceled: dynamodb.TransactionCanceled) -> str:
    names = ["the booking", "the customer's reservation", "the position", *(o.order.order_id for o in executed.orders)]
    refused = [name for name, reason in zip(names, canceled.reasons, strict=True) if reason.condition_failed]
    return f"the executions do not fit {', '.join(refused)}"
