"""What the two matching stages share: from a batch of the queue to the messages of its commits."""

from collections.abc import Callable, Sequence
from typing import Any

from aws_lambda_powertools import Logger

from trading.aws.engine import Engine
from trading.aws.queues import BatchResponse, Queue, Received, each_group
from trading.aws.topics import Topics
from trading.domain.commands import Change, Command, NewOrder, commands_from, orders_messages
from trading.domain.errors import Unprocessable

logger = Logger(child=True)


def execute(
    event: dict[str, Any],
    engine: Engine,
    topics: Topics,
    queue: Queue,
    published: Callable[[str], None] | None = None,
) -> BatchResponse:
    """Executes the commands of a batch, one commit per ticker; what is too old to be applied is parked. When a ticker's
    commit is published, `published` is called with it.
    """

    def match(ticker: str, received: Sequence[Received[list[Command]]]) -> None:
        commands = [command for each in received for command in each.content]
        committed = engine.commit(ticker, commands)
        stale = {command.command_id for command in committed.stale}
        for each in received:
            too_old = [command for command in each.content if command.command_id in stale]
            for message in orders_messages(f"stale in {each.message_id}", engine.pool, too_old):
                queue.park(ticker, message.id, message.body, Unprocessable("older than the last session"))
        topics.publish(committed.messages)
        if published:
            published(ticker)
        order_ids = [command.order.order_id for command in commands if isinstance(command, NewOrder | Change)]
        logger.info("commands executed", ticker=ticker, order_ids=order_ids, messages=len(committed.messages))

    return each_group(event, _commands, match, queue)


def _commands(group: str, body: str) -> list[Command]:
    commands = commands_from(body)
    if any(command.ticker != group for command in commands):
        raise Unprocessable(f"commands of another ticker in the group {group}")
    return commands
