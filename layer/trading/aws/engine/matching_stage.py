"""What the two matching stages share: from a batch of the queue to the messages of its commits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws import clock
from trading.aws.engine.engine import Engine
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import Snapshots
from trading.aws.messaging.queues import BatchResponse, Queue, Received, each_group
from trading.aws.messaging.topics import Topics
from trading.aws.parameters import Parameters
from trading.aws.store import directory
from trading.domain.errors import Unprocessable
from trading.domain.messages.command_messages import ORDERS, commands_from, orders_messages
from trading.domain.messages.commands import Change, Command, NewOrder
from trading.domain.messages.wire import Message
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote
from trading.domain.times import days_after, iso, milliseconds_between, session_date

logger = Logger(child=True)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of both stages."""

    order_books: str
    trades_store: str
    orders_topic: str
    trades_topic: str
    market_topic: str
    queue: str
    dead_letter_queue: str
    market_parameter: str
    archive_bucket: str
    snapshot_every: str


def engine_of(pool: PoolType, settings: Settings, quote: Callable[[str], Quote | None]) -> Engine:
    """The engine of a pool type; `quote` gives the quote by which it matches."""
    return Engine(
        pool,
        Journal(settings.order_books, pool),
        Snapshots(settings.archive_bucket, pool),
        Parameters(settings.market_parameter).market,
        quote,
        partial(directory.is_traded, settings.trades_store),
        int(settings.snapshot_every),
    )


def execute(
    event: dict[str, Any],
    engine: Engine,
    topics: Topics,
    queue: Queue,
    show: Callable[[str], None] | None = None,
) -> BatchResponse:
    """Executes the commands of a batch, with one commit per ticker; commands that are too old are dead-lettered. `show`
    is called with each ticker of which all that is done, and stores what is displayed. Only then is the dark engine
    told of it, because it reads that.
    """

    def match(ticker: str, received: Sequence[Received[list[Command]]]) -> None:
        commands = [command for each in received for command in each.content]
        try:
            committed = engine.commit(ticker, commands)
        except Unprocessable as problem:
            for each in received:
                queue.dead_letter(ticker, each.message_id, each.body, problem)
            return
        stale = {command.command_id for command in committed.stale}
        for each in received:
            too_old = [command for command in each.content if command.command_id in stale]
            for message in orders_messages(f"stale in {each.message_id}", engine.pool, too_old):
                queue.dead_letter(ticker, message.id, message.body, Unprocessable("older than the last session"))
        last = [each for each in committed.messages if _is_for_the_dark_engine(each)]
        topics.publish(each for each in committed.messages if each not in last)
        if show:
            show(ticker)
        topics.publish(last)
        order_ids = [command.order.order_id for command in commands if isinstance(command, NewOrder | Change)]
        fields: dict[str, Any] = {"ticker": ticker, "order_ids": order_ids}
        logger.info("commands executed", extra=fields | _latency(commands))

    return each_group(event, partial(_commands, engine.pool), match, queue, partial(_alone, engine.pool))


def _is_for_the_dark_engine(message: Message) -> bool:
    return message.topic == ORDERS and message.attributes["poolType"] == PoolType.DARK.value


def _alone(pool: PoolType, message: Received[list[Command]]) -> list[Received[list[Command]]]:
    """Each command as a message of its own. Its id makes sure that it happens once, whatever message it comes in."""
    if len(message.content) == 1:
        return [message]
    return [
        Received(message.group, each.id, each.body, [command])
        for command in message.content
        for each in orders_messages(f"alone in {message.message_id}", pool, [command])
    ]


def _latency(commands: Sequence[Command]) -> dict[str, int]:
    """How long it took from the entry of the oldest new order to here, where it has its answer: it trades, rests or
    ends.
    """
    entered = [command.order.order_date for command in commands if isinstance(command, NewOrder)]
    return {"latency_ms": milliseconds_between(min(entered), iso(clock.now()))} if entered else {}


def _commands(pool: PoolType, group: str, body: str) -> list[Command]:
    """The commands of a message. A command of a future session is refused: all later commands would belong to that
    session. The next session's is accepted, because a clock may be a little ahead.
    """
    commands = commands_from(body, pool)
    if any(command.ticker != group for command in commands):
        raise Unprocessable(f"commands of another ticker in the group {group}")
    tomorrow = days_after(session_date(clock.now()), 1)
    if any(command.session_date > tomorrow for command in commands):
        raise Unprocessable("commands of a session that is yet to come")
    return commands
