"""The writes of a booking: the booking itself, the customer's cash, the position, the orders with their steps."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import customer_items, dynamodb, items, keys, positions
from trading.aws.store.positions import Position
from trading.domain.accounts.ledger import Shares
from trading.domain.executions import Effect, ExecutionReports, OrderReport
from trading.domain.orders import Side

BOOKING = "the booking"
POSITION = "the position"


def writes_of(
    table: str,
    reports: ExecutionReports,
    effect: Effect,
    before: Position,
    after: Position,
    settlement_date: str,
    leaves: Mapping[str, int],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The writes by the name of what they write; what does not change is not written. `leaves` is the known open
    quantity of orders whose reports say otherwise.
    """
    item = items.booking_item(reports, effect, settlement_date, after if reports.traded else None)
    yield BOOKING, dynamodb.put_new(table, item)
    closing, shorted = _closing(reports, leaves), after.holding.shorted - before.holding.shorted
    if reports.traded or closing or effect.posting:
        yield "the customer's reservation", customer_items.book(table, reports, effect.posting, closing, shorted)
    if reports.traded:
        key = keys.position(reports.customer_id, reports.ticker)
        yield POSITION, positions.change(table, key, before, after, effect.shares, {"fees": effect.posting.fees})
        for date in effect.due.keys() - before.due.keys():
            due = keys.due(date, reports.customer_id, reports.ticker)
            yield f"what is due on {date}", dynamodb.put(table, due)
    elif effect.shares:
        yield POSITION, _given_back(table, reports, effect.shares)
    for each in reports.orders:
        yield each.order.order_id, _order(table, each, leaves.get(each.order.order_id))
        yield f"a step of {each.order.order_id}", dynamodb.put_new(table, items.step_item(reports, each))


def _given_back(table: str, reports: ExecutionReports, shares: Shares) -> dict[str, Any]:
    """Makes shares available again that were reserved and not sold."""
    return dynamodb.update(
        table,
        keys.position(reports.customer_id, reports.ticker),
        "ADD available :more, reserved :released",
        "reserved >= :sold",
        {":more": shares.available, ":released": shares.reserved, ":sold": -shares.reserved},
    )


def _order(table: str, each: OrderReport, leaves: int | None) -> dict[str, Any]:
    """The write of an order. Its last report sets how it ended, its first that an engine has it.

    A trade may be booked before the replacement that made room for it. So `openQuantity` is what the order may still
    close, where that differs from its open quantity; the request has already added what it asked for. The open quantity
    must be what the report says, or what is known, because the customer's item is told whether the order closes.
    """
    ending = items.ending_fields(each)
    changes = dict(_changes(each))
    set_ = ["openQuantity = if_not_exists(openQuantity, leavesQuantity) - :closing", *(f"{n} = :{n}" for n in changes)]
    if any(change.quantity for change in each.changes):
        set_.append("orderQuantity = if_not_exists(orderQuantity, initialQuantity) + :by")
    if not each.refused:
        set_.append("answered = :true")
    if ending:
        set_.append("ending = :ending")
    remove = sorted({f"pending{change.kind}" for change in each.changes})
    stays_open = _stays_open(each, leaves)
    if stays_open:
        set_.append(f"{keys.OPEN_ORDER} = :order")
    elif stays_open is not None:
        remove.append(keys.OPEN_ORDER)
    return dynamodb.update(
        table,
        keys.order(each.order.customer_id, each.order.order_id),
        f"SET {', '.join(set_)} "
        "ADD cumulativeQuantity :filled, canceledQuantity :ended, leavesQuantity :taken, executedNotional :turnover, "
        "fees :fees, reserved :released" + (f" REMOVE {', '.join(remove)}" if remove else ""),
        "(openQuantity >= :closing OR attribute_not_exists(openQuantity) AND leavesQuantity >= :closing) "
        "AND reserved >= :release AND ticker = :ticker AND direction = :direction AND orderDate = :entered"
        + "".join(f" AND {condition}" for condition in (_as_open(each, leaves), _within_limit(each)) if condition),
        {
            ":ticker": each.order.ticker,
            ":entered": each.order.order_date,
            ":leaves": _expected(each, leaves),
            ":worst": _worst(each),
            ":direction": each.order.side.value,
            ":true": None if each.refused else True,
            ":order": each.order.order_id if stays_open else None,
            ":ending": ending,
            ":filled": each.filled,
            ":ended": each.ended,
            ":taken": -each.taken,
            ":closing": each.filled + each.ended + each.returned,
            **{f":{name}": value for name, value in changes.items()},
            ":by": each.by if any(change.quantity for change in each.changes) else None,
            ":turnover": each.turnover,
            ":fees": each.fees,
            ":released": -each.released,
            ":release": each.released,
        },
    )


def _as_open(each: OrderReport, leaves: int | None) -> str:
    """The condition that the open quantity is as expected; none if the report does not change it."""
    if leaves is None and not each.closed:
        return "leavesQuantity > :leaves" if each.taken else ""
    return "leavesQuantity = :leaves"


def _expected(each: OrderReport, leaves: int | None) -> int | None:
    """The value that the leaves quantity is compared with."""
    if leaves is not None:
        return leaves
    if each.closed:
        return each.taken
    return max(each.taken, 0) if each.taken else None


def _stays_open(each: OrderReport, leaves: int | None) -> bool | None:
    """Whether the order is open afterwards, given the condition above; None if that does not change."""
    if leaves is not None:
        return leaves != each.taken
    return False if each.closed else bool(each.taken) or None


def _worst(each: OrderReport) -> Decimal | None:
    """The worst price that the order traded at."""
    if not each.executions:
        return None
    return (max if each.order.side is Side.BUY else min)(execution.price for execution in each.executions)


def _within_limit(each: OrderReport) -> str:
    """The condition that the trades keep to the widest limit that the order ever had or asked for: a booking may come
    late.
    """
    if not each.executions:
        return ""
    within = ">=" if each.order.side is Side.BUY else "<="
    asked = f"widestLimit {within} :worst"
    return f"({asked} OR attribute_not_exists(widestLimit) AND protectionPrice {within} :worst)"


def _changes(each: OrderReport) -> Iterator[tuple[str, Any]]:
    """The attributes that changes set on the order: its new limit, or why it was not changed."""
    for change in each.changes:
        if change.reason is not None:
            yield f"refused{change.kind}", {"changeId": change.change_id, "reason": change.reason}
        elif change.price is not None:
            yield "price", change.price
            yield "protectionPrice", change.price


def _closing(reports: ExecutionReports, leaves: Mapping[str, int]) -> int:
    """How many orders the booking closes, less those that it opens again."""
    closing = 0
    for each in reports.orders:
        known = leaves.get(each.order.order_id)
        if known is None:
            closing += bool(each.closed and each.taken)
        else:
            closing += bool(known) - bool(known - each.taken)
    return closing
