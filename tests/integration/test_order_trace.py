"""`make trace`: the life of an order, as tables and archive have it. Logs there are on the deployed system alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from ops import order_trace
from ops.console import Failure
from tests.support.cloud import STACK
from tests.support.orders import entered
from tests.support.world import World


def life(world: World, order_id: str) -> list[str]:
    trail = order_trace.trail_of(STACK)
    text = "\n".join(order_trace.told(order_trace.life_of(trail, order_trace.find(trail, order_id, None))))
    return re.sub(r"[0-9a-f-]{36}", "<booking>", re.sub(r" {3,}", "   ", text)).splitlines()


def post(world: World, **fields: object) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 202
    return str(answer["orders"][0]["orderId"])


def test_an_order_is_followed_through_all_stages_with_the_times_between_them(world: World) -> None:
    order_id = post(world, ticker="AMD", quantity=12_500, price="114.25")
    for _ in range(20):
        world.clock.advance(milliseconds=15)
        world.pipeline.step()
    world.settle()
    assert life(world, order_id) == [
        "2026-11-22",
        "  14:30:00.123   order_entry   accepted, goes to the dark pools first",
        "  14:30:00.138   +15 ms  dark_pool_matching_engine  7,000 shares in 7 executions, on the tape",
        "  14:30:00.138   +0 ms  post_trade_processor   booked as <booking>, archived",
        "  14:30:00.138   +0 ms  lit_pool_matching_engine   5,500 shares in 6 executions, on the tape",
        "  14:30:00.138   +0 ms  post_trade_processor   booked as <booking>, archived",
        "2026-11-23",
        "  00:00:00.000  +9 h 29 min  settlement   due from here on: the trades booked above",
    ]


def test_what_was_due_is_shown_as_due_and_then_as_settled(world: World) -> None:
    order_id = post(world, quantity=10)
    world.settle()
    before = life(world, order_id)
    assert before == [
        "2026-11-22",
        "  14:30:00.123   order_entry   accepted, goes to the lit pools first",
        "  14:30:00.123   +0 ms  lit_pool_matching_engine   10 shares in 1 execution, on the tape",
        "  14:30:00.123   +0 ms  post_trade_processor   booked as <booking>, archived",
        "2026-11-23",
        "  00:00:00.000  +9 h 29 min  settlement   due from here on: the trades booked above",
    ]
    world.clock.advance(days=2, hours=1)
    world.value_date_comes("2026-11-24")
    assert life(world, order_id) == [
        *before[:-2],
        "2026-11-24",
        "  15:30:00.123  +2 days 1 h  settlement   settled what was due in COIN on 2026-11-23",
    ]


def test_an_order_that_no_engine_has_was_accepted_and_no_more(world: World) -> None:
    order_id = post(world, quantity=10)
    assert life(world, order_id) == [
        "2026-11-22",
        "  14:30:00.123   order_entry   accepted, goes to the lit pools first",
    ]


def test_what_became_of_an_order_without_a_trade_is_told(world: World) -> None:
    order_id = post(world, quantity=10, price="100.00")
    world.settle()
    world.clock.advance(minutes=1)
    world.change("DELETE", order_id)
    world.settle()
    assert life(world, order_id)[2:] == [
        "  14:30:00.123   +0 ms  lit_pool_matching_engine   accepted by the engine",
        "  14:30:00.123   +0 ms  post_trade_processor   booked as <booking>",
        "  14:31:00.123   +1 min  lit_pool_matching_engine   10 shares Canceled (requested), Cancel done",
        "  14:31:00.123   +0 ms  post_trade_processor   booked as <booking>",
    ]


def test_a_refused_order_says_why(world: World) -> None:
    _, answer = world.post(entered(quantity=10_000_000))
    assert life(world, answer["orderId"]) == [
        "2026-11-22",
        "  14:30:00.123   order_entry   refused: insufficient-funds",
    ]


def test_an_order_is_looked_for_at_all_customers_or_at_the_one_that_is_named(world: World) -> None:
    order_id = post(world, quantity=10)
    trail = order_trace.trail_of(STACK)
    assert order_trace.find(trail, order_id, None) == order_trace.find(trail, order_id, "000002")
    with pytest.raises(Failure, match=r"no order .* of customer 000001"):
        order_trace.find(trail, order_id, "000001")
    with pytest.raises(Failure, match=r"no order .* of any customer"):
        order_trace.find(trail, order_id.replace("-7", "-8", 1), None)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(0), "+0 ms"),
        (timedelta(microseconds=999_999), "+999 ms"),
        (timedelta(seconds=1), "+1.0 s"),
        (timedelta(seconds=59, milliseconds=990), "+59.9 s"),
        (timedelta(minutes=1), "+1 min"),
        (timedelta(minutes=3, seconds=4, milliseconds=999), "+3 min 4 s"),
        (timedelta(hours=1, seconds=1), "+1 h"),
        (timedelta(hours=9, minutes=29, seconds=59), "+9 h 29 min"),
        (timedelta(days=1), "+1 day"),
        (timedelta(days=3), "+3 days"),
        (timedelta(days=3, hours=2, minutes=1), "+3 days 2 h"),
    ],
)
def test_a_time_that_has_passed_is_told_by_its_two_largest_parts(passed: timedelta, words: str) -> None:
    assert order_trace._text(passed) == words


@pytest.mark.parametrize(
    ("seconds", "windows"),
    [([0], [(-5, 60)]), ([0, 30, 64], [(-5, 124)]), ([100, 0], [(-5, 60), (95, 160)])],
)
def test_logs_are_searched_around_what_happened(seconds: list[int], windows: list[tuple[int, int]]) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    found = order_trace._windows([start + timedelta(seconds=each) for each in seconds])
    assert [((first - start).total_seconds(), (last - start).total_seconds()) for first, last in found] == windows
