"""The harness delivers what the template's filters let through, and nothing else."""

import json
from typing import Any

import pytest

from tests.support.cloud import of_type, stage_of
from tests.support.filters import counts, passes

PATTERNS = {
    stage_of(properties["FunctionName"]["Ref"]): [
        json.loads(each["Pattern"]) for each in properties["FilterCriteria"]["Filters"]
    ]
    for _, properties in of_type("AWS::Lambda::EventSourceMapping")
    if "FilterCriteria" in properties
}


def record(name: str, sk: str, **image: str) -> dict[str, Any]:
    new = {field: {"S": value} for field, value in image.items()}
    return {"eventName": name, "dynamodb": {"Keys": {"PK": {"S": "CUST#1"}, "SK": {"S": sk}}, "NewImage": new}}


@pytest.mark.parametrize(
    ("given", "stages"),
    [
        (record("INSERT", "ORDER#1", acceptance="Accepted"), {"smart_order_router"}),
        (record("INSERT", "ORDER#1", acceptance="Rejected"), set()),
        (record("MODIFY", "ORDER#1", acceptance="Accepted"), set()),
        (record("INSERT", "HALT#1"), {"smart_order_router"}),
        (record("MODIFY", "HALT#1"), set()),
        (record("INSERT", "MASSCANCEL#1"), {"smart_order_router"}),
        (record("MODIFY", "MASSCANCEL#1"), set()),
        (record("INSERT", "ENTRY#2026-11-22#1", accountChange="Deposit"), {"smart_order_router"}),
        (record("INSERT", "ENTRY#2026-11-22#1"), set()),
        (record("INSERT", "CONTROL#2026-11-22#1", accountChange="Halt"), {"smart_order_router"}),
        (record("INSERT", "TRADE#2026-11-22#1"), {"archiver"}),
        (record("INSERT", "17", trades="printed"), {"trades_data_aggregator"}),
        (record("MODIFY", "17", trades="printed"), set()),
        (record("INSERT", "17", snapshot="due"), {"snapshot_taker"}),
        (record("INSERT", "CLORD#ORDER#1", acceptance="Accepted"), set()),
        (record("INSERT", "2026-11-22#TRADE#"), set()),
    ],
)
def test_a_record_reaches_the_stages_it_is_for(given: dict[str, Any], stages: set[str]) -> None:
    assert {stage for stage, patterns in PATTERNS.items() if passes(given, patterns)} == stages


def test_a_mapping_without_a_filter_delivers_everything() -> None:
    assert passes(record("MODIFY", "anything"), [])


def test_a_rule_that_the_harness_does_not_know_is_an_error() -> None:
    with pytest.raises(NotImplementedError):
        passes({"a": 1}, [{"a": [{"numeric": [">", 0]}]}])


@pytest.mark.parametrize(
    ("pattern", "line", "counted"),
    [
        ('{ $.message = "failed" }', '{"message":"failed"}', True),
        ('{ $.message = "failed" }', '{"message":"failed again"}', False),
        ('{ ($.message = "failed") || ($.message = "dead-lettered") }', '{"message":"dead-lettered"}', True),
        ('{ ($.message = "failed") || ($.message = "dead-lettered") }', '{"message":"read"}', False),
        ("{ $.latency_ms >= 0 }", '{"latency_ms":0}', True),
        ("{ $.latency_ms >= 0 }", '{"latency_ms":-1}', False),
        ("{ $.latency_ms >= 0 }", "{}", False),
    ],
)
def test_a_line_of_a_log_is_counted_by_the_patterns_that_it_matches(pattern: str, line: str, counted: bool) -> None:
    assert counts(pattern, line) is counted
