"""The JSON Schemas of the messages, and whether a message is one."""

import json
from functools import cache, lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.support.cloud import ROOT
from tests.support.references import resolved

FOLDER = ROOT / "events" / "schemas"
MESSAGES = (
    "ordersRouted",
    "executionReports",
    "ordersUpdated",
    "accountUpdated",
    "tradesSettled",
    "marketUpdated",
    "quote",
)
COMMON = "common"


def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return content


@cache
def validator(kind: str) -> Draft202012Validator:
    whole = resolved(schema(kind), f"{kind}.json", lambda name: schema(name.removesuffix(".json")))
    return Draft202012Validator(whole)


def faults(body: str) -> list[str]:
    """What is wrong with a message's body, by the schema of its own type."""
    return list(_faults(body))


@lru_cache(10_000)
def _faults(body: str) -> tuple[str, ...]:
    """Many tests publish the same."""
    message: dict[str, Any] = json.loads(body)
    return tuple(f"{error.json_path}: {error.message}" for error in validator(message["type"]).iter_errors(message))
