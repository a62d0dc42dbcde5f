"""Transactions on DynamoDB: the writes that they are made of, and doing all of them or none. They are tried again after
a conflict.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from trading.aws import clients, clock
from trading.aws.store.dynamodb import FIRST_PAUSE, MAX_PAUSE, from_item, to_item
from trading.domain.errors import TradingError

RETRIED = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


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


def write(writes: Sequence[dict[str, Any]], deadline: float) -> None:
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
    """Does all of these writes or none, as `write` does, but a Put alone without a transaction: it costs half as
    much.
    """
    if len(writes) > 1 or "Put" not in writes[0]:
        write(writes, deadline)
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
