"""The market's configuration as the stages use it: pools, routing list, split size, limits, matching models."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trading.domain import money
from trading.domain.orders import TICKER, PoolType

FRACTION = re.compile(r"0(\.[0-9]{1,6})?")


class MatchingModel(StrEnum):
    """How a pool's engine matches."""

    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Venue:
    """A place of execution and the range of its fee, USD a trade."""

    name: str
    lowest_fee: Decimal
    highest_fee: Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """What one order may be at the most. `collar` is the fraction of the quote that a market order may slip."""

    highest_quantity: int
    collar: Decimal


@dataclass(frozen=True, slots=True)
class Market:
    """One reading of the configuration. `version` is Parameter Store's, for the journal."""

    dark_pool_tickers: frozenset[str]
    venues: Mapping[PoolType, tuple[Venue, ...]]
    slice_size: int
    matching_models: Mapping[PoolType, MatchingModel]
    limits: Limits
    version: int

    @property
    def highest_fee(self) -> Decimal:
        """The most that any venue takes for one trade, USD."""
        return max(venue.highest_fee for venues in self.venues.values() for venue in venues)


def market_from(text: str, version: int) -> Market:
    """The configuration from its JSON document. Raises ValueError for what is not one, with the fault in words.

    Members that are not known are passed over: functions of the last release read the document of the next one.
    """
    try:
        document = json.loads(text)
        market = Market(
            dark_pool_tickers=_tickers(document["darkPoolTickers"]),
            venues={PoolType.DARK: _venues(document["darkPools"]), PoolType.LIT: _venues(document["litPools"])},
            slice_size=_positive(document["sliceSize"]),
            matching_models={pool: MatchingModel(document["matchingModels"][pool.value]) for pool in PoolType},
            limits=_limits(document["limits"]),
            version=version,
        )
    except KeyError as error:
        raise ValueError(f"version {version} of the market's configuration: {error} is missing") from error
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"version {version} of the market's configuration: a member has another shape") from error
    except ValueError as error:
        raise ValueError(f"version {version} of the market's configuration: {error}") from error
    return market


def _tickers(listed: object) -> frozenset[str]:
    if not isinstance(listed, list) or not all(isinstance(each, str) and TICKER.fullmatch(each) for each in listed):
        raise ValueError("darkPoolTickers is not a list of tickers")
    return frozenset(listed)


def _positive(number: object) -> int:
    if type(number) is not int or number <= 0:
        raise ValueError(f"{number!r} is not a positive whole number")
    return number


def _venues(fees: Mapping[str, Sequence[str]]) -> tuple[Venue, ...]:
    if "" in fees:
        raise ValueError("a venue has no name")
    venues = tuple(Venue(name, money.amount(low), money.amount(high)) for name, (low, high) in fees.items())
    if not venues:
        raise ValueError("no venue is listed")
    for venue in venues:
        if not money.ZERO <= venue.lowest_fee <= venue.highest_fee:
            raise ValueError(f"the fees of {venue.name} are not a range")
    return venues


def _limits(limits: Mapping[str, Any]) -> Limits:
    collar = limits["collar"]
    if not isinstance(collar, str) or not FRACTION.fullmatch(collar):
        raise ValueError("the collar is a fraction below 1 as text, like 0.05")
    return Limits(_positive(limits["highestQuantity"]), Decimal(collar))
