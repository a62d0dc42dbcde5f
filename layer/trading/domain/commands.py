"""The commands of the Orders topic: what the router asks of an engine, and the dark engine of the lit one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from trading.domain.errors import Unprocessable
from trading.domain.ids import derived
from trading.domain.orders import Order, PoolType
from trading.domain.wire import (
    UNREADABLE,
    VERSION,
    Message,
    OrderFields,
    compact,
    object_of,
    order_fields,
    order_from,
    parsed,
    text_of,
)

ORDERS = "orders"
ROUTED = "ordersRouted"
MESSAGE_BYTES = 100_000
"""A message is closed when it has reached this size; SNS and SQS take 262,144 bytes."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """Execute these slices of an order (FIX D, NewOrderSingle). `command_id` is what makes it happen once."""

    command_id: str
    order: Order
    slices: tuple[int, ...]
    not_matched_in_dark_pool: bool = False


class CommandFields(TypedDict):
    """One command to an engine: execute these slices of this order."""

    command: str
    commandId: str
    order: OrderFields
    slices: list[int]
    notMatchedInDarkPool: NotRequired[bool]


def command_fields(command: NewOrder) -> CommandFields:
    fields: CommandFields = {
        "command": "newOrder",
        "commandId": command.command_id,
        "order": order_fields(command.order),
        "slices": list(command.slices),
    }
    if command.not_matched_in_dark_pool:
        fields["notMatchedInDarkPool"] = True
    return fields


def commands_from(body: str) -> list[NewOrder]:
    """The commands of an Orders message. Raises Unprocessable, with the reason, for anything else."""
    try:
        message = parsed(body, ROUTED)
        ticker = text_of(message["ticker"])
        commands = [_command(fields, ticker) for fields in message["commands"]]
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of the Orders topic: {error!r:.200}") from error
    return commands


def _command(fields: Mapping[str, Any], ticker: str) -> NewOrder:
    if object_of(fields)["command"] != "newOrder":
        raise ValueError(f"unknown command {fields['command']!r:.40}")
    order = order_from(fields["order"])
    if order.ticker != ticker:
        raise ValueError(f"an order in {order.ticker!r:.20} in a message for {ticker!r:.20}")
    slices = tuple(fields["slices"])
    if not slices or any(type(n) is not int or not 0 <= n < order.slices for n in slices):
        raise ValueError("slices that the order does not have")
    if len(set(slices)) != len(slices):
        raise ValueError("a slice is listed twice")
    return NewOrder(text_of(fields["commandId"]), order, slices, fields.get("notMatchedInDarkPool") is True)


def orders_messages(stage: str, pool: PoolType, commands: Iterable[NewOrder]) -> Iterator[Message]:
    """Packs commands into messages for the Orders topic: a ticker's commands together and in order."""
    by_ticker: dict[str, list[NewOrder]] = {}
    for command in commands:
        by_ticker.setdefault(command.order.ticker, []).append(command)
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
