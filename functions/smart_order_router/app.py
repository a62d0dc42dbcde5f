"""Routes accepted orders, and requests to change or end them: picks the pool, publishes to the Orders topic. Announces
changes of accounts: by this stage the table's stream carries on what the API has stored.

In: TradesStore's stream, orders, requests and changes of accounts inserted. Commit: the route, on the order; none for a
mass cancel, which goes everywhere, nor for a change of an account. Out: Orders topic, group = ticker; Trades topic,
`accountUpdated`, group = customer.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from trading.aws import clients
from trading.aws.clients import MAX_THREADS
from trading.aws.logs import Logger
from trading.aws.messaging.streams import DeadLetterBucket, each_alone, new_items
from trading.aws.messaging.topics import Topics
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.aws.store import account_changes
from trading.aws.store.routing import Router
from trading.aws.time_limit import time_limited
from trading.domain.messages.account_updates import AccountChange, account_updated_message
from trading.domain.messages.commands import ORDERS, Change, Command, NewOrder, orders_messages
from trading.domain.messages.events import TRADES
from trading.domain.orders import PoolType

STAGE = "smart_order_router"


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    orders_topic: str
    trades_topic: str
    archive_bucket: str
    market_parameter: str


settings = from_environment(Settings)
router = Router(settings.trades_store, Parameters(settings.market_parameter).market)
topics = Topics({ORDERS: settings.orders_topic, TRADES: settings.trades_topic})
dead_letters = DeadLetterBucket(settings.archive_bucket, STAGE)
clients.dynamodb()  # made here, or each thread would make one
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    each_alone(event, route, dead_letters)


def route(event: dict[str, Any]) -> None:
    commands: dict[PoolType, list[Command]] = defaultdict(list)
    changes: list[AccountChange] = []
    with ThreadPoolExecutor(MAX_THREADS) as threads:  # each order takes a call of its own
        for each in chain.from_iterable(new_items(event, _read, dead_letters, threads.map)):
            if isinstance(each, AccountChange):
                changes.append(each)
            else:
                pool, command = each
                commands[pool].append(command)
    for pool, its_commands in commands.items():
        topics.publish(orders_messages(STAGE, pool, its_commands))
        order_ids = [each.order.order_id for each in its_commands if isinstance(each, NewOrder | Change)]
        logger.info("commands routed", pool=pool.value, commands=len(its_commands), order_ids=order_ids)
    if changes:
        topics.publish(map(account_updated_message, changes))
        logger.info("account changes announced", changes=len(changes))


def _read(item: dict[str, Any]) -> Sequence[AccountChange | tuple[PoolType, Command]]:
    """What an item leads to. Raises Unprocessable for one that leads to nothing."""
    return [account_changes.change_of(item)] if account_changes.KIND in item else router.routed(item)
