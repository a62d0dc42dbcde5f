"""What rolls a release back and what wakes an operator: the very lines that stages log, held against the filters."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import events
from tests.support.cloud import RESOURCES
from tests.support.filters import counts
from tests.support.listener import Listener
from tests.support.log_lines import id_of, listening
from tests.support.orders import entered
from tests.support.world import World
from tests.template.deployed import OPTIONS, deployed

PROD = deployed("prod", **OPTIONS).of_type("AWS::Logs::MetricFilter")
ALL = deployed("dev").of_type("AWS::Logs::MetricFilter")
LIVE = ("live_updates", "live_market")
QUEUES = ("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor", "market_data", *LIVE)
STREAMS = ("smart_order_router", "trades_data_aggregator", "archiver", "snapshot_taker")
VERSION = "17"


def counted(metric: dict[str, Any], lines: list[str]) -> list[str]:
    return [line for line in lines if counts(metric["FilterPattern"], line)]


COMMITS = {
    "post_trade_processor": "TransactWriteItems",
    "market_data": "UpdateItem",
    **dict.fromkeys(LIVE, "Query"),
}
"""The call by which a stage commits, or without which it can do nothing."""


def failing(world: World, stage: str) -> list[str]:
    """What a release logs that fails with all that a queue's stage is given."""
    world.change_market(darkPoolTickers=["COIN"] if stage == QUEUES[0] else [])
    if stage == "market_data":
        world.quote("COIN", "161.95", "161.97")
    else:
        world.post(entered(quantity=10))
    world.pipeline.run(but_not=stage)
    world.faults.unreachable(f"dynamodb.{COMMITS.get(stage, 'PutItem')}", times=99)
    with listening(world, stage) as logged:
        answer = world.deliver(stage, events.sqs(world.pipeline.take(stage))).answer
    world.faults.mend()
    assert len(answer["batchItemFailures"]) == 1
    return logged.getvalue().splitlines()


@pytest.mark.parametrize("stage", QUEUES)
def test_a_version_that_fails_with_what_a_queue_gives_it_is_counted_by_its_own_version(
    world: World, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", VERSION)
    lines = failing(world, stage)
    for metric in (ALL[f"{id_of(stage)}FailuresMetric"], PROD[f"{id_of(stage)}NewVersionFailuresMetric"]):
        [line] = counted(metric, lines)
        assert json.loads(line)["function_version"] == VERSION


@pytest.mark.parametrize("stage", QUEUES)
def test_a_version_that_dead_letters_what_a_queue_gives_it_is_counted_by_its_own_version(
    world: World, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", VERSION)
    with listening(world, stage) as logged:
        world.deliver(stage, events.sqs([events.sqs_record("COIN", "{")]))
    lines = logged.getvalue().splitlines()
    [line] = counted(PROD[f"{id_of(stage)}NewVersionFailuresMetric"], lines)
    assert json.loads(line)["function_version"] == VERSION
    assert counted(ALL[f"{id_of(stage)}FailuresMetric"], lines) == [], "it has an alarm of its own"


@pytest.mark.parametrize("stage", STREAMS)
def test_a_version_that_dead_letters_what_a_stream_gives_it_is_counted_by_its_own_version(
    world: World, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", VERSION)
    record = events.inserted({"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}})
    with listening(world, stage) as logged:
        world.deliver(stage, {"Records": [record]})
    [line] = counted(PROD[f"{id_of(stage)}NewVersionFailuresMetric"], logged.getvalue().splitlines())
    assert json.loads(line)["function_version"] == VERSION


def unavailable(world: World) -> dict[str, Callable[[], Any]]:
    """Calls that the API's stages answer with 503 while DynamoDB cannot be reached."""
    return {
        "order_entry": lambda: world.post(entered(quantity=10)),
        "account_keeper": lambda: world.account("PUT", "limits", {"highestOrderValue": "10.00"}),
        "credential_keeper": lambda: world.credentials("POST", None, {"role": "broker"}),
        "ticker_keeper": lambda: world.list_ticker("NEW", "1.00", "1.02"),
        "data_extractor": lambda: world.get("/customers/{customerId}", customerId="000002"),
        "operations_desk": lambda: world.answer("operations_desk", events.get("/operations/stages", {})),
    }


def test_a_version_that_cannot_answer_a_frame_is_counted_by_its_own_version(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", VERSION)
    world.faults.unreachable("dynamodb.GetItem", times=99)
    with listening(world, "live_connections") as logged:
        assert Listener(world, "one").send("ping")["code"] == "unavailable"
    [line] = counted(PROD["LiveConnectionsNewVersionFailuresMetric"], logged.getvalue().splitlines())
    assert json.loads(line)["function_version"] == VERSION
    world.faults.mend()


@pytest.mark.parametrize(
    "stage",
    ["order_entry", "account_keeper", "credential_keeper", "ticker_keeper", "data_extractor", "operations_desk"],
)
def test_a_version_that_answers_callers_with_a_server_error_is_counted_by_its_own_version(
    world: World, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", VERSION)
    for operation in ("TransactWriteItems", "GetItem", "BatchGetItem", "UpdateItem", "PutItem", "Query"):
        world.faults.unreachable(f"dynamodb.{operation}", times=99)
    metric = PROD[f"{id_of(stage)}NewVersionFailuresMetric"]
    with listening(world, stage) as logged:
        assert unavailable(world)[stage]()[0] == 503
    [line] = counted(metric, logged.getvalue().splitlines())
    assert json.loads(line)["function_version"] == VERSION
    world.faults.mend()
    with listening(world, stage) as logged:
        assert unavailable(world)[stage]()[0] < 300
        assert world.post(entered(quantity=0))[0] == 400
    assert counted(metric, logged.getvalue().splitlines()) == []


def test_an_order_that_could_not_be_stored_is_counted_also_in_an_array_with_an_invalid_one(world: World) -> None:
    world.faults.unreachable("dynamodb.TransactWriteItems", times=99)
    with listening(world, "order_entry") as logged:
        status, answer = world.post([entered(quantity=10), entered(quantity=0)])
    world.faults.mend()
    assert (status, [each["state"] for each in answer["orders"]]) == (422, ["Unknown", "Rejected"])
    assert len(counted(PROD["OrderEntryNewVersionFailuresMetric"], logged.getvalue().splitlines())) == 1


def test_a_stage_that_works_counts_as_no_failure_and_says_how_long_all_took(world: World) -> None:
    with listening(world, "lit_pool_matching_engine") as logged:
        world.post(entered(ticker="AMD", price="114.25", quantity=12_500))
        world.clock.advance(milliseconds=700)
        world.settle()
    lines = logged.getvalue().splitlines()
    assert [name for name, each in ALL.items() if name.endswith("FailuresMetric") and counted(each, lines)] == []
    matched = counted(ALL["LitPoolMatchingEngineLatencyMetric"], lines)
    assert {json.loads(line)["latency_ms"] for line in matched if "commands executed" in line} == {700}


def test_every_metric_that_fails_a_version_has_a_pattern_that_is_tried_here() -> None:
    tried = {
        *QUEUES,
        *STREAMS,
        "live_connections",
        "order_entry",
        "account_keeper",
        "credential_keeper",
        "ticker_keeper",
        "data_extractor",
        "operations_desk",
    }
    judging = {name for name in PROD if name.endswith("NewVersionFailuresMetric")}
    assert judging == {f"{id_of(stage)}NewVersionFailuresMetric" for stage in tried}
    assert all(RESOURCES[id_of(stage)]["Type"] == "AWS::Serverless::Function" for stage in tried)
