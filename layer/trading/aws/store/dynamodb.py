"""Calls of DynamoDB as the stages make them: plain values in and out. Transactions are in `transactions`."""

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from trading.aws import clients, clock

FIRST_PAUSE = 0.02
MAX_PAUSE = 0.5
BATCH_ATTEMPTS = 8
"""These take about a second and a half."""

_to_wire = TypeSerializer().serialize
_from_wire = TypeDeserializer().deserialize


class _FromRecord(TypeDeserializer):
    def _deserialize_b(self, value: str) -> Binary:
        return Binary(base64.b64decode(value))


_from_record = _FromRecord().deserialize


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that are None are left out."""
    return {name: _to_wire(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers come as Decimal."""
    return {name: _from_wire(value) for name, value in item.items()}


def from_record(image: Mapping[str, Any]) -> dict[str, Any]:
    """An item as Lambda hands it over in a stream's record: that is JSON, with binary values in Base64."""
    return {name: _from_record(value) for name, value in image.items()}


def update_if(
    table: str,
    key: Mapping[str, Any],
    expression: str,
    condition: str,
    values: Mapping[str, Any],
    names: Mapping[str, str],
) -> dict[str, Any] | None:
    """Changes the item if the condition holds. If not, returns the item as it is, empty if there is none."""
    named: Any = {"ExpressionAttributeNames": names} if names else {}  # DynamoDB takes no empty ones
    try:
        clients.dynamodb().update_item(
            TableName=table,
            Key=to_item(key),
            UpdateExpression=expression,
            ConditionExpression=condition,
            **named,
            ExpressionAttributeValues=to_item(values),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        there: Any = error.response.get("Item") or {}  # its types do not know it
        return from_item(there)
    return None


def get(table: str, key: Mapping[str, Any], *, consistent: bool = True) -> dict[str, Any] | None:
    answer = clients.dynamodb().get_item(TableName=table, Key=to_item(key), ConsistentRead=consistent)
    item = answer.get("Item")
    return from_item(item) if item else None


def get_many(table: str, keys: Sequence[Mapping[str, Any]], *, consistent: bool = False) -> Iterator[dict[str, Any]]:
    """Those of the items that exist, in no order. The keys are distinct. Raises ClientError as `put_many` does."""
    for first in range(0, len(keys), 100):
        wanted: Any = {
            table: {"Keys": [to_item(key) for key in keys[first : first + 100]], "ConsistentRead": consistent}
        }
        for _ in _attempts("BatchGetItem"):
            answer = clients.dynamodb().batch_get_item(RequestItems=wanted)
            yield from (from_item(item) for item in answer["Responses"].get(table, []))
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                break


def put_many(table: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Stores these items, whether they are there or not, each by itself. Their keys are distinct.

    DynamoDB leaves some of a batch out when it is too busy: these are asked for again, with jitter. If some are still
    left out in the end, raises the ClientError that DynamoDB itself answers when it can do nothing at all.
    """
    for first in range(0, len(items), 25):
        wanted: Any = {table: [{"PutRequest": {"Item": to_item(each)}} for each in items[first : first + 25]]}
        for _ in _attempts("BatchWriteItem"):
            wanted = clients.dynamodb().batch_write_item(RequestItems=wanted).get("UnprocessedItems")
            if not wanted:
                break


def _attempts(operation: str) -> Iterator[None]:
    """Attempts at a batch, with pauses between them. Raises ClientError after the last."""
    pause = FIRST_PAUSE
    for _ in range(BATCH_ATTEMPTS):
        yield
        time.sleep(clock.jitter(pause))
        pause = min(2 * pause, MAX_PAUSE)
    busy: Any = {"Code": "ProvisionedThroughputExceededException", "Message": "a part of the batch is left unprocessed"}
    raise ClientError({"Error": busy}, operation)


def query(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The items of a query, page by page, read only as far as the caller asks. Botocore's first paginator would cost a
    cold start some 20 ms.
    """
    while True:
        answer = clients.dynamodb().query(**request)
        yield from map(from_item, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        request = {**request, "ExclusiveStartKey": answer["LastEvaluatedKey"]}
