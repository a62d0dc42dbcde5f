"""Processes die, and releases fail until messages are given up, while orders flow: nothing is lost, nothing is doubled.

`SEED=… make test` kills at other moments.
"""

import json
import os
import re
from contextlib import ExitStack

from tests.e2e.deployed import said
from tests.e2e.disturbances import all_impatient, bad_release, impatient, workers_killed
from tests.e2e.flow import Flow
from tests.e2e.promises import Stored, broken, drain
from tests.e2e.system import System, eventually
from tests.support.account_invariants import missing
from tests.support.filters import counts
from tests.support.run_totals import CENTS, DOUBLED, LOST, REPEATED, run_totals
from tests.template.deployed import OPTIONS, deployed

RELEASES = deployed("prod", **OPTIONS).of_type("AWS::Logs::MetricFilter")
SEED = int(os.environ.get("SEED") or "22")
LIT, POST_TRADE = "lit_pool_matching_engine", "post_trade_processor"
ATTEMPTS = 2
"""Instead of twenty."""
GIVEN_UP, KILLED = 10, 20
SECONDS = 180.0
PAUSE_SECONDS = 0.2
ORDERS = (
    {"ticker": "COIN", "price": "161.90"},
    {"ticker": "IBM", "type": "Market", "price": None},
    {"ticker": "AMD", "price": "114.25"},
    {"ticker": "F", "type": "Market", "price": None, "direction": "Sell"},
)
HARMED = "IBM"
"""The ticker that the lit engine's release fails with."""


def test_whatever_dies_and_is_given_up_while_orders_flow_each_settles_once(system: System) -> None:
    first, second, harmed = (system.customer(cash="10000000000.00", F=10_000_000) for _ in range(3))
    flow = Flow([first, first, second, harmed], ORDERS, PAUSE_SECONDS)
    failing = {LIT: HARMED, POST_TRADE: harmed.id}
    with all_impatient(system):
        with flow.flowing(), workers_killed(SEED, lambda: len(flow.accepted)) as killed:
            eventually(lambda: len(flow.accepted) > 10 or None, "orders to flow", SECONDS)
            with ExitStack() as meanwhile:
                bad = {}
                for stage, group in failing.items():
                    meanwhile.enter_context(impatient(system, stage, ATTEMPTS))
                    bad[stage] = meanwhile.enter_context(bad_release(system, stage, group))
                before = set(flow.accepted)
                eventually(lambda: given_up(system, failing), "messages to be given up", SECONDS)
                eventually(lambda: settled(system) - before or None, "other orders to settle meanwhile", SECONDS)
                assert all(version in failed_versions(system, stage) for stage, version in bad.items())
            dead = {stage: system.waiting(f"{stage}-dlq") for stage in failing}
            again = {stage: given_again(said("redrive", stage)) for stage in failing}
            eventually(lambda: len(killed) >= KILLED or None, "processes to be killed", SECONDS)
        drain(system, SECONDS)
    stored = Stored(system)
    shares, wanted = flow.shares(), flow.wanted()
    lost, doubled, cents = wanted - shares, shares - wanted, int(100 * missing(stored))
    for name, number in (
        ("orders accepted while processes died", len(wanted)),
        ("processes killed", len(killed)),
        ("messages given up, and given again", sum(again.values())),
        (REPEATED, len(flow.faults)),
        (LOST, len(lost)),
        (DOUBLED, len(doubled)),
        (CENTS, cents),
    ):
        run_totals.count(name, number)
    assert (lost, doubled, cents) == ({}, {}, 0)
    assert all(again[stage] >= dead[stage] for stage in failing)
    assert broken(stored) == []
    assert said("dlq") == "Nothing is dead-lettered.\n"
    assert "No break." in said("reconcile")


def given_up(system: System, stages: dict[str, str]) -> bool | None:
    return all(system.waiting(f"{stage}-dlq") >= GIVEN_UP for stage in stages) or None


def failed_versions(system: System, stage: str) -> set[str]:
    """The versions of the stage whose failures the metric counts that CodeDeploy rolls a release back by."""
    metric = RELEASES[f"{stage.title().replace('_', '')}NewVersionFailuresMetric"]
    pages = system.aws("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/trading-{stage}")
    lines = [event["message"] for page in pages for event in page["events"] if event["message"].startswith("{")]
    return {json.loads(line)["function_version"] for line in lines if counts(metric["FilterPattern"], line)}


def given_again(told: str) -> int:
    match = re.match(r"dlq messages: (\d+) given again\n", told)
    assert match, told
    return int(match[1])


def settled(system: System) -> set[str]:
    """The orders that are filled."""
    return {item["orderId"] for item in Stored(system).items(sk="ORDER#") if not item["leavesQuantity"]}
