"""Matches orders in the dark pools; what does not trade there goes on to the lit pools.

In: Orders topic, `poolType=Dark`, by its queue. Commit: the next entry of the ticker's journal. Out: execution
reports to the Trades topic, group = customer; trades to the Market topic, group = ticker; to the Orders topic,
`poolType=Lit`, the rest of the orders, and whether orders rest here and so the displayed quote is watched.
"""

from functools import partial
from typing import Any

from trading.aws.engine import matching_stage
from trading.aws.logs import Logger
from trading.aws.messaging.queues import BatchResponse, Queue
from trading.aws.messaging.topics import Topics
from trading.aws.settings import from_environment
from trading.aws.store.displayed_book import read_top_of_book
from trading.aws.time_limit import time_limited
from trading.domain.messages.command_messages import ORDERS
from trading.domain.messages.events import TRADES
from trading.domain.messages.market import MARKET
from trading.domain.orders import PoolType

settings = from_environment(matching_stage.Settings)
engine = matching_stage.engine_of(PoolType.DARK, settings, partial(read_top_of_book, settings.trades_store))
topics = Topics({ORDERS: settings.orders_topic, TRADES: settings.trades_topic, MARKET: settings.market_topic})
queue = Queue(settings.queue, settings.dead_letter_queue)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> BatchResponse:
    return matching_stage.execute(event, engine, topics, queue)
