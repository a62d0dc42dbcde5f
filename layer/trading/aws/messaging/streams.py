"""Consumes a table's stream. An error is raised, so that the batch comes again; a record that can never succeed is
dead-lettered.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from aws_lambda_powertools import Logger

from trading.aws import clients, clock
from trading.aws.messaging.refusals import refusal_of
from trading.aws.store import dynamodb
from trading.domain.errors import FromLaterRelease, Unprocessable

T = TypeVar("T")
logger = Logger(child=True)

LATER_SECONDS = 900
"""How old a record may be that only a later release can read, and still hold up its shard: longer than a deployment
shifts traffic.
"""


class DeadLetterBucket:
    """Where a stage's unprocessable records go, whole, each with its reason: `dead-letters/<stage>/<event id>.json`."""

    def __init__(self, bucket: str, stage: str) -> None:
        self._bucket = bucket
        self._stage = stage

    def dead_letter(self, record: dict[str, Any], problem: Unprocessable) -> None:
        fields = {"reason": problem.reason, "event_id": record["eventID"]}
        fields["function_version"] = clock.function_version()
        logger.error("record dead-lettered", extra=fields | problem.context)
        clients.s3().put_object(
            Bucket=self._bucket,
            Key=f"dead-letters/{self._stage}/{record['eventID']}.json",
            Body=json.dumps({"reason": problem.reason, "record": record}, default=str).encode(),
            ContentType="application/json",
        )


def each_alone(event: dict[str, Any], handle: Callable[[dict[str, Any]], None], dead_letters: DeadLetterBucket) -> None:
    """Calls `handle(event)`. If AWS never takes what follows from the batch, each record is handled by itself, in
    order. The record at fault is dead-lettered, and the shard goes on.
    """
    try:
        handle(event)
    except Exception as error:
        if refusal_of(error) is None:
            raise
        logger.warning("batch failed, its records are tried one by one", exc_info=True)
        for record in event["Records"]:
            _handle_alone(record, handle, dead_letters)


def _handle_alone(
    record: dict[str, Any], handle: Callable[[dict[str, Any]], None], dead_letters: DeadLetterBucket
) -> None:
    try:
        handle({"Records": [record]})
    except Exception as error:
        problem = refusal_of(error)
        if problem is None:
            raise
        dead_letters.dead_letter(record, problem)


def new_items(
    event: dict[str, Any], read: Callable[[dict[str, Any]], T], dead_letters: DeadLetterBucket
) -> Iterator[T]:
    """`read(item)` for each item that the batch says was inserted. An item that `read` finds Unprocessable is
    dead-lettered. Raises FromLaterRelease for a young one that only a later release can read, so that the batch comes
    again.
    """
    return _each(event, "NewImage", read, dead_letters)


def keys_of_new(
    event: dict[str, Any], read: Callable[[dict[str, Any]], T], dead_letters: DeadLetterBucket
) -> Iterator[T]:
    """As `new_items`, but reads only the items' keys."""
    return _each(event, "Keys", read, dead_letters)


def _each(
    event: dict[str, Any], part: str, read: Callable[[dict[str, Any]], T], dead_letters: DeadLetterBucket
) -> Iterator[T]:
    for record in event["Records"]:
        try:
            yield read(dynamodb.from_record(record["dynamodb"][part]))
        except Unprocessable as problem:
            if isinstance(problem, FromLaterRelease) and _age_seconds(record) < LATER_SECONDS:
                raise
            dead_letters.dead_letter(record, problem)


def _age_seconds(record: dict[str, Any]) -> float:
    return clock.now().timestamp() - float(record["dynamodb"]["ApproximateCreationDateTime"])
