"""The names of all tickers that are traded here, and the ids of all customers."""

from collections.abc import Iterator
from typing import Any

from trading.aws.store import dynamodb, keys


def tickers(table: str) -> list[str]:
    """All tickers that are traded here."""
    return _listed(table, keys.TICKERS)


def customers(table: str) -> list[str]:
    """The ids of all customers."""
    return _listed(table, keys.CUSTOMERS)


def is_traded(table: str, ticker: str) -> bool:
    """Whether the ticker is traded here."""
    return dynamodb.get(table, keys.listed(ticker)) is not None


def listed_from(table: str, partition: str, first: str, at_once: int) -> Iterator[str]:
    """The names in a partition, from `first` on; a call reads `at_once` of them."""
    beginning: dict[str, Any] = {}
    if first:
        beginning = {
            "KeyConditionExpression": "PK = :pk AND SK >= :first",
            "ExpressionAttributeValues": dynamodb.to_item({":pk": partition, ":first": first}),
        }
    return (item["SK"] for item in dynamodb.query(_names(table, partition) | beginning | {"Limit": at_once}))


def _listed(table: str, partition: str) -> list[str]:
    return [item["SK"] for item in dynamodb.query(_names(table, partition))]


def _names(table: str, partition: str) -> dict[str, Any]:
    return {
        "TableName": table,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": dynamodb.to_item({":pk": partition}),
        "ProjectionExpression": "SK",
        "ConsistentRead": True,
    }
