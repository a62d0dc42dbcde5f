"""A mass cancel: all that is open of one customer's orders ends, in every pool, and nothing of anybody else's."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

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
from tests.support.samples import MARKET, SIMULATED
from trading.domain.market import Market
from trading.domain.matching import models
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import Closed, Conditions, Halted, KeptPool, Pool
from trading.domain.matching.simulated import SimulatedPool
from trading.domain.messages.commands import Command, MassCancel, NewOrder, lit_id
from trading.domain.orders import PoolType
from trading.domain.times import iso

POOLS = [LitPool, DarkPool]


def resting(pool: type[Pool], customer: str = "000002", quantity: int = 100) -> NewOrder:
    """An order that rests in such a pool, away from the market."""
    return command("Buy", quantity, "100.00", customer, pool_only=pool is DarkPool)


def ended(events: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [event for event in events if event != ("forwarded",)]


def standing(pool: Pool) -> list[tuple[str, int]]:
    """The customers' orders in the pool, and what is open of each."""
    if isinstance(pool, LitPool):
        orders = [*pool.book.bids.best_first(), *pool.book.asks.best_first(), *pool.book.stops.values()]
    else:
        assert isinstance(pool, DarkPool)
        orders = list(pool.resting.values())
    return [(each.id, each.leaves) for each in orders]


@pytest.mark.parametrize("pool", POOLS)
def test_it_ends_all_orders_of_its_customer_and_nobody_elses(pool: type[Pool]) -> None:
    other, suspended = resting(pool, "000003"), pool()
    run(suspended, resting(pool), other, resting(pool, quantity=40), market=QUIET)
    events = run(suspended, cancel_all(), market=QUIET)
    assert sorted(ended(events)) == [("ended", 40, "halted"), ("ended", 100, "halted")]
    assert standing(suspended) == [(other.order.order_id, 100)]


@pytest.mark.parametrize("pool", POOLS)
def test_done_again_it_finds_nothing(pool: type[Pool]) -> None:
    suspended = pool()
    run(suspended, resting(pool), cancel_all())
    assert ended(run(suspended, cancel_all())) == []


@pytest.mark.parametrize("pool", POOLS)
def test_the_latest_mass_cancel_of_a_customer_and_the_latest_close_are_remembered_once(pool: type[Pool]) -> None:
    suspended = pool()

    def remembered(asked: Command) -> list[tuple[Any, ...]]:
        events = suspended.execute(asked, Conditions(QUIET, QUOTE), never)
        return [tuple(event) for event in events if isinstance(event, Halted | Closed)]

    first, later = (iso(START + timedelta(seconds=number)) for number in (1, 2))
    for time, kept in ((first, True), (first, False), (later, True), (first, False), (later, False)):
        assert remembered(cancel_all(time=time)) == [("000002", time)] * kept
        assert remembered(expire("2026-11-22", time)) == [(time,)] * kept
    assert remembered(cancel_all("000003", time=first)) == [("000003", first)]


@pytest.mark.parametrize("pool", POOLS)
def test_what_its_customer_enters_afterwards_stands(pool: type[Pool]) -> None:
    assert run(pool(), cancel_all(), resting(pool))[0][:2] == ("rests", 100)


@pytest.mark.parametrize("pool", POOLS)
def test_changes_that_come_after_it_come_too_late(pool: type[Pool]) -> None:
    order, suspended = resting(pool), pool()
    run(suspended, order, cancel_all())
    assert run(suspended, cancel(order), arrived=always) == [("refused", "too-late")]
    assert run(suspended, replacement(order, 90, "100.00"), arrived=always) == [("refused", "too-late")]


@pytest.mark.parametrize("pool", POOLS)
def test_an_order_whose_own_cancel_overtook_it_ends_by_that(pool: type[Pool]) -> None:
    order = resting(pool)
    assert run(pool(), cancel(order), cancel_all(time=iso(START)), order) == [("ended", 100, "requested")]


@pytest.mark.parametrize("pool", POOLS)
def test_an_order_that_was_accepted_until_then_ends_when_it_comes(pool: type[Pool]) -> None:
    suspended, order = pool(), resting(pool)
    later = replace(order, order=replace(resting(pool).order, order_date=iso(START + timedelta(milliseconds=1))))
    assert run(suspended, cancel_all(time=iso(START)), cancel_all(), order) == [("ended", 100, "halted")]
    assert run(suspended, later)[0][:2] == run(suspended, resting(pool, "000003"))[0][:2] == ("rests", 100)


@pytest.mark.parametrize("pool", POOLS)
def test_of_a_customer_who_trades_on_ends_what_was_accepted_until_then_and_nothing_later(pool: type[Pool]) -> None:
    """Whether it stands already, having overtaken the request, or comes after it."""
    [first, late, second, third] = [resting(pool) for _ in range(4)]
    now, later = iso(START), iso(START + timedelta(milliseconds=1))
    second, third = (replace(each, order=replace(each.order, order_date=later)) for each in (second, third))
    canceled = pool()
    run(canceled, first, second, market=QUIET)
    request = cancel_all(trades_on=True, time=now)
    assert ended(run(canceled, request, market=QUIET)) == [("ended", 100, "mass-cancel")]
    assert run(canceled, late, market=QUIET) == [("ended", 100, "mass-cancel")]
    run(canceled, third, market=QUIET)
    assert standing(canceled) == [(each.order.order_id, 100) for each in (second, third)]


def test_stops_that_wait_end_and_of_what_is_partly_filled_the_rest() -> None:
    pool = LitPool()
    stop = command("Buy", 50, None, "000002", type="Stop", stop_price="200.00", protection_price="210.00")
    run(pool, stop, command("Sell", 100, "161.89", "000002"), command("Buy", 30, "161.89", "000003"), market=QUIET)
    assert run(pool, cancel_all(), market=QUIET) == [("ended", 70, "halted"), ("ended", 50, "halted")]
    assert standing(pool) == []


def test_a_replaced_order_ends_with_what_is_open_of_it_now() -> None:
    order, pool = resting(LitPool), LitPool()
    assert run(pool, order, replacement(order, 300, "101.00"), cancel_all()) == [("ended", 300, "halted")]


def test_the_market_makers_go_on() -> None:
    pool = LitPool()
    run(pool, command("Buy", 500, "161.89", "000002"))
    assert run(pool, cancel_all()) == [("ended", 500, "halted")]
    assert pool.quote == ((32376, 9000), (32380, 9000))


def test_what_the_dark_engine_forwarded_ends_only_what_came_from_there() -> None:
    direct, pool = resting(LitPool), LitPool()
    rest = NewOrder(direct.command_id, resting(LitPool).order, 60, not_matched_in_dark_pool=True)
    assert run(pool, direct, rest, cancel_all(forwarded=True), market=QUIET) == [("ended", 60, "halted")]
    assert standing(pool) == [(direct.order.order_id, 100)]


def test_a_replaced_order_that_came_from_the_dark_pools_still_did() -> None:
    order, pool = resting(LitPool), LitPool()
    rest = NewOrder(order.command_id, order.order, 100, not_matched_in_dark_pool=True)
    run(pool, rest, replacement(order, 80, "101.00"))
    assert run(pool, cancel_all(forwarded=True)) == [("ended", 80, "halted")]


@pytest.mark.parametrize("market", [MARKET, SIMULATED], ids=["order books", "simulated"])
def test_the_dark_engine_forwards_it_after_what_it_passed_on(market: Market) -> None:
    order, suspend = command("Buy", 100_000, "100.00", "000002"), cancel_all()
    pool = models.POOLS[market.matching_models[PoolType.DARK], PoolType.DARK]()
    reporter = Reporter(fees_of(PoolType.DARK, market))
    for each in (order, suspend):
        reporter.add(each, pool.execute(each, Conditions(market, QUOTE), never))
    [rest, forwarded] = reporter.to_lit
    assert isinstance(rest, NewOrder)
    assert rest.order == order.order
    assert forwarded == MassCancel(
        lit_id(suspend.command_id), suspend.request_id, "COIN", "000002", suspend.time, forwarded=True
    )


def test_where_chance_decides_nothing_stands_that_could_end() -> None:
    assert run(SimulatedPool(PoolType.LIT), cancel_all()) == []
    assert run(SimulatedPool(PoolType.DARK), cancel_all()) == [("forwarded",)]


@pytest.mark.parametrize("pool", POOLS)
def test_the_fold_of_its_events_and_its_snapshot_are_the_pool(pool: type[KeptPool]) -> None:
    steps: list[Command] = [
        resting(pool), resting(pool, "000003"), resting(pool, quantity=7), cancel_all(),
        resting(pool), cancel_all("000003", time=iso(START)), resting(pool, "000003"),
        cancel_all("000001", time=iso(START), trades_on=True), resting(pool, "000001"),
    ]  # fmt: skip
    original, copy = pool(), pool()
    for step in steps:
        happened = original.execute(step, Conditions(QUIET, QUOTE), never)
        copy.fold(events_from([event_values(event) for event in happened]))
        restored = pool()
        restored.restore(json.loads(json.dumps(original.snapshot())))
        for other in (copy, restored):
            assert (standing(other), other.snapshot()) == (standing(original), original.snapshot())
