"""Streams are read by MiniStack's own function, each mapping by itself: a slow function holds up no other stream."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from local.event_sources import replacements
from ops.wait import until

dynamodb: Any = import_module("ministack.services.dynamodb")
dynamodb.time = SimpleNamespace(**vars(time))
"""Its import starts a thread that sleeps for ever: by the real clock, while other tests have one of their own."""
functions: Any = import_module("ministack.services.lambda_svc")

SECONDS = 10.0
SLOW, QUICK = "slow", "quick"
FIRST, SECOND = {"PK": {"S": "a"}, "SK": {"S": "1"}}, {"PK": {"S": "a"}, "SK": {"S": "2"}}


class Streams:
    """Two tables, each with a stream and a function that reads it. The slow one ends when it may."""

    def __init__(self, poll: Callable[[], bool]) -> None:
        self.poll = poll
        self.may_end = Event()
        self.fails = False
        self.calls: Counter[str] = Counter()
        self.read: Counter[str] = Counter()

    def call(self, function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        name = function["config"]["FunctionName"]
        self.calls[name] += 1
        if self.fails:
            return {"error": True, "body": {}}
        if name == SLOW:
            assert self.may_end.wait(SECONDS)
        self.read[name] += len(event["Records"])
        return {"body": None}

    def idle(self) -> bool:
        return not functions._esm_inflight

    def position(self, name: str) -> int:
        return int(functions._dynamodb_stream_positions[name])


def put(name: str, *items: dict[str, Any]) -> None:
    for item in items:
        assert dynamodb._put_item({"TableName": name, "Item": item})[0] == 200


def _with_stream(name: str) -> None:
    """A table with a stream, and a mapping that reads it for the function of its name."""
    made = dynamodb._create_table(
        {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in ("PK", "SK")],
            "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        }
    )
    assert made[0] == 200, made
    functions._functions[name] = {"config": {"FunctionName": name}}
    functions._esms[name] = {
        "UUID": name,
        "FunctionName": name,
        "EventSourceArn": dynamodb._tables[name]["LatestStreamArn"],
        "StartingPosition": "TRIM_HORIZON",
    }


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Iterator[Streams]:
    replaced = replacements(functions, dynamodb)
    found = Streams(replaced["_poll_dynamodb_streams"])
    monkeypatch.setattr(functions, "_execute_function", found.call)
    for name in (SLOW, QUICK):
        _with_stream(name)
    yield found
    found.may_end.set()
    assert until(found.idle, SECONDS)
    dynamodb.reset()
    for name in (SLOW, QUICK):
        del functions._functions[name], functions._esms[name]
        functions._release_esm_poll_state(name)


def test_a_function_that_has_not_ended_holds_up_no_other_stream(streams: Streams) -> None:
    put(SLOW, FIRST)
    assert streams.poll()
    put(QUICK, FIRST, SECOND)
    assert streams.poll()
    assert until(lambda: streams.read[QUICK] == 2, SECONDS)
    assert streams.read[SLOW] == 0


def test_a_mapping_has_one_batch_at_a_time_and_then_the_next_in_order(streams: Streams) -> None:
    put(SLOW, FIRST)
    assert streams.poll()
    assert until(lambda: streams.calls[SLOW] == 1, SECONDS)
    put(SLOW, SECOND)
    assert not streams.poll()
    streams.may_end.set()
    assert until(streams.idle, SECONDS)
    assert streams.position(SLOW) == 1
    assert streams.poll()
    assert until(lambda: streams.read[SLOW] == 2 and streams.idle(), SECONDS)
    assert (streams.calls[SLOW], streams.position(SLOW)) == (2, 2)


def test_nothing_is_begun_where_nothing_is_to_read(streams: Streams) -> None:
    functions._esms["queue"] = {"UUID": "queue", "EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:queue"}
    try:
        assert not streams.poll()
        put(QUICK, FIRST)
        assert streams.poll()
        assert until(lambda: streams.read[QUICK] == 1 and streams.idle(), SECONDS)
        assert not streams.poll()
    finally:
        del functions._esms["queue"]


def test_a_batch_that_failed_comes_again_after_a_pause(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("local.event_sources.time", SimpleNamespace(monotonic=lambda: now))
    streams.fails = True
    put(QUICK, FIRST)
    assert streams.poll()
    assert until(lambda: streams.calls[QUICK] == 1 and streams.idle(), SECONDS)
    assert streams.position(QUICK) == 0
    assert not streams.poll()

    streams.fails = False
    now += 0.99
    assert not streams.poll()
    now += 0.02
    functions._esm_backoff_until.pop(QUICK)
    assert streams.poll()
    assert until(lambda: streams.position(QUICK) == 1, SECONDS)
    assert (streams.calls[QUICK], streams.read[QUICK]) == (2, 1)


@pytest.mark.parametrize(("window", "waits"), [(0, 0), (0.5, 0.5), (300, 1)])
def test_a_batch_is_gathered_for_its_window_and_for_a_second_at_the_most(
    streams: Streams, monkeypatch: pytest.MonkeyPatch, window: float, waits: float
) -> None:
    now = 1000.0
    monkeypatch.setattr("local.event_sources.time", SimpleNamespace(monotonic=lambda: now))
    functions._esms[QUICK]["MaximumBatchingWindowInSeconds"] = window
    for number in (1, 2):
        put(QUICK, {"PK": {"S": "a"}, "SK": {"S": f"{number}-1"}})
        if waits:
            assert not streams.poll()
            now += waits - 0.01
            put(QUICK, {"PK": {"S": "a"}, "SK": {"S": f"{number}-2"}})
            assert not streams.poll()
            now += 0.02
        assert streams.poll()
        assert until(streams.idle, SECONDS)
        assert streams.calls[QUICK] == number
    assert streams.read[QUICK] == (4 if waits else 2)


def test_the_next_message_waits_two_milliseconds_after_a_look_in_vain() -> None:
    replaced = replacements(functions, dynamodb)
    assert replaced["_ESM_IDLE_WAKE_GAP_SECONDS"] == 0.002
    assert replaced.keys() <= vars(functions).keys()
