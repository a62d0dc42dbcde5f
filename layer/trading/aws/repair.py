"""Repairs what a reconciliation can repair: it publishes accepted orders again that no engine has answered."""

from collections import defaultdict
from dataclasses import replace

from trading.aws.ledger_records import placed_of
from trading.aws.messaging.topics import Topics
from trading.aws.reconciliation import Report
from trading.aws.store import dynamodb, keys
from trading.aws.store.routing import Router
from trading.domain.messages.commands import Command, orders_messages
from trading.domain.orders import PoolType
from trading.domain.reconciliation.breaks import BreakKind


def publish_unanswered(table: str, report: Report, router: Router, topics: Topics) -> Report:
    """Publishes those orders of the report again that still have no answer, and names them in the report. An engine
    that has an order already answers as before. The messages have ids of their own, or SNS would drop them for five
    minutes.
    """
    commands: dict[PoolType, list[Command]] = defaultdict(list)
    published = []
    for each in report.breaks:
        if each.kind is not BreakKind.UNANSWERED:
            continue
        key = keys.order(str(each.where.customer_id), str(each.where.reference))
        item = dynamodb.get(table, key)
        if item is not None and placed_of(item).unanswered:
            for pool, command in router.routed(item):
                commands[pool].append(command)
            published.append(item["orderId"])
    for pool, its_commands in commands.items():
        topics.publish(orders_messages(f"reconciler at {report.time}", pool, its_commands))
    return replace(report, published=tuple(published))
