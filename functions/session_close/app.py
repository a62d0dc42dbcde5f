"""Closes trading sessions: orders that last no longer expire. Opens those of pool types that have opening hours.

In: the schedule, every half hour. It closes and opens the pool types whose hours end or begin with that half hour,
however late it comes; a pool type that is always open has a session for each UTC day. Or an operator, who names a
session to close: a past one is closed at its end, today's is closed now, and again whenever it is asked for. Or who
opens the pool types that open on command. Out: Orders topic, a command for each ticker and pool type. Its id is derived
from the time of opening or closing, so that what is asked for twice is done once. There is nothing to commit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trading.aws import clock
from trading.aws.logs import Logger
from trading.aws.messaging.topics import Topics
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.aws.store import directory
from trading.aws.time_limit import time_limited
from trading.domain.hours import Rule, grid_moment
from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.messages.command_messages import ORDERS, orders_messages
from trading.domain.messages.commands import ExpireOrders, OpenSession
from trading.domain.orders import PoolType
from trading.domain.times import checked_date, checked_second, iso, session_date, session_end

STAGE = "session_close"


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    orders_topic: str
    market_parameter: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A session of a pool type ends at this time, or begins if it `opens`."""

    pool: PoolType
    session_date: str
    time: str
    opens: bool = False

    def command(self, ticker: str) -> ExpireOrders | OpenSession:
        """What it means for a ticker."""
        if self.opens:
            command_id = derived(self.time, f"opens in {self.pool} {ticker}")
            return OpenSession(command_id, ticker, self.session_date, self.time)
        command_id = derived(self.time, f"expires in {self.pool} {ticker}")
        return ExpireOrders(command_id, ticker, self.session_date, self.time)


settings = from_environment(Settings)
parameters = Parameters(settings.market_parameter)
topics = Topics({ORDERS: settings.orders_topic})
logger = Logger()


@logger.inject_lambda_context
@time_limited
def handler(event: dict[str, Any], context: Any) -> None:
    turns = [*turns_of(event, clock.now(), parameters.market())]
    tickers = directory.tickers(settings.trades_store) if turns else []
    for turn in turns:
        topics.publish(orders_messages(STAGE, turn.pool, [turn.command(ticker) for ticker in tickers]))
    done = [f"{turn.pool} {'opened' if turn.opens else 'closed'} at {turn.time}" for turn in turns]
    logger.info("sessions opened and closed", turns=done, tickers=len(tickers))


def turns_of(event: dict[str, Any], now: datetime, market: Market) -> Iterator[Turn]:
    """The sessions to open and to close. Raises ValueError for a future session, because its orders are not entered
    yet.
    """
    if event.get("open") is True:
        on_command = (pool for pool in PoolType if market.hours[pool].rule is Rule.ON_COMMAND)
        yield from (Turn(pool, session_date(now), iso(now), opens=True) for pool in on_command)
    elif "sessionDate" in event:
        session, time = closing(event["sessionDate"], now)
        yield from (Turn(pool, session, time) for pool in PoolType)
    else:
        moment = grid_moment(iso(datetime.fromisoformat(checked_second(event["time"]))))
        yield from _scheduled(moment, now, market)


def closing(session: str, now: datetime, end: str = "") -> tuple[str, str]:
    """The session to close, and the time of closing: orders that were entered until then end. It is not after the
    session's `end`, that of its day if no other is given.
    """
    date = checked_date(session)
    if date > session_date(now):
        raise ValueError(f"the session {date} is yet to come")
    return date, min(iso(now), end or session_end(date))


def _scheduled(moment: str, now: datetime, market: Market) -> Iterator[Turn]:
    for pool in PoolType:
        hours = market.hours[pool]
        if ended := hours.session_ending_at(moment):
            session, end = ended
            yield Turn(pool, *closing(session, now, end))
        if hours.opens_at(moment):
            yield Turn(pool, moment[:10], moment, opens=True)
