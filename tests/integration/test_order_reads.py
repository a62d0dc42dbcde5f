"""An order is two reads, of itself and of what happened to it: what is answered is of one moment."""

from typing import Any

import pytest

from tests.support.orders import asked, entered
from tests.support.world import World


@pytest.mark.parametrize("before", ["GetItem", "Query"])
def test_a_booking_while_an_order_is_read_is_shown_whole_or_not_at_all(world: World, before: str) -> None:
    """The order and its steps are two reads: what is booked between them is read again."""
    assert world.post(entered(quantity=1, clientOrderId="mine"))[0] == 202
    world.settle()
    world.post(entered(quantity=300, clientOrderId="meanwhile"))
    hooks = world.client("dynamodb").meta.events
    name = f"provide-client-params.dynamodb.{before}"

    def booked(**_: Any) -> None:
        hooks.unregister(name, booked)
        world.settle()

    hooks.register(name, booked)
    order = asked(world, "meanwhile")[1]
    assert order["state"] == order["transitions"][-1]["state"] == "Filled"
    assert sum(each["quantity"] for each in order["executions"]) == order["cumulativeQuantity"] == 300
