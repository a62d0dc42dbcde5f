"""What rests in the dark pools follows the displayed quote without another order: the dark engine watches it, the lit
engine tells of it, and nothing of that is lost or done twice.
"""

import json
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.pipeline import Published
from tests.support.world import World
from trading.aws.engine.journal import Journal
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import recalled
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.lit import LitPool
from trading.domain.orders import PoolType

DARK, LIT = "dark_pool_matching_engine", "lit_pool_matching_engine"
TICKER = "AMD"
"""On the dark list; quoted 114.24 to 114.25."""


def hidden(direction: str, quantity: int, price: str, customer: str) -> dict[str, Any]:
    order = entered(customerId=customer, direction=direction, ticker=TICKER, quantity=quantity, price=price)
    return order | {"poolOnly": True}


def rest(world: World, quantity: int = 40_000) -> str:
    """A buyer whose limit is below the midpoint, so that the order rests: its id."""
    _, answer = world.post(hidden("Buy", quantity, "112.50", "000002"))
    world.settle()
    [order_id] = [each["orderId"] for each in answer["orders"]]
    assert world.order(order_id)["state"] == "New"
    return str(order_id)


def to_orders(world: World, pool: str) -> list[Published]:
    return [
        each for each in world.pipeline.published if (each.topic, each.attributes.get("poolType")) == ("Orders", pool)
    ]


def commands(world: World, pool: str) -> list[str]:
    return [command["command"] for each in to_orders(world, pool) for command in each.content["commands"]]


def move(world: World, bid: str = "112.39", ask: str = "112.41") -> None:
    world.quote(TICKER, bid, ask)


def test_what_rests_trades_when_the_market_moves_without_another_order(world: World) -> None:
    world.put_customer("000003", "1.00", AMD=40_000)
    _, sale = world.post(hidden("Sell", 40_000, "112.00", "000003"))
    purchase = rest(world)
    left = world.order(sale["orders"][0]["orderId"], "000003")["leavesQuantity"]
    assert 0 < left < 40_000
    move(world)
    world.settle()
    assert world.order(sale["orders"][0]["orderId"], "000003")["state"] == "Filled"
    bought = world.order(purchase)
    assert left < bought["cumulativeQuantity"] < 40_000
    assert bought["averagePrice"] == "112.4000"
    assert world.items("OrderBooks", pk="dark#AMD")[-1]["quote"] == "112.39/112.41"
    assert world.breaks("2026-11-22") == []


def test_while_nothing_rests_no_engine_tells_the_other_of_quotes(world: World) -> None:
    world.post(entered(ticker=TICKER, quantity=5000, price="114.30"))
    world.settle()
    move(world)
    world.settle()
    assert {*commands(world, "Dark")} == {"newOrder"}
    assert {*commands(world, "Lit")} == {"newOrder", "quoteChanged"}


def test_the_dark_engine_stops_watching_when_it_is_told_in_vain(world: World) -> None:
    order_id = rest(world)
    world.change("DELETE", order_id)
    world.settle()
    for bid in ("113.00", "113.10", "113.20"):
        move(world, bid, "113.90")
        world.settle()
    assert commands(world, "Dark").count("quoteChanged") == 1
    assert commands(world, "Lit").count("watchQuote") == 2


def test_a_quote_that_moved_before_the_lit_engine_knew_of_the_watch_is_told(world: World) -> None:
    move(world, "114.24", "114.26")
    world.settle()
    _, answer = world.post(hidden("Buy", 40_000, "112.50", "000002"))
    world.pipeline.run(but_not=LIT)
    watch = world.pipeline.take(LIT)
    move(world)
    world.settle()
    assert world.order(answer["orders"][0]["orderId"])["cumulativeQuantity"] == 0
    world.deliver(LIT, events.sqs(watch))
    world.settle()
    assert world.order(answer["orders"][0]["orderId"])["averagePrice"] == "112.4000"


def test_of_many_quotes_that_wait_the_dark_engine_executes_the_last(world: World) -> None:
    rest(world)
    before = len(world.items("OrderBooks", pk="dark#AMD"))
    for bid, ask in (("113.00", "113.10"), ("112.80", "112.90"), ("112.39", "112.41")):
        move(world, bid, ask)
        world.pipeline.run(but_not=DARK)
    waiting = world.pipeline.take(DARK)
    assert len(waiting) == 3
    world.deliver(DARK, events.sqs(waiting))
    [entry] = world.items("OrderBooks", pk="dark#AMD")[before:]
    assert entry["quote"] == "112.39/112.41"


def test_what_is_displayed_is_stored_before_the_dark_engine_is_told_and_a_failure_of_either_is_repaired(
    world: World,
) -> None:
    order_id = rest(world)
    known = len(world.pipeline.deliveries_to(LIT))
    world.faults.refused("dynamodb.UpdateItem", "AccessDeniedException", about="BOOK")
    world.faults.refused("sns.PublishBatch", "AuthorizationError", about="Dark")
    move(world)
    world.settle()
    attempts = world.pipeline.deliveries_to(LIT)[known:]
    told = [[each.attributes.get("poolType") for each in attempt.published] for attempt in attempts]
    assert told == [["Lit"], ["Lit", "Dark"], ["Lit", "Dark"]]
    assert [len(attempt.answer["batchItemFailures"]) for attempt in attempts] == [1, 1, 0]
    assert world.order(order_id)["averagePrice"] == "112.4000"


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
def test_what_comes_again_leads_to_the_same_messages_and_changes_nothing(world: World, *, cold: bool) -> None:
    order_id = rest(world)
    move(world)
    world.settle()
    world.change("DELETE", order_id)
    world.settle()
    move(world, "113.00", "113.10")
    world.settle()
    deliveries = [*world.pipeline.deliveries_to(DARK), *world.pipeline.deliveries_to(LIT)]
    last = {"quoteChanged" in str(each.event) and each.stage: each for each in deliveries}
    before = world.state()
    for delivery in deliveries:
        if cold:
            world.cool_down()
        again = world.deliver(delivery.stage, delivery.event)
        outdated = "quoteChanged" in str(delivery.event) and delivery not in last.values()
        assert again.answer == delivery.answer
        assert outdated or again.published == delivery.published
    world.settle()
    assert world.state() == before


def test_the_journals_alone_give_the_same_pools(world: World) -> None:
    rest(world)
    for bid, ask in (("112.39", "112.41"), ("113.00", "113.10"), ("112.20", "112.30")):
        move(world, bid, ask)
        world.settle()
    for kind, pool, stage in ((PoolType.DARK, DarkPool(), DARK), (PoolType.LIT, LitPool(), LIT)):
        snapshots = Snapshots(world.cloud.resolve({"Ref": "Archive"}), kind)
        recalled(TICKER, pool, Journal(world.table("OrderBooks"), kind), snapshots, 0)
        warm = world.stage(stage).module.engine.last(TICKER)
        assert json.dumps(pool.snapshot()) == json.dumps(warm.pool.snapshot())
