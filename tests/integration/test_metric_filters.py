"""What alarms and the dashboard count: the lines that the stages log when it happens, as the patterns of the template's
metric filters find them, with the numbers that they take from these lines.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.support import events
from tests.support.filters import counts
from tests.support.logged import id_of, listening
from tests.support.orders import entered
from tests.support.reconciling import DATE
from tests.support.world import World
from tests.template.deployed import OPTIONS, deployed

FILTERS = deployed("prod", **OPTIONS).of_type("AWS::Logs::MetricFilter")
DARK, LIT, BOOKING = "dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor"
STREAMS = ("smart_order_router", "trades_data_aggregator", "book_keeper")
COLD = (
    "REPORT RequestId: 8f5d2d3c-6f0e-4a51-9e0b-0f3f2b6a7c11\tDuration: 52.11 ms\tBilled Duration: 703 ms\t"
    "Memory Size: 1024 MB\tMax Memory Used: 98 MB\tInit Duration: 650.42 ms\t"
)
"""The line that Lambda writes itself at the end of a call for which it started a function."""
WARM = COLD.partition("Init Duration")[0]


def numbers(name: str, lines: list[str]) -> list[float]:
    """What the metric gets of these lines: one number of each that its pattern finds."""
    [made] = FILTERS[name]["MetricTransformations"]
    found = [line for line in lines if counts(FILTERS[name]["FilterPattern"], line)]
    value = made["MetricValue"]
    return [float(json.loads(line)[value[2:]] if value.startswith("$.") else value) for line in found]


def logged(world: World, stage: str, happens: Callable[[World], object]) -> list[str]:
    with listening(world, stage) as lines:
        happens(world)
    return [line for line in lines.getvalue().splitlines() if json.loads(line)["service"] == stage]


def refused(world: World) -> None:
    world.post([entered(quantity=10), entered(quantity=-1), entered(quantity=10_000_000)])
    world.post(entered(quantity=10))


def broken(world: World) -> None:
    """A day whose books do not agree in one place: a customer has a cent that nobody paid in."""
    key = {name: {"S": "CUST#000002"} for name in ("PK", "SK")}
    cent = {"UpdateExpression": "ADD cash :cent", "ExpressionAttributeValues": {":cent": {"N": "0.01"}}}
    world.client("dynamodb").update_item(TableName=world.table("TradesStore"), Key=key, **cent)
    world.stage("reconciler")({"date": DATE})
    cent["ExpressionAttributeValues"] = {":cent": {"N": "-0.01"}}
    world.client("dynamodb").update_item(TableName=world.table("TradesStore"), Key=key, **cent)
    world.stage("reconciler")({"date": DATE})


def executed(world: World) -> None:
    """An order is executed 700 ms after it was entered; before that, one is canceled: a cancel has no latency."""
    _, answer = world.post(entered(ticker="AMD", quantity=10, price="100.00", poolOnly=True))
    world.settle()
    world.change("DELETE", answer["orders"][0]["orderId"])
    world.settle()
    world.post(entered(ticker="AMD", quantity=10, price="114.25"))
    world.clock.advance(milliseconds=700)
    world.settle()


def booked(world: World) -> None:
    """A trade is booked 1,500 ms after it was executed; before that, an order that rests: there is nothing to measure."""
    world.post(entered(quantity=10, price="100.00"))
    world.settle()
    world.post(entered(quantity=10))
    world.pipeline.run(but_not=BOOKING)
    world.clock.advance(milliseconds=1500)
    world.settle()


def dead_lettered(world: World) -> None:
    """Of two records one can never succeed."""
    world.post(entered(quantity=10))
    world.settle()
    for stage in STREAMS:
        world.deliver(stage, {"Records": [events.inserted({"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}})]})


HAPPENS: Mapping[str, tuple[str, Callable[[World], object], list[float]]] = {
    "OrderEntryRefusedMetric": ("order_entry", refused, [2, 0]),
    "ReconcilerBreaksMetric": ("reconciler", broken, [1, 0]),
    "DarkPoolMatchingEngineLatencyMetric": (DARK, executed, [0, 700]),
    "LitPoolMatchingEngineLatencyMetric": (LIT, executed, [700]),
    "PostTradeProcessorLatencyMetric": (BOOKING, booked, [1500]),
    **{f"{id_of(stage)}ParkedMetric": (stage, dead_lettered, [1]) for stage in STREAMS},
}


@pytest.mark.parametrize("name", HAPPENS)
def test_a_metric_gets_its_numbers_from_the_lines_that_its_stage_logs(world: World, name: str) -> None:
    stage, happens, expected = HAPPENS[name]
    assert numbers(name, logged(world, stage, happens)) == expected
    assert FILTERS[name]["LogGroupName"] == {"Ref": f"{id_of(stage)}Logs"}


def cold_starts() -> list[str]:
    return [name for name in FILTERS if name.endswith("ColdStartsMetric")]


@pytest.mark.parametrize("name", cold_starts())
def test_a_cold_start_is_counted_by_the_line_that_lambda_writes_of_it(name: str) -> None:
    assert numbers(name, [COLD, WARM]) == [1]


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
