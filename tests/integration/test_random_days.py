"""Whatever happens in some days of trading, in whatever order and however often it is told: every record is right, and
who listens knows what is in them. The days are others whenever what is deployed has changed; the same code has the same
days.
"""

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from local import sam
from tests.integration.conftest import NewWorld
from tests.support import updates
from tests.support.account_invariants import open_ends
from tests.support.random_days import Action, Days, actions

STORIES = 8


@seed(int(sam.fingerprint()[:8], 16))
@settings(deadline=None, database=None, print_blob=False, max_examples=STORIES, suppress_health_check=list(HealthCheck))
@given(st.lists(actions, min_size=5, max_size=14))
def test_every_day_reconciles_and_at_the_end_nothing_is_reserved_and_every_listener_knows(
    new_world: NewWorld, story: list[Action]
) -> None:
    with new_world() as world:
        days = Days(world)
        for action in story:
            days.play(action)
        days.end()
        assert open_ends(world) == []
        assert updates.mistakes(world, world.pipeline.published) == []
        assert {date: world.breaks(date) for date in days.dates} == {date: [] for date in days.dates}
