"""A sample of all crash points: of some scenarios, of each stage's operations and failures some. It is another one
whenever what is deployed has changed. `make crash` tries each failure at each point, `make crash ALL=1` in each way.
"""

import os
import re
import subprocess
import sys

import boto3
import pytest

from local import sam
from tests.crash.failures import Failure
from tests.crash.points import Explorer
from tests.crash.scenarios import SCENARIOS
from tests.support.cloud import ROOT
from tests.support.run_totals import CENTS, DOUBLED, FAILURES, LOST, REPEATED, run_totals
from trading.aws.store import days

SAMPLED, CASES = 10, 4
"""So many scenarios, and so many cases of each."""


SUMMARY = re.compile(
    r"(\d+) failures at .*, (\d+) deliveries and requests repeated: "
    r"(\d+) orders lost, (\d+) doubled .*, (\d+) cents missing"
)


def seed() -> int:
    return int(sam.fingerprint()[:8], 16)


def test_no_failure_at_any_point_breaks_a_promise() -> None:
    """In a process of its own: it is forked for each failure, which a process of several threads must not be."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.crash", "--seed", str(seed())),
            *("--scenarios", str(SAMPLED), "--sample", str(CASES)),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "layer:functions/reconciler:client"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = SUMMARY.fullmatch(done.stdout.splitlines()[-1])
    assert summary, done.stdout
    for name, number in zip((FAILURES, REPEATED, LOST, DOUBLED, CENTS), summary.groups(), strict=True):
        run_totals.count(name, int(number))


def test_an_entry_that_is_counted_twice_is_found(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days.Day, "is_behind", lambda *_: False)
    explorer = Explorer(session, SCENARIOS["seed-order"])
    wanted = ("trades_data_aggregator", "PutItem", Failure.KILLED_AFTER, "cold")
    [case] = [
        case
        for case in explorer.cases()
        if (case.point.stage, case.point.operation, case.failure, case.redelivery) == wanted
    ]
    broken = explorer.alone(case).broken
    assert "tickerDay COIN total:trades: the ticker's day 18 / the bookings 9" in broken
