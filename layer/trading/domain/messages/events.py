"""The events of the Trades topic: what happened to orders in an engine, and what has been booked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from trading.domain import money
from trading.domain.errors import Unprocessable, shown, why
from trading.domain.executions import (
    MAX_BOOKED_EXECUTIONS,
    MAX_BOOKED_ORDERS,
    ChangeKind,
    ChangeOutcome,
    Ending,
    Execution,
    ExecutionReports,
    OrderReport,
)
from trading.domain.ids import derived
from trading.domain.messages.bounds import (
    count_of,
    customer_of,
    difference_of,
    id_of,
    object_of,
    price_of,
    reason_of,
    ticker_of,
    trade_price_of,
    venue_of,
)
from trading.domain.messages.wire import (
    UNREADABLE,
    VERSION,
    Message,
    OrderFields,
    compact,
    order_fields,
    order_from,
    parsed,
)
from trading.domain.order_status import OrdStatus
from trading.domain.orders import PoolType, Side
from trading.domain.times import checked_instant

TRADES = "trades"
REPORTED = "executionReports"
BOOKED = "tradesSettled"
"""The original document's name for what is booked; it settles on its value date."""
ENDINGS = frozenset({OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED})

ExecutionFields = tuple[int, str, str, str] | tuple[int, str, str, str, bool] | tuple[int, str, str, str, bool, int]
"""Quantity, price, venue, fee. Then whether it counts in its ticker's day, if it does not or if its turn follows; then
its turn, if that is not 0.
"""
EndingFields = tuple[int, str, str]
"""Quantity, status, reason."""


class OutcomeFields(TypedDict):
    """The outcome of a request to change an order."""

    changeId: str
    kind: str
    reason: NotRequired[str]
    quantity: NotRequired[int]
    price: NotRequired[str]
    by: NotRequired[int]
    returned: NotRequired[int]


class OrderReportFields(TypedDict):
    """What happened to one order and the cash reservation that it releases."""

    order: OrderFields
    released: str
    executions: list[ExecutionFields]
    ending: NotRequired[EndingFields]
    changes: NotRequired[list[OutcomeFields]]
    notMatchedInDarkPool: NotRequired[bool]
    closed: NotRequired[bool]


def reports_message(reports: ExecutionReports) -> Message:
    return Message(
        topic=TRADES,
        attributes={"eventType": REPORTED},
        group=reports.customer_id,
        id=derived(reports.booking_id, REPORTED),
        body=compact(
            {
                "version": VERSION,
                "type": REPORTED,
                "bookingId": reports.booking_id,
                "customerId": reports.customer_id,
                "ticker": reports.ticker,
                "poolType": reports.pool.value,
                "time": reports.time,
                "orders": order_reports_fields(reports.orders),
            }
        ),
    )


def booked_message(reports: ExecutionReports, settlement_date: str, trades: Iterable[Mapping[str, Any]]) -> Message:
    """Says that the reports are booked, with their trades, and when: the original document calls this
    `settlementDate`.
    """
    return Message(
        topic=TRADES,
        attributes={"eventType": BOOKED},
        group=reports.customer_id,
        id=derived(reports.booking_id, BOOKED),
        body=compact(
            {
                "version": VERSION,
                "type": BOOKED,
                "bookingId": reports.booking_id,
                "customerId": reports.customer_id,
                "ticker": reports.ticker,
                "settlementDate": settlement_date,
                "trades": list(trades),
            }
        ),
    )


def reports_from(body: str) -> ExecutionReports:
    """The reports of a message. Raises Unprocessable, with the reason, for anything but an executionReports message."""
    try:
        return reports_of(parsed(body, REPORTED))
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of {REPORTED}: {why(error)}") from error


def reports_of(fields: Mapping[str, Any]) -> ExecutionReports:
    """The reports of a message or of a booking. Raises KeyError, TypeError or ValueError for anything else."""
    reports = ExecutionReports(
        booking_id=id_of(fields["bookingId"]),
        customer_id=customer_of(fields["customerId"]),
        ticker=ticker_of(fields["ticker"]),
        pool=PoolType(fields["poolType"]),
        time=checked_instant(fields["time"]),
        orders=tuple(_order_report_from(each) for each in _at_most(MAX_BOOKED_ORDERS, fields["orders"])),
    )
    _check(reports)
    return reports


def _check(reports: ExecutionReports) -> None:
    """Raises ValueError if the reports break a rule: one customer, one ticker, nothing beyond what was reserved."""
    if not reports.orders:
        raise ValueError("no order is reported on")
    if sum(len(each.executions) for each in reports.orders) > MAX_BOOKED_EXECUTIONS:
        raise ValueError(f"more than {MAX_BOOKED_EXECUTIONS} executions in a booking")
    if len({each.order.order_id for each in reports.orders}) != len(reports.orders):
        raise ValueError("an order is listed twice")
    for each in reports.orders:
        order = each.order
        if (order.customer_id, order.ticker) != (reports.customer_id, reports.ticker):
            raise ValueError(f"order {order.order_id} is another customer's or another ticker's")
        if each.filled + each.ended > order.quantity:
            raise ValueError(f"more shares than order {order.order_id} has")
        worst = each.notional + each.fees if order.side is Side.BUY else each.fees - each.notional
        if max(worst, money.ZERO) > each.released:
            raise ValueError(f"the executions of order {order.order_id} take more than they release")


def order_reports_fields(orders: Iterable[OrderReport]) -> list[OrderReportFields]:
    return [_order_report_fields(each) for each in orders]


def _order_report_fields(each: OrderReport) -> OrderReportFields:
    fields: OrderReportFields = {
        "order": order_fields(each.order),
        "released": money.text(each.released),
        "executions": [_execution_fields(execution) for execution in each.executions],
    }
    if each.ending:
        fields["ending"] = (each.ending.quantity, each.ending.status.value, each.ending.reason)
    if each.not_matched_in_dark_pool:
        fields["notMatchedInDarkPool"] = True
    if each.closed:
        fields["closed"] = True
    if each.changes:
        fields["changes"] = [_outcome_fields(change) for change in each.changes]
    return fields


def _execution_fields(execution: Execution) -> ExecutionFields:
    quantity, price, fee = execution.quantity, money.price_text(execution.price), money.text(execution.fee)
    if execution.turn:
        return quantity, price, execution.venue, fee, execution.counted, execution.turn
    if not execution.counted:
        return quantity, price, execution.venue, fee, False
    return quantity, price, execution.venue, fee


def _outcome_fields(change: ChangeOutcome) -> OutcomeFields:
    fields: OutcomeFields = {"changeId": change.change_id, "kind": change.kind.value}
    if change.reason is not None:
        fields["reason"] = change.reason
    if change.quantity is not None and change.price is not None:
        fields |= {"quantity": change.quantity, "price": money.text(change.price), "by": change.by}
    if change.returned:
        fields["returned"] = change.returned
    return fields


def _order_report_from(fields: Mapping[str, Any]) -> OrderReport:
    ending = object_of(fields).get("ending")
    report = OrderReport(
        order=order_from(fields["order"]),
        executions=tuple(_execution_from(*execution) for execution in _list_of(fields["executions"])),
        released=money.not_negative(fields["released"]),
        ending=None if ending is None else _ending_from(*_list_of(ending)),
        not_matched_in_dark_pool=fields.get("notMatchedInDarkPool") is True,
        changes=tuple(_outcome_from(change) for change in _list_of(fields.get("changes", []))),
        closed=fields.get("closed") is True,
    )
    if report.released and not (report.executions or report.ending or report.changes):
        raise ValueError("what an order reserves is released without anything that happened to it")
    return report


def _outcome_from(fields: Mapping[str, Any]) -> ChangeOutcome:
    reason, returned = object_of(fields).get("reason"), fields.get("returned")
    replaced = "quantity" in fields
    return ChangeOutcome(
        change_id=id_of(fields["changeId"]),
        kind=ChangeKind(fields["kind"]),
        reason=None if reason is None else reason_of(reason),
        quantity=count_of(fields["quantity"]) if replaced else None,
        price=price_of(fields["price"]) if replaced else None,
        by=difference_of(fields["by"]) if replaced else 0,
        returned=0 if returned is None else count_of(returned),
    )


def _execution_from(quantity: int, price: str, venue: str, fee: str, *unusual: Any) -> Execution:
    usual: list[Any] = [True, 0]
    counted, turn = [*unusual, *usual[len(unusual) :]]
    if type(counted) is not bool or difference_of(turn) < 0:
        raise ValueError(f"{shown(unusual)} is neither whether an execution counts nor its turn")
    return Execution(count_of(quantity), trade_price_of(price), venue_of(venue), money.not_negative(fee), counted, turn)


def _ending_from(quantity: int, status: str, reason: str) -> Ending:
    if status not in ENDINGS:
        raise ValueError(f"{shown(status)} is not how an order ends")
    return Ending(count_of(quantity), OrdStatus(status), reason_of(reason))


def _at_most(number: int, value: object) -> Sequence[Any]:
    listed = _list_of(value)
    if len(listed) > number:
        raise ValueError(f"more than {number}")
    return listed


def _list_of(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{shown(value)} is not a list")
    return value
