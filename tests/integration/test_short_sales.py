"""Selling what the customer has not got: refused, unless it is allowed, up to its limit; and what becomes of it."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.orders import entered
from tests.support.world import World

POSITION = ("available", "reserved", "cost", "realised")


def codes(world: World, *orders: dict[str, Any]) -> list[str]:
    """Each order's state, or the code of its problem; posted as one array."""
    _, answer = world.post(list(orders))
    return [each.get("problem", {}).get("code", each["state"]) for each in answer["orders"]]


def sale(quantity: int, price: str = "161.88", **fields: Any) -> dict[str, Any]:
    return entered(direction="Sell", quantity=quantity, price=price, **fields)


def purchase(quantity: int, price: str = "161.90", **fields: Any) -> dict[str, Any]:
    return entered(quantity=quantity, price=price, **fields)


def position(world: World) -> tuple[Any, ...]:
    """Shares that can be sold and that orders hold, cost and realised profit, of COIN."""
    [item] = world.items(pk="CUST#000002", sk="POSITION#COIN")
    return tuple(item.get(name) for name in POSITION)


def shorted(world: World) -> Decimal:
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    return Decimal(customer.get("shorted", 0))


@pytest.mark.parametrize("held", [0, 10])
def test_short_selling_is_refused_unless_it_is_allowed_and_up_to_its_limit(world: World, held: int) -> None:
    world.put_customer("000002", "100000.00", **({"COIN": held} if held else {}))
    assert codes(world, sale(held + 1, "200.00")) == ["insufficient-shares"]
    world.limit(highestShort=50)
    assert codes(world, sale(held + 51, "200.00")) == ["insufficient-shares"]
    _, answer = world.post(sale(held + 51, "200.00"))
    assert answer["detail"] == f"The order sells {held + 51} COIN, {held + 50} may be sold, up to 50 short."
    assert codes(world, sale(held + 50, "200.00")) == ["PendingNew"]
    assert position(world)[:2] == (-50, held + 50)
    assert codes(world, sale(1, "200.00")) == ["insufficient-shares"]


def test_the_orders_of_an_array_are_sold_short_in_their_order(world: World) -> None:
    world.limit(highestShort=50)
    orders = [sale(quantity, "200.00") for quantity in (30, 21, 15, 6, 5)]
    assert codes(world, *orders) == [
        "PendingNew",
        "insufficient-shares",
        "PendingNew",
        "insufficient-shares",
        "PendingNew",
    ]
    assert position(world)[:2] == (-50, 50)


def test_each_ticker_may_be_short_by_the_limit(world: World) -> None:
    world.limit(highestShort=50)
    assert codes(world, sale(50, "200.00"), sale(50, "50.00", ticker="F"), sale(1, "50.00", ticker="F")) == [
        "PendingNew",
        "PendingNew",
        "insufficient-shares",
    ]


def test_a_limit_that_is_lowered_counts_from_the_next_sale_on(world: World) -> None:
    world.limit(highestShort=50)
    assert codes(world, sale(30, "200.00")) == ["PendingNew"]
    world.limit(highestShort=30)
    assert codes(world, sale(1, "200.00")) == ["insufficient-shares"]
    world.limit(highestShort=31)
    assert codes(world, sale(1, "200.00")) == ["PendingNew"]


def test_a_short_position_is_sold_covered_and_goes_through_zero_and_all_may_be_delivered_again(world: World) -> None:
    world.limit(highestShort=100)
    steps = [
        (sale(100), (-100, 0, Decimal("-16188.00"), 0), "16188.00"),
        (purchase(40), (-60, 0, Decimal("-9712.80"), Decimal("-0.80")), "9712.80"),
        (purchase(100), (40, 0, Decimal("6476.00"), Decimal("-2.00")), "0"),
        (sale(90), (-50, 0, Decimal("-8094.00"), Decimal("-2.80")), "8094.00"),
        (purchase(50), (0, 0, 0, Decimal("-3.80")), "0"),
    ]
    for order, expected, short in steps:
        assert codes(world, order) == ["PendingNew"]
        world.settle()
        assert position(world) == expected
        assert shorted(world) == Decimal(short)
    before = world.state()
    for cold in (False, True):
        if cold:
            world.cool_down()
        for delivery in list(world.pipeline.delivered):
            world.deliver(delivery.stage, delivery.event)
        world.settle()
        assert world.state() == before


def test_a_short_sale_that_is_canceled_leaves_nothing_short(world: World) -> None:
    world.limit(highestShort=100)
    [shown] = world.post(sale(100, "200.00"))[1]["orders"]
    world.settle()
    assert position(world)[:2] == (-100, 100)
    world.change("DELETE", shown["orderId"])
    world.settle()
    assert position(world) == (0, 0, None, None)
    assert shorted(world) == 0


def test_a_sale_may_be_replaced_by_a_larger_one_as_far_as_it_may_be_short(world: World) -> None:
    world.put_customer("000002", "100000.00", COIN=10)
    world.limit(highestShort=50)
    [shown] = world.post(sale(20, "200.00"))[1]["orders"]
    world.settle()
    status, answer = world.change("PATCH", shown["orderId"], {"quantity": 61})
    assert (status, answer["code"]) == (422, "insufficient-shares")
    assert answer["detail"] == "The change sells 41 COIN more, 40 may be sold, up to 50 short."
    assert world.change("PATCH", shown["orderId"], {"quantity": 60})[0] == 202
    world.settle()
    assert position(world)[:2] == (-50, 60)


def test_a_cold_function_lets_a_sale_be_replaced_by_a_larger_one_that_is_short(world: World) -> None:
    world.limit(highestShort=50)
    [shown] = world.post(sale(20, "200.00"))[1]["orders"]
    world.settle()
    world.cool_down()
    assert world.change("PATCH", shown["orderId"], {"quantity": 50})[0] == 202
    world.settle()
    assert position(world)[:2] == (-50, 50)
