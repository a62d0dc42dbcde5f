"""Whoever is told of an alarm finds what to do about it, and on the dashboard what it is about."""

import json
import re
from typing import Any

import pytest

from tests.support.cloud import ROOT
from tests.template.deployed import OPTIONS, STACK, deployed, target

SYSTEM = deployed("prod", **OPTIONS)
ALARMS = SYSTEM.of_type("AWS::CloudWatch::Alarm")
FILTERS = SYSTEM.of_type("AWS::Logs::MetricFilter")
QUEUES = SYSTEM.of_type("AWS::SQS::Queue")
RUNBOOK = (ROOT / "docs" / "operating" / "runbook.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+?)$\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
[DASHBOARD] = SYSTEM.of_type("AWS::CloudWatch::Dashboard").values()
WIDGETS = json.loads(DASHBOARD["DashboardBody"])["widgets"]
SHOWN: list[list[Any]] = [metric for widget in WIDGETS for metric in widget["properties"]["metrics"]]
ON_THE_WAY = {
    "ApiAuthorizer",
    "OrderEntry",
    "SmartOrderRouter",
    "DarkPoolMatchingEngine",
    "LitPoolMatchingEngine",
    "PostTradeProcessor",
}


def named(section: str) -> list[str]:
    """The alarms that a section is about."""
    [line] = re.findall(r"^Alarms: (.+?)\n\n", SECTIONS[section], re.MULTILINE | re.DOTALL)
    return re.findall(r"`(\w+)`", line)


def test_every_alarm_is_in_one_section_of_the_runbook_and_every_name_there_is_an_alarm() -> None:
    assert sorted(name for section in SECTIONS for name in named(section)) == sorted(ALARMS)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_says_what_it_means_what_to_look_at_and_what_to_do(section: str) -> None:
    assert re.findall(r"^\*\*(.+?)\*\*", SECTIONS[section], re.MULTILINE) == ["It means", "Look at", "Do"]


def test_the_runbook_names_the_lines_by_which_failures_are_counted() -> None:
    """That stages log these lines is tried where the filters are."""
    counting = [each["FilterPattern"] for name, each in FILTERS.items() if name.endswith("FailuresMetric")]
    lines = {line for pattern in counting for line in re.findall(r'message = "([^"]+)"', pattern)}
    named = set(re.findall(r"`([^`]+)`", RUNBOOK))
    assert lines
    assert lines - named == set()


def test_an_alarm_on_a_metric_of_the_logs_has_one_that_is_made() -> None:
    made = {each["MetricTransformations"][0]["MetricName"] for each in FILTERS.values()}
    watched = {each["MetricName"] for each in ALARMS.values() if each["Namespace"] == STACK}
    assert watched == made
    assert {each["MetricTransformations"][0]["MetricNamespace"] for each in FILTERS.values()} == {STACK}


def test_cold_starts_are_counted_of_every_function_that_an_order_waits_for() -> None:
    counting = {
        target(each["LogGroupName"]).removesuffix("Logs"): each["FilterPattern"]
        for each in FILTERS.values()
        if each["MetricTransformations"][0]["MetricName"] == "ColdStarts"
    }
    assert counting == dict.fromkeys(ON_THE_WAY, '{ $.message = "function started" }')


def test_the_dashboard_shows_every_queue_every_stream_and_every_metric_of_the_logs() -> None:
    shown = {(metric[0], metric[1], metric[3] if len(metric) > 3 else "") for metric in SHOWN if len(metric) > 1}
    fed = {target(each["EventSourceArn"]) for each in SYSTEM.of_type("AWS::Lambda::EventSourceMapping").values()}
    for name, queue in QUEUES.items():
        metric = "ApproximateAgeOfOldestMessage" if name in fed else "ApproximateNumberOfMessagesVisible"
        assert ("AWS/SQS", metric, queue["QueueName"]) in shown
    for name, each in ALARMS.items():
        if each["MetricName"] == "IteratorAge":
            stage = SYSTEM.resources[name.removesuffix("BehindAlarm")]["Properties"]["FunctionName"]
            assert ("AWS/Lambda", "IteratorAge", stage) in shown
    for each in FILTERS.values():
        if "Dimensions" not in each["MetricTransformations"][0]:  # else it is there to judge a new version
            assert (STACK, each["MetricTransformations"][0]["MetricName"], "") in shown


def test_the_widgets_of_the_dashboard_lie_side_by_side() -> None:
    places = {(widget["x"], widget["y"]) for widget in WIDGETS}
    assert len(places) == len(WIDGETS)
    assert all((widget["width"], widget["height"]) == (8, 6) for widget in WIDGETS)
    assert all(x in {0, 8, 16} and y % 6 == 0 for x, y in places)
