"""The archive has every trade once for whoever reads it, however often and in what parts bookings come."""

import json
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from tests.support import archived_trades, events
from tests.support.orders import enter_day, entered
from tests.support.reconciled_day import reconciled
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.aws.store import dynamodb
from trading.domain.times import iso

STAGE = "archiver"
WINDOWS = 2
"""After so many windows a booking that is not archived is missed."""


@pytest.fixture
def waiting(world: World) -> list[dict[str, Any]]:
    """The records of a day's bookings, which nobody has archived yet."""
    enter_day(world)
    world.pipeline.run(but_not=STAGE)
    records = world.pipeline.unread(STAGE)
    assert len(records) > 4
    return records


def announced(world: World) -> list[dict[str, Any]]:
    """The trades of all messages that said that they are booked."""
    told = [each.content for each in world.pipeline.published if each.attributes.get("eventType") == "tradesSettled"]
    return [trade for content in told for trade in content["trades"]]


def ordered(trades: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(trades, key=lambda trade: str(trade["tradeId"]))


def test_a_batch_is_one_object_with_the_trades_as_they_were_announced(
    world: World, waiting: list[dict[str, Any]]
) -> None:
    world.settle()
    [name] = world.objects("trades/")
    [line, *_] = [line for each in archived_trades.bookings(world.objects("trades/")) for line in each.lines]
    assert name.startswith("trades/dt=2026-11-22/")
    assert json.loads(line)["bookingId"] in {each["dynamodb"]["NewImage"]["bookingId"]["S"] for each in waiting}
    assert ordered(world.archived()) == ordered(announced(world)) != []


def test_bookings_of_several_days_are_an_object_for_each_day(world: World) -> None:
    for _ in range(3):
        assert world.post(entered(quantity=10))[0] == 202
        world.pipeline.run(but_not=STAGE)
        world.clock.advance(days=1)
    world.settle()
    folders = [name.split("/")[1] for name in world.objects("trades/")]
    assert folders == ["dt=2026-11-22", "dt=2026-11-23", "dt=2026-11-24"]
    assert len(world.archived()) == 3


def test_a_batch_that_comes_again_writes_the_same_object_again(world: World, waiting: list[dict[str, Any]]) -> None:
    world.settle()
    before = world.state()
    world.cool_down()
    world.clock.advance(days=3)
    for records in (waiting, waiting[::-1], waiting + waiting):
        world.deliver(STAGE, {"Records": records})
        assert world.state() == before


def test_a_batch_that_comes_again_in_other_parts_loses_nothing_and_shows_nothing_twice(
    world: World, waiting: list[dict[str, Any]]
) -> None:
    """As Lambda bisects a batch of which it does not know that it was done, down to single records."""
    world.settle()
    trades, known = world.archived(), world.objects("trades/")

    def bisect(records: list[dict[str, Any]]) -> None:
        world.deliver(STAGE, {"Records": records})
        assert world.archived() == trades
        assert known.items() <= world.objects("trades/").items(), "an object never changes"
        known.update(world.objects("trades/"))
        if len(records) > 1:
            bisect(records[: len(records) // 2])
            bisect(records[len(records) // 2 :])

    bisect(waiting)
    assert len(known) > len(waiting)
    world.clock.advance(days=1)
    assert reconciled(world).breaks == ()


def test_an_archive_that_cannot_be_written_holds_up_no_order(world: World) -> None:
    order_id = world.post(entered(quantity=10))[1]["orders"][0]["orderId"]
    world.faults.unreachable("s3.PutObject", times=ATTEMPTS)
    with pytest.raises(BotoCoreError):
        world.settle()
    world.pipeline.run(but_not=STAGE)
    assert world.order(order_id)["state"] == "Filled"
    assert len(announced(world)) == 1
    assert world.archived() == []
    world.settle()
    assert world.archived() == announced(world)


def test_a_booking_is_missed_in_the_archive_only_after_it_had_time_to_get_there(
    world: World, waiting: list[dict[str, Any]]
) -> None:
    assert reconciled(world).breaks == ()
    world.clock.advance(seconds=WINDOWS * world.stores.archive_window - 1)
    assert reconciled(world).breaks == ()
    world.clock.advance(seconds=1)
    assert {each.kind.value for each in reconciled(world).breaks} == {"archive"}
    assert len(reconciled(world).breaks) == len(waiting)
    world.settle()
    assert reconciled(world).breaks == ()


def test_a_booking_that_a_restored_table_lost_is_archived_as_it_is_made_again(
    world: World, waiting: list[dict[str, Any]]
) -> None:
    world.settle()
    image = dynamodb.from_record(waiting[0]["dynamodb"]["NewImage"])
    world.clock.advance(hours=1)
    later = iso(world.clock.now)
    again = dynamodb.to_item({**image, "settlementDate": later})
    world.deliver(STAGE, {"Records": [events.inserted(again)]})
    found = {each.booking_id: each for each in archived_trades.bookings(world.objects("trades/"))}
    assert {json.loads(line)["settlementDate"] for line in found[image["bookingId"]].lines} == {later}
    assert len(found) == len(waiting)
