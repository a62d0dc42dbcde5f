"""Promise 4: one instrument, one sequence: however late a command comes, it is executed once or dead-lettered."""

import json
from typing import Any

import pytest

from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.orders import entered
from tests.support.world import World

LIT = "lit_pool_matching_engine"


def entries(world: World, pk: str) -> list[dict[str, Any]]:
    return [item for item in world.items("OrderBooks") if item["PK"] == pk]


def routed(world: World, order: dict[str, Any]) -> dict[str, Any]:
    """The event that brings this new order to the lit engine."""
    assert world.post(order)[0] == 202
    world.pipeline.run(but_not=LIT)
    return events.sqs(world.pipeline.take(LIT))


def test_two_engines_with_memories_of_their_own_number_their_entries_without_a_gap(world: World) -> None:
    rivals = [world.new_stage(LIT), world.new_stage(LIT)]
    batches = [routed(world, entered(quantity=number)) for number in (10, 20, 30, 40)]
    for number, batch in enumerate(batches):
        rivals[number % 2](batch)
    for batch in batches:
        for rival in rivals:
            rival(batch)
    world.settle()
    journal = entries(world, "lit#COIN")
    assert [entry["SK"] for entry in journal] == [1, 2, 3, 4]
    assert sorted(len(entry["commandIds"]) for entry in journal) == [1, 1, 1, 1]
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20, 30, 40]
    assert open_ends(world) == []


def test_an_engine_that_another_one_overtakes_decides_only_what_is_not_yet_decided(world: World) -> None:
    overtaken, faster = world.new_stage(LIT), world.new_stage(LIT)
    overtaken(routed(world, entered(quantity=1)))
    one, two = (routed(world, entered(quantity=number)) for number in (10, 20))
    faster(one)
    overtaken(events.sqs([*one["Records"], *two["Records"]]))
    world.settle()
    assert [len(entry["commandIds"]) for entry in entries(world, "lit#COIN")] == [1, 1, 1]
    assert sorted(trade["quantity"] for trade in world.archived()) == [1, 10, 20]
    assert open_ends(world) == []


def test_an_order_of_a_session_before_the_last_is_dead_lettered_with_its_reason_and_not_executed(world: World) -> None:
    old = routed(world, entered(quantity=10))
    for _ in range(2):
        world.clock.advance(days=1)
        world.deliver(LIT, routed(world, entered(quantity=20)))
    before = len(entries(world, "lit#COIN"))
    answer = world.deliver(LIT, old).answer
    [(reason, body)] = world.dead_lettered(LIT)
    assert answer == {"batchItemFailures": []}
    assert reason == "older than the last session"
    assert json.loads(body)["commands"] == json.loads(old["Records"][0]["body"])["commands"]
    assert len(entries(world, "lit#COIN")) == before


def test_an_order_of_the_last_session_is_still_executed(world: World) -> None:
    old = routed(world, entered(quantity=10))
    world.clock.advance(days=1)
    world.deliver(LIT, routed(world, entered(quantity=20)))
    world.deliver(LIT, old)
    world.settle()
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20]
    assert world.dead_lettered(LIT) == []


@pytest.mark.parametrize("cold", [False, True])
def test_an_order_that_crossed_midnight_and_was_executed_is_not_dead_lettered_when_it_comes_again(
    world: World, cold: bool
) -> None:
    crossing = routed(world, entered(quantity=10))
    world.clock.advance(days=1)
    first = world.deliver(LIT, crossing)
    world.clock.advance(days=1)
    world.deliver(LIT, routed(world, entered(quantity=20)))
    if cold:
        world.cool_down()
    again = world.deliver(LIT, crossing)
    assert (again.published, again.answer) == (first.published, first.answer)
    assert world.dead_lettered(LIT) == []


@pytest.mark.parametrize("kept", [0, 1])
def test_after_a_journal_was_lost_or_restored_to_an_earlier_state_new_orders_trade(world: World, kept: int) -> None:
    for quantity in (10, 20):
        world.post(entered(quantity=quantity))
        world.settle()
    world.forget_journal("lit#COIN", after=kept)
    world.cool_down()
    for quantity in (30, 40):
        world.post(entered(quantity=quantity))
        world.settle()
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20, 30, 40]
    assert world.dead_lettered("post_trade_processor") == []
    assert open_ends(world) == []


def test_an_engine_whose_clock_was_behind_does_not_execute_an_order_a_second_time(world: World) -> None:
    early = routed(world, entered(quantity=10))
    world.clock.advance(days=-1)
    first = world.deliver(LIT, early)
    for days in (1, 1):
        world.clock.advance(days=days)
        world.deliver(LIT, routed(world, entered(quantity=20)))
    world.cool_down()
    before = len(entries(world, "lit#COIN"))
    again = world.deliver(LIT, early)
    assert (again.published, again.answer) == (first.published, first.answer)
    assert len(entries(world, "lit#COIN")) == before


def test_the_same_command_twice_in_one_batch_is_executed_once(world: World) -> None:
    batch = routed(world, entered(quantity=10))
    world.deliver(LIT, events.sqs(batch["Records"] * 2))
    world.settle()
    assert [trade["quantity"] for trade in world.archived()] == [10]


def test_the_journal_says_what_each_decision_rested_on(world: World) -> None:
    world.deliver(LIT, routed(world, entered(quantity=10, type="Market", price=None)))
    [entry] = entries(world, "lit#COIN")
    told = {name: entry[name] for name in ("SK", "sessionDate", "time", "configuration", "quote")}
    assert told == {
        "SK": 1,
        "sessionDate": "2026-11-22",
        "time": "2026-11-22T14:30:00.123Z",
        "configuration": 1,
        "quote": "161.88/161.90",
    }


@pytest.mark.parametrize(
    ("direction", "bid", "ask", "prices"),
    [
        ("Buy", "150.00", "150.02", ["150.02"]),
        ("Buy", "500.00", "500.02", []),
        ("Sell", "150.00", "150.02", []),
        ("Sell", "500.00", "500.02", ["500.00"]),
    ],
)
def test_a_market_order_trades_at_the_quote_of_the_moment_and_ends_where_that_is_beyond_its_protection(
    world: World, direction: str, bid: str, ask: str, prices: list[str]
) -> None:
    world.put_customer("000002", "10000.00", COIN=10)
    batch = routed(world, entered(quantity=10, type="Market", price=None, direction=direction))
    world.put_quote("COIN", bid, ask)
    world.deliver(LIT, batch)
    world.settle()
    assert [trade["price"] for trade in world.archived()] == prices
    assert open_ends(world) == []


@pytest.mark.parametrize(("direction", "price"), [("Buy", "169.99"), ("Sell", "153.79")])
def test_a_market_order_whose_ticker_has_lost_its_quote_trades_at_its_protection_price_and_holds_up_nobody(
    world: World, direction: str, price: str
) -> None:
    world.simulate()
    world.put_customer("000002", "10000000.00", COIN=10)
    at_market = entered(quantity=10, type="Market", price=None, direction=direction)
    world.post([at_market, entered(quantity=20, customerId="000001")])
    world.remove_quote("COIN")
    world.settle()
    assert sorted((trade["quantity"], trade["price"]) for trade in world.archived()) == [(10, price), (20, "161.90")]
    assert open_ends(world) == []


def test_what_does_not_trade_in_the_dark_goes_to_the_lit_pools_and_every_slice_trades_once(world: World) -> None:
    world.post(entered(ticker="AMD", quantity=19_500, price="114.25"))
    world.settle()
    trades = world.archived()
    by_pool = {pool: [trade for trade in trades if trade["exchangeType"] == pool] for pool in ("DarkPool", "LitPool")}
    assert sorted(trade["quantity"] for trade in trades) == [500] + [1000] * 19
    assert by_pool["DarkPool"]
    assert by_pool["LitPool"]
    assert {trade.get("notMatchedInDarkPool") for trade in by_pool["DarkPool"]} == {None}
    assert {trade.get("notMatchedInDarkPool") for trade in by_pool["LitPool"]} == {True}
    assert open_ends(world) == []
