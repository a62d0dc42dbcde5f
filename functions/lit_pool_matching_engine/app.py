"""Matches orders in the lit pools, the exchanges.

In: Orders topic, `poolType=Lit`, by its queue. Commit: the next entry of the ticker's journal. Out: execution
reports to the Trades topic, group = customer; trades and what is displayed to the Market topic, group = ticker; what is
displayed also as the ticker's book in TradesStore. Then, while orders rest in the dark pools, the moved quote to the
Orders topic, `poolType=Dark`.
"""

from functools import partial
from typing import Any

from display import Display

from trading.aws.engine import matching_stage
from trading.aws.logs import Logger
from trading.aws.messaging.queues import BatchResponse, Queue
from trading.aws.messaging.topics import Topics
from trading.aws.settings import from_environment
from trading.aws.store import reference_quotes
from trading.aws.time_limit import time_limited
from trading.domain.messages.command_messages import ORDERS
from trading.domain.messages.events import TRADES
from trading.domain.messages.market import MARKET
from trading.domain.orders import PoolType

settings = from_environment(matching_stage.Settings)
engine = matching_stage.engine_of(PoolType.LIT, settings, partial(reference_quotes.quote_of, settings.trades_store))
display = Display(settings.trades_store, engine)
topics = Topics({ORDERS: settings.orders_topic, TRADES: settings.trades_topic, MARKET: settings.market_topic})
queue = Queue(settings.queue, settings.dead_letter_queue)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> BatchResponse:
    return matching_stage.execute(event, engine, topics, queue, display.show)
