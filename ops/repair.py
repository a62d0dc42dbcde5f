"""What can be mended after a reconciliation: an accepted order that no engine has answered is published again, and a
booking that the archive lacks is archived.
"""

from collections import defaultdict
from collections.abc import Iterable

from trading.aws.messaging.topics import Topics
from trading.aws.store import dynamodb, items, keys
from trading.aws.store.archive import Archive
from trading.aws.store.order_state import is_unanswered
from trading.aws.store.routing import routed
from trading.domain.messages.command_messages import orders_messages
from trading.domain.messages.commands import Command
from trading.domain.orders import PoolType

OrderKey = tuple[str, str]
"""A customer's id, and an order's."""
BookingKey = tuple[str, str]
"""A customer's id, and a booking's."""


def publish_unanswered(table: str, orders: Iterable[OrderKey], time: str, topics: Topics) -> list[str]:
    """Publishes those of the orders again that still have no answer, and gives their ids. An engine that has an order
    already answers as it did. The messages have ids of their own, made from the `time` of the report, or SNS would drop
    them for five minutes.
    """
    commands: dict[PoolType, list[Command]] = defaultdict(list)
    published = []
    for customer_id, order_id in orders:
        item = dynamodb.get(table, keys.order(customer_id, order_id))
        if item is not None and is_unanswered(item):
            for pool, command in routed(table, item):
                commands[pool].append(command)
            published.append(order_id)
    for pool, its_commands in commands.items():
        topics.publish(orders_messages(f"reconciler at {time}", pool, its_commands))
    return published


def archive_missing(table: str, archive: Archive, date: str, bookings: Iterable[BookingKey]) -> list[str]:
    """Archives those of a day's bookings that the table has, and gives their ids."""
    wanted = [keys.traded_booking(customer_id, date, booking_id) for customer_id, booking_id in bookings]
    stored = [items.booked_of(item) for item in dynamodb.get_many(table, wanted, consistent=True)]
    archive.keep(stored)
    return sorted(reports.booking_id for reports, _ in stored)
