"""Books reports, each in one transaction. An order that does not fit is left out, as a booking of its own."""

import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from postings import BOOKING, POSITION, writes_of

from trading.aws import clock
from trading.aws.messaging.refusals import refusal_of
from trading.aws.store import dynamodb, items, keys, positions
from trading.aws.store.positions import Position, position_of
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports, OrderReport, effect_of
from trading.domain.times import iso

logger = Logger(child=True)


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked of the reports, and when; `apart` are the orders that did not fit, each as a booking of its
    own.
    """

    reports: ExecutionReports
    settlement_date: str
    apart: tuple[ExecutionReports, ...]


def book(table: str, reports: ExecutionReports, known: MutableMapping[str, Position], deadline: float) -> Booked:
    """Books the reports once. If they are booked already, returns what was booked then.

    Amounts are added, so bookings commute, except for a position's cost, which depends on the order of the bookings.
    `known` are the customer's positions by ticker, as the bookings before this one left them.

    An order does not fit if it does not exist, has less open or reserved than is reported, or has other terms. It is
    not booked; the others are. Raises Unprocessable if no order fits, if the customer does not exist or has less
    reserved than is released, or if other reports are booked under the same id.

    If AWS never takes the whole, the first order that it takes is booked, and the others are to be booked apart. If it
    takes none, raises what it answered.
    """
    try:
        return _book(table, reports, reports, known, deadline)
    except ClientError as error:
        if refusal_of(error) is None or len(reports.orders) == 1:
            raise
        return _book_first(table, reports, known, deadline, error)


def _book_first(
    table: str, reports: ExecutionReports, known: MutableMapping[str, Position], deadline: float, refused: ClientError
) -> Booked:
    """Books the first order that AWS takes. Orders with trades come first: their booking has the key that the whole
    would have.
    """
    for each in sorted(reports.orders, key=lambda each: not each.executions):
        alone = reports.without({other.order.order_id for other in reports.orders} - {each.order.order_id})
        try:
            return _book(table, reports, alone, known, deadline)
        except Unprocessable as problem:
            logger.info("an order does not fit", order_id=each.order.order_id, reason=problem.reason)
        except ClientError as error:
            if refusal_of(error) is None:
                raise
    raise refused


def _book(
    table: str,
    reports: ExecutionReports,
    fitting: ExecutionReports,
    known: MutableMapping[str, Position],
    deadline: float,
) -> Booked:
    """Books the part of the reports that is `fitting`."""
    settlement_date = iso(clock.now())
    if reports.traded and reports.ticker not in known:
        known[reports.ticker] = positions.read(table, reports.customer_id, reports.ticker)
    leaves: dict[str, int] = {}
    while True:
        before = known.get(reports.ticker, Position())
        effect = effect_of(fitting)
        after = before.after(before.holding.booked(fitting), effect.due)
        writes = dict(writes_of(table, fitting, effect, before, after, settlement_date, leaves))
        try:
            dynamodb.transact(list(writes.values()), deadline)
        except dynamodb.TransactionCanceled as canceled:
            failed = _failed(writes, canceled)
            if booked := failed.get(BOOKING) or _booked(table, reports):
                return _as_booked(reports, booked)
            learned = _learned(fitting, failed, leaves)
            misfits = failed.keys() & {each.order.order_id for each in fitting.orders} - learned
            there = position_of(failed[POSITION]) if POSITION in failed else None
            moved = there is not None and fitting.traded and there.sequence != before.sequence
            if len(misfits) == len(fitting.orders) or not (learned or moved or misfits):
                reason = f"the reports do not fit {', '.join(failed)}"
                raise Unprocessable(reason, {"booking_id": reports.booking_id}) from canceled
            if time.monotonic() > deadline:
                raise
            if moved and there is not None:
                known[reports.ticker] = there
            fitting = fitting.without(misfits)
            continue
        if fitting.traded:
            known[reports.ticker] = after
        return Booked(fitting, settlement_date, _apart(reports, fitting))


def _failed(writes: Mapping[str, Any], canceled: dynamodb.TransactionCanceled) -> dict[str, dict[str, Any] | None]:
    """The writes whose condition does not hold, by name, with the item that failed it."""
    named = zip(writes, canceled.reasons, strict=True)
    return {name: reason.item for name, reason in named if reason.condition_failed}


def _learned(
    reports: ExecutionReports, failed: Mapping[str, dict[str, Any] | None], leaves: MutableMapping[str, int]
) -> set[str]:
    """The orders whose open quantity was not as expected; adds to `leaves` what it is."""
    found = set()
    for each in reports.orders:
        order_id = each.order.order_id
        item = failed.get(order_id)
        if item is None or "leavesQuantity" not in item:
            continue
        there = int(item["leavesQuantity"])
        if not _as_taken(each, there, leaves.get(order_id)):
            leaves[order_id] = there
            found.add(order_id)
    return found


def _as_taken(each: OrderReport, there: int, known: int | None) -> bool:
    """Whether the open quantity is what the write expected: what is known, or else what the report says."""
    if known is not None:
        return there == known
    if each.closed:
        return there == each.taken
    return not each.taken or there > max(each.taken, 0)


def _booked(table: str, reports: ExecutionReports) -> dict[str, Any] | None:
    """The booking under this id: with trades or, if those did not fit, without."""
    for fitting in (reports, replace(reports, orders=())) if reports.traded else (reports,):
        if item := dynamodb.get(table, {**keys.booking(fitting)}):
            return item
    return None


def _as_booked(reports: ExecutionReports, item: Mapping[str, Any]) -> Booked:
    """The stored booking, as a result for the reports. Raises Unprocessable if it has other reports: these would be
    lost without a trace.
    """
    booked = items.reports_of(item)
    if not set(booked.orders) <= set(reports.orders):
        raise Unprocessable("other reports are booked under this id", {"booking_id": reports.booking_id})
    return Booked(booked, str(item["settlementDate"]), _apart(reports, booked))


def _apart(reports: ExecutionReports, booked: ExecutionReports) -> tuple[ExecutionReports, ...]:
    there = {each.order.order_id for each in booked.orders}
    return tuple(reports.apart(each.order.order_id) for each in reports.orders if each.order.order_id not in there)
