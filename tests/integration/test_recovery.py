"""A table that lost items gets them back from a copy: nothing happens twice, what came since is kept or made anew."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import recovery, republication
from ops.console import Failure
from ops.recovery import RecoveryTally
from tests.support.archived_trades import as_read
from tests.support.faults import Faults
from tests.support.orders import enter_day, entered
from tests.support.world import World
from trading.aws.store import dynamodb

DATE = "2026-11-22"
POST_TRADE = "post_trade_processor"


def copied(world: World, table: str = "TradesStore") -> str:
    return recovery.copy_of(world.table(table), None)


def lose(world: World, lost: Callable[[dict[str, Any]], bool], table: str = "TradesStore") -> int:
    """Deletes such items of a table; how many."""
    found = [item for item in world.items(table) if lost(item)]
    for item in found:
        key = dynamodb.to_item({name: item[name] for name in ("PK", "SK")})
        world.client("dynamodb").delete_item(TableName=world.table(table), Key=key)
    return len(found)


def put_back(world: World, copy: str, *, exact: bool = False, table: str = "TradesStore") -> RecoveryTally:
    return recovery.put_back(world.table(table), copy, exact=exact)


def republish(world: World) -> int:
    topic = world.cloud.resolve({"Ref": "TradesTopic"})
    return republication.republish(world.table("TradesStore"), world.table("OrderBooks"), topic, DATE)


@pytest.fixture
def busy(world: World) -> World:
    """A day of orders is over, some rest, and one is accepted that the router has not seen."""
    enter_day(world)
    world.post(entered(quantity=100, price="100.00"))
    world.settle()
    return world


@pytest.mark.parametrize("table", ["TradesStore", "OrderBooks"])
def test_a_table_that_lost_everything_is_as_it_was_and_nothing_happens_twice(busy: World, table: str) -> None:
    before = busy.state()
    copy = copied(busy, table)
    count = lose(busy, lambda _: True, table)
    assert put_back(busy, copy, table=table) == RecoveryTally(missing=count)
    busy.settle()
    assert busy.state() == before
    busy.cool_down()
    busy.post(entered(quantity=10))
    busy.settle()
    assert busy.breaks(DATE) == []


def test_a_set_in_another_order_is_no_difference(world: World) -> None:
    """DynamoDB gives the elements of a set in any order; a customer's item names its open orders in one."""
    for _ in range(3):
        assert world.post(entered(quantity=100, price="100.00"))[0] == 202
    copy, client, turned = copied(world), world.client("dynamodb"), 0
    for item in client.scan(TableName=copy)["Items"]:
        for value in item.values():
            if "BS" in value:
                value["BS"] = value["BS"][::-1]
                turned += len(value["BS"])
        client.put_item(TableName=copy, Item=item)
    assert turned == 3
    assert put_back(world, copy) == RecoveryTally()


def test_what_came_since_the_copy_stays_if_the_table_need_not_be_exact(busy: World) -> None:
    copy = copied(busy)
    busy.post(entered(quantity=10))
    busy.settle()
    before = busy.state()
    count = lose(busy, lambda item: item["SK"].startswith("TRADE#") and item["PK"] == "CUST#000001")
    tally = put_back(busy, copy)
    assert (tally.missing, tally.changed > 0, tally.newer > 0) == (count, True, True)
    busy.settle()
    after = busy.state()
    assert as_read(after) == as_read(before)
    assert before["objects"].items() <= after["objects"].items(), "an object never changes"


def test_an_exact_table_is_the_copy_and_what_was_executed_since_is_booked_anew_from_the_journals(world: World) -> None:
    world.tampered = True  # by the copy, which has orders as they were
    enter_day(world)
    world.pipeline.run(but_not=POST_TRADE)
    copy = copied(world)
    world.settle()
    before = world.items()
    tally = put_back(world, copy, exact=True)
    assert (tally.missing, tally.changed > 0, tally.newer > 0) == (0, True, True)
    assert not world.items(sk="TRADE#")
    assert put_back(world, copy, exact=True) == RecoveryTally()
    assert republish(world) > 0
    world.settle()
    assert [_settled(item) for item in world.items()] == [_settled(item) for item in before]
    assert world.breaks(DATE) == []
    assert republish(world) > 0
    again = world.items()
    world.settle()
    assert world.items() == again


def _settled(item: dict[str, Any]) -> dict[str, Any]:
    """Without when it was booked, which is later, and what follows from when: its number, and how
    its step left the order."""
    later = {"settlementDate", "customerSequence", "order"}
    return {name: value for name, value in item.items() if name not in later}


def test_an_order_that_nobody_has_routed_when_the_table_is_lost_is_routed(world: World) -> None:
    world.post(entered(quantity=10))
    copy = copied(world)
    lose(world, lambda item: str(item["SK"]).startswith("ORDER#"))
    put_back(world, copy)
    world.settle()
    assert [trade["quantity"] for trade in world.archived()] == [10]
    assert world.breaks(DATE) == []


def test_entries_that_are_put_back_are_not_counted_again(busy: World) -> None:
    busy.clock.advance(days=40)
    before = busy.items(pk="TICKER#")
    copy = copied(busy, "OrderBooks")
    lose(busy, lambda item: "trades" in item, "OrderBooks")
    put_back(busy, copy, table="OrderBooks")
    busy.settle()
    assert busy.items(pk="TICKER#") == before


@pytest.fixture
def faults(busy: World) -> Iterator[Faults]:
    """Of the command's own client."""
    recovery._dynamodb.cache_clear()
    faults = Faults([recovery._dynamodb()])
    yield faults
    assert faults.all_struck()


def test_what_was_interrupted_is_done_by_the_next_run(busy: World, faults: Faults) -> None:
    before = busy.state()
    copy = copied(busy)
    lose(busy, lambda _: True)
    for skipped in range(3):
        faults.refused("dynamodb.BatchWriteItem", "InternalServerError", skipped=skipped)
        with pytest.raises(ClientError):
            put_back(busy, copy)
    put_back(busy, copy)
    busy.settle()
    assert busy.state() == before


def test_what_dynamodb_leaves_out_is_asked_for_and_written_again_after_pauses_that_double(
    busy: World, faults: Faults
) -> None:
    before = busy.state()
    copy, table = copied(busy), busy.table("TradesStore")
    lose(busy, lambda _: True)
    first = next(iter(busy.client("dynamodb").scan(TableName=copy)["Items"]))
    key = {name: first[name] for name in ("PK", "SK")}
    faults.answered("dynamodb.BatchGetItem", times=2, Responses={}, UnprocessedKeys={table: {"Keys": [key]}})
    faults.answered("dynamodb.BatchWriteItem", times=3, UnprocessedItems={table: [{"PutRequest": {"Item": first}}]})
    begun = time.monotonic()
    put_back(busy, copy)
    pauses = [recovery.FIRST_PAUSE * 2**number for number in range(3)]
    assert time.monotonic() - begun == pytest.approx(sum(pauses[:2]) + sum(pauses))
    put_back(busy, copy)
    busy.settle()
    assert busy.state() == before


def test_what_is_no_copy_of_the_table_is_refused_in_words(busy: World) -> None:
    table, journals = busy.table("TradesStore"), busy.table("OrderBooks")
    before = busy.state()
    for other in (journals, table):
        with pytest.raises(Failure, match=f"The table {other} is not a copy of {table}"):
            put_back(busy, other)
    with pytest.raises(Failure, match=r"There is no table nix\."):
        put_back(busy, "nix")
    assert busy.state() == before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PointInTimeRecoveryUnavailableException", "has no point-in-time recovery. Only prod has it"),
        ("InvalidRestoreTimeException", "cannot be restored to that time"),
        ("TableNotFoundException", "There is no table "),
    ],
)
def test_a_copy_that_dynamodb_cannot_make_is_refused_in_words(
    busy: World, faults: Faults, code: str, words: str
) -> None:
    faults.refused("dynamodb.RestoreTableToPointInTime", code)
    with pytest.raises(Failure, match=words):
        recovery.copy_of(busy.table("TradesStore"), datetime(2026, 11, 22, tzinfo=UTC))
