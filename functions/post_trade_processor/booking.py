"""One transaction per booking: the booking itself, the customer's cash, the position, the orders with their steps."""

from collections.abc import Iterator, Mapping
from typing import Any

from trading.aws import dynamodb, keys, store, system
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports, OrderReport, Posting, posting_of
from trading.domain.times import iso


def book(table: str, reports: ExecutionReports, deadline: float) -> str:
    """Books the reports, once, and gives their settlement date: that of the first time, if they are booked already.

    Only amounts are added, so bookings commute. Raises Unprocessable if the customer or an order does not exist, if
    more was executed or ended than the order had left or the account had reserved, or if other reports are booked
    under the same id.
    """
    posting = posting_of(reports)
    settlement_date = iso(system.now())
    writes = dict(_writes(table, reports, posting, settlement_date))
    try:
        dynamodb.transact(list(writes.values()), deadline)
    except dynamodb.TransactionCanceled as canceled:
        booked = canceled.reasons[0].item or dynamodb.get(table, {**keys.booking(reports)})
        if booked is None:
            raise Unprocessable(_reason(writes, canceled), {"booking_id": reports.booking_id}) from canceled
        _require_same(reports, booked)
        return str(booked["settlementDate"])
    return settlement_date


def _require_same(reports: ExecutionReports, booked: Mapping[str, Any]) -> None:
    """Raises Unprocessable if the booking in the table is of other reports: these would be lost without a trace."""
    if store.reports_of(booked).orders != reports.orders:
        raise Unprocessable("other reports are booked under this id", {"booking_id": reports.booking_id})


def _writes(
    table: str, reports: ExecutionReports, posting: Posting, settlement_date: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The writes by the name of what they write; what a booking leaves as it is is not written."""
    yield "the booking", dynamodb.put_new(table, store.booking_item(reports, posting, settlement_date))
    if reports.traded or posting.reserved:
        yield "the customer's reservation", _customer(table, reports, posting)
    if posting.available_shares or posting.reserved_shares:
        yield "the position", _position(table, reports, posting)
    for each in reports.orders:
        yield each.order.order_id, _order(table, each)
        yield f"a step of {each.order.order_id}", dynamodb.put_new(table, store.step_item(reports, each))


def _customer(table: str, reports: ExecutionReports, posting: Posting) -> dict[str, Any]:
    return dynamodb.update(
        table,
        keys.customer(reports.customer_id),
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


def _position(table: str, reports: ExecutionReports, posting: Posting) -> dict[str, Any]:
    """A buy may open the position; a sell needs the shares that its order reserved."""
    return dynamodb.update(
        table,
        keys.position(reports.customer_id, reports.ticker),
        "ADD available :more, reserved :released",
        "reserved >= :sold" if posting.reserved_shares else None,
        {
            ":more": posting.available_shares,
            ":released": posting.reserved_shares,
            ":sold": -posting.reserved_shares if posting.reserved_shares else None,
        },
    )


def _order(table: str, each: OrderReport) -> dict[str, Any]:
    """How an order ended is set: only its last report says so, and its first that an engine has it.

    A trade may be booked before the replacement that made room for it: what an order may still close, where that is
    not what it has open, is in `openQuantity`, to which the request already added what it asked for.
    """
    ending = store.ending_fields(each)
    changes = dict(_changes(each))
    set_ = ["openQuantity = if_not_exists(openQuantity, leavesQuantity) - :closing", *(f"{n} = :{n}" for n in changes)]
    if any(change.quantity for change in each.changes):
        set_.append("orderQuantity = if_not_exists(orderQuantity, initialQuantity) + :by")
    if not each.refused:
        set_.append("answered = :true")
    if ending:
        set_.append("ending = :ending")
    pending = sorted({f"pending{change.kind}" for change in each.changes})
    return dynamodb.update(
        table,
        keys.order(each.order.customer_id, each.order.order_id),
        f"SET {', '.join(set_)} "
        "ADD cumulativeQuantity :filled, canceledQuantity :ended, leavesQuantity :taken, executedNotional :notional, "
        "fees :fees, reserved :released" + (f" REMOVE {', '.join(pending)}" if pending else ""),
        "(openQuantity >= :closing OR attribute_not_exists(openQuantity) AND leavesQuantity >= :closing) "
        "AND reserved >= :release",
        {
            ":true": None if each.refused else True,
            ":ending": ending,
            ":filled": each.filled,
            ":ended": each.ended,
            ":taken": each.by - each.filled - each.ended,
            ":closing": each.filled + each.ended + each.returned,
            **{f":{name}": value for name, value in changes.items()},
            ":by": each.by if any(change.quantity for change in each.changes) else None,
            ":notional": each.notional,
            ":fees": each.fees,
            ":released": -each.released,
            ":release": each.released,
        },
    )


def _changes(each: OrderReport) -> Iterator[tuple[str, Any]]:
    """What changes set on the order: its new limit, or why it was not changed."""
    for change in each.changes:
        if change.reason is not None:
            yield f"refused{change.kind}", {"changeId": change.change_id, "reason": change.reason}
        elif change.price is not None:
            yield "price", change.price
            yield "protectionPrice", change.price


def _reason(writes: dict[str, dict[str, Any]], canceled: dynamodb.TransactionCanceled) -> str:
    refused = [name for name, reason in zip(writes, canceled.reasons, strict=True) if reason.condition_failed]
    return f"the reports do not fit {', '.join(refused)}"
