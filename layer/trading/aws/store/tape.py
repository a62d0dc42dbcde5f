"""A ticker's tape in TradesStore: an item for each market message that has trades, with the message's id and content.
So it is the same however often it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trading.aws.store import dynamodb, keys
from trading.aws.store.packed import pack, unpack
from trading.domain.messages.market import print_fields
from trading.domain.tape import Prints


def put_on_tape(table: str, tape: Sequence[Prints]) -> None:
    """Puts these prints, each of another message, on their ticker's tape."""
    dynamodb.put_many(table, [tape_item(each) for each in tape])


def on_tape(table: str, ticker: str, update_ids: Iterable[str]) -> set[str]:
    """Those of the market messages whose prints are on the ticker's tape."""
    wanted = [keys.tape(ticker, each) for each in update_ids]
    found = dynamodb.get_many(table, wanted, consistent=True) if wanted else ()
    return {item["SK"].removeprefix(keys.TAPE) for item in found}


def tape_item(prints: Prints) -> dict[str, Any]:
    """The item of what a message put on the tape."""
    trades = [print_fields(each) for each in prints.prints]
    return {
        **keys.tape(prints.ticker, prints.update_id),
        "poolType": prints.pool.value,
        "sequence": prints.sequence,
        "time": prints.time,
        "trades": pack(trades),
    }


def trades_in(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trades of an item as they are shown, in their order."""
    update_id = item["SK"].removeprefix(keys.TAPE)
    trades: list[dict[str, Any]] = unpack(item, "trades")
    common = {"time": item["time"], "exchangeType": f"{item['poolType']}Pool"}
    return [{"printId": f"{update_id}.{each.pop('number')}", **common, **each} for each in trades]
