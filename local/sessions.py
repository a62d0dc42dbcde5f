"""What commands say of the end of a session: what is open, and what is due next."""

from collections.abc import Callable
from typing import Any

from ops import dead_letter_queues
from ops.dead_letter_queues import QueueKind
from ops.wait import until
from trading.aws.store import directory, dynamodb, keys
from trading.domain.times import days_after

SECONDS = 20.0
DAYS_AHEAD = 14
"""A value date is the next business day or the one after it: it is never so far away."""


def closed(stack: str, table: str, close: Callable[[], Any]) -> str:
    """Ends the session by `close`, waits until it is executed and booked, and says what became of the orders
    that were open. The stages' queues are looked at in the order in which an order goes, so nothing slips by.
    """
    before = open_orders(table)
    close()
    if not before:
        return "No order was open."
    works = [queue.work_url for queue in dead_letter_queues.queues(stack) if queue.kind is QueueKind.DLQ]

    def done() -> bool:
        return not open_orders(table) or not any(dead_letter_queues.depth(url) for url in works)

    all_done = until(done, SECONDS)
    after = open_orders(table)
    ended = max(before - after, 0)
    told = f"Of {before:,} open order{'s' * (before > 1)} {_have(ended, 'none has', 'has', 'have')} ended"
    if not all_done:
        return f"{told} so far: the engines are still working, `make status` shows it."
    return f"{told}, {_have(after, 'none is', 'is', 'are')} still open."


def _have(count: int, none: str, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else none


def open_orders(table: str) -> int:
    """How many orders of all customers are open, by what the customers' items count."""
    customers = dynamodb.get_many(table, [keys.customer(each) for each in directory.customers(table)], consistent=True)
    return sum(int(each.get("openOrders", 0)) for each in customers)


def next_due(table: str, after: str) -> str | None:
    """The next value date after a date on which anything is due, None if there is none."""
    days = (days_after(after, number) for number in range(1, DAYS_AHEAD + 1))
    return next((day for day in days if _is_due(table, day)), None)


def _is_due(table: str, day: str) -> bool:
    request = {
        "TableName": table,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": dynamodb.to_item({":pk": keys.due(day, "", "")["PK"]}),
        "ConsistentRead": True,
        "Limit": 1,
    }
    return any(True for _ in dynamodb.query(request))
