"""Closes the trading session: orders that last no longer expire.

In: the schedule, at midnight UTC, which closes the day before its date, however late it comes. Or an operator, who
names a session: a past one is closed at its end; today's is closed now, and again whenever it is asked for. Out: Orders
topic, a command for each ticker and pool type. Its id is derived from the time of closing, so a session that is closed
twice at one time is closed once. There is nothing to commit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import clock
from trading.aws.messaging.topics import Topics
from trading.aws.settings import from_environment
from trading.aws.store import items
from trading.aws.time_limit import time_limited
from trading.domain.ids import derived
from trading.domain.messages.commands import ORDERS, ExpireOrders, orders_messages
from trading.domain.orders import PoolType
from trading.domain.times import checked_date, day_of_schedule, days_after, iso, session_date, session_end

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
    session, time = closing(event, clock.now())
    tickers = items.tickers(settings.trades_store)
    for pool in PoolType:
        commands = [
            ExpireOrders(derived(time, f"expires in {pool} {ticker}"), ticker, session, time) for ticker in tickers
        ]
        topics.publish(orders_messages(STAGE, pool, commands))
    logger.info("session closed", session_date=session, tickers=len(tickers))


def closing(event: dict[str, Any], now: datetime) -> tuple[str, str]:
    """The session to close, and the time of closing: orders that were entered until then end. Raises ValueError for a
    future session, because its orders are not entered yet.
    """
    if "sessionDate" in event:
        session = checked_date(event["sessionDate"])
    else:
        session = days_after(day_of_schedule(event["time"]), -1)
    if session > session_date(now):
        raise ValueError(f"the session {session} is yet to come")
    return session, min(iso(now), session_end(session))
