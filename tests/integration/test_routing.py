"""An order's route is decided when it is accepted, and stored with it: whatever changes later, it stays the same."""

from typing import Any

import pytest

from tests.support.orders import asked, entered
from tests.support.world import World

ROUTER = "smart_order_router"
DARK, LIT = "dark_pool_matching_engine", "lit_pool_matching_engine"


def waiting(world: World) -> dict[str, list[dict[str, Any]]]:
    """What the engines wait for, by engine."""
    return {stage: world.pipeline.take(stage) for stage in (DARK, LIT)}


def accepted(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 202
    return str(answer["orders"][0]["orderId"])


def test_an_accepted_order_shows_its_first_pool_before_anybody_has_routed_it(world: World) -> None:
    for ticker, pool in (("COIN", "Lit"), ("AMD", "Dark")):
        accepted(world, ticker=ticker, quantity=10, clientOrderId=ticker)
        assert asked(world, ticker)[1]["firstPool"] == pool


def test_a_refused_order_has_no_route(world: World) -> None:
    assert world.post(entered(quantity=1_000_000, clientOrderId="much"))[1]["code"] == "insufficient-funds"
    assert "firstPool" not in asked(world, "much")[1]


def test_orders_and_changes_of_them_are_routed_without_a_call_of_the_table(world: World) -> None:
    order_id = accepted(world, ticker="AMD", quantity=100, price="100.00")
    assert world.change("PATCH", order_id, {"quantity": 120})[0] == 202
    assert world.change("DELETE", order_id)[0] == 202
    world.faults.calls.clear()
    world.deliver(ROUTER, {"Records": world.pipeline.unread(ROUTER)})
    assert set(world.faults.calls) == {"sns.PublishBatch"}
    found = waiting(world)
    assert (len(found[DARK]), found[LIT]) == (1, [])


@pytest.mark.parametrize("delivered", [1, 2])
def test_an_order_goes_to_the_pool_of_its_acceptance_whatever_the_market_document_says_since(
    world: World, delivered: int
) -> None:
    accepted(world, ticker="AMD", quantity=10)
    world.change_market(darkPoolTickers=["COIN"])
    world.cool_down()
    records = world.pipeline.unread(ROUTER)
    for _ in range(delivered):
        world.deliver(ROUTER, {"Records": records})
        world.cool_down()
    found = waiting(world)
    assert (len({each["body"] for each in found[DARK]}), found[LIT]) == (1, [])
