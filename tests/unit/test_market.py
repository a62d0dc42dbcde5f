"""The market's configuration is read as a whole or refused with its fault."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.samples import DOCUMENT, SIMULATED
from trading.domain.hours import opening_hours
from trading.domain.market import MarketMaker, Venue, market_from
from trading.domain.orders import PoolType


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(DOCUMENT) | fields)


def venue(**fields: Any) -> str:
    """The configuration with one exchange alone, that has these fields changed."""
    good = {"fee": ["0.00", "1.00"], "maker": "0.0010", "taker": "0.0030", "cap": "10.00"}
    return changed(litPools={"X": good | fields})


def test_an_exchange_without_a_market_maker_is_one_too() -> None:
    assert market_from(venue(), 1).venues[PoolType.LIT]["X"].market_maker is None


def test_the_templates_configuration_is_the_seeds() -> None:
    market = market_from(DOCUMENT, 7)
    assert market.version == 7
    assert market.slice_size == 1000
    assert (market.highest_fee, market.highest_rate) == (Decimal("0.00"), Decimal("0.0040"))
    assert SIMULATED.highest_fee == Decimal("10.00")
    assert (SIMULATED.highest_rate, market.ranks["IEX"], market.posting_exchange) == (Decimal(0), 0, "IEX")
    assert market.dark_pool_tickers == {"FB", "AMD", "AMZN", "AAPL", "NVDA", "MO", "GOOG", "F", "T", "VTI"}
    assert {pool: len(venues) for pool, venues in market.venues.items()} == {PoolType.DARK: 7, PoolType.LIT: 9}
    assert market.limits.collar == Decimal("0.05")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{}",
        changed(sliceSize=0), changed(sliceSize="1000"), changed(sliceSize=True), changed(sliceSize=10_000_001),
        changed(sliceSize=1), changed(sliceSize=999), changed(litPools={"X" * 41: {}}), changed(darkPools={"../": {}}),
        changed(darkPools={}), changed(darkPools=None), changed(litPools={"X": ["0.00", "1.00"]}),
        venue(fee=["1.00", "0.99"]), venue(fee=["-0.01", "1.00"]), venue(fee=["0.00"]), venue(fee=[0, 1]),
        venue(fee=["0.00", "NaN"]), venue(maker="-0.0001"), venue(taker=0.001), venue(taker="0.00001"), venue(cap=1),
        venue(maker="much"), venue(maker="NaN"), venue(taker="\ud800"), venue(taker=""),
        venue(marketMaker={"levels": 0, "spread": "0.00", "step": "0.01", "size": 1000}),
        venue(marketMaker={"levels": 51, "spread": "0.00", "step": "0.01", "size": 1000}),
        venue(marketMaker={"levels": 1, "spread": "0.00", "step": "0.01", "size": 10_000_001}),
        venue(marketMaker={"levels": 1, "spread": "-0.01", "step": "0.01", "size": 1000}),
        venue(marketMaker={"levels": 1, "spread": "0.00", "step": "0.00", "size": 1000}),
        changed(matchingModels={"Dark": "simulated"}), changed(matchingModels={"Dark": "simulated", "Lit": "other"}),
        changed(limits={"highestQuantity": 10, "collar": "1"}), changed(limits={"highestQuantity": 10, "collar": "x"}),
        changed(limits={"highestQuantity": 0, "collar": "0.05"}),
        changed(limits={"highestQuantity": 10_000_001, "collar": "0.05"}),
        changed(limits={"highestQuantity": 10, "collar": "NaN"}),
        changed(limits=None), changed(darkPoolTickers=None),
        changed(matchingModels={"Dark": "simulatd", "Lit": "simulated"}), changed(matchingModels={"Dark": 1, "Lit": 1}),
        changed(openingHours={"Lit": "nine to five"}), changed(openingHours={"Grey": "always"}),
        changed(openingHours="always"), changed(openingHours={"Lit": None}),
        changed(openingHours={"Lit": "new-york"}, matchingModels={"Dark": "order-book", "Lit": "simulated"}),
        changed(matchingModels=["simulated"]), changed(darkPools=["X"]), changed(darkPools={"": ["0.00", "1.00"]}),
        changed(darkPoolTickers="AMD"), changed(darkPoolTickers=["amd"]), changed(darkPoolTickers=[1]),
        changed(darkPoolTickers=[[]]), changed(darkPoolTickers={"AMD": 1}), "[" * 100_000, "9" * 5000,
        *(changed(limits={"highestQuantity": 10, "collar": collar}) for collar in (0.05, 0, "-0.05", "0,05", "5e-2")),
    ],
)  # fmt: skip
def test_an_invalid_configuration_is_refused_with_its_version_and_the_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"^version 3 of the market's configuration: [^<>]+$"):
        market_from(text, 3)


MAKER = {"levels": 50, "spread": "0.01", "step": "0.02", "size": 300}


def test_a_venue_has_its_fees_in_usd_and_its_market_makers_prices_in_half_ticks() -> None:
    document = venue(fee=["0.10", "1.00"], marketMaker=MAKER)
    assert market_from(document, 1).venues[PoolType.LIT] == {
        "X": Venue(
            name="X",
            lowest_fee=Decimal("0.10"),
            highest_fee=Decimal("1.00"),
            maker=Decimal("0.0010"),
            taker=Decimal("0.0030"),
            cap=Decimal("10.00"),
            market_maker=MarketMaker(levels=50, spread=2, step=4, size=300),
        )
    }


def test_every_trade_of_a_venue_may_cost_the_same() -> None:
    fees = market_from(venue(fee=["1.00", "1.00"]), 1).venues[PoolType.LIT]["X"]
    assert (fees.lowest_fee, fees.highest_fee) == (Decimal("1.00"), Decimal("1.00"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{}", "'darkPoolTickers' is missing"),
        ("[]", "a member has another shape"),
        (changed(darkPoolTickers=["amd"]), "darkPoolTickers is not a list of tickers"),
        (changed(darkPools={}), "no venue is listed"),
        (venue(fee=["1.00", "0.99"]), "the fees of X are not a range"),
        (
            venue(marketMaker=MAKER | {"spread": "-0.01"}),
            "a market maker's spread is not below zero, its step above",
        ),
        (venue(marketMaker=MAKER | {"step": "0.00"}), "a market maker's spread is not below zero, its step above"),
        (venue(marketMaker=MAKER | {"levels": 51}), "a market maker has 50 levels at the most"),
        (
            changed(limits={"highestQuantity": 10, "collar": "1"}),
            "the collar is a fraction below 1 as text, like 0.05",
        ),
        (
            changed(limits={"highestQuantity": 10, "collar": "0.05", "quoteBand": 0.1}),
            "the quoteBand is a fraction below 1 as text, like 0.05",
        ),
        (
            changed(openingHours={"Lit": "new-york"}, matchingModels={"Dark": "order-book", "Lit": "simulated"}),
            "the simulated model of pool type Lit is always open",
        ),
    ],
)
def test_an_operator_is_told_what_is_wrong_with_the_document(text: str, fault: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 # the text is compared whole
        market_from(text, 3)
    assert str(raised.value) == f"version 3 of the market's configuration: {fault}"


def test_the_largest_order_may_be_split_into_as_many_slices_as_an_engine_takes_and_no_more() -> None:
    limits = {"highestQuantity": 70_000, "collar": "0.05"}
    assert market_from(changed(sliceSize=7, limits=limits), 1).slice_size == 7
    with pytest.raises(ValueError, match="70001 shares are more than 10000 slices of 7"):
        market_from(changed(sliceSize=7, limits=limits | {"highestQuantity": 70_001}), 1)


def test_members_of_a_later_release_are_passed_over() -> None:
    assert market_from(changed(later=1), 3) == market_from(DOCUMENT, 3)


def test_a_quote_may_be_a_tenth_away_from_the_last_one_unless_the_document_says_how_far() -> None:
    limits = {"highestQuantity": 10_000_000, "collar": "0.05"}
    assert market_from(changed(limits=limits), 1).limits.quote_band == Decimal("0.10")
    assert market_from(changed(limits=limits | {"quoteBand": "0.25"}), 1).limits.quote_band == Decimal("0.25")


def test_a_pool_type_without_opening_hours_is_always_open_whatever_the_other_has() -> None:
    hours = market_from(changed(openingHours={"Lit": "new-york"}), 1).hours
    assert hours == {PoolType.DARK: opening_hours("always"), PoolType.LIT: opening_hours("new-york")}
    beside_chance = changed(openingHours={"Lit": "new-york"}, matchingModels={"Dark": "simulated", "Lit": "order-book"})
    assert market_from(beside_chance, 1).hours == hours
