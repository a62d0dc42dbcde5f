"""Consuming a table's stream: an error is raised, so that the batch comes again; what can never succeed is parked."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar

from aws_lambda_powertools import Logger

from trading.aws import clients, dynamodb, system
from trading.aws.refusals import refusal_of
from trading.domain.errors import Unprocessable

T = TypeVar("T")
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
logger = Logger(child=True)


class ParkingBucket:
    """Where a stage's unprocessable records go, whole, each with its reason: `parked/<stage>/<event id>.json`."""

    def __init__(self, bucket: str, stage: str) -> None:
        self._bucket = bucket
        self._stage = stage

    def park(self, record: dict[str, Any], problem: Unprocessable) -> None:
        fields = {"reason": problem.reason, "event_id": record["eventID"]}
        fields["function_version"] = system.function_version()
        logger.error("record parked", extra=fields | problem.context)
        clients.s3().put_object(
            Bucket=self._bucket,
            Key=f"parked/{self._stage}/{record['eventID']}.json",
            Body=json.dumps({"reason": problem.reason, "record": record}, default=str).encode(),
            ContentType="application/json",
        )


def each_alone(event: dict[str, Any], handle: Callable[[dict[str, Any]], None], parking: ParkingBucket) -> None:
    """Calls `handle(event)`. If AWS never takes what follows from the batch, each record is handled by itself, in their
    order, and the one that it is about is parked: the shard goes on.
    """
    try:
        handle(event)
    except Exception as error:
        if refusal_of(error) is None:
            raise
        logger.warning("batch failed, its records are tried one by one", exc_info=True)
        for record in event["Records"]:
            _handle_alone(record, handle, parking)


def _handle_alone(record: dict[str, Any], handle: Callable[[dict[str, Any]], None], parking: ParkingBucket) -> None:
    try:
        handle({"Records": [record]})
    except Exception as error:
        problem = refusal_of(error)
        if problem is None:
            raise
        parking.park(record, problem)


def new_items(
    event: dict[str, Any], read: Callable[[dict[str, Any]], T], parking: ParkingBucket, each: Each = map
) -> Iterator[T]:
    """`read(item)` for each item that the batch says was inserted; what `read` finds Unprocessable is parked. `each`
    is `map`, or what does the same with several at once.
    """
    return _each(event, "NewImage", read, parking, each)


def keys_of_new(event: dict[str, Any], read: Callable[[dict[str, Any]], T], parking: ParkingBucket) -> Iterator[T]:
    """As `new_items`, with no more than the items' keys."""
    return _each(event, "Keys", read, parking, map)


def _each(
    event: dict[str, Any], part: str, read: Callable[[dict[str, Any]], T], parking: ParkingBucket, each: Each
) -> Iterator[T]:
    def of(record: dict[str, Any]) -> list[T]:
        try:
            return [read(dynamodb.from_item(record["dynamodb"][part]))]
        except Unprocessable as problem:
            parking.park(record, problem)
            return []

    return chain.from_iterable(each(of, event["Records"]))
