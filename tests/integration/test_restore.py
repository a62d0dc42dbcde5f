"""What is lost is made anew from what remains, to the identical state."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ops import restore
from tests.integration.conftest import NewWorld
from tests.support.orders import enter_day, entered
from tests.support.reconciled_day import DATE
from tests.support.world import World
from trading.aws.store import dynamodb

DAYS = "TICKER#"


@pytest.fixture
def world(new_world: NewWorld) -> Iterator[World]:
    """A snapshot is due at every second entry."""
    with new_world(SnapshotEvery="2") as made:
        yield made


def forget(world: World, lost: Callable[[dict[str, Any]], bool], table: str = "TradesStore") -> None:
    for item in filter(lost, world.items(table)):
        key = dynamodb.to_item({name: item[name] for name in ("PK", "SK")})
        world.client("dynamodb").delete_item(TableName=world.table(table), Key=key)


def of_the_day(item: dict[str, Any]) -> bool:
    return bool(item["PK"].startswith(DAYS) and item["SK"].startswith(DATE))


def markers(item: dict[str, Any]) -> bool:
    return of_the_day(item) and bool(item["SK"] != DATE)


def totals(item: dict[str, Any]) -> bool:
    return of_the_day(item) and bool(item["SK"] == DATE)


def restore_statistics(world: World) -> list[str]:
    return restore.statistics(world.table("TradesStore"), DATE)


def restore_snapshots(world: World) -> list[str]:
    stores = world.stores
    return restore.snapshots(stores.trades_store, stores.order_books, stores.archive_bucket)


@pytest.mark.parametrize("lost", [of_the_day, totals, markers], ids=["all", "totals", "markers"])
def test_lost_statistics_are_made_anew_from_the_bookings(
    world: World, lost: Callable[[dict[str, Any]], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "MARKERS_PER_TRANSACTION", 1)
    enter_day(world)
    world.settle()
    before = world.state()
    forget(world, lost)
    assert world.state() != before
    assert restore_statistics(world) == ["AMD", "COIN", "IBM"]
    assert world.state() == before
    assert restore_statistics(world) == ["AMD", "COIN", "IBM"]
    assert world.state() == before
    assert world.breaks(DATE) == []


def test_statistics_that_say_something_else_are_what_the_bookings_say_again(world: World) -> None:
    enter_day(world)
    world.settle()
    before = world.items(pk=DAYS)
    for item in filter(totals, before):
        wrong = {**item, "total:trades": 77, "high": 1, "exchange:X:trades": 5}
        world.client("dynamodb").put_item(TableName=world.table("TradesStore"), Item=dynamodb.to_item(wrong))
    restore_statistics(world)
    assert world.items(pk=DAYS) == before


def test_bookings_that_are_counted_while_or_after_statistics_are_restored_count_once(world: World) -> None:
    enter_day(world)
    world.settle()
    forget(world, of_the_day)
    world.post(entered(quantity=3000))
    world.pipeline.run(but_not="trades_data_aggregator")
    events = world.client("dynamodb").meta.events

    def meanwhile(**_: Any) -> None:
        events.unregister("before-call.dynamodb.TransactWriteItems", meanwhile)
        world.settle()

    events.register("before-call.dynamodb.TransactWriteItems", meanwhile)
    restore_statistics(world)
    world.post(entered(quantity=1))
    world.settle()
    for delivery in world.pipeline.deliveries_to("trades_data_aggregator"):
        world.deliver("trades_data_aggregator", delivery.event)
    assert world.breaks(DATE) == []


def test_a_day_that_never_rests_is_left_as_it_is_and_named(world: World) -> None:
    enter_day(world)
    world.settle()
    world.faults.refused(
        "dynamodb.TransactWriteItems",
        "TransactionCanceledException",
        times=3 * restore.ATTEMPTS,
        CancellationReasons=[{"Code": "ConditionalCheckFailed"}],
    )
    before = world.state()
    with pytest.raises(restore.Busy, match="AMD, COIN, IBM"):
        restore_statistics(world)
    assert world.state() == before


@pytest.mark.parametrize("pointers", [False, True], ids=["snapshots", "snapshots and pointers"])
def test_lost_snapshots_are_made_anew_from_the_journals(world: World, pointers: bool) -> None:
    for number in range(9):
        world.post(entered(quantity=10 + number, price=f"15{number}.00"))
        world.post(entered(ticker="AMD", quantity=100, price=f"11{number}.00", poolOnly=number % 2 == 0))
        world.settle()
    before = world.state()
    snapshots = world.objects("snapshots/")
    for name in snapshots:
        world.client("s3").delete_object(Bucket=world.stores.archive_bucket, Key=name)
    if pointers:
        forget(world, lambda item: item["SK"] == 0, "OrderBooks")
    taken = restore_snapshots(world)
    assert len(taken) == len(snapshots) == 6
    assert world.state() == before
    world.cool_down()
    world.post(entered(quantity=10, price="161.90"))
    world.settle()
    assert world.breaks(DATE) == []


def test_where_nothing_was_traded_nothing_is_restored(world: World) -> None:
    before = world.state()
    assert (restore_statistics(world), restore_snapshots(world)) == ([], [])
    assert world.state() == before
