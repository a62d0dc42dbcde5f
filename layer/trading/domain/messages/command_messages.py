"""Messages of the Orders topic: commands from the router to an engine, and between the engines."""

from collections.abc import Iterable, Iterator, Sequence

from trading.domain.errors import Unprocessable, shown, why
from trading.domain.ids import derived
from trading.domain.messages.bounds import ticker_of
from trading.domain.messages.command_codec import CommandFields, command_fields, command_from
from trading.domain.messages.commands import Command
from trading.domain.messages.wire import UNREADABLE, VERSION, Message, compact, parsed
from trading.domain.orders import PoolType

ORDERS = "orders"
ROUTED = "ordersRouted"
MESSAGE_BYTES = 100_000
"""A message is closed when it has reached this size; SNS and SQS take 262,144 bytes."""


def commands_from(body: str, pool: PoolType) -> list[Command]:
    """The commands of an Orders message to the engine of this pool type. Raises Unprocessable, with the reason, for
    anything else.
    """
    try:
        message = parsed(body, ROUTED)
        if PoolType(message["poolType"]) is not pool:
            raise ValueError(f"for the other engine than that of pool type {pool}")
        ticker = ticker_of(message["ticker"])
        commands = [command_from(fields, ticker) for fields in message["commands"]]
        if any(command.ticker != ticker for command in commands):
            raise ValueError(f"an order of another ticker in a message for {shown(ticker)}")
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of the Orders topic: {why(error)}") from error
    return commands


def orders_messages(stage: str, pool: PoolType, commands: Iterable[Command]) -> Iterator[Message]:
    """Packs commands into messages for the Orders topic: a ticker's commands together and in order."""
    by_ticker: dict[str, list[Command]] = {}
    for command in commands:
        by_ticker.setdefault(command.ticker, []).append(command)
    for ticker, its_commands in by_ticker.items():
        for packed in _packed([(command.command_id, command_fields(command)) for command in its_commands]):
            yield Message(
                topic=ORDERS,
                attributes={"poolType": pool.value},
                group=ticker,
                id=derived(",".join(command_id for command_id, _ in packed), stage),
                body=compact(
                    {
                        "version": VERSION,
                        "type": ROUTED,
                        "poolType": pool.value,
                        "ticker": ticker,
                        "commands": [fields for _, fields in packed],
                    }
                ),
            )


def _packed(items: Sequence[tuple[str, CommandFields]]) -> Iterator[list[tuple[str, CommandFields]]]:
    packed: list[tuple[str, CommandFields]] = []
    size = 0
    for item in items:
        packed.append(item)
        size += len(compact(item[1]))
        if size >= MESSAGE_BYTES:
            yield packed
            packed, size = [], 0
    if packed:
        yield packed
