"""The sample events run: `sam local invoke` with any of them has a stage do its work."""

import json
from typing import Any

import pytest

from local import samples as local_samples
from local.samples import BOOKING, ENGINES, ROUTER
from ops.console import Failure
from tests.support import sample_data, samples
from tests.support.orders import entered
from tests.support.world import World


def test_every_sample_is_taken_by_its_stage(world: World) -> None:
    for customer_id, each in samples.REFERENCE["customers"].items():
        world.put_customer(customer_id, each["cash"], **each["positions"])
    sample_data.load(world.table("TradesStore"))
    answers: dict[str, Any] = {}
    for name, event in samples.samples():
        answers[name] = world.stage(name.split("/")[0])(event)
    effects = {
        name: answer["policyDocument"]["Statement"][0]["Effect"]
        for name, answer in answers.items()
        if "authorizer" in name
    }
    statuses = {name: answer["statusCode"] for name, answer in answers.items() if answer and "statusCode" in answer}
    failures = [answer["batchItemFailures"] for answer in answers.values() if answer and "batchItemFailures" in answer]
    assert effects == {
        "api_authorizer/credentials": "Allow",
        "api_authorizer/wrong_secret": "Deny",
        "api_authorizer/not_basic": "Deny",
    }
    assert statuses == {
        **{name: 200 for name, _ in samples.of_connections()},
        "order_entry/order": 202,
        "order_entry/array": 202,
        "order_entry/malformed": 400,
        "order_entry/cancel": 202,
        "order_entry/replace": 202,
        "order_entry/cancel_all": 202,
        "account_keeper/deposit": 201,
        "account_keeper/withdrawal": 201,
        "account_keeper/open": 200,
        "account_keeper/shares_in": 201,
        "account_keeper/shares_out": 201,
        "account_keeper/limits": 200,
        "account_keeper/halt": 200,
        "account_keeper/resume": 200,
        "credential_keeper/issue": 201,
        "credential_keeper/revoke": 200,
        "ticker_keeper/list": 200,
        "api_docs/openapi": 200,
        "api_docs/docs": 200,
        "data_extractor/trades": 200,
        "data_extractor/customer": 200,
        "data_extractor/positions": 200,
        "data_extractor/ledger": 200,
        "data_extractor/statement": 200,
        "data_extractor/statement_csv": 200,
        "data_extractor/orders": 200,
        "data_extractor/order": 200,
        "data_extractor/customers": 200,
        "data_extractor/session": 200,
        "data_extractor/tickers": 200,
        "data_extractor/ticker": 200,
        "data_extractor/book": 200,
        "order_entry/preview": 200,
        "credential_keeper/sign_in": 201,
        "broker_ui/page": 200,
        "broker_ui/file": 404,
        "ticker_keeper/quote": 202,
        "ticker_keeper/confirmed": 202,
        "data_extractor/caller": 200,
        "data_extractor/bars": 200,
        "data_extractor/tape": 200,
    }
    assert failures == [[]] * 11
    assert answers["settlement/schedule"] == {"valueDate": "2026-11-24", "settled": 3, "net": "1680219.10"}
    assert all(world.dead_lettered(stage) == [] for stage in ("lit_pool_matching_engine", "post_trade_processor"))
    assert json.loads(answers["data_extractor/ticker"]["body"])["quantity"] == samples.SEED.quantity


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
        text = local_samples.given(file, stage, world.table("TradesStore"))
        world.deliver(stage, json.loads(text))
        world.settle()
        assert [url for url, count in world.dead_letters() if count != "0"] == []
        assert world.objects("dead-letters/") == {}
        breaks = world.breaks("2026-11-26")
        assert [each for each in breaks if stage != BOOKING or not each.endswith("/ the journal nothing")] == []
        if stage == BOOKING:
            with pytest.raises(Failure, match="its reports would not fit"):
                local_samples.given(file, stage, world.table("TradesStore"))
            return
