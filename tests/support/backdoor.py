"""Looks into moto's tables, streams, queues and buckets directly: its answers to calls take it milliseconds."""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.s3.models import FakeDeleteMarker, s3_backends
from moto.sqs.models import sqs_backends

from tests.support.events import ACCOUNT, REGION


def scan(table: str) -> Iterator[dict[str, Any]]:
    """A table's items, in DynamoDB's own JSON."""
    return (each.to_json()["Attributes"] for each in table_of(table).all_items())


def item(table: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """The item with this key, both in DynamoDB's own JSON. Raises LookupError if there is none."""
    found = table_of(table).get_item(DynamoType(key["PK"]), DynamoType(key["SK"]))
    if found is None:
        raise LookupError(f"no item {key}")
    attributes: dict[str, Any] = found.to_json()["Attributes"]
    return attributes


def stream(table: str, first: int) -> list[dict[str, Any]]:
    """The records of a table's stream from the number `first` on."""
    shard = table_of(table).stream_shard
    return [record.to_json() for record in shard.items[first:]] if shard else []


def is_empty(queue: str) -> bool:
    """Whether a queue has no message, neither one that waits nor one that somebody has taken and not deleted."""
    return not sqs_backends[ACCOUNT][REGION].queues[queue]._messages


def queues() -> Iterator[tuple[str, int]]:
    """Each queue, and how many messages wait in it."""
    return (
        (name, queue.approximate_number_of_messages) for name, queue in sqs_backends[ACCOUNT][REGION].queues.items()
    )


def objects(bucket: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The names that begin so, in order, of a bucket's objects, and what these hold."""
    keys = s3_backends[ACCOUNT]["aws"].buckets[bucket].keys
    found = ((name, keys[name]) for name in sorted(keys) if name.startswith(prefix))
    return ((name, each.value) for name, each in found if not isinstance(each, FakeDeleteMarker))


def table_of(name: str) -> Table:
    """The table as moto has it."""
    return dynamodb_backends[ACCOUNT][REGION].get_table(name)
