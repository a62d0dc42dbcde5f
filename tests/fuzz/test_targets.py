"""Whatever others write, what reads it takes it or refuses it. `make fuzz` looks for more, and longer."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import mutated
from tests.fuzz.targets import TARGETS
from tests.support.poison import TEXTS
from tests.support.run_totals import BAD_INPUTS, run_totals

INPUTS = 500
"""For each target."""
MAX_CHANGES = 5


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A target that asks AWS fails."""


def changed(good: bytes, changes: int, random: Random) -> bytes:
    for _ in range(changes):
        good = mutated(good, random)
    return good


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_good_is_taken(name: str) -> None:
    assert [seed for seed in TARGETS[name].seeds if TARGETS[name].refuses(seed)] == []


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {"header"}))  # a key's id may be any text
def test_what_is_no_message_of_anybody_is_refused(name: str) -> None:
    taken = [text for text, body in TEXTS.items() if not TARGETS[name].refuses(body.encode())]
    run_totals.count(BAD_INPUTS, len(TEXTS) - len(taken))
    assert taken == []


@pytest.mark.parametrize("name", TARGETS)
def test_what_chance_makes_of_it_is_taken_or_refused(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=INPUTS, deadline=None, derandomize=True, database=None)
    @given(st.binary() | st.builds(changed, st.sampled_from(target.seeds), st.integers(1, MAX_CHANGES), st.randoms()))
    def taken_or_refused(data: bytes) -> None:
        run_totals.count(BAD_INPUTS, target.refuses(data))

    taken_or_refused()
