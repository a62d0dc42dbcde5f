"""What the logs tell those who look for an order."""

from typing import Any

import pytest

from tests.support.orders import entered
from tests.support.world import World

STAGES = ["order_entry", "smart_order_router", "dark_pool_matching_engine", "lit_pool_matching_engine"]


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The fields of all lines, `name` being the stage's."""
    return [{**vars(record), "name": record.name.split(".")[0]} for record in caplog.records]


def test_every_stage_names_the_order_and_the_booking_how_long_it_took(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    _, answer = world.post(entered(ticker="AMD", quantity=12_500, price="114.25"))
    order_id = answer["orders"][0]["orderId"]
    world.pipeline.run(but_not="post_trade_processor")
    world.clock.advance(milliseconds=1500)
    world.settle()
    lines = [line for line in logged(caplog) if order_id in str(line)]
    assert list(dict.fromkeys(line["name"] for line in lines)) == [*STAGES, "post_trade_processor"]
    booked = [line for line in lines if line["name"] == "post_trade_processor"]
    assert [line["latency_ms"] for line in booked] == [1500]
