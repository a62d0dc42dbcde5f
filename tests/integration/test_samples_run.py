"""The sample events run: `sam local invoke` with any of them has a stage do its work."""

import json
from typing import Any

import pytest

from local import samples as local_samples
from local.samples import BOOKING, ENGINES, ROUTER
from ops.console import Failure
from tests.support import sample_data, samples
from tests.support.orders import entered
from tests.support.sample_answers import ANSWERS, gist
from tests.support.world import World


def test_every_sample_is_taken_by_its_stage(world: World) -> None:
    for customer_id, each in samples.REFERENCE["customers"].items():
        world.put_customer(customer_id, each["cash"], **each["positions"])
    sample_data.load(world.table("TradesStore"))
    answers: dict[str, Any] = {}
    for name, event in samples.samples():
        answers[name] = world.stage(name.split("/")[0])(event)
    assert {name: gist(answer) for name, answer in answers.items()} == ANSWERS
    assert answers["settlement/schedule"] == {"valueDate": "2026-11-24", "settled": 3, "net": "1680219.10"}
    assert all(world.dead_lettered(stage) == [] for stage in ("lit_pool_matching_engine", "post_trade_processor"))
    assert json.loads(answers["data_extractor/ticker"]["body"])["quantity"] == samples.SEED.quantity


def in_no_journal(found: str) -> bool:
    """Whether it is a break because no engine executed what the sample has booked: so no day counts it either."""
    return found.endswith("/ the journal nothing") or found.startswith("tickerDay ")


@pytest.mark.parametrize(
    "sample", [name for name, _ in samples.samples() if name.split("/")[0] in {ROUTER, BOOKING, *ENGINES}]
)
def test_a_sample_harms_nothing_in_a_system_that_has_traded_since(world: World, sample: str) -> None:
    world.clock.advance(days=4)
    for customer_id, each in samples.REFERENCE["customers"].items():
        world.put_customer(customer_id, each["cash"], **each["positions"])
    for ticker, price in (("COIN", "161.90"), ("AMD", "114.25"), ("F", "20.30")):
        assert world.post(entered(ticker=ticker, quantity=1000, price=price))[0] == 202
    world.settle()
    stage = sample.split("/", maxsplit=1)[0]
    file = samples.FOLDER / f"{sample}.json"
    for _ in range(2):
        text = local_samples.given(file, stage, world.table("TradesStore"), samples.MARKET)
        world.deliver(stage, json.loads(text))
        world.settle()
        assert [name for name, count in world.dead_letters() if count != "0"] == []
        assert world.objects("dead-letters/") == {}
        breaks = world.breaks("2026-11-26")
        assert [each for each in breaks if stage != BOOKING or not in_no_journal(each)] == []
        if stage == BOOKING:
            with pytest.raises(Failure, match="its reports would not fit"):
                local_samples.given(file, stage, world.table("TradesStore"), samples.MARKET)
            return
