"""Cancels, replacements and the end of a session, in lit and dark pools."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.clock import START
from tests.support.matching import (
    QUIET,
    QUOTE,
    always,
    cancel,
    cancel_all,
    command,
    expire,
    never,
    replacement,
    run,
)
from tests.support.samples import SIMULATED
from trading.domain import money
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.lit import LitPool
from trading.domain.matching.models import BOOKS
from trading.domain.matching.pool import Conditions, Followed, KeptPool, Pool
from trading.domain.matching.simulated import SimulatedPool
from trading.domain.messages.commands import Command, NewOrder
from trading.domain.orders import PoolType, TimeInForce
from trading.domain.times import iso

POOLS = [LitPool, DarkPool]


def hidden(direction: str, quantity: int, price: str, customer: str = "000002", **terms: object) -> NewOrder:
    return command(direction, quantity, price, customer, pool_only=True, **terms)


def resting(pool: type[Pool]) -> NewOrder:
    """An order that rests in such a pool, away from the market."""
    return hidden("Buy", 100, "100.00") if pool is DarkPool else command("Buy", 100, "100.00")


@pytest.mark.parametrize("pool", POOLS)
def test_a_cancel_ends_what_is_open(pool: type[Pool]) -> None:
    order = resting(pool)
    assert run(pool(), order, cancel(order)) == [("ended", 100, "requested")]


@pytest.mark.parametrize("pool", POOLS)
def test_nobody_changes_an_order_of_another_customer(pool: type[Pool]) -> None:
    order = resting(pool)
    assert run(pool(), order, cancel(order, customer="000003")) == [("refused", "not-owner")]
    assert run(pool(), order, replacement(order, 90, "100.00", customer_id="000003")) == [("refused", "not-owner")]


@pytest.mark.parametrize("pool", POOLS)
def test_a_cancel_that_overtakes_its_order_ends_it_when_it_comes_and_nothing_else(pool: type[Pool]) -> None:
    order, waiting = resting(pool), pool()
    assert run(waiting, cancel(order)) == [("awaited",)]
    assert run(waiting, order) == [("ended", 100, "requested")]
    assert run(waiting, resting(pool))[0][:2] == ("rests", 100)


@pytest.mark.parametrize("pool", POOLS)
def test_a_replacement_that_overtakes_its_order_is_refused(pool: type[Pool]) -> None:
    assert run(pool(), replacement(resting(pool), 90, "100.00")) == [("refused", "unknown-order")]


@pytest.mark.parametrize("pool", POOLS)
def test_a_change_of_an_order_that_has_ended_comes_too_late(pool: type[Pool]) -> None:
    order = resting(pool)
    ended = pool()
    run(ended, order, cancel(order))
    assert run(ended, cancel(order), arrived=always) == [("refused", "too-late")]
    assert run(ended, replacement(order, 90, "100.00"), arrived=always) == [("refused", "too-late")]


def test_what_the_dark_engine_forwards_comes_too_late_if_nothing_of_the_order_stands_in_the_lit_pools() -> None:
    assert run(LitPool(), cancel(resting(LitPool), forwarded=True)) == [("refused", "too-late")]


def test_changes_of_an_order_that_went_through_the_dark_pools_are_forwarded() -> None:
    order = command("Buy", 100, "100.00")
    for change in (cancel(order), replacement(order, 90, "100.00")):
        assert run(DarkPool(), order, change, arrived=always) == [("forwarded",)]


def test_with_a_smaller_quantity_an_order_keeps_its_place_with_a_larger_one_it_goes_to_the_end() -> None:
    first, second = (command("Sell", 100, "161.90", customer) for customer in ("000002", "000003"))
    pool = LitPool()
    changed = run(pool, first, second, replacement(first, 60, "161.90"), market=QUIET)
    assert changed == [("replaced", 60, "161.900", 60, "in its place")]
    assert run(pool, command("Buy", 60, "161.90"), cancel(first), market=QUIET, arrived=always) == [
        ("refused", "too-late")
    ]
    changed = run(pool, replacement(second, 150, "161.90"), market=QUIET)
    assert changed == [("replaced", 150, "161.900", 150, ""), ("rests", 150, "IEX")]


def test_a_new_limit_may_trade_at_once() -> None:
    pool = LitPool()
    order = command("Buy", 100, "150.00")
    events = run(pool, order, replacement(order, 100, "161.90"))
    assert [event[:3] for event in events] == [("replaced", 100, "161.900"), ("traded", 100, "161.900")]
    assert pool.quote[1] == (32380, 9000)


def test_what_other_pools_filled_is_part_of_the_total() -> None:
    order = replace(command("Buy", 100, "150.00"), quantity=70)
    changed = run(LitPool(), order, replacement(order, 50, "150.00"))
    assert changed == [("replaced", 20, "150.000", 20, "in its place")]
    assert run(LitPool(), order, replacement(order, 30, "150.00")) == [("refused", "below-filled")]


def test_a_replacement_that_leaves_nothing_open_or_is_not_paid_for_changes_nothing() -> None:
    order = command("Buy", 100, "150.00")
    pool = LitPool()
    assert run(pool, order, replacement(order, 100, "151.00", reserved="99.99")) == [("refused", "not-reserved")]
    assert run(pool, replacement(order, 100, "151.00", reserved="100.00"))[0][0] == "replaced"
    sale = command("Sell", 100, "180.00")
    larger = replace(sale, order=replace(sale.order, quantity=150))
    assert run(pool, sale, replacement(larger, 200, "180.00")) == [("refused", "not-reserved")]


def test_a_hidden_order_crosses_again_where_its_new_limit_lets_it() -> None:
    order = hidden("Buy", 100, "161.00")
    pool = DarkPool()
    run(pool, hidden("Sell", 100, "161.89", "000003"), order, market=QUIET, quote=None)
    pool.fold([Followed((money.half_ticks(QUOTE.bid) + money.half_ticks(QUOTE.ask)) // 2)])  # and nobody was there
    events = run(pool, replacement(order, 120, "161.89"), market=QUIET)
    assert [event[:3] for event in events[:2]] == [("replaced", 120, "161.890"), ("traded", 100, "161.890")]
    assert run(pool, hidden("Buy", 10, "161.00"))[0][0] == "rests"


def test_a_hidden_order_with_a_smaller_quantity_keeps_its_place() -> None:
    first, second = hidden("Sell", 100, "161.00"), hidden("Sell", 100, "161.00", "000003")
    pool = DarkPool()
    run(pool, first, second, market=QUIET, quote=None)
    assert run(pool, replacement(first, 60, "161.00"), quote=None)[0][-1] == "in its place"
    assert [(each.id, each.leaves) for each in pool.resting.values()] == [
        (first.order.order_id, 60),
        (second.order.order_id, 100),
    ]


@pytest.mark.parametrize("pool", POOLS)
def test_a_session_ends_the_orders_that_were_not_to_outlast_it(pool: type[Pool]) -> None:
    day, gtc = resting(pool), resting(pool)
    gtc = replace(gtc, order=replace(gtc.order, time_in_force=TimeInForce.GTC))
    closing = pool()
    assert run(closing, day, gtc, expire("2026-11-21")) == []
    assert run(closing, expire("2026-11-22")) == [("ended", 100, "expired")]
    assert run(closing, expire("2026-11-22")) == []


@pytest.mark.parametrize("pool", POOLS)
def test_closing_a_session_again_ends_what_came_since(pool: type[Pool]) -> None:
    closing, first, second = pool(), resting(pool), resting(pool)
    run(closing, first)
    assert run(closing, expire("2026-11-22", iso(START + timedelta(hours=1)))) == [("ended", 100, "expired")]
    second = replace(second, order=replace(second.order, order_date=iso(START + timedelta(hours=2))))
    run(closing, second)
    assert run(closing, expire("2026-11-22", iso(START + timedelta(hours=1)))) == []
    assert run(closing, expire("2026-11-22", iso(START + timedelta(hours=3)))) == [("ended", 100, "expired")]


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("time_in_force", TimeInForce)
def test_an_order_that_comes_after_the_close_of_its_session_ends_unless_it_is_gtc(
    pool: type[Pool], time_in_force: TimeInForce
) -> None:
    closed, late = pool(), resting(pool)
    late = replace(late, order=replace(late.order, time_in_force=time_in_force))
    run(closed, expire("2026-11-22"))
    came = run(closed, late)
    if time_in_force is TimeInForce.GTC:
        assert [what for what, *_ in came] == ["rests"]
    else:
        assert came == [("ended", 100, "expired")]


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_that_was_restored_knows_when_a_session_was_closed(pool: type[KeptPool]) -> None:
    closed, restored = pool(), pool()
    run(closed, expire("2026-11-22"))
    restored.restore(json.loads(json.dumps(closed.snapshot())))
    assert run(restored, resting(pool)) == [("ended", 100, "expired")]


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_that_was_restored_from_before_closes_were_remembered_knows_of_none(pool: type[KeptPool]) -> None:
    restored, before = pool(), pool().snapshot()
    del before["closed"]
    restored.restore(json.loads(json.dumps(before)))
    assert run(restored, resting(pool))[0][:2] == ("rests", 100)
    assert run(restored, expire("2026-11-22")) == [("ended", 100, "expired")]


def test_a_stop_does_not_wait_longer_than_its_session() -> None:
    stop = command("Buy", 50, None, type="Stop", stop_price="200.00", protection_price="210.00")
    assert run(LitPool(), stop, replacement(stop, 40, "210.00")) == [("refused", "not-replaceable")]
    assert run(LitPool(), stop, expire("2026-11-22")) == [("ended", 50, "expired")]


@pytest.mark.parametrize("pool_type", PoolType)
def test_where_chance_decides_nothing_stands_that_could_be_changed(pool_type: PoolType) -> None:
    order, pool = command("Buy", 10, "161.90"), SimulatedPool(pool_type)
    late = ("forwarded",) if pool_type is PoolType.DARK else ("refused", "too-late")
    assert run(pool, cancel(order), arrived=always) == [late]
    assert run(pool, replacement(order, 5, "161.90")) == [("refused", "unknown-order")]
    assert run(pool, expire("2026-11-22")) == []


@pytest.mark.parametrize("pool_type", PoolType)
def test_where_chance_decides_an_order_ends_that_comes_after_its_cancel(pool_type: PoolType) -> None:
    order, pool = command("Buy", 10, "161.90"), SimulatedPool(pool_type)
    assert run(pool, cancel(order)) == [("awaited",)]
    assert run(pool, order) == [("ended", 10, "requested")]
    assert ("ended", 10, "requested") not in run(pool, order)


@pytest.mark.parametrize("pool_type", PoolType)
def test_what_a_pool_where_chance_decides_remembers_is_in_its_journal_for_either_model(pool_type: PoolType) -> None:
    closed, never_came = SimulatedPool(pool_type), command("Buy", 10, "161.90", "000003")
    steps: list[Command] = [
        command("Buy", 3000, "161.90"), cancel(never_came), cancel_all("000002", time=iso(START)), expire("2026-11-22"),
    ]  # fmt: skip
    happened = [event for step in steps for event in closed.execute(step, Conditions(SIMULATED, QUOTE), never)]
    written = json.loads(json.dumps([event_values(event) for event in closed.journaled(happened)]))
    read: list[Pool] = [SimulatedPool(pool_type), BOOKS[pool_type]()]
    for pool in read:
        pool.fold(events_from(written))
        assert run(pool, never_came) == [("ended", 10, "requested")]
        assert run(pool, command("Buy", 10, "161.90", "000002", time_in_force="GTC")) == [("ended", 10, "halted")]
        assert run(pool, command("Buy", 10, "161.90", "000004")) == [("ended", 10, "expired")]


@pytest.mark.parametrize("pool_type", PoolType)
def test_where_chance_decides_a_snapshot_of_the_book_tells_when_a_session_was_closed(pool_type: PoolType) -> None:
    book, pool = BOOKS[pool_type](), SimulatedPool(pool_type)
    run(book, expire("2026-11-22"))
    pool.restore(json.loads(json.dumps(book.snapshot())))
    assert run(pool, command("Buy", 10, "161.90")) == [("ended", 10, "expired")]


@pytest.mark.parametrize("pool", POOLS)
def test_the_fold_of_its_events_is_the_pool_whatever_was_changed(pool: type[Pool]) -> None:
    one, two, never_came = resting(pool), resting(pool), resting(pool)
    steps: list[Command] = [
        one, two, cancel(never_came), replacement(one, 80, "100.00"), replacement(two, 300, "101.00"), resting(pool),
        cancel(one), expire("2026-11-21"), hidden("Sell", 20, "100.50", "000003"), expire("2026-11-22"), never_came,
    ]  # fmt: skip
    original, copy = pool(), pool()
    for step in steps:
        happened = original.execute(step, Conditions(QUIET, QUOTE), never)
        copy.fold(events_from([event_values(event) for event in happened]))
        assert standing(copy) == standing(original)


def standing(pool: Pool) -> list[object]:
    if isinstance(pool, LitPool):
        orders = [*pool.book.bids.best_first(), *pool.book.asks.best_first(), *pool.book.stops.values()]
        return [pool.early_ends.snapshot(), *((each.packed(str)) for each in orders)]
    assert isinstance(pool, DarkPool)
    return [pool.early_ends.snapshot(), *(each.packed(str) for each in pool.resting.values())]
