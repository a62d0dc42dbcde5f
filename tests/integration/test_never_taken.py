"""What AWS never takes is dead-lettered by itself, at once; what it does not take now comes again with its group."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.cloud import RESOURCES
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.messaging import queues
from trading.aws.messaging.queues import Queue, Received, each_group
from trading.domain.messages.commands import new_order_id

SECONDS = 10
"""What a message that can never succeed costs its group at the most."""
DARK, LIT, BOOKING = "dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor"
PUT, UPDATE, TRANSACT = "dynamodb.PutItem", "dynamodb.UpdateItem", "dynamodb.TransactWriteItems"
PUBLISH, KEEP = "sns.PublishBatch", "s3.PutObject"
ALWAYS = 1000
INVALID_WRITE = {"CancellationReasons": [{"Code": "None"}, {"Code": "ValidationError"}]}
REFUSALS: list[tuple[str, str, str, dict[str, Any]]] = [
    (DARK, PUT, "ValidationException", {}),
    (LIT, PUT, "ValidationException", {}),
    (BOOKING, TRANSACT, "ValidationException", {}),
    (BOOKING, TRANSACT, "TransactionCanceledException", INVALID_WRITE),
    (BOOKING, PUBLISH, "BatchRequestTooLong", {}),
]


def three_of_one_group(world: World, stage: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The ids of three orders, and what waits of them for the stage: a message each, in one group."""
    if stage == DARK:
        world.change_market(darkPoolTickers=["COIN"])
    ids = []
    for quantity in (10, 20, 30):
        status, answer = world.post(entered(quantity=quantity, price="200.00"))
        assert status == 202
        ids.append(answer["orders"][0]["orderId"])
        world.pipeline.run(but_not=stage)
    records = world.pipeline.take(stage)
    assert len({each["attributes"]["MessageGroupId"] for each in records}) == 1
    assert len(records) == 3
    return ids, records


@pytest.mark.parametrize(("stage", "operation", "code", "fields"), REFUSALS)
def test_what_aws_never_takes_is_dead_lettered_at_once_and_by_itself(
    world: World, stage: str, operation: str, code: str, fields: dict[str, Any]
) -> None:
    """The one before it is done with, the one behind it goes on after it, in one invocation."""
    ids, records = three_of_one_group(world, stage)
    about = new_order_id(ids[1]) if operation == PUT else ids[1]
    world.faults.refused(operation, code, ALWAYS, about=about, **fields)
    began = time.monotonic()
    assert world.deliver(stage, events.sqs(records)).answer == {"batchItemFailures": []}
    assert time.monotonic() - began < SECONDS
    [(reason, body)] = world.dead_lettered(stage)
    assert (body, reason) == (records[1]["body"], f"AWS never takes what follows from it: {last_code(code, fields)}")
    world.settle()
    kept = [ids[0], ids[2]] if operation in {PUT, TRANSACT} or stage != BOOKING else ids
    assert [each for each in ids if world.order(each)["state"] == "Filled"] == kept
    world.faults.mend()
    world.deliver(stage, events.sqs([records[1]]))
    world.settle()
    assert [world.order(each)["state"] for each in ids] == ["Filled"] * 3
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20, 30]


def last_code(code: str, fields: dict[str, Any]) -> str:
    return "ValidationError" if fields else code


def in_one_message(world: World, stage: str) -> tuple[list[str], dict[str, Any]]:
    """The ids of three orders, and the one message about all of them that waits for the stage."""
    if stage == DARK:
        world.change_market(darkPoolTickers=["COIN"])
    status, answer = world.post([entered(quantity=quantity, price="200.00") for quantity in (10, 20, 30)])
    assert status == 202
    world.pipeline.run(but_not=stage)
    [record] = world.pipeline.take(stage)
    return [each["orderId"] for each in answer["orders"]], record


@pytest.mark.parametrize(
    ("stage", "operation", "fields"),
    [(DARK, PUT, {}), (LIT, PUT, {}), (BOOKING, TRANSACT, {}), (BOOKING, TRANSACT, INVALID_WRITE)],
)
@pytest.mark.parametrize("poison", [0, 1, 2])
def test_of_a_message_only_what_aws_never_takes_is_dead_lettered(
    world: World, stage: str, operation: str, fields: dict[str, Any], poison: int
) -> None:
    """What else it tells of is done with, once, also when all of it is told again."""
    code = "TransactionCanceledException" if fields else "ValidationException"
    ids, record = in_one_message(world, stage)
    about = new_order_id(ids[poison]) if operation == PUT else ids[poison]
    world.faults.refused(operation, code, ALWAYS, about=about, **fields)
    assert world.deliver(stage, events.sqs([record])).answer == {"batchItemFailures": []}
    [(_, body)] = world.dead_lettered(stage)
    content = json.loads(body)
    told_of = content["commands" if operation == PUT else "orders"]
    assert [each["order"]["orderId"] for each in told_of] == [ids[poison]]
    world.settle()
    good = [each for each in ids if each != ids[poison]]
    assert [each for each in ids if world.order(each)["state"] == "Filled"] == good
    world.faults.mend()
    for again in (record, events.sqs_record(record["attributes"]["MessageGroupId"], body, 7)):
        world.deliver(stage, events.sqs([again]))
        world.settle()
    assert [world.order(each)["state"] for each in ids] == ["Filled"] * 3
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20, 30]


def test_where_aws_takes_none_of_a_booking_it_is_dead_lettered_whole(world: World) -> None:
    ids, record = in_one_message(world, BOOKING)
    world.faults.refused(TRANSACT, "ValidationException", ALWAYS, about="000002")
    assert world.deliver(BOOKING, events.sqs([record])).answer == {"batchItemFailures": []}
    assert [body for _, body in world.dead_lettered(BOOKING)] == [record["body"]]
    world.faults.mend()
    world.deliver(BOOKING, events.sqs([record]))
    assert [world.order(each)["state"] for each in ids] == ["Filled"] * 3


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "AccessDeniedException", "ResourceNotFoundException", "InternalServerError"]
)
def test_what_aws_does_not_take_now_comes_again_with_all_of_its_group(world: World, code: str) -> None:
    ids, records = three_of_one_group(world, BOOKING)
    world.faults.refused(TRANSACT, code, ALWAYS, about=ids[1])
    failed = world.deliver(BOOKING, events.sqs(records)).answer["batchItemFailures"]
    assert failed == [{"itemIdentifier": each["messageId"]} for each in records]
    assert world.dead_lettered(BOOKING) == []
    world.faults.mend()
    assert world.deliver(BOOKING, events.sqs(records)).answer == {"batchItemFailures": []}
    assert [world.order(each)["state"] for each in ids] == ["Filled"] * 3


def test_the_last_attempt_dead_letters_what_fails_and_not_what_came_with_it(world: World) -> None:
    ids, records = three_of_one_group(world, BOOKING)
    for record in records:
        record["attributes"]["ApproximateReceiveCount"] = str(queues.MAX_ATTEMPTS)
    world.faults.refused(TRANSACT, "ThrottlingException", ALWAYS, about=ids[1])
    assert world.deliver(BOOKING, events.sqs(records)).answer == {"batchItemFailures": []}
    assert world.dead_lettered(BOOKING) == [("failed 20 times, at last by ThrottlingException", records[1]["body"])]
    assert [world.order(each)["state"] for each in ids] == ["Filled", "PendingNew", "Filled"]
    world.faults.mend()
    assert world.deliver(BOOKING, events.sqs([records[1]])).answer == {"batchItemFailures": []}
    assert world.order(ids[1])["state"] == "Filled"


@pytest.mark.parametrize("stage", [DARK, LIT, BOOKING])
def test_a_stage_knows_its_queues_last_attempt(stage: str) -> None:
    name = "".join(word.capitalize() for word in stage.split("_"))
    assert RESOURCES[f"{name}Queue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == queues.MAX_ATTEMPTS


def test_a_mistake_of_ours_about_one_message_does_not_hold_up_those_before_it(world: World) -> None:
    """Those behind it wait, so that their order is kept."""
    environment = world.cloud.environment(BOOKING)
    queue = Queue(environment["QUEUE"], environment["DEAD_LETTER_QUEUE"])
    done: list[str] = []

    def handle(_: str, received: Sequence[Received[str]]) -> None:
        done.extend({"a": "a", "c": "c"}[each.content] for each in received)

    records = [events.sqs_record("000002", body, number) for number, body in enumerate("abc")]
    failed = each_group(events.sqs(records), lambda _, body: body, handle, queue)["batchItemFailures"]
    assert failed == [{"itemIdentifier": each["messageId"]} for each in records[1:]]
    assert done == ["a", "a"]


def test_what_an_engine_is_told_a_thousand_times_in_a_batch_fits_into_its_journal(world: World) -> None:
    """Each of the ids is in the journal: one entry could not take all that ten messages can name."""
    ids, records = three_of_one_group(world, LIT)
    content = json.loads(records[0]["body"])
    ends = [
        {
            "command": "expireOrders",
            "commandId": f"{number:08}-0000-4000-8000-000000000000",
            "sessionDate": "2026-11-21",
        }
        for number in range(12_000)
    ]
    parts = [ends[first : first + 1_500] for first in range(0, len(ends), 1_500)]
    bodies = [json.dumps(content | {"commands": part}, separators=(",", ":")) for part in parts]
    told = [events.sqs_record("COIN", body, number) for number, body in enumerate(bodies)]
    assert world.deliver(LIT, events.sqs([*told, *records])).answer == {"batchItemFailures": []}
    assert world.dead_lettered(LIT) == []
    entries = [item for item in world.items("OrderBooks", pk="lit#COIN") if item["SK"]]
    assert [len(each["commandIds"]) for each in entries] == [1000] * 12 + [3]
    world.settle()
    assert [world.order(each)["state"] for each in ids] == ["Filled"] * 3


STREAMS: list[tuple[str, str, str]] = [
    ("smart_order_router", PUBLISH, "InvalidParameter"),
    ("trades_data_aggregator", "dynamodb.PutItem", "ValidationException"),
    ("snapshot_taker", UPDATE, "ValidationException"),
    ("archiver", KEEP, "KeyTooLongError"),
]


@pytest.fixture
def keeping(new_world: NewWorld) -> Iterator[World]:
    """A snapshot is due at every entry."""
    with new_world(SnapshotEvery="1") as made:
        yield made


@pytest.mark.parametrize(("stage", "operation", "code"), STREAMS)
def test_a_record_of_which_aws_never_takes_what_follows_is_dead_lettered_by_itself_and_its_shard_goes_on(
    keeping: World, stage: str, operation: str, code: str
) -> None:
    ids = {}
    for ticker in ("IBM", "COIN", "F"):
        ids[ticker] = keeping.post(entered(quantity=10, ticker=ticker, price="200.00"))[1]["orders"][0]["orderId"]
        if stage != "smart_order_router":
            keeping.pipeline.run(but_not=stage)
    about = {"trades_data_aggregator": "TICKER#COIN", "snapshot_taker": "lit#COIN"}.get(stage, ids["COIN"])
    if stage == "archiver":
        about = f"/{booking_to_archive(keeping, 'COIN')}_"  # begins its object's name, if it is archived alone
        keeping.faults.refused(operation, code, about="trades/")  # the object of all three
    keeping.faults.refused(operation, code, ALWAYS, about=about)
    began = time.monotonic()
    keeping.settle()
    assert time.monotonic() - began < SECONDS
    [content] = [json.loads(body) for body in keeping.objects(f"dead-letters/{stage}/").values()]
    assert content["reason"] == f"AWS never takes what follows from it: {code}"
    behind = {"smart_order_router": ["Filled", "PendingNew", "Filled"]}.get(stage, ["Filled"] * 3)
    assert [keeping.order(each)["state"] for each in ids.values()] == behind
    assert {ticker for ticker in ids if came_of(keeping, stage, ticker)} == {"IBM", "F"}
    keeping.faults.mend()
    keeping.deliver(stage, {"Records": [content["record"]]})
    keeping.settle()
    assert {ticker for ticker in ids if came_of(keeping, stage, ticker)} == set(ids)


def booking_to_archive(world: World, ticker: str) -> str:
    """The id of a ticker's only booking, which waits for the archiver."""
    images = [record["dynamodb"]["NewImage"] for record in world.pipeline.unread("archiver")]
    [booking_id] = [str(each["bookingId"]["S"]) for each in images if each["ticker"]["S"] == ticker]
    return booking_id


def came_of(world: World, stage: str, ticker: str) -> bool:
    """Whether the stage has done what is expected of it for a ticker."""
    match stage:
        case "smart_order_router" | "archiver":
            return any(trade["ticker"] == ticker for trade in world.archived())
        case "trades_data_aggregator":
            return bool(world.items(pk=f"TICKER#{ticker}", sk="2026"))
        case _:
            return any(item["PK"] == f"lit#{ticker}" and item["SK"] == 0 for item in world.items("OrderBooks"))


def test_an_order_in_as_many_slices_as_there_may_be_holds_its_ticker_up_for_less_than_ten_seconds(
    world: World,
) -> None:
    world.change_market(sliceSize=1, limits={"highestQuantity": 10_000, "collar": "0.05"})
    status, answer = world.post(entered(quantity=10_000, ticker="AMD", price="114.25"))
    assert status == 202
    world.pipeline.run(but_not=DARK)
    records = world.pipeline.take(DARK)
    began = time.monotonic()
    assert world.deliver(DARK, events.sqs(records)).answer == {"batchItemFailures": []}
    assert time.monotonic() - began < SECONDS
    world.settle()
    assert world.order(answer["orders"][0]["orderId"])["leavesQuantity"] == 0
