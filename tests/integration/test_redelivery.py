"""Promise 3: whatever is delivered again, when and to whom ever, nothing happens twice and the answers are the same."""

from collections.abc import Callable

import pytest

from tests.integration.conftest import NewWorld
from tests.support.account_invariants import open_ends
from tests.support.events import reversed_records
from tests.support.orders import enter_day
from tests.support.other_market import change_everything
from tests.support.pipeline import Published
from tests.support.world import World

CHAIN = [
    "smart_order_router",
    "dark_pool_matching_engine",
    "lit_pool_matching_engine",
    "post_trade_processor",
    "trades_data_aggregator",
]


VARIATIONS: dict[str, Callable[[World], None]] = {
    "at once": lambda world: None,
    "after midnight": lambda world: world.clock.advance(hours=10),
    "after a cold start": World.cool_down,
    "with other parameters and quotes": change_everything,
}


@pytest.mark.parametrize("vary", VARIATIONS.values(), ids=VARIATIONS.keys())
def test_an_event_that_comes_again_changes_nothing_and_publishes_the_same(
    world: World, vary: Callable[[World], None]
) -> None:
    enter_day(world)
    world.settle()
    first = [each for each in world.pipeline.delivered if each.stage in CHAIN]
    assert {each.stage for each in first} == set(CHAIN)
    vary(world)
    before = world.state()
    for delivery in first:
        again = world.deliver(delivery.stage, delivery.event)
        assert (again.stage, again.published, again.answer) == (delivery.stage, delivery.published, delivery.answer)
    assert world.state() == before
    world.settle()
    assert world.state() == before


@pytest.mark.parametrize("stage", CHAIN)
def test_records_that_come_again_in_another_order_or_batch_lead_to_the_same_ids_and_values(
    world: World, stage: str
) -> None:
    enter_day(world)
    world.settle()
    before = world.state()
    records = [record for each in world.pipeline.deliveries_to(stage) for record in each.event["Records"]]
    known = facts([message for each in world.pipeline.deliveries_to(stage) for message in each.published])
    world.cool_down()
    together = world.deliver(stage, reversed_records({"Records": records}))
    assert facts(together.published) == known
    one_by_one = [world.deliver(stage, {"Records": [record]}) for record in records]
    assert facts([message for each in one_by_one for message in each.published]) == known
    world.settle()
    assert world.state() == before


def test_a_second_instance_of_every_stage_that_has_seen_nothing_changes_nothing(world: World) -> None:
    enter_day(world)
    rivals = {stage: world.new_stage(stage) for stage in CHAIN}
    world.settle()
    before = world.state()
    for delivery in [each for each in world.pipeline.delivered if each.stage in CHAIN]:
        assert rivals[delivery.stage](delivery.event) == delivery.answer
    world.settle()
    assert world.state() == before


def test_bookings_lead_to_the_same_accounts_whatever_order_they_come_in(new_world: NewWorld) -> None:
    outcomes = []
    for backwards in (False, True):
        with new_world() as world:
            enter_day(world)
            world.pipeline.run(but_not="post_trade_processor")
            records = world.pipeline.take("post_trade_processor")
            assert len(records) >= 5
            for record in records[::-1] if backwards else records:
                world.deliver("post_trade_processor", {"Records": [record]})
            world.settle()
            assert open_ends(world) == []
            outcomes.append(world.outcome())
    assert outcomes[0] == outcomes[1]


def facts(messages: list[Published]) -> set[str]:
    """What the messages say, however it is packed: commands one by one, bookings whole."""
    found = set()
    for message in messages:
        content = message.content
        found |= {repr(command) for command in content.get("commands", [])} or {repr((message.id, content))}
    return found
