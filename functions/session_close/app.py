"""Ends the trading session: what was to last no longer expires.

In: a schedule, at midnight UTC, or who names a session by hand. Out: Orders topic, a command per ticker and pool type,
whose ids follow from the session: ended twice, it has ended once. There is nothing to commit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import store, system
from trading.aws.settings import from_environment
from trading.aws.time_limit import time_limited
from trading.aws.topics import Topics
from trading.domain.commands import ORDERS, ExpireOrders, orders_messages
from trading.domain.ids import derived
from trading.domain.orders import PoolType
from trading.domain.times import checked_date, session_date

STAGE = "session_close"


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    orders_topic: str


settings = from_environment(Settings)
topics = Topics({ORDERS: settings.orders_topic})
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    session = ended(event)
    tickers = store.tickers(settings.trades_store)
    for pool in PoolType:
        commands = [
            ExpireOrders(derived(session, f"expires in {pool} {ticker}"), ticker, session) for ticker in tickers
        ]
        topics.publish(orders_messages(STAGE, pool, commands))
    logger.info("session closed", session_date=session, tickers=len(tickers))


def ended(event: dict[str, Any]) -> str:
    """The session that is named, or the one that was over when the schedule struck. Raises ValueError for one to come:
    it would expire what is not entered yet.
    """
    if "sessionDate" in event:
        named = checked_date(event["sessionDate"])
        if named > session_date(system.now()):
            raise ValueError(f"the session {named} is yet to come")
        return named
    return session_date(datetime.fromisoformat(event["time"]) - timedelta(seconds=1))
