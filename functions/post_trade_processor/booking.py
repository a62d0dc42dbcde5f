"""Books reports: several messages in one transaction, or each by itself. If one is booked by itself, its orders that do
not fit are left out, each as a booking of its own.

A booking is stored under an id that follows from the engine's commit, on condition that it is not there. So a message
that comes again changes nothing: what is stored is the answer.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from customer_state import CustomerState
from order_changes import is_same
from postings import CUSTOMER, Outcome, outcomes_of, position_name, writes_of

from trading.aws import clock
from trading.aws.messaging.refusals import refusal_of
from trading.aws.store import customer_items, dynamodb, items, keys, transactions
from trading.aws.store.positions import position_of
from trading.aws.store.updates import updates_of
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports, trades_of
from trading.domain.messages.updates import update_fields
from trading.domain.times import iso

MAX_WRITES = 100
"""The writes of a transaction, by DynamoDB's limit."""
WRITES_OF_A_TICKER = 5
"""The position, and more value dates than the venues of a day have."""

logger = Logger(child=True)
Failed = Mapping[str, dict[str, Any] | None]
"""The writes whose condition does not hold, by name, with the item that failed it."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked of the reports, when, with which trades, and what this changed. `apart` are the orders that did
    not fit, each as a booking of its own.
    """

    reports: ExecutionReports
    settlement_date: str
    trades: Sequence[Mapping[str, Any]]
    update: dict[str, Any]
    apart: tuple[ExecutionReports, ...] = ()


class Misfit(Unprocessable):
    """Reports that do not fit what is stored: these writes fail, though nothing was booked meanwhile."""

    def __init__(self, several: Iterable[ExecutionReports], failed: Failed) -> None:
        ids = ", ".join(each.booking_id for each in several)
        super().__init__(f"the reports do not fit {', '.join(failed)}", {"booking_id": ids})
        self.failed = failed


def at_once(several: Iterable[ExecutionReports]) -> int:
    """How many of these reports, from the first on, one transaction takes: each item once, and no booking twice."""
    orders: set[str] = set()
    tickers: set[str] = set()
    bookings: set[str] = set()
    for reports in several:
        orders |= {each.order.order_id for each in reports.orders}
        tickers.add(reports.ticker)
        writes = 1 + len(bookings) + 1 + len(orders) + WRITES_OF_A_TICKER * len(tickers)
        if bookings and (reports.booking_id in bookings or writes > MAX_WRITES):
            break
        bookings.add(reports.booking_id)
    return len(bookings)


def book_together(known: CustomerState, several: Sequence[ExecutionReports], deadline: float) -> list[Booked]:
    """Books these reports, all in one transaction, or finds those that are booked already. Each is a booking of its
    own, with the next number of the customer.

    Amounts are added, so bookings commute, except for a position's cost, which depends on the order of the bookings.
    `known` is the customer as the bookings before these left it. Raises Unprocessable, and books nothing, if one of
    them does not fit: its order or customer does not exist, has less open or reserved than is reported, or has other
    terms, or other reports are booked under its id.
    """
    return _transact(known, several, several, deadline)


def _transact(
    known: CustomerState, wholes: Sequence[ExecutionReports], several: Sequence[ExecutionReports], deadline: float
) -> list[Booked]:
    """Books these reports, which are parts of `wholes` or all of them."""
    settlement_date = iso(clock.now())
    booked: dict[str, Booked] = {}
    while left := [each for each in several if each.booking_id not in booked]:
        outcomes = outcomes_of(left, known)
        writes = dict(writes_of(outcomes, known, settlement_date))
        try:
            transactions.write(list(writes.values()), deadline)
        except transactions.TransactionCanceled as canceled:
            named = zip(writes, canceled.reasons, strict=True)
            failed = {name: reason.item for name, reason in named if reason.condition_failed}
            stored = ((each, failed.get(each.booking_id)) for each in wholes)
            there = {each.booking_id: _as_booked(known.table, each, item) for each, item in stored if item}
            moved = _has_moved(left, failed, known)
            if not there and not moved:
                raise Misfit(left, failed) from canceled
            if moved and time.monotonic() > deadline:
                raise
            if moved:
                known.read(left)
            booked |= there
        else:
            for outcome in outcomes:
                outcome.leave(known)
                booked[outcome.reports.booking_id] = _booked(outcome, settlement_date)
    return [booked[each.booking_id] for each in several]


def book(known: CustomerState, reports: ExecutionReports, deadline: float) -> Booked:
    """Books these reports alone. An order that does not fit is not booked; the others are. Raises Unprocessable if no
    order fits, or the customer does not.

    If AWS never takes the whole, the first order that it takes is booked, and the others are to be booked apart. If it
    takes none, raises what it answered.
    """
    try:
        return _book_fitting(known, reports, reports, deadline)
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
            return _book_fitting(known, reports, alone, deadline)
        except Unprocessable as problem:
            logger.info("an order does not fit", order_id=each.order.order_id, reason=problem.reason)
        except ClientError as error:
            if refusal_of(error) is None:
                raise
    raise refused


def _book_fitting(
    known: CustomerState, reports: ExecutionReports, fitting: ExecutionReports, deadline: float
) -> Booked:
    """Books the part of the reports that is `fitting`, as far as it fits."""
    while True:
        try:
            [booked] = _transact(known, [reports], [fitting], deadline)
        except Misfit as problem:
            if there := _stored(known.table, reports):
                booked = _as_booked(known.table, reports, there)
            else:
                misfits = problem.failed.keys() & {each.order.order_id for each in fitting.orders}
                if not misfits or len(misfits) == len(fitting.orders):
                    raise
                fitting = fitting.without(misfits)
                continue
        return replace(booked, apart=_apart(reports, booked.reports))


def _booked(outcome: Outcome, settlement_date: str) -> Booked:
    trades = list(trades_of(outcome.reports, settlement_date))
    update = update_fields(outcome.reports, settlement_date, outcome.sequence, outcome.shown, trades)
    return Booked(outcome.reports, settlement_date, trades, update)


def _has_moved(several: Iterable[ExecutionReports], failed: Failed, known: CustomerState) -> bool:
    """Whether something is no longer as it is known: another booking was made meanwhile."""
    customer = failed.get(CUSTOMER)
    if customer and customer_items.sequence_of(customer) != known.sequence:
        return True
    for ticker in {each.ticker for each in several if each.traded}:
        there = failed.get(position_name(ticker))
        if there and position_of(there).sequence != known.position(ticker).sequence:
            return True
    orders = {each.order.order_id for reports in several for each in reports.orders}
    return any(not is_same(known.orders.get(its_id), failed[its_id]) for its_id in orders & failed.keys())


def _stored(table: str, reports: ExecutionReports) -> dict[str, Any] | None:
    """The booking under this id: with trades or, if those did not fit, without."""
    either = (reports, replace(reports, orders=())) if reports.traded else (reports,)
    return next(dynamodb.get_many(table, [keys.booking(each) for each in either], consistent=True), None)


def _as_booked(table: str, reports: ExecutionReports, item: Mapping[str, Any]) -> Booked:
    """The stored booking, as a result for the reports. Raises Unprocessable if it has other reports: these would be
    lost without a trace.
    """
    booked, settlement_date = items.reports_of(item), str(item["settlementDate"])
    if not set(booked.orders) <= set(reports.orders):
        raise Unprocessable("other reports are booked under this id", {"booking_id": reports.booking_id})
    [update] = updates_of(table, [item])
    return Booked(booked, settlement_date, list(trades_of(booked, settlement_date)), update)


def _apart(reports: ExecutionReports, booked: ExecutionReports) -> tuple[ExecutionReports, ...]:
    there = {each.order.order_id for each in booked.orders}
    return tuple(reports.apart(each.order.order_id) for each in reports.orders if each.order.order_id not in there)
