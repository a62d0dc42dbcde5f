"""What bookings changed, read from what they stored: the same as was published when they were made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trading.aws.store import dynamodb, items, keys
from trading.aws.store.order_view import as_booked, shown
from trading.domain.executions import trades_of
from trading.domain.messages.updates import update_fields


def updates_of(table: str, bookings: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The bodies of `ordersUpdated` of these bookings' items. Of the orders it reads the fields that never change."""
    reported = [items.reports_of(item) for item in bookings]
    wanted = {(each.customer_id, report.order.order_id) for each in reported for report in each.orders}
    stored_items = dynamodb.get_many(table, [keys.order(*each) for each in sorted(wanted)], consistent=True)
    stored = {item["orderId"]: shown(item) for item in stored_items}
    for reports, item in zip(reported, bookings, strict=True):
        after = items.orders_after(item)
        orders = {its_id: as_booked(stored[its_id], fields) for its_id, fields in after.items()}
        settlement_date = str(item["settlementDate"])
        trades = trades_of(reports, settlement_date)
        yield update_fields(reports, settlement_date, int(item["customerSequence"]), orders, trades)
