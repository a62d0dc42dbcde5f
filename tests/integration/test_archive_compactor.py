"""A day's objects become few, and whoever reads them meanwhile, or where it stops, sees every trade once."""

import gzip
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from tests.support import archived_trades, events
from tests.support.log_lines import listening
from tests.support.orders import enter_day
from tests.support.reconciled_day import archived, reconciled
from tests.support.stages import imported
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.aws.store.archive import Archive, Listed
from trading.aws.store.archived_bookings import ArchivedBooking, object_of

STAGE, ARCHIVER = "archive_compactor", "archiver"
DATE = "2026-11-22"
NIGHT = events.scheduled(STAGE, "2026-11-23T00:40:00Z")
compaction = imported(STAGE, {}, "compaction")


@pytest.fixture
def small(world: World) -> World:
    """Each booking of a day is an object of its own, and some are in a larger one, too."""
    enter_day(world)
    world.pipeline.run(but_not=ARCHIVER)
    records = world.pipeline.unread(ARCHIVER)
    for batch in ([each] for each in records):
        world.deliver(ARCHIVER, {"Records": batch})
    world.deliver(ARCHIVER, {"Records": records[:3]})
    world.clock.advance(hours=10)
    assert len(names(world)) == len(records) + 1 > 6
    return world


def names(world: World) -> list[str]:
    return list(world.objects("trades/"))


@contextmanager
def at_the_first(world: World, operation: str, do: Callable[[], Any]) -> Iterator[None]:
    """Before the first call of this operation something else is done."""
    hooks, event = world.client("s3").meta.events, f"provide-client-params.s3.{operation}"
    left = [do]

    def called(**_: Any) -> None:
        if left:
            left.pop()()

    hooks.register(event, called)
    try:
        yield
    finally:
        hooks.unregister(event, called)
    assert not left


def test_a_days_objects_become_one_with_every_booking_once_in_the_order_in_which_they_happened(small: World) -> None:
    trades, objects = small.archived(), names(small)
    answer = small.stage(STAGE)(NIGHT)
    assert answer == {"days": 14, "merged": len(objects), "written": 1, "finished": True}
    [body] = small.objects("trades/").values()
    lines = [json.loads(line) for line in gzip.decompress(body).decode().splitlines()]
    assert [{name: each[name] for name in each if name != "bookingId"} for each in lines] == trades == small.archived()
    assert len({each["tradeId"] for each in lines}) == len(lines)
    assert reconciled(small).breaks == ()


def test_a_day_that_is_merged_is_left_alone_and_what_comes_late_is_merged_too(small: World) -> None:
    late = small.pipeline.deliveries_to(ARCHIVER)[1].event
    small.stage(STAGE)(NIGHT)
    before = small.state()
    assert small.stage(STAGE)(NIGHT) == {"days": 14, "merged": 0, "written": 0, "finished": True}
    assert small.state() == before
    small.deliver(ARCHIVER, late)
    assert len(names(small)) == 2
    small.stage(STAGE)(events.scheduled(STAGE, "2026-12-06T00:40:00Z"))
    assert small.state() == before


def test_a_booking_of_a_day_that_is_too_long_ago_is_merged_if_the_day_is_named(small: World) -> None:
    before = names(small)
    small.stage(STAGE)(events.scheduled(STAGE, "2026-12-07T00:40:00Z"))
    assert names(small) == before
    small.stage(STAGE)({"date": DATE})
    assert len(names(small)) == 1


@pytest.mark.parametrize(
    ("operation", "done"),
    [
        *(("ListObjectsV2", number) for number in range(2)),
        *(("GetObject", number) for number in (0, 3)),
        ("PutObject", 0),
        *(("DeleteObject", number) for number in (0, 1, 4)),
    ],
)
def test_wherever_it_stops_nothing_is_lost_or_seen_twice_and_the_next_run_goes_on(
    small: World, operation: str, done: int
) -> None:
    trades = small.archived()
    small.faults.unreachable(f"s3.{operation}", times=ATTEMPTS, skipped=done)
    with pytest.raises(BotoCoreError):
        small.stage(STAGE)({"date": DATE})
    assert small.archived() == trades
    small.stage(STAGE)({"date": DATE})
    assert small.archived() == trades
    assert len(names(small)) == 1


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DeleteObject"])
def test_two_runs_at_once_lose_nothing(small: World, operation: str) -> None:
    trades, rival = small.archived(), small.new_stage(STAGE)
    with at_the_first(small, operation, lambda: rival({"date": DATE})):
        small.stage(STAGE)({"date": DATE})
    assert small.archived() == trades
    assert len(names(small)) == 1


@pytest.mark.parametrize("operation", ["GetObject", "PutObject", "DeleteObject"])
def test_what_is_archived_while_it_works_stays(small: World, operation: str) -> None:
    batches = [each.event for each in small.pipeline.deliveries_to(ARCHIVER)]
    together = {"Records": [record for each in batches[:5] for record in each["Records"]]}
    trades = small.archived()
    with at_the_first(small, operation, lambda: small.deliver(ARCHIVER, together)):
        small.stage(STAGE)({"date": DATE})
    assert small.archived() == trades
    small.stage(STAGE)({"date": DATE})
    assert small.archived() == trades
    assert len(names(small)) == 1


def test_a_day_is_read_anew_if_its_objects_are_merged_while_it_is_read(small: World) -> None:
    [*_, booking] = archived_trades.bookings(small.objects("trades/"))
    archive = Archive(small.stores.archive_bucket)
    with at_the_first(small, "GetObject", lambda: small.stage(STAGE)({"date": DATE})):
        assert archive.find(DATE, booking.booking_id) == booking
    small.clock.advance(hours=14)
    small.deliver(ARCHIVER, small.pipeline.deliveries_to(ARCHIVER)[0].event)
    with at_the_first(small, "GetObject", lambda: small.stage(STAGE)({"date": DATE})):
        assert reconciled(small).breaks == ()


def test_a_booking_that_was_made_again_is_merged_as_it_was_made_last(small: World) -> None:
    booking = archived_trades.bookings(small.objects("trades/"))[0]
    later = "2026-11-22T23:00:00.000Z"
    lines = (json.dumps({**json.loads(line), "settlementDate": later}) for line in booking.lines)
    again = ArchivedBooking(booking.booking_id, later, tuple(lines))
    Archive(small.stores.archive_bucket).write(DATE, object_of([again]))
    small.stage(STAGE)(NIGHT)
    assert len(names(small)) == 1
    assert archived_trades.bookings(small.objects("trades/"))[0] == again


def test_objects_of_one_booking_as_they_were_written_before_are_merged_with_the_others(small: World) -> None:
    bookings = archived_trades.bookings(small.objects("trades/"))
    archive = Archive(small.stores.archive_bucket)
    for each in bookings[:2]:
        trades = (json.loads(line) for line in each.lines)
        text = "".join(json.dumps({name: one[name] for name in one if name != "bookingId"}) + "\n" for one in trades)
        key = f"trades/dt={DATE}/{each.booking_id}.jsonl"
        small.client("s3").put_object(Bucket=small.stores.archive_bucket, Key=key, Body=text.encode())
    for listed in archive.listed(DATE):
        if listed.name.startswith((f"{bookings[0].booking_id}_", f"{bookings[1].booking_id}_")):
            archive.remove(DATE, listed.name)
    small.deliver(ARCHIVER, small.pipeline.deliveries_to(ARCHIVER)[2].event)
    small.stage(STAGE)(NIGHT)
    assert len(names(small)) == 1
    assert archived_trades.bookings(small.objects("trades/")) == bookings


@pytest.mark.parametrize(
    ("name", "body"), [("0_1_2.jsonl.gz", "{}"), ("0.jsonl", "no trade\n"), ("0.jsonl", '{"price": "1.00"}\n')]
)
def test_what_cannot_be_read_is_left_as_it_is_and_named_in_the_log_and_all_others_are_merged(
    small: World, name: str, body: str
) -> None:
    key = f"trades/dt={DATE}/{name}"
    with archived(small, key, body), listening(small, STAGE) as logged:
        small.stage(STAGE)(NIGHT)
        assert small.objects(key) == {key: body.encode()}
        assert len(names(small)) == 2
    [line] = [each for each in map(json.loads, logged.getvalue().splitlines()) if each["level"] == "WARNING"]
    assert (line["message"], line["object"]) == ("object cannot be read", name)


def test_many_objects_are_merged_in_sweeps_so_that_none_is_read_again_for_each_of_the_others(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    trades, objects, read = small.archived(), names(small), []
    monkeypatch.setattr(compaction, "MAX_OBJECTS", 2)

    def count(params: dict[str, Any], **_: Any) -> None:
        read.append(params["Key"])

    small.client("s3").meta.events.register("provide-client-params.s3.GetObject", count)
    done = compaction.compact(Archive(small.stores.archive_bucket), DATE, deadline=math.inf)
    assert (done.finished, len(names(small))) == (True, 1)
    assert small.archived() == trades
    assert len(read) < 2 * len(objects), "by two and two: a sweep reads half of what the one before it read"
    assert set(objects) <= set(read)


def test_a_run_without_time_merges_nothing_and_says_so(small: World) -> None:
    before = small.state()
    done = compaction.compact(Archive(small.stores.archive_bucket), DATE, deadline=0.0)
    assert (done.merged, done.finished) == (0, False)
    assert small.state() == before


def listed(*sizes: int) -> list[Listed]:
    return [Listed(str(number), size) for number, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([], []),
        ([1], []),
        ([1, 1], [["0", "1"]]),
        ([40_000_000, 24_000_000, 1], [["0", "1"]]),
        ([40_000_000, 24_000_001, 1], [["1", "2"]]),
        ([64_000_001, 1, 1], [["1", "2"]]),
        ([64_000_001, 64_000_001], []),
        ([1] * 501, [[str(number) for number in range(500)]]),
        ([1] * 502, [[str(number) for number in range(500)], ["500", "501"]]),
    ],
)
def test_neighbours_are_merged_that_fit_into_an_object_and_into_memory(
    sizes: list[int], groups: list[list[str]]
) -> None:
    assert list(compaction.groups(listed(*sizes))) == groups
