"""What is dead-lettered is listed with its reason, and is given to its stage again: nothing is lost, nothing happens
twice.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from ops import commands, dead_letter_queues, dead_letter_records, discard, redrive, stack
from ops.commands import dlq
from ops.console import Failure
from ops.dead_letter_queues import QueueKind
from ops.dead_letters import DeadLetter
from ops.redrive import RedriveTally
from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.clock import START
from tests.support.cloud import STACK
from tests.support.orders import enter_day, entered
from tests.support.stages import STAGES
from tests.support.world import World

ROUTER, POST_TRADE, COUNTING = "smart_order_router", "post_trade_processor", "trades_data_aggregator"
BOOKS = "snapshot_taker"
QUEUE_STAGES = ["dark_pool_matching_engine", "lit_pool_matching_engine", POST_TRADE]


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letter_queues, "WAIT_SECONDS", 0)
    monkeypatch.setattr(redrive, "WATCH_SECONDS", 0)


def redriven(world: World, stage: str) -> list[RedriveTally]:
    def invoke(stage: str, event: dict[str, Any]) -> Any:
        try:
            return world.deliver(stage, event).answer
        except Exception as error:
            raise Failure(repr(error)) from error

    return list(redrive.redrive(STACK, stage, invoke))


def queue(stage: str, kind: QueueKind) -> dead_letter_queues.DeadLetterQueue:
    [found] = [each for each in dead_letter_queues.queues(STACK, stage) if each.kind is kind]
    return found


def put(world: World, stage: str, kind: QueueKind, records: list[dict[str, Any]]) -> None:
    """Puts these records of its queue where SQS or SNS does if the stage, or its queue, does not take them."""
    for number, record in enumerate(records):
        world.client("sqs").send_message(
            QueueUrl=queue(stage, kind).url,
            MessageBody=record["body"],
            MessageGroupId=record["attributes"]["MessageGroupId"],
            MessageDeduplicationId=str(number),
        )


def stuck(world: World, stage: str, kind: QueueKind = QueueKind.DLQ) -> list[dict[str, Any]]:
    """Records of a day's orders that did not get through a stage, in their order."""
    enter_day(world)
    world.pipeline.run(but_not=stage)
    records = world.pipeline.take(stage)
    put(world, stage, kind, records)
    return records


def by_group(records: list[dict[str, Any]]) -> dict[str, list[str]]:
    groups = defaultdict(list)
    for record in records:
        groups[record["attributes"]["MessageGroupId"]].append(record["body"])
    return groups


def test_all_that_is_dead_lettered_is_listed_with_its_reason_and_what_it_is_about(world: World) -> None:
    [first, *_] = stuck(world, POST_TRADE)
    poison = {"Records": [events.sqs_record("COIN", "{broken", 7)]}
    world.deliver("lit_pool_matching_engine", poison)
    [record] = {"Records": [events.inserted({"PK": {"S": "CUST#000002"}, "SK": {"S": "ORDER#gone"}})]}["Records"]
    world.deliver(ROUTER, {"Records": [record]})
    listed = {(each.stage, each.kind): each.first(20) for each in dead_letter_queues.queues(STACK) if each.count()}
    assert set(listed) == {(POST_TRADE, QueueKind.DLQ), ("lit_pool_matching_engine", QueueKind.DLQ)}
    [broken] = listed["lit_pool_matching_engine", QueueKind.DLQ]
    assert (broken.group, broken.about) == ("COIN", "")
    assert broken.reason.startswith("not a message of the Orders topic: it is not JSON: ")
    [reports, *_] = listed[POST_TRADE, QueueKind.DLQ]
    message = json.loads(first["body"])
    assert reports.reason == "it failed too often, the stage's log says why"
    assert reports.about.startswith(f"booking {message['bookingId']} customer {message['customerId']} ticker ")
    assert message["orders"][0]["order"]["orderId"] in reports.about
    [shown] = [each.shown() for each in dead_letter_records.records(STACK)]
    assert shown == DeadLetter(shown.since, shown.reason, None, record["eventID"], "CUST#000002 ORDER#gone")
    assert shown.reason.startswith("not an order: ")


def test_what_is_looked_at_is_there_for_others_at_once(world: World) -> None:
    records = stuck(world, "lit_pool_matching_engine")
    place = queue("lit_pool_matching_engine", QueueKind.DLQ)
    assert len(place.first(2)) == 2
    assert len(place.first(100)) == len(records) == place.count()


def test_more_than_ten_of_a_group_are_counted_and_ten_are_shown(world: World) -> None:
    records = [events.sqs_record("COIN", f"broken {number}") for number in range(12)]
    put(world, POST_TRADE, QueueKind.DLQ, records)
    place = queue(POST_TRADE, QueueKind.DLQ)
    assert (len(place.first(100)), place.count()) == (10, 12)
    assert redriven(world, POST_TRADE) == [RedriveTally("dlq messages", done=12)]
    assert [record["body"] for record in world.pipeline.take(POST_TRADE)] == [each["body"] for each in records]


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


# ------------------------------------------------------- records of a stream


def keep(world: World, stage: str, record: dict[str, Any]) -> str:
    """Dead-letters a record in the bucket, as a stage does; its key."""
    key = f"dead-letters/{stage}/{record['eventID']}.json"
    body = json.dumps({"reason": "a fault that is mended", "record": record})
    [bucket] = {each.bucket for each in dead_letter_records.records(STACK)} or {world.cloud.resolve({"Ref": "Archive"})}
    world.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return key


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
    record = events.inserted({"PK": {"S": "CUST#000002"}, "SK": {"S": "ORDER#gone"}})
    key = keep(world, ROUTER, record)
    [tally] = redriven(world, ROUTER)
    assert (tally.done, tally.dead_lettered_again, tally.left) == (0, 1, 1)
    assert tally.reason.startswith("not an order: ")
    [(again, content)] = world.objects("dead-letters/").items()
    assert again != key
    assert json.loads(content)["record"] == record | {"eventID": again.split("/")[-1].removesuffix(".json")}


def test_a_record_whose_stage_fails_stays(world: World) -> None:
    key = keep(world, COUNTING, unread(world, COUNTING))
    before = world.objects("dead-letters/")
    world.faults.unreachable("dynamodb.PutItem")
    [tally] = redriven(world, COUNTING)
    assert (tally.done, tally.failed) == (0, 1)
    assert "Connection was closed" in tally.reason
    assert world.objects("dead-letters/") == before
    assert list(before) == [key]


def give_up(world: World, stage: str, records: list[dict[str, Any]], *, as_text: bool = True) -> str:
    """Puts the report into the bucket that Lambda writes when it gives records of a stream up; its key."""
    payload: Any = {"Records": records}
    report = {
        "requestContext": {
            "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
            "functionArn": f"arn:aws:lambda:{events.REGION}:{events.ACCOUNT}:function:{STACK}-{stage}:live",
            "condition": "RecordAgeExceeded",
            "approximateInvokeCount": 1,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "1", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2026-11-22T14:30:00.123Z",
        "DDBStreamBatchInfo": {"shardId": "shardId-1", "batchSize": len(records)},
        "payload": json.dumps(payload) if as_text else payload,
    }
    key = f"aws/lambda/{stage}/shardId-1/2026/11/22/2026-11-22T14.30.00-{len(records)}"
    bucket = world.cloud.resolve({"Ref": "Archive"})
    world.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(report).encode())
    return key


GONE = events.inserted({"PK": {"S": "CUST#000002"}, "SK": {"S": "ORDER#gone"}})


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


# ----------------------------------------------------------- failed schedules

STRUCK = events.scheduled("settlement", "2026-11-25T00:30:00Z")
REPORT = {
    "version": "1.0",
    "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
    "requestPayload": STRUCK,
    "responsePayload": {"errorType": "Unsettled", "errorMessage": "positions that were due: 1"},
}


@pytest.mark.parametrize("body", [STRUCK, REPORT], ids=["of the schedule", "of Lambda"])
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
    world.client("sqs").send_message(QueueUrl=failed.url, MessageBody=json.dumps(REPORT))
    world.faults.unreachable("dynamodb.Query")
    [tally] = redriven(world, "settlement")
    assert (tally.done, tally.failed) == (0, 1)
    [listed] = failed.first(20)
    assert (listed.reason, listed.group) == ("RetriesExhausted: positions that were due: 1", None)


# ------------------------------------------------------------- the commands


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Exit code and output of a command for this stack; moto's has no functions."""
    monkeypatch.setattr(stack, "stages", lambda _: set(STAGES))

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(commands.cli, [*arguments, "--stack", STACK])
        return result.exit_code, result.output

    return run


def test_the_commands_say_what_is_dead_lettered_and_what_became_of_it(world: World, said: Callable[..., Any]) -> None:
    assert said("dlq") == (0, "Nothing is dead-lettered.\n")
    assert said("redrive", POST_TRADE) == (0, f"{POST_TRADE} has no dead letters.\n")
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", f"broken {number}") for number in range(3)])
    keep(world, ROUTER, events.inserted({"PK": {"S": "CUST#000002"}, "SK": {"S": "ORDER#gone"}}))
    give_up(world, COUNTING, [GONE, GONE | {"eventID": "2"}, GONE | {"eventID": "3"}])
    code, text = said("dlq", "--first", "2")
    assert code == 0
    assert f"{COUNTING}: records that Lambda gave up: 3, the first 2:\n" in text
    assert text.count("Lambda gave it up: RecordAgeExceeded\n             CUST#000002 ORDER#gone id ") == 2
    assert "gave up" in said("dlq", "--stage", COUNTING)[1]
    assert "gave up" not in said("dlq", "--stage", ROUTER)[1]
    assert f"{POST_TRADE}: dlq messages: 3, the first 2:\n" in text
    assert text.count("group 000002  it failed too often") == 2
    assert f"{ROUTER}: records of the stream: 1\n" in text
    assert "a fault that is mended\n             CUST#000002 ORDER#gone id 0000" in text
    assert ROUTER not in said("dlq", "--stage", POST_TRADE)[1]
    waiting = "still waiting for the stage: 3, `make dlq` shows later what became of them\n"
    assert said("redrive", POST_TRADE) == (0, f"dlq messages: 3 given again\n{waiting}")
    code, text = said("dlq", "--stage", "nobody")
    assert (code, f"The stack {STACK} has no stage 'nobody'." in text) == (1, True)


def test_redriving_says_what_the_stage_dead_lettered_again_and_why(
    world: World, said: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = stuck(world, POST_TRADE)
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", f"broken {n}", n) for n in range(100, 103)])
    monkeypatch.setattr(redrive, "WATCH_SECONDS", 60)

    def stage_works(holds: Callable[[], bool], _: float) -> bool:
        world.settle()
        return holds()

    monkeypatch.setattr(redrive, "until", stage_works)
    code, text = said("redrive", POST_TRADE)
    lines = text.splitlines()
    assert code == 1
    assert lines[:2] == [f"dlq messages: {len(good) + 3} given again", "dead-lettered again: 3"]
    assert len(lines) == 3
    assert lines[2].startswith("  3 of those that can be seen: not a message of executionReports: ")


def test_what_strangers_wrote_is_shown_on_one_line_without_what_a_terminal_obeys(
    world: World, said: Callable[..., Any]
) -> None:
    evil = "0001\n\x1b[31mNothing is dead-lettered.\u202e" + "x" * 5000
    message = {"customerId": evil, "orders": [{"order": {"orderId": evil}}]}
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", json.dumps(message))])
    keep(world, ROUTER, events.inserted({"PK": {"S": f"CUST#{evil}"}, "SK": {"S": "ORDER#gone"}}))
    code, text = said("dlq")
    assert code == 0
    lines = text.splitlines()
    assert len(lines) == 6
    assert all(line.isprintable() and len(line) < 400 for line in lines)
    assert "customer 0001\\n\\x1b[31mNothing is dead-lettered.\\u202e" in text


# ------------------------------------------------------------------ discarding


def test_one_is_discarded_by_its_id_and_the_others_stay(world: World, said: Callable[..., Any]) -> None:
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", f"broken {number}") for number in range(3)])
    second = queue(POST_TRADE, QueueKind.DLQ).first(3)[1]
    code, text = said("discard", POST_TRADE, "--id", second.id)
    key = f"discarded/{POST_TRADE}/dlq/{second.id}.json"
    assert code == 0
    assert f"group 000002  {second.reason}\n" in text
    assert f"id {second.id}\n             kept as {key}\n1 discarded, kept in s3://" in text
    [(name, content)] = world.objects("discarded/").items()
    kept = json.loads(content)["message"]
    assert (name, kept["Body"], kept["Attributes"]["MessageGroupId"]) == (key, "broken 1", "000002")
    assert second.id not in {each.id for each in queue(POST_TRADE, QueueKind.DLQ).first(3)}
    assert queue(POST_TRADE, QueueKind.DLQ).count() == 2
    code, text = said("discard", POST_TRADE, "--id", second.id)
    assert (code, f"{POST_TRADE} shows no dead letter with the id {second.id}." in text) == (1, True)


def test_all_of_a_stage_is_discarded_of_every_kind_and_kept(world: World, said: Callable[..., Any]) -> None:
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", f"broken {number}") for number in range(12)])
    put(world, POST_TRADE, QueueKind.UNDELIVERED, [events.sqs_record("000002", "not delivered")])
    put(world, "lit_pool_matching_engine", QueueKind.DLQ, [events.sqs_record("COIN", "another stage's")])
    failed = queue("settlement", QueueKind.FAILED)
    world.client("sqs").send_message(QueueUrl=failed.url, MessageBody=json.dumps(REPORT))
    keep(world, ROUTER, events.inserted({"PK": {"S": "CUST#000002"}, "SK": {"S": "ORDER#gone"}}))
    for stage, count in ((POST_TRADE, 13), ("settlement", 1), (ROUTER, 1)):
        assert f"\n{count} discarded, kept in s3://" in said("discard", stage)[1]
        assert said("discard", stage) == (0, "There is nothing to discard.\n")
    kept = {name: json.loads(content) for name, content in world.objects("discarded/").items()}
    bodies = [content["message"]["Body"] for name, content in kept.items() if POST_TRADE in name]
    assert sorted(bodies) == sorted([*(f"broken {number}" for number in range(12)), "not delivered"])
    [record] = [content for name, content in kept.items() if name.startswith(f"discarded/{ROUTER}/stream/")]
    assert record["reason"] == "a fault that is mended"
    assert record["record"]["dynamodb"]["Keys"]["SK"] == {"S": "ORDER#gone"}
    assert world.objects("dead-letters/") == {}
    assert queue("lit_pool_matching_engine", QueueKind.DLQ).count() == 1


def test_what_is_dead_lettered_while_others_are_discarded_stays(
    world: World, said: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", "seen")])
    keep_it = discard._keep

    def kept_while_another_comes(*arguments: Any) -> str:
        world.deliver(POST_TRADE, events.sqs([events.sqs_record("000001", "{new", 9)]))
        return keep_it(*arguments)

    monkeypatch.setattr(discard, "_keep", kept_while_another_comes)
    assert "\n1 discarded, kept in s3://" in said("discard", POST_TRADE)[1]
    assert [body for _, body in world.dead_lettered(POST_TRADE)] == ["{new"]


@pytest.mark.parametrize("operation", ["s3.PutObject", "sqs.DeleteMessage"])
def test_what_could_not_be_kept_or_taken_away_is_discarded_the_next_time(world: World, operation: str) -> None:
    put(world, POST_TRADE, QueueKind.DLQ, [events.sqs_record("000002", "broken")])
    world.faults.refused(operation, "InternalError")
    with pytest.raises(ClientError, match="injected"):
        list(discard.discard(STACK, POST_TRADE))
    assert queue(POST_TRADE, QueueKind.DLQ).count() == 1
    assert len(list(discard.discard(STACK, POST_TRADE))) == 1
    assert len(world.objects("discarded/")) == 1


def test_a_message_that_waits_since_yesterday_says_so() -> None:
    assert dlq._age(datetime.now(UTC).replace(year=START.year - 2)).endswith(" days")
