"""Every built function works with nothing but the layer and what Lambda brings along, and none is heavy."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from local import sizes
from tests.support import samples
from tests.support.cloud import ROOT
from tests.support.lambda_like import Artefacts
from tests.support.stages import FUNCTIONS, STAGES

SAMPLES = dict(samples.samples())
ANSWERS = {
    "api_authorizer/credentials": "Allow",
    "api_authorizer/wrong_secret": "Deny",
    "api_authorizer/not_basic": "Deny",
    "order_entry/order": 202,
    "order_entry/array": 202,
    "order_entry/malformed": 400,
    "order_entry/cancel": 202,
    "order_entry/cancel_all": 202,
    "order_entry/replace": 202,
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
    "ticker_keeper/quote": 202,
    "ticker_keeper/confirmed": 202,
    "credential_keeper/sign_in": 201,
    "order_entry/preview": 200,
    "data_extractor/caller": 200,
    "broker_ui/page": 200,
    "broker_ui/file": 404,
    "live_connections/authenticate": 200,
    "live_connections/subscribe": 200,
    "live_connections/resume": 200,
    "live_connections/ping": 200,
    "live_connections/unsubscribe": 200,
    "live_connections/disconnect": 200,
    "live_updates/orders_updated": [],
    "live_market/market_updated": [],
    "market_data/quotes": [],
    "smart_order_router/orders": None,
    "smart_order_router/changes": None,
    "smart_order_router/halt": None,
    "smart_order_router/mass_cancel": None,
    "dark_pool_matching_engine/new_order": [],
    "dark_pool_matching_engine/replace_order": [],
    "dark_pool_matching_engine/cancel_orders": [],
    "lit_pool_matching_engine/new_order": [],
    "lit_pool_matching_engine/cancel_order": [],
    "lit_pool_matching_engine/quote_changed": [],
    "lit_pool_matching_engine/not_matched_in_dark_pool": [],
    "post_trade_processor/execution_reports": [],
    "trades_data_aggregator/bookings": None,
    "book_keeper/entries": None,
    "session_close/schedule": None,
    "settlement/schedule": "2026-11-24",
    "reconciler/schedule": "2026-11-22",
    "api_docs/openapi": 200,
    "api_docs/docs": 200,
    "data_extractor/orders": 200,
    "data_extractor/customers": 200,
    "data_extractor/session": 200,
    "data_extractor/tickers": 200,
    "data_extractor/trades": 200,
    "data_extractor/customer": 200,
    "data_extractor/positions": 200,
    "data_extractor/ledger": 200,
    "data_extractor/statement": 200,
    "data_extractor/statement_csv": 200,
    "data_extractor/order": 200,
    "data_extractor/ticker": 200,
    "data_extractor/book": 200,
    "data_extractor/bars": 200,
    "data_extractor/tape": 200,
}
"""A policy's effect, an HTTP status, what is settled up to, the day that was compared, the records that failed; stages
of a stream answer nothing, or raise.
"""

HEAVIEST = {
    "ApiDocs": (40_000, 130_000),  # the contract itself
    "BrokerUi": (115_000, 260_000),  # the page, and what it loads
    "OrderEntry": (1_500_000, 4_500_000),
    "DataExtractor": (90_000, 195_000),
    "AccountKeeper": (1_500_000, 4_500_000),
    "CredentialKeeper": (1_500_000, 4_500_000),
    "TickerKeeper": (1_500_000, 4_500_000),
    "PostTradeProcessor": (40_000, 85_000),
    "Reconciler": (100_000, 220_000),  # a package of its own
    "TradingLayer": (3_100_000, 8_300_000),
}
HEAVIEST_OF_ITS_OWN_CODE = (24_000, 50_000)
"""Zipped and unzipped, bytes. A cold start reads them: who raises a bound measures the cold start, too."""

OF_ALL = {"boto3", "aws_lambda_powertools", "typing_extensions"}
"""The types of DynamoDB's values; Powertools' logger, and what it imports."""
OF_FORMS = {"attr", "attrs", "jsonschema", "jsonschema_specifications", "referencing", "rpds"}
FORMS = {"account_keeper", "credential_keeper", "order_entry", "ticker_keeper"}
"""The stages that take bodies, and hold them against a schema."""
CALLING_NOTHING = {"api_docs", "broker_ui"}
MODULES = 120
MODULES_OF_FORMS = 40
"""What a function loads beyond boto3 and a client, at the most. A cold start pays for each."""


def gist(answer: Any) -> Any:
    """What matters of an answer to whoever invoked the function."""
    if answer is None:
        return None
    if "policyDocument" in answer:
        return answer["policyDocument"]["Statement"][0]["Effect"]
    if "valueDate" in answer:
        return answer["valueDate"]
    if "report" in answer:
        return answer["date"]
    return answer["statusCode"] if "statusCode" in answer else answer["batchItemFailures"]


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_taken(artefacts: Artefacts, sample: str) -> None:
    stage, _, _ = sample.partition("/")
    assert gist(artefacts.answer(stage, SAMPLES[sample])) == ANSWERS[sample]


def test_what_the_layer_does_not_carry_is_missed(artefacts: Artefacts) -> None:
    done = artefacts.run("api_authorizer", SAMPLES["api_authorizer/credentials"], layer="no-layer")
    assert done.returncode != 0
    assert "ModuleNotFoundError: No module named 'aws_lambda_powertools'" in done.stderr


def test_no_artefact_is_heavier_than_it_may_be(build: Path) -> None:
    measured = sizes.artefacts(build)
    assert set(HEAVIEST) < {each.name for each in measured}
    for each in measured:
        zipped, unzipped = HEAVIEST.get(each.name, HEAVIEST_OF_ITS_OWN_CODE)
        assert each.zipped <= zipped, each
        assert each.unzipped <= unzipped, each


def test_what_lambda_imports_is_compiled_and_says_nothing_of_where(build: Path) -> None:
    sources = [path for folder in build.iterdir() if folder.is_dir() for path in folder.rglob("*.py")]
    compiled = [Path(importlib.util.cache_from_source(path)) for path in sources]
    assert [path for path in compiled if str(ROOT).encode() in path.read_bytes()] == []


@pytest.fixture(scope="module")
def of_boto3(artefacts: Artefacts) -> set[str]:
    """What every function needs: boto3 with a client."""
    return loaded_by(artefacts, "")


@pytest.mark.parametrize("stage", STAGES)
def test_a_start_loads_no_package_that_the_stage_does_not_need(
    artefacts: Artefacts, of_boto3: set[str], stage: str
) -> None:
    loaded = loaded_by(artefacts, stage) - of_boto3
    own = {path.stem for path in (FUNCTIONS / stage).iterdir()} | {"trading"}
    packages = {name.partition(".")[0] for name in loaded} - own - sys.stdlib_module_names
    takes_bodies = stage in FORMS
    expected = OF_ALL - {"boto3"} if stage in CALLING_NOTHING else OF_ALL
    assert packages == (expected | OF_FORMS if takes_bodies else expected)
    assert len(loaded) <= MODULES + MODULES_OF_FORMS * takes_bodies, sorted(loaded)


def loaded_by(artefacts: Artefacts, stage: str) -> set[str]:
    done = artefacts.started(stage)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout)["modules"])
