"""An engine that starts cold reads the last snapshot and what came after it, and knows all that the journal tells."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.orders import entered
from tests.support.pipeline import Delivery
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import GZIP, Snapshots
from trading.aws.engine.ticker_state import TickerState, recalled
from trading.aws.logs import STARTED
from trading.domain.matching.models import BOOKS
from trading.domain.orders import PoolType

TAKER, LIT, DARK = "snapshot_taker", "lit_pool_matching_engine", "dark_pool_matching_engine"
GET, PUT, POINT, DELETE = "s3.GetObject", "s3.PutObject", "dynamodb.UpdateItem", "s3.DeleteObject"
FALLEN_BACK = "snapshot cannot be used, the whole journal is read"


@pytest.fixture
def world(new_world: NewWorld) -> Iterator[World]:
    """A snapshot is due at every third entry."""
    with new_world(SnapshotEvery="3") as made:
        yield made


def order(world: World, **fields: Any) -> Delivery:
    """An order that rests unless it says otherwise, an entry of its own in COIN's lit journal."""
    assert world.post(entered(**{"quantity": 10, "price": "150.00"} | fields))[0] == 202
    world.pipeline.run(but_not=TAKER)
    return world.pipeline.deliveries_to(LIT)[-1]


def known(world: World, pool: PoolType, ticker: str, snapshot: int) -> dict[str, Any]:
    """All that an engine knows that begins with this snapshot."""
    journal, snapshots = tools(world, pool)
    book = BOOKS[pool]()
    return told(recalled(ticker, book, journal, snapshots, snapshot)) | {"pool": book.snapshot()}


def told(memory: TickerState) -> dict[str, Any]:
    return {"sequence": memory.sequence, "sessions": memory.sessions}


def tools(world: World, pool: PoolType) -> tuple[Journal, Snapshots]:
    environment = world.cloud.environment(TAKER)
    return Journal(environment["ORDER_BOOKS"], pool), Snapshots(environment["ARCHIVE_BUCKET"], pool)


def kept(world: World) -> list[str]:
    return list(world.objects("snapshots/"))


def pointer(world: World, partition: str = "lit#COIN") -> int:
    return tools(world, PoolType.LIT)[0].last_snapshot(partition.removeprefix("lit#"))


def put_snapshot(world: World, name: str, body: bytes) -> None:
    bucket = world.cloud.environment(TAKER)["ARCHIVE_BUCKET"]
    world.client("s3").put_object(Bucket=bucket, Key=name, Body=body)


def test_a_snapshot_and_what_came_after_it_is_what_the_whole_journal_tells(world: World) -> None:
    world.put_customer("000002", "10000000.00", COIN=1000)
    for number, price in enumerate(("150.00", "170.00", "161.90", "151.00", "150.00", "161.88", "149.00", "152.00")):
        order(world, price=price, quantity=10 + number, direction="Sell" if number % 3 == 1 else "Buy")
    world.settle()
    assert pointer(world) == 6
    assert known(world, PoolType.LIT, "COIN", 6) == known(world, PoolType.LIT, "COIN", 0)
    assert known(world, PoolType.LIT, "COIN", 6)["sequence"] == 8


def test_a_dark_pools_snapshot_and_what_came_after_it_is_what_the_whole_journal_tells(world: World) -> None:
    for number in range(5):
        assert world.post(entered(ticker="AMD", price=f"11{number}.00", quantity=100, poolOnly=True))[0] == 202
        world.settle()
    assert list(world.objects("snapshots/dark/AMD/")) == ["snapshots/dark/AMD/3.json"]
    assert known(world, PoolType.DARK, "AMD", 3) == known(world, PoolType.DARK, "AMD", 0)
    assert known(world, PoolType.DARK, "AMD", 3)["pool"]["hidden"]["resting"]


def test_a_snapshot_is_taken_only_where_one_is_due(world: World) -> None:
    for _ in range(7):
        order(world)
    world.settle()
    assert [len(each.event["Records"]) for each in world.pipeline.deliveries_to(TAKER)] == [2]
    assert kept(world) == ["snapshots/lit/COIN/6.json"]


def test_an_engine_reads_no_entry_that_is_in_the_snapshot(world: World) -> None:
    for _ in range(3):
        order(world)
    world.settle()
    journal = world.table("OrderBooks")
    for sequence in (1, 2):
        world.client("dynamodb").delete_item(
            TableName=journal, Key={"PK": {"S": "lit#COIN"}, "SK": {"N": str(sequence)}}
        )
    world.cool_down()
    order(world, direction="Buy", price="150.00")
    after = known(world, PoolType.LIT, "COIN", 3)
    assert after["sequence"] == 4
    assert (
        after["pool"]["book"]["orders"] == world.stage(LIT).module.engine.last("COIN").pool.snapshot()["book"]["orders"]
    )
    assert len([each for each in after["pool"]["book"]["orders"] if "000002" in each]) == 4


@pytest.mark.parametrize("which", [0, 2, 3])
def test_an_engine_that_begins_with_a_snapshot_answers_what_comes_again_as_it_did(world: World, which: int) -> None:
    first = [order(world, price="161.90") for _ in range(4)]
    world.settle()
    assert pointer(world) == 3
    world.cool_down()
    again = world.deliver(LIT, first[which].event)
    assert (again.published, again.answer) == (first[which].published, first[which].answer)
    assert known(world, PoolType.LIT, "COIN", 0)["sequence"] == 4


def test_the_commands_of_two_sessions_are_remembered_by_a_snapshot_and_older_ones_are_dead_lettered(
    world: World,
) -> None:
    days = []
    for _ in range(3):
        days.append(order(world, price="161.90"))
        world.clock.advance(days=1)
    world.settle()
    assert [len(each) for each in known(world, PoolType.LIT, "COIN", 3)["sessions"].values()] == [1, 1]
    world.cool_down()
    for delivery in days[1:]:
        assert world.deliver(LIT, delivery.event).published == delivery.published
    assert world.deliver(LIT, days[0].event).published == []
    assert [reason for reason, _ in world.dead_lettered(LIT)] == ["older than the last session"]


def test_two_takers_of_one_entry_write_the_same_and_the_pointer_moves_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        order(world)
    world.pipeline.run(but_not=TAKER)
    [record] = world.pipeline.unread(TAKER)
    world.faults.answer_lost(POINT, times=ATTEMPTS)
    with pytest.raises(Exception, match="Connection was closed"):
        world.new_stage(TAKER)({"Records": [record]})
    before = world.objects("snapshots/")
    for _ in range(2):
        world.new_stage(TAKER)({"Records": [record]})
    assert world.objects("snapshots/") == before
    assert pointer(world) == 3
    said = [each.message for each in caplog.records if each.name == TAKER and each.message != STARTED]
    assert said[-2:] == ["snapshot was there"] * 2


def test_a_snapshot_taker_that_is_overtaken_does_not_move_the_pointer_back(world: World) -> None:
    for _ in range(6):
        order(world)
    older, newer = world.pipeline.unread(TAKER)
    slow, fast = world.new_stage(TAKER), world.new_stage(TAKER)
    s3_events = world.client("s3").meta.events

    def overtake(**_: Any) -> None:
        s3_events.unregister("before-call.s3.PutObject", overtake)
        fast({"Records": [newer]})

    s3_events.register("before-call.s3.PutObject", overtake)
    slow({"Records": [older]})
    assert pointer(world) == 6
    assert kept(world) == ["snapshots/lit/COIN/3.json", "snapshots/lit/COIN/6.json"]
    world.cool_down()
    order(world)
    assert known(world, PoolType.LIT, "COIN", 6) == known(world, PoolType.LIT, "COIN", 0)


@pytest.mark.parametrize("operation", [PUT, POINT, DELETE])
def test_a_snapshot_taker_that_failed_anywhere_repairs_it_with_the_next_record(world: World, operation: str) -> None:
    for _ in range(3):
        for _ in range(3):
            order(world)
        if len(kept(world)) < 2:
            world.settle()
    world.faults.refused(operation, "InternalError")
    with pytest.raises(ClientError):
        world.settle()
    world.settle()
    for _ in range(3):
        order(world)
    world.settle()
    assert kept(world) == ["snapshots/lit/COIN/12.json", "snapshots/lit/COIN/9.json"]
    assert pointer(world) == 12


def broken(world: World, how: str) -> None:
    """Makes the last snapshot one that cannot be used."""
    name = "snapshots/lit/COIN/3.json"
    body = world.objects(name)[name]
    content = json.loads(zlib.decompress(body, GZIP))
    match how:
        case "missing":
            bucket = world.cloud.environment(TAKER)["ARCHIVE_BUCKET"]
            world.client("s3").delete_object(Bucket=bucket, Key=name)
        case "cut off":
            put_snapshot(world, name, body[:-20])
        case "of another schema":
            put_snapshot(world, name, zlib.compress(json.dumps(content | {"schema": 2}).encode(), wbits=GZIP))
        case "of another entry":
            put_snapshot(world, name, zlib.compress(json.dumps(content | {"sequence": 2}).encode(), wbits=GZIP))
        case "without its pool's orders":
            del content["pool"]["book"]["orders"]
            put_snapshot(world, name, zlib.compress(json.dumps(content).encode(), wbits=GZIP))
        case "out of reach":
            world.faults.unreachable(GET)


@pytest.mark.parametrize(
    "how",
    ["missing", "cut off", "of another schema", "of another entry", "without its pool's orders", "out of reach"],
)
def test_where_a_snapshot_cannot_be_used_the_whole_journal_is_read_and_an_error_logged(
    world: World, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = [order(world, price="150.00") for _ in range(4)]
    world.settle()
    broken(world, how)
    world.cool_down()
    again = world.deliver(LIT, first[0].event)
    assert again.published == first[0].published
    assert [(each.levelname, each.message) for each in caplog.records if each.levelno >= 40] == [("ERROR", FALLEN_BACK)]
    memory = world.stage(LIT).module.engine.last("COIN")
    assert told(memory) | {"pool": memory.pool.snapshot()} == known(world, PoolType.LIT, "COIN", 0)


def test_snapshots_that_are_taken_while_commands_flow_change_nothing_of_the_outcome(new_world: NewWorld) -> None:
    outcomes = []
    for every in ("1", "1000"):
        with new_world(SnapshotEvery=every) as world:
            world.put_customer("000002", "10000000.00", COIN=10_000)
            for number in range(12):
                world.post(entered(quantity=100 + number, direction="Sell" if number % 2 else "Buy"))
                world.pipeline.step()
                world.cool_down()
            world.settle()
            outcomes.append((world.outcome(), known(world, PoolType.LIT, "COIN", 0)))
    assert outcomes[0] == outcomes[1]


def test_a_book_that_waits_while_chance_decides_is_in_the_snapshot(world: World) -> None:
    order(world, price="150.00")
    world.simulate()
    world.cool_down()
    for _ in range(3):
        order(world, price="161.90")
    world.settle()
    world.change_market(matchingModels={"Dark": "order-book", "Lit": "order-book"})
    world.cool_down()
    order(world, price="151.00")
    assert known(world, PoolType.LIT, "COIN", 3) == known(world, PoolType.LIT, "COIN", 0)
    resting = world.stage(LIT).module.engine.last("COIN").pool.book.orders.values()
    assert [each.quantity for each in resting if each.account == "000002"] == [10, 10]


@pytest.mark.parametrize("key", [{"PK": "lit#COIN", "SK": 9}, {"PK": "nobody's", "SK": 3}])
def test_a_record_of_no_entry_is_dead_lettered_and_does_not_hold_up_the_others(
    world: World, key: dict[str, Any]
) -> None:
    for _ in range(3):
        order(world)
    records = world.pipeline.unread(TAKER)
    image = {"PK": {"S": key["PK"]}, "SK": {"N": str(key["SK"])}}
    world.stage(TAKER)({"Records": [*records, events.inserted(image, 7, "OrderBooks")]})
    [dead_lettered] = world.objects("dead-letters/snapshot_taker/").values()
    assert json.loads(dead_lettered)["reason"].startswith(("an entry that is not in", "not an entry of"))
    assert pointer(world) == 3
