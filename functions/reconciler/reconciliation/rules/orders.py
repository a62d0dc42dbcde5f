"""Compares orders with their bookings: how an order should stand after everything that was reported on it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from reconciliation.rules.movements import OrderRecord
from trading.domain import money
from trading.domain.executions import OrderReport

Reported = tuple[str, OrderReport]
"""When an engine reported, and what."""


def order_breaks(placed: OrderRecord, reported: Sequence[Reported], on_top: Decimal) -> Iterator[Break]:
    """The fields in which an order differs from what its reports lead to; the reports may come in any order. `on_top`
    is what requests to replace it reserved, USD.
    """
    order = placed.order
    expected = expected_of(placed, sorted(reported, key=lambda each: each[0]), on_top)
    left, right = SideRecord("the order", placed.stands), SideRecord("its bookings", expected)
    return differing(BreakKind.ORDER, Where(order.customer_id, order.ticker, order.order_id), left, right)


def expected_of(placed: OrderRecord, reported: Sequence[Reported], on_top: Decimal) -> dict[str, Any]:
    """How an order should stand after these reports, the oldest first."""
    order, reports = placed.order, [report for _, report in reported]
    stands = placed.stands
    filled = sum(each.filled for each in reports)
    ended = sum(each.ended for each in reports)
    total = order.quantity + sum(each.by for each in reports)
    needed = order.reservation(order.quantity) + on_top
    leaves = total - filled - ended if placed.accepted else 0
    prices = [change.price for each in reports for change in each.changes if change.price is not None]
    endings = [f"{each.ending.status} {each.ending.reason}" for each in reports if each.ending]
    released = sum(each.released for each in reports)
    return {
        "orderQuantity": total,
        "cumulativeQuantity": filled,
        "canceledQuantity": ended,
        "leavesQuantity": leaves,
        "openQuantity": stands["openQuantity"] if placed.replacing else leaves,
        "executedNotional": sum((each.turnover for each in reports), money.ZERO),
        "fees": sum((each.fees for each in reports), money.ZERO),
        "reserved": needed - released if leaves or placed.replacing else money.ZERO,
        "answered": any(not each.refused for each in reports),
        "price": _one_of(prices, stands["price"]) or order.price,
        "ending": _one_of(endings, stands["ending"]),
    }


def _one_of(values: Sequence[Any], stands: Any) -> Any:
    """The value that was set last. Of several, that is whichever was booked last, which need not be the newest: each
    may stand.
    """
    return stands if stands in values else values[-1] if values else None


def unanswered_breaks(placed: Sequence[OrderRecord], date: str) -> Iterator[Break]:
    """The orders up to this date that were accepted and that no engine has reported on."""
    for each in placed:
        if each.unanswered and each.date <= date:
            order = each.order
            where = Where(order.customer_id, order.ticker, order.order_id)
            accepted, answered = (
                SideRecord("the order", {"accepted": order.order_date}),
                SideRecord("the engines", None),
            )
            yield from differing(BreakKind.UNANSWERED, where, accepted, answered)
