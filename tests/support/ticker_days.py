"""Tickers' days in TradesStore, for tests that compare them or spoil them."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.support.world import World
from trading.aws.store import dynamodb
from trading.aws.store.days import PENDING, day_in, day_item, pending_in
from trading.domain.statistics import Range


def without_pending(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a world without what says which trades may not be on the tape yet."""
    return {name: [_bare(each) for each in part] if isinstance(part, list) else part for name, part in state.items()}


def _bare(item: Any) -> Any:
    return {name: value for name, value in item.items() if name != PENDING} if isinstance(item, dict) else item


def spoiled(item: Mapping[str, Any], *, trades: int, high: str) -> dict[str, Any]:
    """The item of a ticker's day, with something else in it."""
    day = day_in(item)
    statistics = day.statistics
    total = replace(statistics.total, trades=trades)
    wrong = replace(day, statistics=replace(statistics, total=total, range=Range(Decimal(high), statistics.range.low)))
    return day_item(str(item["PK"]).partition("#")[2], item["SK"], wrong, pending_in(item))


def change_day(world: World, item: Mapping[str, Any], *, trades: int, high: str) -> None:
    """Makes a ticker's day say something else."""
    world.client("dynamodb").put_item(
        TableName=world.table("TradesStore"), Item=dynamodb.to_item(spoiled(item, trades=trades, high=high))
    )
