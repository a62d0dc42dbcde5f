"""Transactions of moto's DynamoDB in a fraction of their time, for the same result.

Before each write of a transaction moto (5.x) copies the whole table with all that is in it, to restore it if the
transaction fails. Here a copy shares its items with the table, and an item that is updated is replaced by a copy first.
"""

import copy
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table


def patch(patched: pytest.MonkeyPatch) -> None:
    """For as long as the patches last."""
    update = DynamoDBBackend.update_item

    def update_copy(backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *rest: Any, **fields: Any) -> Any:
        table = backend.get_table(table_name)
        names: Any = (table.hash_key_attr, table.range_key_attr)
        hash_value, range_value = (DynamoType(key[name]) for name in names)
        item = table.get_item(hash_value, range_value)
        if item is not None:
            table.items[hash_value][range_value] = copy.deepcopy(item)
        return update(backend, table_name, key, *rest, **fields)

    patched.setattr(DynamoDBBackend, "update_item", update_copy)
    patched.setattr(Table, "__deepcopy__", _sharing_items, raising=False)


def _sharing_items(table: Table, memo: dict[int, Any]) -> Table:
    other = copy.copy(table)
    other.items = copy.copy(table.items)
    for key, items in table.items.items():
        other.items[key] = copy.copy(items)
    if table.stream_shard:
        other.stream_shard = copy.copy(table.stream_shard)
        other.stream_shard.table = other
        other.stream_shard.items = list(table.stream_shard.items)
    return other
