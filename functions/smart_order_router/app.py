"""Routes accepted orders, and requests to change or end them: publishes each to the pool that its order is routed to.
Announces changes of accounts: by this stage the table's stream carries on what the API has stored.

In: TradesStore's stream, orders, requests and changes of accounts inserted. Commit: none, for the route was stored with
the order when it was accepted. Out: Orders topic, group = ticker; Trades topic, `accountUpdated`, group = customer.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from trading.aws.logs import Logger
from trading.aws.messaging.streams import DeadLetterBucket, each_alone, new_items
from trading.aws.messaging.topics import Topics
from trading.aws.settings import from_environment
from trading.aws.store import account_changes
from trading.aws.store.routing import routed
from trading.aws.time_limit import time_limited
from trading.domain.messages.account_updates import AccountChange, account_updated_message
from trading.domain.messages.command_messages import ORDERS, orders_messages
from trading.domain.messages.commands import Change, Command, NewOrder
from trading.domain.messages.events import TRADES
from trading.domain.orders import PoolType

STAGE = "smart_order_router"


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    orders_topic: str
    trades_topic: str
    archive_bucket: str


settings = from_environment(Settings)
topics = Topics({ORDERS: settings.orders_topic, TRADES: settings.trades_topic})
dead_letters = DeadLetterBucket(settings.archive_bucket, STAGE)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    each_alone(event, route, dead_letters)


def route(event: dict[str, Any]) -> None:
    commands: dict[PoolType, list[Command]] = defaultdict(list)
    changes: list[AccountChange] = []
    for each in chain.from_iterable(new_items(event, _read, dead_letters)):
        if isinstance(each, AccountChange):
            changes.append(each)
        else:
            pool, command = each
            commands[pool].append(command)
    for pool, its_commands in commands.items():
        topics.publish(orders_messages(STAGE, pool, its_commands))
        order_ids = [each.order.order_id for each in its_commands if isinstance(each, NewOrder | Change)]
        logger.info("commands routed", pool=pool.value, order_ids=order_ids)
    if changes:
        topics.publish(map(account_updated_message, changes))
        logger.info("account changes announced", changes=len(changes))


def _read(item: dict[str, Any]) -> Sequence[AccountChange | tuple[PoolType, Command]]:
    """What an item leads to. Raises Unprocessable for one that leads to nothing."""
    if account_changes.KIND in item:
        return [account_changes.change_of(item)]
    return routed(settings.trades_store, item)
