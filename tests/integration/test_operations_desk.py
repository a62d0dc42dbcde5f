"""What a broker is told of the system at work: what waits, what is dead-lettered, what was reconciled last."""

from collections import Counter
from typing import Any

from tests.support import events
from tests.support.cloud import of_type, stage_of
from tests.support.orders import entered
from tests.support.stages import imported
from tests.support.world import World

STAGES, DEAD_LETTERS, RECONCILIATION = (f"/operations/{name}" for name in ("stages", "dead-letters", "reconciliation"))
POISON = events.inserted({"PK": {"S": "nobody"}, "SK": {"S": "ORDER#gone"}})


def asked(world: World, resource: str) -> Any:
    status, answer = world.answer("operations_desk", events.get(resource, {}))
    assert status == 200
    return answer


def dead(world: World) -> dict[tuple[str, str], int]:
    """How many messages there are of each kind, where there are any."""
    queues = asked(world, DEAD_LETTERS)["queues"]
    return {(each["stage"], each["kind"]): each["count"] for each in queues if each["count"]}


def test_what_waits_for_a_stage_is_counted_and_stays_where_it_is(world: World) -> None:
    world.post([entered(quantity=10), entered(ticker="AMD", price="114.25", quantity=10)])
    world.pipeline.run(but_not="lit_pool_matching_engine")
    for _ in range(2):
        waiting = {each["stage"]: each["waiting"] for each in asked(world, STAGES)["stages"] if each["waiting"]}
        assert waiting == {"lit_pool_matching_engine": 2}
    world.settle()
    assert {each["waiting"] for each in asked(world, STAGES)["stages"]} == {0}


def test_what_is_due_today_counts_until_it_is_settled(world: World) -> None:
    world.post([entered(quantity=10), entered(ticker="AMD", price="114.25", quantity=10)])
    world.settle()
    assert asked(world, STAGES)["settlement"] == {"valueDate": "2026-11-22", "due": 0}
    world.clock.advance(days=1)
    assert asked(world, STAGES)["settlement"] == {"valueDate": "2026-11-23", "due": 2}
    world.value_date_comes("2026-11-23")
    assert asked(world, STAGES)["settlement"]["due"] == 0


def test_a_message_that_a_stage_cannot_process_is_counted_by_its_stage(world: World) -> None:
    assert dead(world) == {}
    world.deliver("lit_pool_matching_engine", events.sqs([events.sqs_record("COIN", "{")]))
    assert dead(world) == {("lit_pool_matching_engine", "dlq"): 1}


def test_every_queue_of_dead_letters_is_asked_for(world: World) -> None:
    shown = {(each["stage"], each["kind"]) for each in asked(world, DEAD_LETTERS)["queues"]}
    there = {name.removesuffix(".fifo") for name, _ in world.dead_letters()}
    assert len(there) == len(shown)
    assert all(any(name.endswith(f"-{stage}-{kind}") for stage, kind in shown) for name in there)


def test_records_of_a_stream_are_shown_with_their_reasons_the_newest_first(world: World) -> None:
    for number in (1, 2):
        image = {"PK": {"S": "nobody"}, "SK": {"S": f"ORDER#{number}"}}
        world.deliver("smart_order_router", {"Records": [events.inserted(image, number)]})
    answer = asked(world, DEAD_LETTERS)
    assert (answer["recordCount"], answer["givenUp"]) == (2, 0)
    assert {each["stage"] for each in answer["records"]} == {"smart_order_router"}
    assert sorted(each["keys"] for each in answer["records"]) == [["nobody", "ORDER#1"], ["nobody", "ORDER#2"]]
    assert all(each["reason"] for each in answer["records"])
    since = [each["since"] for each in answer["records"]]
    assert since == sorted(since, reverse=True)


def test_before_the_first_reconciliation_there_is_no_report(world: World) -> None:
    status, answer = world.answer("operations_desk", events.get(RECONCILIATION, {}))
    assert (status, answer["code"]) == (404, "not-found")


def test_the_last_report_of_the_latest_day_is_shown_with_its_breaks(world: World) -> None:
    world.post(entered(quantity=10))
    world.settle()
    world.clock.advance(days=1)
    for date in ("2026-11-22", "2026-11-21"):
        world.stage("reconciler")({"date": date})
    report = asked(world, RECONCILIATION)
    assert (report["date"], report["breakCount"], report["breaks"]) == ("2026-11-22", 0, [])
    for name in world.objects("trades/"):
        world.client("s3").delete_object(Bucket=world.cloud.resolve({"Ref": "Archive"}), Key=name)
    world.clock.advance(minutes=1)
    world.stage("reconciler")({"date": "2026-11-22"})
    report = asked(world, RECONCILIATION)
    assert (report["date"], report["breakCount"]) == ("2026-11-22", 1)
    [found] = report["breaks"]
    assert (found["kind"], found["field"]) == ("archive", "whole")
    assert sorted("value" in side for side in found["sides"]) == [False, True]


def test_only_brokers_are_answered_and_no_parameter_is_taken(world: World) -> None:
    for resource in (STAGES, DEAD_LETTERS, RECONCILIATION):
        theirs = events.get(resource, {}, caller=events.customer("000002"))
        assert world.answer("operations_desk", theirs)[1]["code"] == "forbidden"
        limited = events.get(resource, {}, {"limit": "1"})
        assert world.answer("operations_desk", limited)[1]["code"] == "invalid-parameter"


def test_answers_take_the_calls_that_the_page_of_costs_says(world: World) -> None:
    calls: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    for service in ("sqs", "s3", "dynamodb"):
        world.client(service).meta.events.register("before-call", count)
    asked(world, STAGES)
    asked(world, DEAD_LETTERS)
    assert calls == {"GetQueueAttributes": 23, "Query": 1, "ListObjectsV2": 5}


def test_a_record_that_is_taken_away_meanwhile_is_left_out(world: World) -> None:
    world.deliver("smart_order_router", {"Records": [POISON]})
    bucket = world.cloud.resolve({"Ref": "Archive"})
    [name] = world.objects("dead-letters/")

    def take_away(**_: Any) -> None:
        world.client("s3").meta.events.unregister("before-call.s3.GetObject", take_away)
        world.client("s3").delete_object(Bucket=bucket, Key=name)

    world.client("s3").meta.events.register("before-call.s3.GetObject", take_away)
    answer = asked(world, DEAD_LETTERS)
    assert (answer["recordCount"], answer["records"]) == (1, [])


def test_every_stage_that_a_stream_starts_has_its_folder_looked_at(world: World) -> None:
    mappings = of_type("AWS::Lambda::EventSourceMapping")
    by_stream = {name.removesuffix("Mapping") for name, each in mappings if "StreamArn" in str(each["EventSourceArn"])}
    looked_at = imported("operations_desk", world.cloud.environment("operations_desk"), "dead_letters").BY_STREAM
    assert {stage_of(name) for name in by_stream} == set(looked_at)
