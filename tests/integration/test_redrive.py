"""What is dead-lettered in a queue is given to its stage again: nothing is lost, nothing happens twice."""

import json
from collections import defaultdict
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import dead_letter_queues
from ops.dead_letter_queues import QueueKind
from ops.redrive import RedriveTally
from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.dead_letters import FAILED_SCHEDULE, STRUCK, put, queue, redriven, stuck
from tests.support.orders import entered
from tests.support.world import World

POST_TRADE = "post_trade_processor"
QUEUE_STAGES = ["dark_pool_matching_engine", "lit_pool_matching_engine", POST_TRADE]

pytestmark = pytest.mark.usefixtures("without_waiting")


def by_group(records: list[dict[str, Any]]) -> dict[str, list[str]]:
    groups = defaultdict(list)
    for record in records:
        groups[record["attributes"]["MessageGroupId"]].append(record["body"])
    return groups


@pytest.mark.parametrize("kind", [QueueKind.DLQ, QueueKind.UNDELIVERED])
@pytest.mark.parametrize("stage", QUEUE_STAGES)
def test_messages_go_back_in_the_order_of_their_group_and_all_orders_settle(
    world: World, stage: str, kind: QueueKind
) -> None:
    records = stuck(world, stage, kind)
    assert redriven(world, stage) == [RedriveTally(f"{kind} messages", done=len(records))]
    assert queue(stage, kind).count() == 0
    again = world.pipeline.take(stage)
    assert by_group(again) == by_group(records)
    world.deliver(stage, events.sqs(again))
    world.settle()
    assert open_ends(world) == []


@pytest.mark.parametrize("operation", ["sqs.SendMessage", "sqs.DeleteMessage"])
def test_what_stops_half_way_loses_nothing_and_does_nothing_twice(world: World, operation: str) -> None:
    records = stuck(world, POST_TRADE)
    world.faults.refused(operation, "InternalError", skipped=1)
    with pytest.raises(ClientError, match="injected"):
        redriven(world, POST_TRADE)
    left = queue(POST_TRADE, QueueKind.DLQ).count()
    assert left == len(records) - 1
    assert redriven(world, POST_TRADE) == [RedriveTally("dlq messages", done=left)]
    world.settle()
    assert open_ends(world) == []


def test_a_message_is_sent_under_the_same_id_until_it_is_deleted_and_under_another_when_it_is_dead_lettered_again(
    world: World,
) -> None:
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", "{broken")])
    world.faults.refused("sqs.DeleteMessage", "InternalError")
    with pytest.raises(ClientError, match="injected"):
        redriven(world, POST_TRADE)
    redriven(world, POST_TRADE)
    [first, second] = ids_of(world, POST_TRADE)
    assert first == second
    redriven(world, POST_TRADE)
    [third] = ids_of(world, POST_TRADE)
    assert third != first


def ids_of(world: World, stage: str) -> list[str]:
    """The deduplication ids of what waits for a stage, which then dead-letters it."""
    records = world.pipeline.take(stage)
    world.deliver(stage, events.sqs(records[:1]))
    return [record["attributes"]["MessageDeduplicationId"] for record in records]


def test_poison_is_dead_lettered_again_with_its_reason_and_what_came_meanwhile_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", "{broken")])
    take = dead_letter_queues.DeadLetterQueue.take

    def taken_while_the_stage_works(place: dead_letter_queues.DeadLetterQueue, *arguments: Any) -> Any:
        world.settle()
        return take(place, *arguments)

    monkeypatch.setattr(dead_letter_queues.DeadLetterQueue, "take", taken_while_the_stage_works)
    assert redriven(world, POST_TRADE) == [RedriveTally("dlq messages", done=1)]
    [(reason, body)] = world.dead_lettered(POST_TRADE)
    assert body == "{broken"
    assert reason.startswith("not a message of executionReports: ")


def test_a_command_that_is_too_old_is_dead_lettered_again_under_another_id(world: World) -> None:
    world.post(entered(quantity=10))
    world.pipeline.run(but_not="lit_pool_matching_engine")
    [too_old] = world.pipeline.take("lit_pool_matching_engine")
    for _ in range(2):
        world.clock.advance(days=1)
        world.post(entered(quantity=1))
        world.settle()
    world.deliver("lit_pool_matching_engine", events.sqs([too_old]))
    place = queue("lit_pool_matching_engine", QueueKind.DLQ)

    def ids() -> list[str]:
        with place.given_back() as messages:
            messages.extend(place.take(30))
            return [message["Attributes"]["MessageDeduplicationId"] for message in messages]

    before = ids()
    assert [reason for reason, _ in world.dead_lettered("lit_pool_matching_engine")] == ["older than the last session"]
    redriven(world, "lit_pool_matching_engine")
    world.settle()
    after = ids()
    assert (len(before), len(after)) == (1, 1)
    assert before != after


# ----------------------------------------------------------- failed schedules


@pytest.mark.parametrize("body", [STRUCK, FAILED_SCHEDULE], ids=["of the schedule", "of Lambda"])
def test_what_a_schedule_had_a_stage_do_is_done(world: World, body: dict[str, Any]) -> None:
    world.post(entered(quantity=10))
    world.settle()
    failed = queue("settlement", QueueKind.FAILED)
    world.client("sqs").send_message(QueueUrl=failed.url, MessageBody=json.dumps(body))
    assert redriven(world, "settlement") == [RedriveTally("failed events", done=1)]
    assert failed.count() == 0
    assert [item["kind"] for item in world.items(pk="CUST#000002", sk="ENTRY#")] == ["Settlement", "Deposit"]


def test_what_fails_again_stays_where_others_see_it(world: World) -> None:
    failed = queue("settlement", QueueKind.FAILED)
    world.client("sqs").send_message(QueueUrl=failed.url, MessageBody=json.dumps(FAILED_SCHEDULE))
    world.faults.unreachable("dynamodb.Query")
    [tally] = redriven(world, "settlement")
    assert (tally.done, tally.failed) == (0, 1)
    [listed] = failed.first(20)
    assert (listed.reason, listed.group) == ("RetriesExhausted: positions that were due: 1", None)
