"""An order asks the same of AWS however many open orders, customers and days there are; what is kept of a book is
bounded.
"""

from dataclasses import replace

import boto3
import pytest

from tests.support.call_counts import Counts, count
from tests.support.history import SNAPSHOT_EVERY, Past, lived, read_cold
from tests.support.new_world import world_of
from tests.support.orders import SEED
from tests.support.world import World

FEW, MANY = 10, 2_000
LITTLE = Past(orders=FEW, customers=FEW, days=FEW)
DIGITS = {"days": len(str(MANY)) - len(str(FEW))}
"""A commit publishes the number of its journal entry, which has more digits after more days."""


@pytest.fixture(scope="module")
def beside_few(session: boto3.Session) -> Counts:
    with world_of(World, session) as world:
        lived(world, LITTLE)
        read_cold(world)
        return count(world, [SEED])


@pytest.mark.parametrize("grown", ["orders", "customers", "days"])
def test_an_order_costs_the_same_beside_many(session: boto3.Session, beside_few: Counts, grown: str) -> None:
    with world_of(World, session) as world:
        lived(world, replace(LITTLE, **{grown: MANY}))
        read_cold(world)
        counts = count(world, [SEED])
        counts["lit_pool_matching_engine"]["published bytes"] -= DIGITS.get(grown, 0)
        assert counts == beside_few


def test_a_cold_start_reads_the_entries_after_the_last_snapshot_and_two_snapshots_are_kept(
    session: boto3.Session,
) -> None:
    with world_of(World, session) as world:
        lived(world, replace(LITTLE, days=MANY))
        assert read_cold(world) == SNAPSHOT_EVERY - 1
        assert set(world.objects("snapshots/")) == {
            f"snapshots/lit/COIN/{MANY - SNAPSHOT_EVERY}.json",
            f"snapshots/lit/COIN/{MANY}.json",
        }
