"""One transaction per booking: the booking itself, the customer's cash, the position, the orders with their steps."""

import time
from collections.abc import Iterator, Mapping, MutableMapping
from decimal import Decimal
from typing import Any

from trading.aws import dynamodb, keys, positions, store, system
from trading.aws.positions import Position, position_of
from trading.domain import money
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports, OrderReport, due_of, posting_of, shares_of
from trading.domain.times import iso

POSITION = "the position"


def book(table: str, reports: ExecutionReports, known: MutableMapping[str, Position], deadline: float) -> str:
    """Books the reports, once, and gives the time of booking, the seed's `settlementDate`: that of the first time, if
    they are booked already.

    Amounts are added, so bookings commute, but for a position's cost: that follows the order of the bookings. `known`
    are the customer's positions by ticker, as the bookings before this one left them.

    Raises Unprocessable if the customer or an order does not exist, if more was executed or ended than the order had
    left or the account had reserved, or if other reports are booked under the same id.
    """
    settlement_date = iso(system.now())
    if reports.traded and reports.ticker not in known:
        known[reports.ticker] = positions.read(table, reports.customer_id, reports.ticker)
    while True:
        before = known.get(reports.ticker, Position())
        after = before.after(before.holding.booked(reports), due_of(reports))
        writes = dict(_writes(table, reports, before, after, settlement_date))
        try:
            dynamodb.transact(list(writes.values()), deadline)
        except dynamodb.TransactionCanceled as canceled:
            booked = canceled.reasons[0].item or dynamodb.get(table, {**keys.booking(reports)})
            if booked is not None:
                _require_same(reports, booked)
                return str(booked["settlementDate"])
            there = _position_now(writes, canceled)
            if not reports.traded or there is None or there.sequence == before.sequence:
                raise Unprocessable(_reason(writes, canceled), {"booking_id": reports.booking_id}) from canceled
            if time.monotonic() > deadline:
                raise
            known[reports.ticker] = there
            continue
        if reports.traded:
            known[reports.ticker] = after
        return settlement_date


def _position_now(writes: Mapping[str, Any], canceled: dynamodb.TransactionCanceled) -> Position | None:
    """The position as it is, if it was in the way."""
    by_name = dict(zip(writes, canceled.reasons, strict=True))
    reason = by_name.get(POSITION)
    return position_of(reason.item) if reason and reason.condition_failed else None


def _require_same(reports: ExecutionReports, booked: Mapping[str, Any]) -> None:
    """Raises Unprocessable if the booking in the table is of other reports: these would be lost without a trace."""
    if store.reports_of(booked).orders != reports.orders:
        raise Unprocessable("other reports are booked under this id", {"booking_id": reports.booking_id})


def _writes(
    table: str, reports: ExecutionReports, before: Position, after: Position, settlement_date: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The writes by the name of what they write; what a booking leaves as it is is not written."""
    item = store.booking_item(reports, settlement_date, after if reports.traded else None)
    yield "the booking", dynamodb.put_new(table, item)
    if reports.traded or reports.closed or posting_of(reports):
        yield "the customer's reservation", _customer(table, reports, after.holding.shorted - before.holding.shorted)
    if reports.traded:
        fees = sum((each.fees for each in reports.orders), money.ZERO)
        key = keys.position(reports.customer_id, reports.ticker)
        yield POSITION, positions.change(table, key, before, after, shares_of(reports), {"fees": fees})
        for date in due_of(reports).keys() - before.due.keys():
            due = keys.due(date, reports.customer_id, reports.ticker)
            yield f"what is due on {date}", dynamodb.put(table, due)
    elif shares_of(reports):
        yield POSITION, _given_back(table, reports)
    for each in reports.orders:
        yield each.order.order_id, _order(table, each)
        yield f"a step of {each.order.order_id}", dynamodb.put_new(table, store.step_item(reports, each))


def _customer(table: str, reports: ExecutionReports, shorted: Decimal) -> dict[str, Any]:
    """`shorted` is what more was sold short, USD, below zero for what was bought back."""
    posting = posting_of(reports)
    return dynamodb.update(
        table,
        keys.customer(reports.customer_id),
        "ADD cash :cash, reserved :reserved, spent :spent, proceeds :proceeds, fees :fees, openOrders :closed"
        + (", shorted :shorted" if shorted else ""),
        "reserved >= :released",
        {
            ":cash": posting.cash,
            ":reserved": posting.reserved,
            ":released": -posting.reserved,
            ":spent": reports.spent,
            ":proceeds": reports.proceeds,
            ":fees": posting.fees,
            ":closed": -reports.closed,
            ":shorted": shorted or None,
        },
    )


def _given_back(table: str, reports: ExecutionReports) -> dict[str, Any]:
    """Shares that were reserved and were not sold can be sold again."""
    shares = shares_of(reports)
    return dynamodb.update(
        table,
        keys.position(reports.customer_id, reports.ticker),
        "ADD available :more, reserved :released",
        "reserved >= :sold",
        {":more": shares.available, ":released": shares.reserved, ":sold": -shares.reserved},
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
        "AND reserved >= :release AND ticker = :ticker AND direction = :direction",
        {
            ":ticker": each.order.ticker,
            ":direction": each.order.side.value,
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
