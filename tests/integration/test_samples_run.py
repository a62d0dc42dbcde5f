"""The sample events run: `sam local invoke` with any of them has a stage do its work."""

import json
from typing import Any

from tests.support import sample_data, samples
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
        "order_entry/order": 202,
        "order_entry/array": 202,
        "order_entry/malformed": 400,
        "order_entry/cancel": 202,
        "order_entry/replace": 202,
        "account_keeper/deposit": 201,
        "account_keeper/withdrawal": 201,
        "account_keeper/limits": 200,
        "account_keeper/halt": 200,
        "account_keeper/resume": 200,
        "data_extractor/trades": 200,
        "data_extractor/customer": 200,
        "data_extractor/positions": 200,
        "data_extractor/ledger": 200,
        "data_extractor/statement": 200,
        "data_extractor/statement_csv": 200,
        "data_extractor/order": 200,
        "data_extractor/ticker": 200,
        "data_extractor/book": 200,
    }
    assert failures == [[]] * 7
    assert answers["settlement/schedule"] == {"valueDate": "2026-11-24", "settled": 3, "net": "1680219.10"}
    assert all(world.parked(stage) == [] for stage in ("lit_pool_matching_engine", "post_trade_processor"))
    assert json.loads(answers["data_extractor/ticker"]["body"])["quantity"] == samples.SEED.quantity
