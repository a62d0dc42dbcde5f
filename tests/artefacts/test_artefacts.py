"""Every built function works with nothing but the layer and what Lambda brings along, and none is heavy."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from local import sizes
from tests.support import samples
from tests.support.cloud import ROOT
from tests.support.lambda_like import Artefacts
from tests.support.sample_answers import ANSWERS, gist
from tests.support.stages import FUNCTIONS, STAGES

SAMPLES = dict(samples.samples())
HEAVIEST = {
    "ApiDocs": (40_000, 134_000),  # the contract itself
    "BrokerUi": (120_000, 285_000),  # the page, and what it loads
    "OrderEntry": (1_500_000, 4_500_000),
    "DataExtractor": (96_000, 202_000),
    "AccountKeeper": (1_500_000, 4_500_000),
    "CredentialKeeper": (1_500_000, 4_500_000),
    "TickerKeeper": (1_500_000, 4_500_000),
    "PostTradeProcessor": (46_000, 104_000),
    "Reconciler": (100_000, 220_000),  # a package of its own
    "TradingLayer": (3_100_000, 8_300_000),
}
HEAVIEST_OF_ITS_OWN_CODE = (24_000, 50_000)
"""Zipped and unzipped, bytes, 4 % or more above what they are. A cold start reads them: who raises a bound measures the
cold start, too.
"""

OF_ALL = {"boto3", "aws_lambda_powertools", "typing_extensions"}
"""The types of DynamoDB's values; Powertools' logger, and what it imports."""
OF_FORMS = {"attr", "attrs", "jsonschema", "jsonschema_specifications", "referencing", "rpds"}
FORMS = {"account_keeper", "credential_keeper", "order_entry", "ticker_keeper"}
"""The stages that take bodies, and hold them against a schema."""
WITHOUT_ITEMS = {"api_docs", "broker_ui", "archive_compactor"}
"""The stages that read no table."""
MODULES = 125
MODULES_OF_FORMS = 40
"""What a function loads beyond boto3 and a client, at the most. A cold start pays for each."""


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_taken(artefacts: Artefacts, sample: str) -> None:
    stage, _, _ = sample.partition("/")
    assert gist(artefacts.answer(stage, SAMPLES[sample])) == ANSWERS[sample]


def test_what_the_layer_does_not_carry_is_missed(artefacts: Artefacts) -> None:
    done = artefacts.run("api_authorizer", SAMPLES["api_authorizer/credentials"], layer="no-layer")
    assert done.returncode != 0
    assert "ModuleNotFoundError: No module named 'trading'" in done.stderr


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
    expected = OF_ALL - {"boto3"} if stage in WITHOUT_ITEMS else OF_ALL
    assert packages == (expected | OF_FORMS if takes_bodies else expected)
    assert len(loaded) <= MODULES + MODULES_OF_FORMS * takes_bodies, sorted(loaded)


def loaded_by(artefacts: Artefacts, stage: str) -> set[str]:
    done = artefacts.started(stage)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout)["modules"])
