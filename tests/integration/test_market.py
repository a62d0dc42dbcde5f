"""The market's configuration while the system runs: a change is noticed, a bad one changes nothing."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.orders import entered
from tests.support.world import World
from trading.aws import clients, parameters


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
def test_an_invalid_configuration_leaves_the_last_good_one_in_use(world: World, change: dict[str, Any]) -> None:
    world.post(entered(quantity=10))
    world.settle()
    world.change_market(**change)
    world.clock.advance(minutes=5)
    status, _ = world.post([entered(quantity=1000), entered(quantity=20, type="Market", price=None)])
    world.settle()
    assert status == 202
    assert sorted(trade["quantity"] for trade in world.archived()) == [10, 20, 1000]


GET = "ssm.GetParameter"
READERS = ("order_entry", "dark_pool_matching_engine", "lit_pool_matching_engine")
INIT_SECONDS = 10.0
"""How long Lambda lets a function start."""


@pytest.mark.parametrize("stage", READERS)
def test_a_function_starts_though_parameter_store_throttles_it(world: World, stage: str) -> None:
    world.faults.refused(GET, "ThrottlingException", times=6)
    before, begun = world.faults.calls.count(GET), time.monotonic()
    world.stage(stage)
    assert world.faults.all_struck()
    assert world.faults.calls.count(GET) - before == 7
    assert time.monotonic() - begun < parameters.START_SECONDS


def test_a_function_starts_though_parameter_store_is_out_of_reach_for_a_moment(world: World) -> None:
    world.faults.unreachable(GET, times=3)
    world.stage("order_entry")
    assert world.faults.all_struck()


@pytest.mark.parametrize("seconds", [0.0, 0.5, clients.SSM_SECONDS])
def test_a_function_that_cannot_start_gives_up_before_lambda_stops_it_however_slow_the_answers(
    world: World, seconds: float
) -> None:
    world.faults.refused(GET, "ThrottlingException", times=1000)
    world.client("ssm").meta.events.register(
        f"provide-client-params.{GET}", lambda **_: world.clock.advance(seconds=seconds)
    )
    begun = time.monotonic()
    with pytest.raises(ClientError):
        world.stage("order_entry")
    world.faults.mend()
    assert time.monotonic() - begun <= parameters.START_SECONDS + clients.SSM_SECONDS < INIT_SECONDS - 1


def test_a_function_that_may_not_read_its_parameter_says_so_at_once(world: World) -> None:
    world.faults.refused(GET, "AccessDeniedException")
    before = world.faults.calls.count(GET)
    with pytest.raises(ClientError, match="AccessDenied"):
        world.stage("order_entry")
    assert world.faults.calls.count(GET) - before == 1


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "InternalServerError"])
def test_a_warm_function_asks_once_and_keeps_the_last_good_configuration(world: World, code: str) -> None:
    world.post(entered(quantity=10))
    world.change_market(limits={"highestQuantity": 5, "collar": "0.05"})
    world.faults.refused(GET, code, times=1000)
    world.clock.advance(seconds=61)
    before, begun = world.faults.calls.count(GET), time.monotonic()
    assert world.post(entered(quantity=10))[0] == 202
    assert (world.faults.calls.count(GET) - before, time.monotonic() - begun) == (1, 0.0)
    world.faults.mend()
    world.clock.advance(seconds=61)
    assert world.post(entered(quantity=10))[1]["code"] == "quantity-too-large"
