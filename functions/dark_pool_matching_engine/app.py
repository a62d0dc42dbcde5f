"""Matches orders in the dark pools; what does not trade there goes on to the lit pools.

In: Orders topic, `poolType=Dark`, by its queue. Commit: the next entry of the ticker's journal. Out: execution
reports to the Trades topic, group = customer; the rest of the orders to the Orders topic, `poolType=Lit`.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import matching_stage, store
from trading.aws.engine import Engine
from trading.aws.journal import Journal
from trading.aws.parameters import Parameters
from trading.aws.queues import BatchResponse, Queue
from trading.aws.settings import from_environment
from trading.aws.snapshots import Snapshots
from trading.aws.time_limit import time_limited
from trading.aws.topics import Topics
from trading.domain.commands import ORDERS
from trading.domain.events import TRADES
from trading.domain.orders import PoolType


@dataclass(frozen=True, slots=True)
class Settings:
    order_books: str
    trades_store: str
    orders_topic: str
    trades_topic: str
    queue: str
    parking_queue: str
    market_parameter: str
    archive_bucket: str
    snapshot_every: str


settings = from_environment(Settings)
engine = Engine(
    PoolType.DARK,
    Journal(settings.order_books, PoolType.DARK),
    Snapshots(settings.archive_bucket, PoolType.DARK),
    Parameters(settings.market_parameter).market,
    partial(store.displayed, settings.trades_store),
    partial(store.is_traded, settings.trades_store),
    int(settings.snapshot_every),
)
topics = Topics({ORDERS: settings.orders_topic, TRADES: settings.trades_topic})
queue = Queue(settings.queue, settings.parking_queue)
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> BatchResponse:
    return matching_stage.execute(event, engine, topics, queue)
