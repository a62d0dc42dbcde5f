"""Promise 2: what fails is repaired by the next delivery, and leads to what it would have led to without."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.faults import Faults
from tests.support.orders import enter_day, entered
from tests.support.world import World
from trading.aws.clients import ATTEMPTS

CANCELED = "TransactionCanceledException"
CONFLICT: dict[str, Any] = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
TRANSACT, PUT, BATCH = "dynamodb.TransactWriteItems", "dynamodb.PutItem", "dynamodb.BatchWriteItem"
PUBLISH, ARCHIVE = "sns.PublishBatch", "s3.PutObject"

FAULTS: dict[str, Callable[[Faults], None]] = {
    "the router's publishing is refused": lambda faults: faults.refused(PUBLISH, "InternalError"),
    "an engine's publishing is refused": lambda faults: faults.refused(PUBLISH, "InternalError", skipped=2),
    "the announcement of booked trades is refused": lambda faults: faults.refused(PUBLISH, "InternalError", skipped=5),
    "all publishing is refused a dozen times": lambda faults: faults.refused(PUBLISH, "InternalError", times=12),
    "the topic cannot be reached": lambda faults: faults.unreachable(PUBLISH, skipped=1),
    "the answer of the topic is lost": lambda faults: faults.answer_lost(PUBLISH, times=ATTEMPTS, skipped=2),
    "a journal entry's answer is lost": lambda faults: faults.answer_lost(PUT),
    "a journal entry's answer is lost for good": lambda faults: faults.answer_lost(PUT, times=ATTEMPTS),
    "the lit journal cannot be written": lambda faults: faults.unreachable(PUT, skipped=1),
    "bookings conflict": lambda faults: faults.refused(TRANSACT, CANCELED, times=7, **CONFLICT),
    "transactions are in progress": lambda faults: faults.refused(TRANSACT, "TransactionInProgressException", times=3),
    "bookings' answers are lost": lambda faults: faults.answer_lost(TRANSACT, times=3),
    "a booking's answer is lost for good": lambda faults: faults.answer_lost(TRANSACT, times=ATTEMPTS),
    "the days cannot be written": lambda faults: faults.refused(PUT, "InternalServerError", times=2, about="TICKER#"),
    "the tapes' answers are lost": lambda faults: faults.answer_lost(BATCH, times=3),
    "a tape's answer is lost for good": lambda faults: faults.answer_lost(BATCH, times=ATTEMPTS),
    "the archive cannot be reached": lambda faults: faults.unreachable(ARCHIVE, times=2 * ATTEMPTS),
    "the archive's answer is lost for good": lambda faults: faults.answer_lost(ARCHIVE, times=ATTEMPTS),
}


@pytest.fixture(scope="module")
def undisturbed(new_world: NewWorld) -> dict[str, Any]:
    """What the day leads to when nothing fails."""
    with new_world() as world:
        enter_day(world)
        world.settle()
        return world.outcome()


@pytest.mark.parametrize("strike", FAULTS.values(), ids=FAULTS.keys())
def test_a_failure_between_the_stages_changes_nothing_of_the_outcome(
    new_world: NewWorld, undisturbed: dict[str, Any], strike: Callable[[Faults], None]
) -> None:
    with new_world() as world:
        enter_day(world)
        strike(world.faults)
        for _ in until_settled(world):
            world.cool_down()
        assert world.outcome() == undisturbed
        assert open_ends(world) == []


def until_settled(world: World) -> Iterator[None]:
    """Runs until nothing is left; gives way each time that a stream's stage has failed."""
    for _ in range(20):
        try:
            world.settle()
        except (ClientError, BotoCoreError):
            yield
        else:
            return
    pytest.fail("the pipeline does not come to rest")


def test_what_was_published_before_and_after_a_crash_is_the_same(world: World) -> None:
    enter_day(world)
    world.faults.answer_lost(PUBLISH, times=ATTEMPTS, skipped=1)
    for _ in until_settled(world):
        world.clock.advance(days=1)
        world.cool_down()
    by_id: dict[str, set[str]] = {}
    for message in world.pipeline.published:
        by_id.setdefault(message.id, set()).add(message.body)
    assert [bodies for bodies in by_id.values() if len(bodies) > 1] == []


def canceled_for(*codes: str) -> dict[str, Any]:
    return {"CancellationReasons": [{"Code": code} for code in codes]}


def test_a_conflict_beside_a_condition_that_failed_is_tried_again(world: World) -> None:
    world.post(entered(quantity=10))
    world.pipeline.run(but_not="post_trade_processor")
    reasons = canceled_for("TransactionConflict", "None", "None", "ConditionalCheckFailed")
    world.faults.refused(TRANSACT, CANCELED, **reasons)
    world.settle()
    assert world.dead_lettered("post_trade_processor") == []
    assert open_ends(world) == []


def test_a_booking_that_exists_is_booked_whichever_condition_tells_so(world: World) -> None:
    world.post(entered(quantity=10))
    world.settle()
    [delivery] = world.pipeline.deliveries_to("post_trade_processor")
    reasons = canceled_for("None", "ConditionalCheckFailed", "None", "None")
    world.faults.refused(TRANSACT, CANCELED, **reasons)
    again = world.deliver("post_trade_processor", delivery.event)
    assert (again.published, again.answer) == (delivery.published, delivery.answer)
    assert world.dead_lettered("post_trade_processor") == []


def test_a_failed_group_does_not_hold_up_the_others(world: World) -> None:
    enter_day(world)
    world.pipeline.run(but_not="post_trade_processor")
    records = world.pipeline.take("post_trade_processor")
    groups = {record["attributes"]["MessageGroupId"] for record in records}
    assert groups == {"000001", "000002"}
    world.faults.unreachable(TRANSACT)
    first = records[0]["attributes"]["MessageGroupId"]
    answer = world.deliver("post_trade_processor", {"Records": records}).answer
    failed = [record["messageId"] for record in records if record["attributes"]["MessageGroupId"] == first]
    assert answer == {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
    booked = {item["customerId"] for item in world.items(sk="TRADE#")}
    assert booked == groups - {first}


def test_a_failed_group_does_not_hold_up_the_others_when_its_pause_cannot_be_set_either(world: World) -> None:
    enter_day(world)
    world.pipeline.run(but_not="post_trade_processor")
    records = world.pipeline.take("post_trade_processor")
    world.faults.unreachable(TRANSACT)
    world.faults.unreachable("sqs.ChangeMessageVisibilityBatch")
    first = records[0]["attributes"]["MessageGroupId"]
    failed = [record["messageId"] for record in records if record["attributes"]["MessageGroupId"] == first]
    answer = world.deliver("post_trade_processor", {"Records": records}).answer
    assert answer == {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def test_a_pause_that_sqs_does_not_set_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.post(entered(quantity=10))
    world.pipeline.run(but_not="post_trade_processor")
    world.faults.unreachable(TRANSACT)
    failed = {"Id": "0", "SenderFault": True, "Code": "ReceiptHandleIsInvalid"}
    world.faults.answered("sqs.ChangeMessageVisibilityBatch", Successful=[], Failed=[failed])
    world.deliver("post_trade_processor", events.sqs(world.pipeline.take("post_trade_processor")))
    [warning] = [
        record for record in caplog.records if record.levelname == "WARNING" and record.name.endswith("queues")
    ]
    assert (warning.__dict__["records"], warning.__dict__["code"]) == (1, "ReceiptHandleIsInvalid")


def test_a_failed_group_comes_again_after_a_pause_that_doubles(world: World) -> None:
    enter_day(world)
    world.pipeline.run(but_not="post_trade_processor")
    record = world.pipeline.take("post_trade_processor")[0]
    asked: list[int] = []
    for attempt in (1, 2, 5, 6, 19):
        world.faults.unreachable(TRANSACT)
        record["attributes"]["ApproximateReceiveCount"] = str(attempt)
        asked.append(pause_asked_for(world, record))
    assert asked == [2, 4, 32, 60, 60]


def pause_asked_for(world: World, record: dict[str, Any]) -> int:
    asked: list[int] = []

    def look(params: dict[str, Any], **_: Any) -> None:
        asked.extend(entry["VisibilityTimeout"] for entry in params["Entries"])

    hooks = world.client("sqs").meta.events
    hooks.register("provide-client-params.sqs.ChangeMessageVisibilityBatch", look)
    world.deliver("post_trade_processor", {"Records": [record]})
    hooks.unregister("provide-client-params.sqs.ChangeMessageVisibilityBatch", look)
    [pause] = asked
    return pause
