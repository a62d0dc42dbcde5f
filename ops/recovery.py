"""Puts back what a table has lost, from a copy that DynamoDB restored beside it.

The table stays, and with it its stream, its expiry, its recovery and its place in the stack. Meanwhile nothing else
writes: see `pause`.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from ops.console import Failure
from trading.aws import clock
from trading.aws.store import dynamodb, keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")
TABLES = ("TradesStore", "OrderBooks")
READS, WRITES = 100, 25
"""Items in a batch, as many as DynamoDB takes."""
COPY_WAIT = {"Delay": 20, "MaxAttempts": 2_000}
ATTEMPTS = 10
"""Attempts at a call, with botocore's pauses between them: an operator's command has the time."""
FIRST_PAUSE, MAX_PAUSE = 0.05, 5.0
"""Seconds, until what DynamoDB left of a batch is asked for again: botocore knows of no failure there."""
REFUSED = {
    "ResourceNotFoundException": "There is no table {table}.",
    "TableNotFoundException": "There is no table {table}.",
    "PointInTimeRecoveryUnavailableException": "The table {table} has no point-in-time recovery. Only prod has it.",
    "InvalidRestoreTimeException": "The table {table} cannot be restored to that time.",
}
"""What DynamoDB says of a table by the code of its error, in words."""

KEY = ("PK", "SK")
"""An item that has only these was about to be put back when an earlier run stopped."""

Item = dict[str, Any]
"""As DynamoDB has it on the wire, so that nothing of it changes on the way."""


@dataclass(slots=True)
class RecoveryTally:
    """What differed: `missing` was put back. What is `changed` or `newer` is as it was, unless it was to be exact."""

    missing: int = 0
    changed: int = 0
    newer: int = 0


def copy_of(table: str, instant: datetime | None) -> str:
    """Has DynamoDB restore the table as it was at an instant, the latest that it can if none is given, and waits for
    the copy: its name. Raises Failure if DynamoDB cannot.
    """
    copy = f"{table}-{clock.now():%Y%m%dT%H%M%SZ}"
    when: Any = {"UseLatestRestorableTime": True} if instant is None else {"RestoreDateTime": instant}
    with _in_words(table):
        _dynamodb().restore_table_to_point_in_time(SourceTableName=table, TargetTableName=copy, **when)
    _dynamodb().get_waiter("table_exists").wait(TableName=copy, WaiterConfig=COPY_WAIT)  # type: ignore[arg-type] # its stub wants a literal
    return copy


def put_back(table: str, copy: str, *, exact: bool) -> RecoveryTally:
    """Puts back the items that only the copy has. With `exact` the table becomes what the copy is: items that both have
    become those of the copy, and the others are deleted. It may be run again. Raises Failure if `copy` is not a copy of
    this table.
    """
    if copy == table or _form(copy) != _form(table):
        raise Failure(f"The table {copy} is not a copy of {table}.")
    tally = RecoveryTally()
    for stored_items in _batches(_all(copy), READS):
        there = _found(table, stored_items)
        differing = [item for item in stored_items if not _is_same(item, there.get(_key(item), {}))]
        missing = [item for item in differing if len(there.get(_key(item), ())) <= len(KEY)]
        changed = [item for item in differing if item not in missing]
        tally.missing += len(missing)
        tally.changed += len(changed)
        _write(table, [{"PutRequest": {"Item": item}} for item in _ahead_of(missing)])
        _write(table, [{"PutRequest": {"Item": item}} for item in [*missing, *(changed if exact else ())]])
    for stored_items in _batches(_all(table, keys_alone=True), READS):
        there = _found(copy, stored_items)
        newer = [item for item in stored_items if _key(item) not in there]
        tally.newer += len(newer)
        _write(table, [{"DeleteRequest": {"Key": item}} for item in newer if exact])
    return tally


def _ahead_of(missing: Sequence[Item]) -> Iterator[Item]:
    """What is written first, so that the router does not take a restored order for a new one: the bare key of an order
    that an engine has answered. Then the order itself is written as a change.
    """
    for item in missing:
        if "answered" in item and item["SK"].get("S", "").startswith(keys.ORDER):
            yield {name: item[name] for name in KEY}


def _all(table: str, *, keys_alone: bool = False) -> Iterator[Item]:
    request: Any = {"TableName": table, "ConsistentRead": True}
    if keys_alone:
        request["ProjectionExpression"] = "PK, SK"
    for page in _dynamodb().get_paginator("scan").paginate(**request):
        yield from page["Items"]


def _found(table: str, items: Sequence[Item]) -> dict[tuple[str, str], Item]:
    """Those of the items that are in the table, by key, as they are there."""
    bare = [{name: item[name] for name in KEY} for item in items]
    wanted: Any = {table: {"Keys": bare, "ConsistentRead": True}}
    found: dict[tuple[str, str], Item] = {}
    pauses = _pauses()
    while wanted:
        next(pauses)
        answer = _dynamodb().batch_get_item(RequestItems=wanted)
        found |= {_key(item): item for item in answer["Responses"].get(table, [])}
        wanted = answer.get("UnprocessedKeys")
    return found


def _is_same(one: Item, other: Item) -> bool:
    """DynamoDB gives the elements of a set in any order."""
    return dynamodb.from_item(one) == dynamodb.from_item(other)


def _write(table: str, requests: Sequence[Mapping[str, Any]]) -> None:
    for batch in _batches(requests, WRITES):
        left: Any = {table: list(batch)}
        pauses = _pauses()
        while left:
            next(pauses)
            left = _dynamodb().batch_write_item(RequestItems=left).get("UnprocessedItems")


def _pauses() -> Iterator[None]:
    """Nothing before the first attempt; before each further one a pause that doubles, with jitter."""
    yield
    pause = FIRST_PAUSE
    while True:
        time.sleep(clock.jitter(pause))
        yield
        pause = min(2 * pause, MAX_PAUSE)


def _form(table: str) -> Any:
    """What a table's keys are. Raises Failure if there is no such table."""
    with _in_words(table):
        described = _dynamodb().describe_table(TableName=table)["Table"]
    return described["KeySchema"], sorted(map(str, described["AttributeDefinitions"]))


@contextmanager
def _in_words(table: str) -> Iterator[None]:
    """Raises Failure for what DynamoDB refuses to do with the table."""
    try:
        yield
    except ClientError as error:
        if words := REFUSED.get(error.response["Error"]["Code"]):
            raise Failure(words.format(table=table)) from error
        raise


def _key(item: Item) -> tuple[str, str]:
    return str(item["PK"]), str(item["SK"])


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


@cache
def _dynamodb() -> "DynamoDBClient":
    """With more patience than a function has."""
    return boto3.client("dynamodb", config=Config(retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS}))
