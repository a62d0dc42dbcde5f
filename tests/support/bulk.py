"""Puts many items into a table of moto's at once, past its streams, as what lies there and is left alone.

moto copies a table's partitions for every write of a transaction. What was put here is shared by all copies, so nobody
may write it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Self

from moto.dynamodb.models.dynamo_type import DynamoType, Item

from tests.support import backdoor
from trading.aws.store import dynamodb

Keys = Iterable[tuple[str, str | int]]


class Partition(dict[Any, Any]):
    """What is written, and beneath it what is not."""

    def __init__(self, written: Mapping[Any, Any], beneath: dict[Any, Any]) -> None:
        super().__init__(written)
        self.beneath = beneath

    def __missing__(self, key: Any) -> Any:
        return self.beneath[key]

    def values(self) -> Collection[Any]:  # type: ignore[override] # moto goes through them, no more
        return [*super().values(), *self.beneath.values()]

    def __copy__(self) -> Self:
        return type(self)(self, self.beneath)


class Partitions(Partition):
    """A table's partitions; one that is not there is empty."""

    def __missing__(self, key: Any) -> Any:
        return self.beneath[key] if key in self.beneath else self.setdefault(key, {})


def put(table: str, values: Mapping[str, Any], keys: Keys) -> None:
    """An item under each of the keys, PK and SK, all of them with these values."""
    moto = backdoor.table_of(table)
    if not isinstance(moto.items, Partitions):
        moto.items = Partitions(moto.items, {})  # type: ignore[assignment] # as good as moto's own
    attributes = {name: DynamoType(value) for name, value in dynamodb.to_item(values).items()}
    for pk, sk in keys:
        hash_key, range_key = (DynamoType(value) for value in dynamodb.to_item({"PK": pk, "SK": sk}).values())
        item = Item(hash_key, range_key, {})
        dict.update(item.attrs, {**attributes, "PK": hash_key, "SK": range_key})
        _beneath(moto.items, hash_key)[range_key] = item


def _beneath(partitions: Any, key: DynamoType) -> dict[Any, Any]:
    """Where a partition keeps what nobody writes."""
    if key not in partitions:
        return partitions.beneath.setdefault(key, {})  # type: ignore[no-any-return] # it is a dict of dicts
    partition = partitions[key]
    if not isinstance(partition, Partition):
        partition = partitions[key] = Partition(partition, {})
    return partition.beneath
