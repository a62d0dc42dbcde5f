"""A preview says what the same order would reserve, or why it would be refused, and stores nothing."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.world import World

SEED = {
    "customerId": "000002",
    "direction": "Buy",
    "ticker": "COIN",
    "type": "Limit",
    "quantity": 8614,
    "price": "161.90",
}
SALE = SEED | {"direction": "Sell", "quantity": 100}
MARKET = {name: value for name, value in SEED.items() if name != "price"} | {"type": "Market"}


@pytest.fixture(autouse=True)
def customer(world: World) -> None:
    world.put_customer("000002", "2000000.00", COIN=500)
    world.put_quote("COIN", "161.88", "161.90")


def previewed(world: World, order: object, caller: Any = events.BROKER) -> tuple[int, Any]:
    before = world.state()
    answer = world.answer("order_entry", events.previewed(order, caller))
    assert world.state() == before
    return answer


@pytest.mark.parametrize("order", [SEED, MARKET, SEED | {"type": "StopLimit", "stopPrice": "161.95"}])
def test_what_a_buy_reserves_is_what_it_reserves_when_it_is_entered(world: World, order: dict[str, Any]) -> None:
    status, preview = previewed(world, order)
    assert status == 200
    assert preview["buyingPower"] == "2000000.00"
    entered = world.post(order)[1]["orders"][0]
    shown = world.order(entered["orderId"])
    assert (preview["reserves"], preview["protectionPrice"]) == ({"cash": shown["reserved"]}, shown["protectionPrice"])
    assert Decimal(preview["highestFees"]) == Decimal(shown["reserved"]) - Decimal(preview["value"])


def test_a_sell_reserves_its_shares(world: World) -> None:
    _, preview = previewed(world, SALE)
    assert (preview["reserves"], preview["available"]) == ({"shares": 100}, 500)
    assert "problem" not in preview


@pytest.mark.parametrize(
    ("order", "limits"),
    [
        (SEED | {"quantity": 86140}, {}),
        (SALE | {"quantity": 501}, {}),
        (SEED | {"ticker": "NONE"}, {}),
        (SEED | {"quantity": 2_000_000}, {}),
        (SEED | {"customerId": "000099"}, {}),
        (SEED, {"highestOrderValue": "1000.00"}),
        (SEED | {"price": "170.00", "quantity": 1}, {"collar": "0.01"}),
    ],
)
def test_what_forbids_an_order_is_what_refuses_it(world: World, order: dict[str, Any], limits: dict[str, Any]) -> None:
    if limits:
        world.limit(**limits)
    status, preview = previewed(world, order)
    assert status == 200
    refused, problem = world.post(order)
    assert refused == problem["status"]
    assert preview["problem"] == {name: value for name, value in problem.items() if name != "orderId"}


def test_a_suspended_customer_learns_it(world: World) -> None:
    world.account("PUT", "halt")
    assert previewed(world, SEED)[1]["problem"]["code"] == "trading-halted"


def test_a_collar_shows_how_far_a_limit_may_be(world: World) -> None:
    world.limit(collar="0.01")
    assert previewed(world, SEED)[1]["furthestLimit"] == "163.51"
    assert previewed(world, SALE)[1]["furthestLimit"] == "160.27"


def test_an_order_with_faults_is_refused_with_each_fault(world: World) -> None:
    status, problem = previewed(world, SEED | {"quantity": 0, "price": "1.234"})
    assert (status, problem["code"]) == (400, "invalid-order")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/price", "/quantity"]


def test_nobody_previews_for_somebody_else(world: World) -> None:
    assert previewed(world, SEED, {"role": "customer", "customerId": "000001"})[0] == 403
