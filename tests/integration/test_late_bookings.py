"""Bookings that come when their day has been reconciled without them: they stand in the ledger of their own day."""

from typing import Any

from tests.support.orders import entered
from tests.support.reconciled_day import CUSTOMER, reconciled
from tests.support.world import World

SUNDAY, MONDAY, TUESDAY = "2026-11-22", "2026-11-23", "2026-11-24"
BOOKS = "post_trade_processor"


def post(world: World, **fields: Any) -> None:
    assert world.post(entered(**{"customerId": CUSTOMER, "timeInForce": "GTC"} | fields))[0] == 202


def trade_that_waits(world: World) -> list[dict[str, Any]]:
    """A customer's order rests; it trades, and the reports of that wait: their records."""
    world.put_customer(CUSTOMER, "1000000.00")
    world.put_customer("000002", "1000000.00", COIN=500)
    post(world, quantity=50, price="161.89")
    world.settle()
    post(world, customerId="000002", direction="Sell", quantity=20, price="161.89")
    world.pipeline.run(but_not=BOOKS)
    return world.pipeline.take(BOOKS)


def closed(world: World) -> list[str]:
    return [item["date"] for item in world.items(pk=f"CUST#{CUSTOMER}", sk="CLOSING#")]


def next_day(world: World) -> None:
    """Something moves, and the day is over."""
    post(world, quantity=3, price="100.00")
    world.settle()
    world.clock.advance(days=1)


def test_a_booking_that_comes_days_late_leaves_no_break(world: World) -> None:
    waiting = trade_that_waits(world)
    world.clock.advance(days=1)
    missed = reconciled(world, SUNDAY).breaks
    assert [each.kind.value for each in missed if each.where.customer_id == CUSTOMER] == ["journal"]
    next_day(world)
    assert [each for each in reconciled(world, MONDAY).breaks if each.where.customer_id == CUSTOMER] == []
    assert closed(world) == []
    for record in waiting:
        world.deliver(BOOKS, {"Records": [record]})
    next_day(world)
    assert (reconciled(world, TUESDAY).breaks, closed(world)) == ((), [TUESDAY])
    assert [reconciled(world, each).breaks for each in (SUNDAY, MONDAY)] == [(), ()]
    world.settle()


def test_what_was_only_late_in_the_night_holds_up_no_closing(world: World) -> None:
    waiting = trade_that_waits(world)
    world.clock.advance(days=1)
    reconciled(world, SUNDAY)
    for record in waiting:
        world.deliver(BOOKS, {"Records": [record]})
    world.settle()
    assert (reconciled(world, SUNDAY).breaks, closed(world)) == ((), [SUNDAY])
    next_day(world)
    assert (reconciled(world, MONDAY).breaks, closed(world)) == ((), [SUNDAY, MONDAY])
