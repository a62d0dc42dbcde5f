"""Whatever is delivered when, in whatever portions, twice or too early, and whatever fails meanwhile, also several
calls: no promise is broken.

`make crash SCHEDULES=1 SEED=…` tries others; what fails is shrunk and printed, and the same seed finds it again.
"""

import os

import boto3
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.crash.crash_world import CrashWorld
from tests.crash.invariants import broken, tally
from tests.crash.schedules import Decision, Schedule, decisions
from tests.support.new_world import world_of
from tests.support.run_totals import CENTS, DOUBLED, FAILURES, LOST, REPEATED, run_totals
from tests.support.run_totals import SCHEDULES as SCHEDULES_RUN

SEED = int(os.environ.get("SEED") or "22")
SCHEDULES = int(os.environ.get("SCHEDULES", "8"))


@seed(SEED)
@settings(
    deadline=None, database=None, print_blob=False, max_examples=SCHEDULES, suppress_health_check=list(HealthCheck)
)
@given(st.lists(decisions, min_size=8, max_size=25))
def test_no_schedule_breaks_a_promise(session: boto3.Session, schedule: list[Decision]) -> None:
    with world_of(CrashWorld, session) as world:
        played = Schedule(world)
        for decision in schedule:
            played.play(decision)
        played.end()
        _count(played)
        assert broken(played.story) == []


def _count(played: Schedule) -> None:
    came = tally(played.story)
    run_totals.count(FAILURES, played.failures)
    numbers = {
        SCHEDULES_RUN: 1,
        REPEATED: played.story.again,
        LOST: came.lost,
        DOUBLED: came.doubled,
        CENTS: came.cents,
    }
    for name, number in numbers.items():
        run_totals.count(name, number)
