"""A transaction that comes again with its token is answered as it was, and done once. So AWS does it."""

import json
import time
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from local.replays import replacements

dynamodb: Any = import_module("ministack.services.dynamodb")
dynamodb.time = SimpleNamespace(**vars(time))
"""Its import starts a thread that sleeps for ever: by the real clock, while other tests have one of their own."""

KEY = {"PK": {"S": "a"}, "SK": {"S": "b"}}
COUNTED = {"PK": {"S": "a"}, "SK": {"S": "counted"}}
VALUES = [{"N": "0.00"}, {"N": "161.90"}, {"M": {"fees": {"L": [{"N": "1.0"}]}}}, {"NS": ["2.0", "1"]}, {"S": "0.00"}]
MISMATCH = "IdempotentParameterMismatchException"


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made = dynamodb._create_table(
        {
            "TableName": "Table",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in KEY],
            "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        }
    )
    assert made[0] == 200, made
    for name, function in replacements(dynamodb).items():
        monkeypatch.setattr(dynamodb, name, function)
    yield
    dynamodb.reset()


def request(value: dict[str, Any], *, token: str | None = "token") -> dict[str, Any]:
    """Stores an item that is new, and counts. It is read anew each time, as one that came over the network."""
    new = {"TableName": "Table", "Item": {**KEY, "value": value}, "ConditionExpression": "attribute_not_exists(PK)"}
    counted = {
        "TableName": "Table",
        "Key": COUNTED,
        "UpdateExpression": "ADD counted :one",
        "ExpressionAttributeValues": {":one": {"N": "1.00"}},
    }
    named = {"ClientRequestToken": token} if token else {}
    whole: dict[str, Any] = json.loads(json.dumps({**named, "TransactItems": [{"Put": new}, {"Update": counted}]}))
    return whole


def sent(what: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    status, _, body = dynamodb._transact_write_items(what)
    return status, json.loads(body)


def counted() -> str:
    _, _, body = dynamodb._get_item({"TableName": "Table", "Key": COUNTED})
    number: str = json.loads(body)["Item"]["counted"]["N"]
    return number


@pytest.mark.parametrize("value", VALUES, ids=json.dumps)
def test_a_transaction_that_is_sent_again_is_answered_as_it_was_and_done_once(value: dict[str, Any]) -> None:
    assert [sent(request(value)) for _ in range(3)] == [(200, {})] * 3
    assert counted() == "1.00"


def test_another_transaction_of_the_same_token_is_refused() -> None:
    assert sent(request({"N": "0.00"})) == (200, {})
    status, answer = sent(request({"N": "0.01"}))
    assert (status, answer["__type"]) == (400, MISMATCH)
    assert counted() == "1.00"


@pytest.mark.parametrize("token", ["another", None])
def test_the_same_transaction_with_another_token_or_with_none_is_another_one(token: str | None) -> None:
    assert sent(request({"N": "0.00"})) == (200, {})
    assert sent(request({"N": "0.00"}, token=token))[1]["__type"] == "TransactionCanceledException"
