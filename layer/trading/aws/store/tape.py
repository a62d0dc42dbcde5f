"""A ticker's tape in TradesStore: an item for each market message that has trades. The engines write it when they have
published the message. It has the message's id and content, so it is the same however often it is written.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from trading.aws import clients
from trading.aws.store import dynamodb, keys
from trading.domain.messages.market import MARKET, print_fields, prints_from
from trading.domain.messages.wire import Message, compact
from trading.domain.tape import Prints


def put_on_tape(table: str, messages: Iterable[Message]) -> None:
    """Puts the trades of the market messages among these on their tickers' tapes."""
    for message in messages:
        if message.topic == MARKET and (prints := prints_from(message.body, message.group)):
            clients.dynamodb().put_item(TableName=table, Item=dynamodb.to_item(tape_item(prints)))


def tape_item(prints: Prints) -> dict[str, Any]:
    """The item of what a message put on the tape."""
    trades = compact([print_fields(each) for each in prints.prints])
    return {
        **keys.tape(prints.ticker, prints.update_id),
        "poolType": prints.pool.value,
        "sequence": prints.sequence,
        "time": prints.time,
        "trades": zlib.compress(trades.encode(), 9),
    }


def trades_in(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trades of an item as they are shown, in their order."""
    update_id = item["SK"].removeprefix(keys.TAPE)
    trades: list[dict[str, Any]] = json.loads(zlib.decompress(item["trades"].value))
    common = {"time": item["time"], "exchangeType": f"{item['poolType']}Pool"}
    return [{"printId": f"{update_id}.{each.pop('number')}", **common, **each} for each in trades]
