"""What is dead-lettered is listed with its reason. Commands say what became of it, and discard it, but keep a copy."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from ops import commands, dead_letter_queues, dead_letter_records, discard, redrive, stack
from ops.commands import dlq
from ops.dead_letter_queues import QueueKind
from ops.dead_letters import DeadLetter
from ops.redrive import RedriveTally
from tests.support import events
from tests.support.clock import START
from tests.support.cloud import STACK
from tests.support.dead_letters import FAILED_SCHEDULE, GONE, give_up, keep, put, queue, redriven, stuck
from tests.support.stages import STAGES
from tests.support.world import World

ROUTER, POST_TRADE, COUNTING = "smart_order_router", "post_trade_processor", "trades_data_aggregator"

pytestmark = pytest.mark.usefixtures("without_waiting")


def test_all_that_is_dead_lettered_is_listed_with_its_reason_and_what_it_is_about(world: World) -> None:
    [first, *_] = stuck(world, POST_TRADE)
    poison = {"Records": [events.sqs_record("COIN", "{broken", 7)]}
    world.deliver("lit_pool_matching_engine", poison)
    world.deliver(ROUTER, {"Records": [GONE]})
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
    assert shown == DeadLetter(shown.since, shown.reason, None, GONE["eventID"], "CUST#000002 ORDER#gone")
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
    keep(world, ROUTER, GONE)
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
    monkeypatch.setattr(redrive, "TAKEN_SECONDS", 60)

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
    world.client("sqs").send_message(QueueUrl=failed.url, MessageBody=json.dumps(FAILED_SCHEDULE))
    keep(world, ROUTER, GONE)
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
