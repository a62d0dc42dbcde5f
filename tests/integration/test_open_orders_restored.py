"""The index of open orders is made anew from the orders: those that an older release accepted are not in it."""

from ops import restore
from tests.support.account_invariants import mistakes
from tests.support.orders import away, entered, into_the_index, listed, write
from tests.support.world import World
from trading.aws.store import keys


def test_open_orders_are_listed_and_ended_ones_are_not_and_what_is_right_stays(world: World) -> None:
    status, answer = world.post([away(), away(), entered(quantity=5)])
    assert status == 202
    world.settle()
    [old, new, ended] = [each["orderId"] for each in answer["orders"]]
    into_the_index(world)
    write(world, keys.order("000002", old), "REMOVE openOrder")
    write(world, keys.order("000002", ended), "SET openOrder = :order", ended)
    assert [order["orderId"] for order in listed(world, state="open")] == [new]
    assert restore.open_orders(world.table("TradesStore")) == [old, ended]
    assert [order["orderId"] for order in listed(world, state="open")] == sorted([old, new], reverse=True)
    assert restore.open_orders(world.table("TradesStore")) == []


def test_an_open_order_that_its_customer_s_item_names_stays_out_of_the_index(world: World) -> None:
    status, answer = world.post([away(), entered(quantity=5)])
    assert status == 202
    assert restore.open_orders(world.table("TradesStore")) == []
    world.settle()
    assert restore.open_orders(world.table("TradesStore")) == []
    assert mistakes(world) == []
    assert [order["orderId"] for order in listed(world, state="open")] == [answer["orders"][0]["orderId"]]


def test_an_order_of_an_older_release_that_ends_needs_no_index(world: World) -> None:
    answer = world.post(away())[1]
    [old] = [each["orderId"] for each in answer["orders"]]
    world.settle()
    assert into_the_index(world) == [old]
    write(world, keys.order("000002", old), "REMOVE openOrder")
    assert world.change("DELETE", old)[0] == 202
    world.settle()
    assert [order["state"] for order in listed(world)] == ["Canceled"]
