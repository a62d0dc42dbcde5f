"""The market's configuration while the system runs: a change is noticed, a bad one changes nothing."""

from typing import Any

import pytest

from tests.support.orders import entered
from tests.support.world import World


def test_a_changed_configuration_is_noticed_within_a_minute(world: World) -> None:
    world.post(entered(quantity=10))
    world.settle()
    maker = {"levels": 1, "spread": "0.00", "step": "0.01", "size": 1000}
    new = {"fee": ["0.10", "0.10"], "maker": "0.0010", "taker": "0.0010", "cap": "1.00", "marketMaker": maker}
    world.change_market(litPools={"NEW": new})
    world.clock.advance(seconds=61)
    world.post(entered(quantity=10))
    world.settle()
    assert "NEW" in {trade["exchange"] for trade in world.archived()}


@pytest.mark.parametrize(
    "change",
    [
        {"matchingModels": {"Dark": "simulatd", "Lit": "simulatd"}},
        {"limits": {"highestQuantity": 100, "collar": 0.05}},
        {"darkPoolTickers": "COIN"},
        {"litPools": {"NEW": ["1.00"]}},
    ],
)
def test_a_configuration_that_is_none_leaves_the_last_good_one_in_use(world: World, change: dict[str, Any]) -> None:
    world.post(entered(quantity=10))
    world.settle()
    world.change_market(**change)
    world.clock.advance(minutes=5)
    status, _ = world.post([entered(quantity=1000), entered(quantity=20, type="Market", price=None)])
    world.settle()
    assert status == 202
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20, 1000]
