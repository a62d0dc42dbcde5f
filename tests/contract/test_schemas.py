"""The schemas say what a message is, strictly: each is a schema, closes every object, and describes itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support import samples, schemas
from tests.support.cloud import ROOT
from trading.domain.orders import CUSTOMER_ID, TICKER

NAMES = [*schemas.MESSAGES, schemas.COMMON]


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object within a schema."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts(part)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_of_2020_12_that_is_named_as_its_file(name: str) -> None:
    schema = schemas.schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{name}.json"
    assert schema["title"]


@pytest.mark.parametrize("name", NAMES)
def test_no_object_has_room_for_what_is_not_described(name: str) -> None:
    objects = [part for part in parts(schemas.schema(name)) if part.get("type") == "object"]
    assert [part for part in objects if part.get("additionalProperties") is not False] == []
    assert [part for part in objects if not set(part["required"]) <= set(part["properties"])] == []


def test_an_entered_orders_customer_and_ticker_have_the_form_that_all_stages_know() -> None:
    entered = json.loads((ROOT / "functions" / "order_entry" / "order.schema.json").read_text())["properties"]
    for name, form in (("customerId", CUSTOMER_ID), ("ticker", TICKER)):
        assert entered[name]["pattern"] == f"^{form.pattern}(?![\\s\\S])"


@pytest.mark.parametrize("name", schemas.MESSAGES)
def test_every_field_of_a_message_is_described(name: str) -> None:
    common = schemas.schema(schemas.COMMON)["$defs"]
    for field, rule in schemas.schema(name)["properties"].items():
        assert rule.get("description") or common[rule["$ref"].rpartition("/")[2]]["description"], field


def messages() -> list[str]:
    """The bodies of all queue records among the samples, one of each type at least."""
    return [record["body"] for _, event in samples.samples() for record in event.get("Records", []) if "body" in record]


def test_the_samples_messages_are_what_the_schemas_say() -> None:
    assert {json.loads(body)["type"] for body in messages()} == {
        "ordersRouted",
        "executionReports",
        "ordersUpdated",
        "accountUpdated",
        "marketUpdated",
        "quote",
    }
    assert [fault for body in messages() for fault in schemas.faults(body)] == []


@pytest.mark.parametrize("body", messages())
def test_a_message_is_none_without_any_of_its_required_fields_or_with_one_more(body: str) -> None:
    message = json.loads(body)
    required = schemas.schema(message["type"])["required"]
    assert set(required) <= set(message)
    for name in set(required) - {"type"}:
        assert schemas.faults(json.dumps({field: value for field, value in message.items() if field != name}))
    assert schemas.faults(json.dumps(message | {"more": 1}))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("price", 161.9), ("price", "161.9"), ("price", "0.00"), ("price", "-1.00"), ("protectionPrice", None),
        ("initialQuantity", 0), ("initialQuantity", "8614"), ("customerId", "2"), ("orderDate", "2026-11-22"),
        ("direction", "buy"), ("orderId", "1"), ("highestFee", "1"),
    ],
)  # fmt: skip
def test_an_order_with_a_wrong_field_is_none(field: str, wrong: object) -> None:
    for body in messages():
        message = json.loads(body)
        [first, *_] = message.get("commands") or message.get("orders") or [{}]
        if "order" in first:
            first["order"][field] = wrong
            assert schemas.faults(json.dumps(message))
