"""Records of a stream that a stage dead-lettered, or that Lambda gave up, are given to the stage again: each by itself,
counted once, and kept if they fail again.
"""

import json
from typing import Any

import pytest

from ops.redrive import RedriveTally
from tests.support.account_invariants import open_ends
from tests.support.dead_letters import GONE, give_up, keep, redriven
from tests.support.orders import entered
from tests.support.world import World

ROUTER, COUNTING, BOOKS = "smart_order_router", "trades_data_aggregator", "snapshot_taker"

pytestmark = pytest.mark.usefixtures("without_waiting")


def unread(world: World, stage: str) -> dict[str, Any]:
    """The record of an order that its stage has not seen, as Lambda sends it."""
    world.post(entered(quantity=10))
    world.pipeline.run(but_not=stage)
    [record] = world.pipeline.unread(stage)
    return json.loads(json.dumps(record))  # type: ignore[no-any-return] # it is what was put in


@pytest.mark.parametrize("stage", [ROUTER, COUNTING])
def test_a_record_is_given_to_its_stage_again_and_is_gone(world: World, stage: str) -> None:
    keep(world, stage, unread(world, stage))
    assert redriven(world, stage) == [RedriveTally("records of the stream", done=1)]
    assert world.objects("dead-letters/") == {}
    before = world.state()
    world.settle()
    assert stage == ROUTER or world.state() == before
    assert open_ends(world) == []


def test_a_record_that_can_still_not_be_processed_is_dead_lettered_again_as_a_whole(world: World) -> None:
    key = keep(world, ROUTER, GONE)
    [tally] = redriven(world, ROUTER)
    assert (tally.done, tally.dead_lettered_again, tally.left) == (0, 1, 1)
    assert tally.reason.startswith("not an order: ")
    [(again, content)] = world.objects("dead-letters/").items()
    assert again != key
    assert json.loads(content)["record"] == GONE | {"eventID": again.split("/")[-1].removesuffix(".json")}


def test_a_record_whose_stage_fails_stays(world: World) -> None:
    key = keep(world, COUNTING, unread(world, COUNTING))
    before = world.objects("dead-letters/")
    world.faults.unreachable("dynamodb.PutItem")
    [tally] = redriven(world, COUNTING)
    assert (tally.done, tally.failed) == (0, 1)
    assert "Connection was closed" in tally.reason
    assert world.objects("dead-letters/") == before
    assert list(before) == [key]


# ------------------------------------------------------- what Lambda gave up


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize("stage", [ROUTER, COUNTING])
def test_what_lambda_gave_up_is_given_to_its_stage_again_and_is_gone(
    world: World, stage: str, *, as_text: bool
) -> None:
    give_up(world, stage, [unread(world, stage)], as_text=as_text)
    assert redriven(world, BOOKS) == []
    assert redriven(world, stage) == [RedriveTally("records that Lambda gave up", done=1)]
    assert world.objects("aws/lambda/") == {}
    before = world.state()
    world.settle()
    assert stage == ROUTER or world.state() == before
    assert open_ends(world) == []


def test_of_what_lambda_gave_up_a_record_that_fails_holds_up_no_other_and_stays(world: World) -> None:
    key = give_up(world, COUNTING, [unread(world, COUNTING), GONE | {"eventID": "1"}])
    world.faults.refused("dynamodb.PutItem", "InternalServerError")
    [tally] = redriven(world, COUNTING)
    assert (tally.done, tally.failed, tally.dead_lettered_again) == (0, 1, 1)
    assert list(world.objects("aws/lambda/")) == [key]
    dead_lettered_itself, done = redriven(world, COUNTING)
    assert (dead_lettered_itself.dead_lettered_again, done) == (1, RedriveTally("records that Lambda gave up", done=1))
    assert world.objects("aws/lambda/") == {}
    assert len(world.objects("dead-letters/")) == 1
    world.settle()
    assert world.breaks("2026-11-22") == []


def test_what_lambda_gave_up_is_counted_once_long_after_what_came_behind_it(world: World) -> None:
    late = unread(world, COUNTING)
    give_up(world, COUNTING, [late])
    world.post(entered(quantity=10))
    world.pipeline.run(but_not=COUNTING)
    world.deliver(COUNTING, {"Records": [record for record in world.pipeline.unread(COUNTING) if record != late]})
    world.clock.advance(days=100)
    assert redriven(world, COUNTING) == [RedriveTally("records that Lambda gave up", done=1)]
    give_up(world, COUNTING, [late])
    assert redriven(world, COUNTING) == [RedriveTally("records that Lambda gave up", done=1)]
    assert world.breaks("2026-11-22") == []
