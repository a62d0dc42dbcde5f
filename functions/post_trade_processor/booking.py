"""Books reports, each in one transaction. An order that does not fit is left out, as a booking of its own."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from customer_state import CustomerState
from order_changes import is_same
from postings import BOOKING, CUSTOMER, POSITION, Outcome, outcome_of, writes_of

from trading.aws import clock
from trading.aws.messaging.refusals import refusal_of
from trading.aws.store import customer_items, dynamodb, items, keys
from trading.aws.store.order_view import shown
from trading.aws.store.positions import position_of
from trading.aws.store.updates import updates_of
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports
from trading.domain.messages.updates import update_fields
from trading.domain.times import iso

logger = Logger(child=True)


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked of the reports, when, and what this changed; None if that is not known, because the booking is
    older than the numbers of bookings. `apart` are the orders that did not fit, each as a booking of its own.
    """

    reports: ExecutionReports
    settlement_date: str
    update: dict[str, Any] | None
    apart: tuple[ExecutionReports, ...]


def book(known: CustomerState, reports: ExecutionReports, deadline: float) -> Booked:
    """Books the reports once. If they are booked already, returns what was booked then.

    Amounts are added, so bookings commute, except for a position's cost, which depends on the order of the bookings.
    `known` is the customer as the bookings before this one left it. Each booking has the next number of its customer.

    An order does not fit if it does not exist, has less open or reserved than is reported, or has other terms. It is
    not booked; the others are. Raises Unprocessable if no order fits, if the customer does not exist or has less
    reserved than is released, or if other reports are booked under the same id.

    If AWS never takes the whole, the first order that it takes is booked, and the others are to be booked apart. If it
    takes none, raises what it answered.
    """
    try:
        return _book(known, reports, reports, deadline)
    except ClientError as error:
        if refusal_of(error) is None or len(reports.orders) == 1:
            raise
        return _book_first(known, reports, deadline, error)


def _book_first(known: CustomerState, reports: ExecutionReports, deadline: float, refused: ClientError) -> Booked:
    """Books the first order that AWS takes. Orders with trades come first: their booking has the key that the whole
    would have.
    """
    for each in sorted(reports.orders, key=lambda each: not each.executions):
        alone = reports.without({other.order.order_id for other in reports.orders} - {each.order.order_id})
        try:
            return _book(known, reports, alone, deadline)
        except Unprocessable as problem:
            logger.info("an order does not fit", order_id=each.order.order_id, reason=problem.reason)
        except ClientError as error:
            if refusal_of(error) is None:
                raise
    raise refused


def _book(known: CustomerState, reports: ExecutionReports, fitting: ExecutionReports, deadline: float) -> Booked:
    """Books the part of the reports that is `fitting`."""
    settlement_date = iso(clock.now())
    while True:
        outcome = outcome_of(fitting, known)
        writes = dict(writes_of(fitting, known, outcome, settlement_date))
        try:
            dynamodb.transact(list(writes.values()), deadline)
        except dynamodb.TransactionCanceled as canceled:
            failed = _failed(writes, canceled)
            if booked := failed.get(BOOKING) or _booked(known.table, reports):
                return _as_booked(known.table, reports, booked)
            moved = _moved(fitting, failed, known)
            misfits = failed.keys() & {each.order.order_id for each in fitting.orders} - moved
            if len(misfits) == len(fitting.orders) or not (moved or misfits):
                reason = f"the reports do not fit {', '.join(failed)}"
                raise Unprocessable(reason, {"booking_id": reports.booking_id}) from canceled
            if time.monotonic() > deadline:
                raise
            if moved:
                known.read([fitting])
            fitting = fitting.without(misfits)
            continue
        _leave(known, fitting, outcome)
        orders = {its_id: shown(item) for its_id, item in outcome.orders.items()}
        update = update_fields(fitting, settlement_date, outcome.sequence, orders)
        return Booked(fitting, settlement_date, update, _apart(reports, fitting))


def _leave(known: CustomerState, reports: ExecutionReports, outcome: Outcome) -> None:
    """The customer is known as the booking has left it."""
    known.sequence = outcome.sequence
    known.orders.update(outcome.orders)
    if reports.traded:
        known.positions[reports.ticker] = outcome.after


def _failed(writes: Mapping[str, Any], canceled: dynamodb.TransactionCanceled) -> dict[str, dict[str, Any] | None]:
    """The writes whose condition does not hold, by name, with the item that failed it."""
    named = zip(writes, canceled.reasons, strict=True)
    return {name: reason.item for name, reason in named if reason.condition_failed}


def _moved(reports: ExecutionReports, failed: Mapping[str, dict[str, Any] | None], known: CustomerState) -> set[str]:
    """What is no longer as it is known: another booking was made meanwhile."""
    moved = set()
    if (customer := failed.get(CUSTOMER)) and customer_items.sequence_of(customer) != known.sequence:
        moved.add(CUSTOMER)
    there = failed.get(POSITION) if reports.traded else None
    if there and position_of(there).sequence != known.position(reports.ticker).sequence:
        moved.add(POSITION)
    for each in reports.orders:
        its_id = each.order.order_id
        if its_id in failed and not is_same(known.orders.get(its_id), failed[its_id]):
            moved.add(its_id)
    return moved


def _booked(table: str, reports: ExecutionReports) -> dict[str, Any] | None:
    """The booking under this id: with trades or, if those did not fit, without."""
    either = (reports, replace(reports, orders=())) if reports.traded else (reports,)
    return next(dynamodb.get_many(table, [keys.booking(each) for each in either], consistent=True), None)


def _as_booked(table: str, reports: ExecutionReports, item: Mapping[str, Any]) -> Booked:
    """The stored booking, as a result for the reports. Raises Unprocessable if it has other reports: these would be
    lost without a trace.
    """
    booked = items.reports_of(item)
    if not set(booked.orders) <= set(reports.orders):
        raise Unprocessable("other reports are booked under this id", {"booking_id": reports.booking_id})
    update = next(updates_of(table, [item]), None)
    return Booked(booked, str(item["settlementDate"]), update, _apart(reports, booked))


def _apart(reports: ExecutionReports, booked: ExecutionReports) -> tuple[ExecutionReports, ...]:
    there = {each.order.order_id for each in booked.orders}
    return tuple(reports.apart(each.order.order_id) for each in reports.orders if each.order.order_id not in there)
