"""An order is two reads, of itself and of the bookings that it names: what is answered is of one moment."""

from typing import Any

import pytest

from tests.support.orders import entered
from tests.support.world import World


@pytest.mark.parametrize(("before", "expected"), [("GetItem", ["PendingNew", "New", "Canceled"]),
                                                 ("BatchGetItem", ["PendingNew", "New"])])  # fmt: skip
def test_a_booking_while_an_order_is_read_is_shown_whole_or_not_at_all(
    world: World, before: str, expected: list[str]
) -> None:
    [placed] = world.post(entered(quantity=300, price="100.00"))[1]["orders"]
    world.settle()
    assert world.change("DELETE", placed["orderId"])[0] == 202
    hooks = world.client("dynamodb").meta.events
    name = f"provide-client-params.dynamodb.{before}"

    def booked(**_: Any) -> None:
        hooks.unregister(name, booked)
        world.settle()

    hooks.register(name, booked)
    order = world.order(placed["orderId"])
    assert [each["state"] for each in order["transitions"]] == expected
    assert order["leavesQuantity"] == order["transitions"][-1]["leavesQuantity"]
