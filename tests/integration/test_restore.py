"""What is lost is made anew from what remains, to the identical state."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ops import restore
from tests.integration.conftest import NewWorld
from tests.support.orders import enter_day, entered
from tests.support.reconciled_day import DATE
from tests.support.ticker_days import change_day, without_pending
from tests.support.world import World
from trading.aws.store import dynamodb

TICKER = "TICKER#"


@pytest.fixture
def world(new_world: NewWorld) -> Iterator[World]:
    """A snapshot is due at every second entry."""
    with new_world(SnapshotEvery="2") as made:
        yield made


def forget(world: World, lost: Callable[[dict[str, Any]], bool], table: str = "TradesStore") -> None:
    for item in filter(lost, world.items(table)):
        key = dynamodb.to_item({name: item[name] for name in ("PK", "SK")})
        world.client("dynamodb").delete_item(TableName=world.table(table), Key=key)


def all_of_it(item: dict[str, Any]) -> bool:
    return days(item) or tape(item) or bool(item["PK"].startswith(TICKER) and item["SK"].startswith("BAR#"))


def days(item: dict[str, Any]) -> bool:
    return bool(item["PK"].startswith(TICKER) and item["SK"] == DATE)


def tape(item: dict[str, Any]) -> bool:
    return bool(item["PK"].startswith(TICKER) and item["SK"].startswith("TAPE#"))


def state(world: World) -> dict[str, Any]:
    """Without what is pending: all that is restored is on the tape."""
    return without_pending(world.state())


def restore_statistics(world: World) -> list[str]:
    return restore.statistics(world.table("TradesStore"), world.table("OrderBooks"), DATE)


def restore_snapshots(world: World) -> list[str]:
    stores = world.stores
    return restore.snapshots(stores.trades_store, stores.order_books, stores.archive_bucket)


@pytest.mark.parametrize("lost", [all_of_it, days, tape], ids=["all", "days", "tape"])
def test_lost_tapes_and_statistics_are_made_anew_from_the_journals(
    world: World, lost: Callable[[dict[str, Any]], bool]
) -> None:
    enter_day(world)
    world.clock.advance(minutes=2)
    world.post(entered(quantity=10))
    world.settle()
    before = state(world)
    forget(world, lost)
    assert state(world) != before
    assert restore_statistics(world) == ["AMD", "COIN", "IBM"]
    assert state(world) == before
    assert restore_statistics(world) == ["AMD", "COIN", "IBM"]
    assert state(world) == before
    assert world.breaks(DATE) == []


def test_statistics_that_say_something_else_are_what_the_journals_say_again(world: World) -> None:
    enter_day(world)
    world.settle()
    before = state(world)
    for item in filter(days, world.items(pk=TICKER)):
        change_day(world, item, trades=77, high="200.00")
    assert state(world) != before
    restore_statistics(world)
    assert state(world) == before


def test_entries_that_are_counted_while_or_after_statistics_are_restored_count_once(world: World) -> None:
    enter_day(world)
    world.settle()
    forget(world, all_of_it)
    world.post(entered(quantity=3000))
    world.pipeline.run(but_not="trades_data_aggregator")
    events = world.client("dynamodb").meta.events

    def meanwhile(**_: Any) -> None:
        events.unregister("before-call.dynamodb.PutItem", meanwhile)
        world.settle()

    events.register("before-call.dynamodb.PutItem", meanwhile)
    restore_statistics(world)
    world.post(entered(quantity=1))
    world.settle()
    for delivery in world.pipeline.deliveries_to("trades_data_aggregator"):
        world.deliver("trades_data_aggregator", delivery.event)
    assert world.breaks(DATE) == []


def test_a_day_that_never_rests_is_left_as_it_is_and_named(world: World) -> None:
    enter_day(world)
    world.settle()
    world.faults.refused("dynamodb.PutItem", "ConditionalCheckFailedException", times=3 * restore.ATTEMPTS)
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
