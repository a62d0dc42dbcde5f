"""Orders that rest, end and meet each other, from entry to booking: every share and every cent is accounted for."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.account_invariants import open_ends
from tests.support.orders import entered
from tests.support.world import World

VENUE = {"fee": ["0.00", "1.00"], "cap": "100.00", "maker": "0.0000", "taker": "0.0009"}
pytestmark = pytest.mark.usefixtures("reconciled")


def posted(world: World, **fields: Any) -> str:
    """Posts an order, settles, and gives its id."""
    status, answer = world.post(entered(**fields))
    assert status == 202, answer
    world.settle()
    order_id: str = answer["orders"][0]["orderId"]
    return order_id


def shown(world: World, order_id: str, customer_id: str = "000002") -> dict[str, Any]:
    path = {"customerId": customer_id, "orderId": order_id}
    return dict(world.get("/customers/{customerId}/orders/{orderId}", None, **path)[1])


def cash(world: World, customer_id: str) -> Decimal:
    [customer] = world.items(pk=f"CUST#{customer_id}", sk="CUST#")
    amount: Decimal = customer["cash"]
    return amount


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "after a cold start"])
def test_an_order_rests_until_another_customer_meets_it(world: World, *, cold: bool) -> None:
    world.put_customer("000001", "0.00", COIN=500)
    buyer = posted(world, quantity=500, price="161.89")
    resting = shown(world, buyer)
    assert (resting["state"], resting["leavesQuantity"], resting["reserved"]) == ("New", 500, "80947.00")
    if cold:
        world.cool_down()
    seller = posted(world, customerId="000001", direction="Sell", quantity=500, price="161.89")
    assert [shown(world, buyer)["state"], shown(world, seller, "000001")["state"]] == ["Filled", "Filled"]
    trades = world.archived()
    assert sorted((trade["direction"], trade["price"], trade["exchange"]) for trade in trades) == [
        ("Buy", "161.89", "IEX"),
        ("Sell", "161.89", "IEX"),
    ]
    assert cash(world, "000001") == Decimal("80945.00") - sum(
        Decimal(trade["fee"]) for trade in trades if trade["direction"] == "Sell"
    )
    assert open_ends(world) == []


def test_what_an_immediate_order_does_not_get_is_canceled_and_its_reservation_released(world: World) -> None:
    before = cash(world, "000002")
    order = shown(world, posted(world, quantity=100, price="150.00", timeInForce="IOC"))
    assert (order["state"], order["reason"], order["canceledQuantity"]) == ("Canceled", "immediate-or-cancel", 100)
    assert cash(world, "000002") == before
    assert open_ends(world) == []


def test_a_fill_or_kill_order_is_filled_whole_or_not_at_all(world: World) -> None:
    killed = shown(world, posted(world, quantity=9001, timeInForce="FOK"))
    assert (killed["state"], killed["reason"]) == ("Canceled", "too-little-to-trade-with")
    assert shown(world, posted(world, quantity=9000, timeInForce="FOK"))["state"] == "Filled"
    assert open_ends(world) == []


def test_a_post_only_order_that_would_trade_is_rejected_and_paid_back(world: World) -> None:
    order = shown(world, posted(world, quantity=100, price="170.00", postOnly=True))
    assert (order["state"], order["reason"], order["reserved"]) == ("Rejected", "would-trade", "0.00")
    assert open_ends(world) == []


def test_a_customer_does_not_trade_with_itself(world: World) -> None:
    world.put_customer("000002", "10000000.00", COIN=100)
    resting = posted(world, quantity=100, price="161.89")
    newest = shown(world, posted(world, direction="Sell", quantity=100, price="161.89"))
    assert (newest["state"], newest["reason"]) == ("Canceled", "self-trade")
    assert shown(world, resting)["leavesQuantity"] == 100
    [position] = world.get("/customers/{customerId}/positions", customerId="000002")[1]["positions"]
    held = ("quantity", "available", "reserved", "realisedProfit")
    assert [position[name] for name in held] == [100, 100, 0, "0.00"]


def test_hidden_orders_of_customers_cross_at_the_midpoint_to_the_cent(world: World) -> None:
    world.put_customer("000001", "0.00", AMD=333)
    resting = posted(world, ticker="AMD", quantity=333, price="114.25", poolOnly=True, minimumQuantity=333)
    assert shown(world, resting)["state"] in {"New", "Filled"}
    posted(world, customerId="000001", ticker="AMD", direction="Sell", quantity=333, price="114.00")
    trades = world.archived()
    assert {trade["price"] for trade in trades if trade["exchangeType"] == "DarkPool"} == {"114.245"}
    assert open_ends(world) == []


def test_a_stop_waits_and_is_elected_by_a_trade(world: World) -> None:
    stop = posted(world, type="Stop", quantity=10, price=None, stopPrice="161.91")
    assert shown(world, stop)["state"] == "New"
    posted(world, customerId="000001", quantity=9500, price="161.91")
    assert shown(world, stop)["state"] == "Filled"
    assert open_ends(world) == []


def test_a_redelivered_batch_leaves_the_book_as_it_is(world: World) -> None:
    posted(world, quantity=500, price="161.80")
    posted(world, customerId="000001", quantity=8614)
    before = world.state()
    for cold in (False, True):
        if cold:
            world.cool_down()
        for delivery in world.pipeline.deliveries_to("lit_pool_matching_engine"):
            again = world.stage("lit_pool_matching_engine")(delivery.event)
            assert again == delivery.answer
    world.settle()
    assert world.state() == before


def test_an_order_that_rests_outlives_a_change_of_the_matching_model(world: World) -> None:
    resting = posted(world, quantity=500, price="161.80")
    for model in ("simulated", "order-book"):
        world.change_market(matchingModels={"Dark": model, "Lit": model})
        world.clock.advance(minutes=2)
        filled = posted(world, customerId="000001", quantity=10, price="170.00")
        assert shown(world, filled, "000001")["state"] == "Filled"
        assert shown(world, resting)["leavesQuantity"] == 500
    world.put_customer("000003", "0.00", COIN=500)
    posted(world, customerId="000003", direction="Sell", quantity=500, price="161.80")
    assert sum(trade["quantity"] for trade in world.archived() if trade["customerId"] == "000003") == 500


def test_what_the_dark_pools_filled_counts_towards_the_minimum_in_the_lit_pools(world: World) -> None:
    world.put_customer("000001", "0.00", AMD=10_500)
    hidden = {"direction": "Sell", "price": "114.00", "poolOnly": True, "timeInForce": "GTC"}
    posted(world, customerId="000001", ticker="AMD", quantity=10_500, minimumQuantity=10_500, **hidden)
    bought = posted(world, ticker="AMD", quantity=32_000, price="114.25", timeInForce="IOC", minimumQuantity=18_000)
    order = shown(world, bought)
    pools = {trade["exchangeType"] for trade in world.archived() if trade["customerId"] == "000002"}
    assert (order["cumulativeQuantity"] >= 18_000, pools) == (True, {"DarkPool", "LitPool"})
    assert order.get("reason") in {None, "immediate-or-cancel"}
    assert open_ends(world) == []


def test_a_replacement_below_the_minimum_is_refused(world: World) -> None:
    order_id = posted(
        world, ticker="AMD", quantity=333, price="100.00", poolOnly=True, timeInForce="GTC", minimumQuantity=300
    )
    status, answer = world.change("PATCH", order_id, {"quantity": 299})
    assert (status, answer["code"], answer["errors"][0]["pointer"]) == (422, "below-minimum", "/quantity")
    assert world.change("PATCH", order_id, {"quantity": 300})[0] == 202
    world.settle()
    assert shown(world, order_id)["leavesQuantity"] == 300


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "after a cold start"])
def test_a_pegged_order_follows_the_best_bid_and_reserves_its_limit(world: World, *, cold: bool) -> None:
    world.change_market(litPools={"IEX": VENUE})
    for customer in ("000001", "000003", "000004"):
        world.put_customer(customer, "100000.00", COIN=500)
    posted(world, customerId="000003", quantity=100, price="160.00")
    pegged = posted(world, quantity=200, price="170.00", pegToPrimary=True, pegOffset="0.05")
    has = {"state": "New", "price": "170.00", "pegToPrimary": True, "pegOffset": "0.05", "reserved": "34000.20"}
    assert {name: shown(world, pegged)[name] for name in has} == has
    if cold:
        world.cool_down()
    posted(world, customerId="000004", quantity=100, price="161.00")
    posted(world, customerId="000001", direction="Sell", quantity=300, price="160.95")
    filled = shown(world, pegged)
    assert (filled["state"], filled["averagePrice"], filled["reserved"]) == ("Filled", "160.9500", "0.00")
    assert len(filled["transitions"]) == 3  # a move is not reported


def test_a_midpoint_peg_of_the_dark_pools_crosses_at_the_midpoint(world: World) -> None:
    world.put_customer("000001", "0.00", COIN=500)
    resting = posted(world, quantity=200, price="170.00", pegToMidpoint=True, poolOnly=True)
    posted(world, customerId="000001", direction="Sell", quantity=500, price="150.00", poolOnly=True)
    trades = [trade for trade in world.archived() if trade["orderId"] == resting]
    assert {trade["price"] for trade in trades} <= {"161.89"}
    assert {trade["exchangeType"] for trade in trades} <= {"DarkPool"}
    assert shown(world, resting)["pegToMidpoint"] is True
