"""Looks into moto's tables and streams directly: its answers to Scan and GetRecords take it milliseconds an item."""

from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from tests.support.events import ACCOUNT, REGION


def scan(table: str) -> Iterator[dict[str, Any]]:
    """A table's items, in DynamoDB's own JSON."""
    found = dynamodb_backends[ACCOUNT][REGION].get_table(table).all_items()
    return (item.to_json()["Attributes"] for item in found)


def stream(table: str, first: int) -> list[dict[str, Any]]:
    """The records of a table's stream from the number `first` on."""
    shard = dynamodb_backends[ACCOUNT][REGION].get_table(table).stream_shard
    return [record.to_json() for record in shard.items[first:]] if shard else []
