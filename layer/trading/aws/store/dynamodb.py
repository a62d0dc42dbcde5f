"""DynamoDB as the stages use it: plain values in and out; transactions are tried again after a conflict."""

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from trading.aws import clients, clock
from trading.domain.errors import TradingError

FIRST_PAUSE = 0.02
MAX_PAUSE = 0.5
BATCH_ATTEMPTS = 8
"""These take about a second and a half."""
RETRIED = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})

_to_wire = TypeSerializer().serialize
_from_wire = TypeDeserializer().deserialize


class _FromRecord(TypeDeserializer):
    def _deserialize_b(self, value: str) -> Binary:
        return Binary(base64.b64decode(value))


_from_record = _FromRecord().deserialize


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one write of a transaction failed (`code` is None if it did not), and the item that failed its condition."""

    code: str | None
    item: dict[str, Any] | None

    @property
    def condition_failed(self) -> bool:
        return self.code == "ConditionalCheckFailed"


class TransactionCanceled(TradingError):
    """A condition of the transaction does not hold: nothing was written. There is one reason per write, in their
    order.
    """

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(reason.code or "None" for reason in reasons))
        self.reasons = tuple(reasons)


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that are None are left out."""
    return {name: _to_wire(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers come as Decimal."""
    return {name: _from_wire(value) for name, value in item.items()}


def from_record(image: Mapping[str, Any]) -> dict[str, Any]:
    """An item as Lambda hands it over in a stream's record: that is JSON, with binary values in Base64."""
    return {name: _from_record(value) for name, value in image.items()}


def put_new(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A write of a transaction: stores this item if no other has its key."""
    return {
        "Put": {
            "TableName": table,
            "Item": to_item(values),
            "ConditionExpression": "attribute_not_exists(PK)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def put(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A write of a transaction: stores this item, whether it is there or not."""
    return {"Put": {"TableName": table, "Item": to_item(values)}}


def put_if(
    table: str,
    values: Mapping[str, Any],
    condition: str,
    condition_values: Mapping[str, Any] | None,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """A write of a transaction: stores this item if the condition holds for the one that is there."""
    fields = {
        "TableName": table,
        "Item": to_item(values),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": dict(names),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if condition_values:
        fields["ExpressionAttributeValues"] = to_item(condition_values)
    return {"Put": fields}


def delete_if(table: str, key: Mapping[str, Any], condition: str) -> dict[str, Any]:
    """A write of a transaction: removes this item, if the condition holds."""
    return {"Delete": {"TableName": table, "Key": to_item(key), "ConditionExpression": condition}}


def delete(table: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """A write of a transaction: deletes this item, whether it is there or not."""
    return {"Delete": {"TableName": table, "Key": to_item(key)}}


def update(
    table: str,
    key: Mapping[str, Any],
    expression: str,
    condition: str | None,
    values: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A write of a transaction: changes this item, or creates it, if the condition holds."""
    fields: dict[str, Any] = {
        "TableName": table,
        "Key": to_item(key),
        "UpdateExpression": expression,
    }
    if values:
        fields["ExpressionAttributeValues"] = to_item(values)
    if names:
        fields["ExpressionAttributeNames"] = dict(names)
    if condition:
        fields |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return {"Update": fields}


def check(table: str, key: Mapping[str, Any], condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a transaction that writes nothing: the condition must hold for this item."""
    fields: dict[str, Any] = {
        "TableName": table,
        "Key": to_item(key),
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if values:
        fields["ExpressionAttributeValues"] = to_item(values)
    return {"ConditionCheck": fields}


def transact(writes: Sequence[dict[str, Any]], deadline: float) -> None:
    """Does all of these writes or none.

    After a conflict with another transaction on the same item it tries again, with jitter, until `deadline` (of
    time.monotonic): botocore does not do so. It also tries again if a condition failed beside the conflict: whether the
    other conditions hold is not known before DynamoDB has looked at all items. Raises TransactionCanceled if a
    condition does not hold, and the ClientError of the last attempt when the time is over.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            clients.dynamodb().transact_write_items(TransactItems=writes)  # type: ignore[arg-type] # writes are built above
        except clients.dynamodb().exceptions.TransactionCanceledException as error:
            reasons = [_reason(fields) for fields in error.response["CancellationReasons"]]
            retriable = any(reason.code in RETRIED for reason in reasons)
            if not retriable and any(reason.condition_failed for reason in reasons):
                raise TransactionCanceled(reasons) from error
            if not retriable or time.monotonic() + pause > deadline:
                raise
        except ClientError as error:
            busy = error.response["Error"]["Code"] == "TransactionInProgressException"
            if not busy or time.monotonic() + pause > deadline:
                raise
        else:
            return
        time.sleep(clock.jitter(pause))
        pause = min(2 * pause, MAX_PAUSE)


def commit(writes: Sequence[dict[str, Any]], deadline: float) -> None:
    """Does all of these writes or none, as `transact` does, but a Put alone without a transaction: it costs half as
    much.
    """
    if len(writes) > 1 or "Put" not in writes[0]:
        transact(writes, deadline)
        return
    pause = FIRST_PAUSE
    while True:
        try:
            clients.dynamodb().put_item(**writes[0]["Put"])
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ConditionalCheckFailedException":
                there: Any = error.response.get("Item")  # its types do not know it
                reason = Reason("ConditionalCheckFailed", from_item(there) if there else None)
                raise TransactionCanceled([reason]) from error
            if code != "TransactionConflictException" or time.monotonic() + pause > deadline:
                raise
        else:
            return
        time.sleep(clock.jitter(pause))
        pause = min(2 * pause, MAX_PAUSE)


def _reason(fields: Mapping[str, Any]) -> Reason:
    code = fields.get("Code")
    item = fields.get("Item")
    return Reason(None if code in (None, "None") else code, from_item(item) if item else None)


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
