"""The market's configuration is read as a whole or refused with its fault."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.samples import DOCUMENT
from trading.domain.market import market_from
from trading.domain.orders import PoolType


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(DOCUMENT) | fields)


def test_the_templates_configuration_is_the_seeds() -> None:
    market = market_from(DOCUMENT, 7)
    assert market.version == 7
    assert market.slice_size == 1000
    assert market.highest_fee == Decimal("10.00")
    assert market.dark_pool_tickers == {"FB", "AMD", "AMZN", "AAPL", "NVDA", "MO", "GOOG", "F", "T", "VTI"}
    assert {pool: len(venues) for pool, venues in market.venues.items()} == {PoolType.DARK: 7, PoolType.LIT: 9}
    assert market.limits.collar == Decimal("0.05")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{}",
        changed(sliceSize=0), changed(sliceSize="1000"), changed(sliceSize=True),
        changed(darkPools={}), changed(litPools={"X": ["1.00", "0.99"]}), changed(litPools={"X": ["-0.01", "1.00"]}),
        changed(litPools={"X": ["0.00"]}), changed(litPools={"X": [0, 1]}), changed(litPools={"X": ["0.00", "NaN"]}),
        changed(matchingModels={"Dark": "simulated"}),
        changed(limits={"highestQuantity": 10, "collar": "1"}), changed(limits={"highestQuantity": 10, "collar": "x"}),
        changed(limits={"highestQuantity": 0, "collar": "0.05"}),
        changed(limits={"highestQuantity": 10, "collar": "NaN"}),
        changed(limits=None), changed(darkPoolTickers=None),
        changed(matchingModels={"Dark": "simulatd", "Lit": "simulated"}), changed(matchingModels={"Dark": 1, "Lit": 1}),
        changed(matchingModels=["simulated"]), changed(darkPools=["X"]), changed(darkPools={"": ["0.00", "1.00"]}),
        changed(darkPoolTickers="AMD"), changed(darkPoolTickers=["amd"]), changed(darkPoolTickers=[1]),
        changed(darkPoolTickers=[[]]), changed(darkPoolTickers={"AMD": 1}), "[" * 100_000, "9" * 5000,
        *(changed(limits={"highestQuantity": 10, "collar": collar}) for collar in (0.05, 0, "-0.05", "0,05", "5e-2")),
    ],
)  # fmt: skip
def test_what_is_no_configuration_is_refused_by_its_version_and_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"^version 3 of the market's configuration: [^<>]+$"):
        market_from(text, 3)


def test_members_of_a_later_release_are_passed_over() -> None:
    assert market_from(changed(later=1), 3) == market_from(DOCUMENT, 3)
