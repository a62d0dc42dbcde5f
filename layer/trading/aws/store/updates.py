"""What bookings changed, read from what they stored: the same as was published when they were made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trading.aws.store import dynamodb, items, keys
from trading.aws.store.order_view import as_booked, shown
from trading.domain.executions import ExecutionReports
from trading.domain.messages.updates import update_fields


def updates_of(table: str, bookings: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The bodies of `ordersUpdated` of these bookings' items. Bookings that have no number, because they are older than
    the numbers, are left out.
    """
    numbered = [(items.reports_of(item), item) for item in bookings if "customerSequence" in item]
    wanted: dict[str, keys.Key] = {}
    for reports, _ in numbered:
        for key in _keys(reports):
            wanted[f"{key['PK']} {key['SK']}"] = key
    stored = {
        (item["PK"], item["SK"]): item for item in dynamodb.get_many(table, list(wanted.values()), consistent=True)
    }
    for reports, item in numbered:
        orders = {each.order.order_id: _order(stored, reports, each.order.order_id) for each in reports.orders}
        yield update_fields(reports, str(item["settlementDate"]), int(item["customerSequence"]), orders)


def _keys(reports: ExecutionReports) -> Iterator[keys.Key]:
    for each in reports.orders:
        yield keys.order(reports.customer_id, each.order.order_id)
        yield keys.step(reports, each.order.order_id)


def _order(
    stored: Mapping[tuple[str, str], Mapping[str, Any]], reports: ExecutionReports, order_id: str
) -> dict[str, Any]:
    """The order as it was after the booking."""
    order, step = keys.order(reports.customer_id, order_id), keys.step(reports, order_id)
    return as_booked(shown(stored[order["PK"], order["SK"]]), items.order_after(stored[step["PK"], step["SK"]]))
