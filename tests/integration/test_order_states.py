"""An order's states from entry to its end, as its own resource shows them."""

from tests.integration.conftest import NewWorld
from tests.support.orders import asked, entered, life
from tests.support.world import World


def test_an_order_that_no_engine_has_answered_is_pending_new_and_new_when_it_rests(world: World) -> None:
    _, answer = world.post(entered(quantity=10, price="100.00", clientOrderId="mine"))
    assert answer["orders"][0]["state"] == "PendingNew"
    assert asked(world, "mine")[1]["state"] == "PendingNew"
    world.settle()
    assert asked(world, "mine")[1]["state"] == "New"
    assert life(world, "mine") == [("30", "PendingNew", 0, 10, None), ("30", "New", 0, 10, None)]


def test_how_an_order_ended_is_its_last_transition_with_the_reason(world: World) -> None:
    world.post(
        [
            entered(quantity=10, price="100.00", timeInForce="IOC", clientOrderId="immediate"),
            entered(quantity=10, postOnly=True, clientOrderId="crosses"),
            entered(quantity=9_000_000, clientOrderId="unpaid"),
        ]
    )
    world.settle()
    pending = ("30", "PendingNew", 0, 10, None)
    assert life(world, "immediate") == [pending, ("30", "Canceled", 0, 0, "immediate-or-cancel")]
    assert life(world, "crosses") == [pending, ("30", "Rejected", 0, 0, "would-trade")]
    assert life(world, "unpaid") == [("30", "Rejected", 0, 0, "insufficient-funds")]


def test_an_orders_life_is_the_same_whatever_order_its_bookings_come_in(new_world: NewWorld) -> None:
    lives = []
    for backwards in (False, True):
        with new_world() as world:
            world.post(entered(ticker="AMD", quantity=40_000, price="114.25", clientOrderId="mine"))
            world.pipeline.run(but_not="post_trade_processor")
            records = world.pipeline.take("post_trade_processor")
            assert len(records) > 1
            for record in records[::-1] if backwards else records:
                world.deliver("post_trade_processor", {"Records": [record]})
            world.settle()
            lives.append((asked(world, "mine"), life(world, "mine")))
    assert lives[0] == lives[1]
