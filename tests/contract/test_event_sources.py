"""Streams are read by MiniStack's own function, each mapping by itself: a slow function holds up no other stream. After
a batch a mapping rests, and what comes meanwhile is its next batch.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from threading import Condition, Event
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


class Clock:
    """Time that passes when a test says so, for `local.event_sources`. Who sleeps wakes up when it is late enough."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._passed = Condition()
        self.sleeping = self.sleeps = 0
        """Who sleeps now; how often anybody has begun to."""

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._passed:
            until_then = self._now + seconds
            self.sleeping += 1
            self.sleeps += 1
            assert self._passed.wait_for(lambda: self._now >= until_then, SECONDS)
            self.sleeping -= 1

    def passes(self, seconds: float) -> None:
        with self._passed:
            self._now += seconds
            self._passed.notify_all()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("local.event_sources.time", clock)
    return clock


def test_a_batch_that_failed_comes_again_after_a_pause(streams: Streams, clock: Clock) -> None:
    streams.fails = True
    put(QUICK, FIRST)
    assert streams.poll()
    assert until(lambda: clock.sleeping == 1, SECONDS)
    assert (streams.calls[QUICK], streams.position(QUICK)) == (1, 0)
    streams.fails = False
    clock.passes(0.99)
    assert not streams.poll()
    clock.passes(0.02)
    assert until(streams.idle, SECONDS)
    functions._esm_backoff_until.pop(QUICK)
    assert streams.poll()
    assert until(streams.idle, SECONDS)
    assert (streams.position(QUICK), streams.calls[QUICK], streams.read[QUICK]) == (1, 2, 1)


@pytest.mark.parametrize(("window", "waits"), [(0, 0), (0.5, 0.5), (300, 1)])
def test_a_batch_is_gathered_for_its_window_and_for_a_second_at_the_most(
    streams: Streams, clock: Clock, window: float, waits: float
) -> None:
    functions._esms[QUICK]["MaximumBatchingWindowInSeconds"] = window
    for number in (1, 2):
        put(QUICK, {"PK": {"S": "a"}, "SK": {"S": f"{number}-1"}})
        assert streams.poll()
        if waits:
            assert until(lambda: clock.sleeping == 1, SECONDS)
            clock.passes(waits - 0.01)
            put(QUICK, {"PK": {"S": "a"}, "SK": {"S": f"{number}-2"}})
            assert not streams.poll()
            clock.passes(0.02)
        assert until(streams.idle, SECONDS)
        assert streams.calls[QUICK] == number
    assert streams.read[QUICK] == (4 if waits else 2)


def test_a_mapping_that_is_gone_when_its_window_is_over_gets_no_batch(streams: Streams, clock: Clock) -> None:
    functions._esms[QUICK]["MaximumBatchingWindowInSeconds"] = 1
    put(QUICK, FIRST)
    assert streams.poll()
    assert until(lambda: clock.sleeping == 1, SECONDS)
    mapping = functions._esms[QUICK]
    del functions._esms[QUICK]
    clock.passes(1)
    assert until(lambda: clock.sleeps == 3, SECONDS), "it rests, and then pauses, for it was not read"
    functions._esms[QUICK] = mapping
    clock.passes(1)
    assert until(streams.idle, SECONDS)
    assert streams.calls[QUICK] == 0


@pytest.mark.parametrize(("takes", "rests"), [(0.03, 0.03), (5, 0.1)])
def test_a_mapping_rests_for_as_long_as_its_batch_took_and_takes_what_came_meanwhile_together(
    streams: Streams, clock: Clock, takes: float, rests: float
) -> None:
    put(SLOW, FIRST)
    assert streams.poll()
    assert until(lambda: streams.calls[SLOW] == 1, SECONDS)
    clock.passes(takes)
    streams.may_end.set()
    assert until(lambda: clock.sleeping == 1, SECONDS)
    assert streams.position(SLOW) == 1
    put(SLOW, SECOND)
    clock.passes(rests - 0.001)
    put(SLOW, {"PK": {"S": "a"}, "SK": {"S": "3"}})
    assert not streams.poll()
    functions._esm_wake.clear()
    clock.passes(0.002)
    assert functions._esm_wake.wait(SECONDS), "MiniStack looks again when the rest is over"
    assert until(streams.idle, SECONDS)
    assert streams.poll()
    assert until(streams.idle, SECONDS)
    assert (streams.calls[SLOW], streams.read[SLOW]) == (2, 3)


def test_a_queue_rests_too(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def run(batch: str) -> None:
        clock.passes(0.02)
        done.append(batch)

    monkeypatch.setattr(functions, "_run_sqs_batch", run)
    functions._dispatch_esm_batch("queue", replacements(functions, dynamodb)["_run_sqs_batch"], "batch")
    assert until(lambda: clock.sleeping == 1, SECONDS)
    assert (done, functions._esm_inflight["queue"]) == (["batch"], 1)
    clock.passes(0.02)
    assert until(lambda: not functions._esm_inflight, SECONDS)


def test_the_next_message_waits_two_milliseconds_after_a_look_in_vain() -> None:
    replaced = replacements(functions, dynamodb)
    assert replaced["_ESM_IDLE_WAKE_GAP_SECONDS"] == 0.002
    assert replaced.keys() <= vars(functions).keys()
