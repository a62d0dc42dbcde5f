"""What alarms and the dashboard count: the lines that the stages log when it happens, as the patterns of the template's
metric filters find them, with the numbers that they take from these lines.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.clock import START
from tests.support.filters import counts
from tests.support.log_lines import id_of, listening
from tests.support.orders import entered
from tests.support.reconciled_day import DATE
from tests.support.stages import STAGES
from tests.support.world import World
from tests.template.deployed import OPTIONS, deployed
from trading.domain.messages.quotes import quote_message
from trading.domain.quotes import QuoteUpdate
from trading.domain.times import iso

FILTERS = deployed("prod", **OPTIONS).of_type("AWS::Logs::MetricFilter")
Work = Callable[[], object]
Happens = Callable[[World, str], Work]
"""Prepares what the stage is to do, and gives the doing of it."""
DARK, LIT, BOOKING = "dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor"
QUOTES = "market_data"
STREAMS = ("smart_order_router", "trades_data_aggregator", "archiver", "snapshot_taker")


def numbers(name: str, lines: list[str]) -> list[float]:
    """What the metric gets of these lines: one number of each that its pattern finds."""
    [made] = FILTERS[name]["MetricTransformations"]
    found = [line for line in lines if counts(FILTERS[name]["FilterPattern"], line)]
    value = made["MetricValue"]
    return [float(json.loads(line)[value[2:]] if value.startswith("$.") else value) for line in found]


def logged(world: World, stage: str, happens: Happens) -> list[str]:
    """What is logged while the stage works, and no other does."""
    work = happens(world, stage)
    with listening(world, stage) as lines:
        work()
    return lines.getvalue().splitlines()


def refused(world: World, stage: str) -> Work:
    def work() -> None:
        world.post([entered(quantity=10), entered(quantity=-1), entered(quantity=10_000_000)])
        world.post(entered(quantity=10))

    return work


def broken(world: World, stage: str) -> Work:
    """The records of a day differ in one place, where a customer has a cent that nobody paid in; then they do."""

    def pay(cents: str) -> None:
        world.client("dynamodb").update_item(
            TableName=world.table("TradesStore"),
            Key={name: {"S": "CUST#000002"} for name in ("PK", "SK")},
            UpdateExpression="ADD cash :cents",
            ExpressionAttributeValues={":cents": {"N": cents}},
        )

    def work() -> None:
        for cents in ("0.01", "-0.01"):
            pay(cents)
            world.stage(stage)({"date": DATE})

    return work


def executed(world: World, stage: str) -> Work:
    """An order is executed 700 ms after it was entered; before that one is canceled: a cancel has no latency."""
    terms = {"ticker": "AMD", "poolOnly": True} if stage == DARK else {}
    _, answer = world.post(entered(quantity=10, price="100.00", **terms))
    world.settle()
    world.change("DELETE", answer["orders"][0]["orderId"])
    world.pipeline.run(but_not=stage)
    batches = [world.pipeline.take(stage)]
    world.post(entered(quantity=10, price="100.00", **terms))
    world.pipeline.run(but_not=stage)
    batches.append(world.pipeline.take(stage))
    world.clock.advance(milliseconds=700)
    return lambda: [world.deliver(stage, events.sqs(batch)) for batch in batches]


def booked(world: World, stage: str) -> Work:
    """A trade is booked 1,500 ms after it was executed, and an order that rests, which has no latency."""
    for price in ("100.00", "161.90"):
        world.post(entered(quantity=10, price=price))
        world.pipeline.run(but_not=stage)
    records = world.pipeline.take(stage)
    world.clock.advance(milliseconds=1500)
    return lambda: world.deliver(stage, events.sqs(records))


def dead_lettered(world: World, stage: str) -> Work:
    record = events.inserted({"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}})
    return lambda: world.deliver(stage, {"Records": [record]})


def quoted(world: World, stage: str) -> Work:
    """Two crossed quotes, one far from the last, and a good one, which count as nothing."""

    def update(seconds: int, bid: str, ask: str) -> QuoteUpdate:
        time = iso(START + timedelta(seconds=seconds))
        return QuoteUpdate("COIN", Decimal(bid), Decimal(ask), 100, 100, time, "test")

    updates = [
        *(update(number, "161.98", "161.97") for number in (1, 2)),
        update(3, "300.00", "300.02"),
        update(4, "161.95", "161.97"),
    ]
    batches = [updates[:3], updates[3:]]
    records = [
        [events.sqs_record("COIN", quote_message(each).body, number) for number, each in enumerate(batch)]
        for batch in batches
    ]
    return lambda: [world.deliver(stage, events.sqs(batch)) for batch in records]


HAPPENS: Mapping[str, tuple[str, Happens, list[float]]] = {
    "OrderEntryRefusedMetric": ("order_entry", refused, [2, 0]),
    "ReconcilerBreaksMetric": ("reconciler", broken, [1, 0]),
    "DarkPoolMatchingEngineLatencyMetric": (DARK, executed, [700]),
    "LitPoolMatchingEngineLatencyMetric": (LIT, executed, [700]),
    "PostTradeProcessorLatencyMetric": (BOOKING, booked, [1500]),
    "MarketDataParkedMetric": (QUOTES, quoted, [1]),
    "MarketDataDroppedMetric": (QUOTES, quoted, [2]),
    **{f"{id_of(stage)}DeadLetteredMetric": (stage, dead_lettered, [1]) for stage in STREAMS},
}


@pytest.mark.parametrize("name", HAPPENS)
def test_a_metric_gets_its_numbers_from_the_lines_that_its_stage_logs(world: World, name: str) -> None:
    stage, happens, expected = HAPPENS[name]
    assert numbers(name, logged(world, stage, happens)) == expected
    assert FILTERS[name]["LogGroupName"] == {"Ref": f"{id_of(stage)}Logs"}


def cold_starts() -> list[str]:
    return [name for name in FILTERS if name.endswith("ColdStartsMetric")]


def started(world: World, stage: str) -> Work:
    return lambda: world.new_stage(stage)


@pytest.mark.parametrize("name", cold_starts())
def test_a_function_that_is_started_counts_as_a_cold_start_once(world: World, name: str) -> None:
    [stage] = [each for each in STAGES if f"{id_of(each)}ColdStartsMetric" == name]
    assert numbers(name, logged(world, stage, started)) == [1]
    assert FILTERS[name]["LogGroupName"] == {"Ref": f"{id_of(stage)}Logs"}


def test_every_metric_filter_of_the_template_is_tried_with_what_is_logged() -> None:
    """Those of failures are tried in test_failure_metrics."""
    failures = {name for name in FILTERS if name.endswith("FailuresMetric")}
    assert set(FILTERS) == {*HAPPENS, *cold_starts(), *failures}


def test_every_metric_that_an_alarm_watches_is_made_by_a_filter() -> None:
    made = {each["MetricName"] for name in FILTERS for each in FILTERS[name]["MetricTransformations"]}
    alarms: Any = deployed("prod", **OPTIONS).of_type("AWS::CloudWatch::Alarm")
    own = {
        name: each["MetricName"]
        for name, each in alarms.items()
        if not str(each.get("Namespace", "AWS/")).startswith("AWS/")
    }
    assert own
    assert {name: metric for name, metric in own.items() if metric not in made} == {}
