"""The market's configuration as the stages use it: pools, routing list, split size, limits, matching models."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.orders import PoolType


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
    matching_models: Mapping[PoolType, str]
    limits: Limits
    version: int

    @property
    def highest_fee(self) -> Decimal:
        """The most that any venue takes for one trade, USD."""
        return max(venue.highest_fee for venues in self.venues.values() for venue in venues)


def market_from(text: str, version: int) -> Market:
    """The configuration from its JSON document. Raises ValueError for what is not one, with the fault."""
    try:
        document = json.loads(text)
        market = Market(
            dark_pool_tickers=frozenset(document["darkPoolTickers"]),
            venues={PoolType.DARK: _venues(document["darkPools"]), PoolType.LIT: _venues(document["litPools"])},
            slice_size=_positive(document["sliceSize"]),
            matching_models={pool: document["matchingModels"][pool.value] for pool in PoolType},
            limits=_limits(document["limits"]),
            version=version,
        )
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError) as error:
        raise ValueError(f"version {version} of the market's configuration: {error!r}") from error
    return market


def _positive(number: object) -> int:
    if type(number) is not int or number <= 0:
        raise ValueError(f"{number!r} is not a positive whole number")
    return number


def _venues(fees: Mapping[str, Sequence[str]]) -> tuple[Venue, ...]:
    venues = tuple(Venue(name, money.amount(low), money.amount(high)) for name, (low, high) in fees.items())
    if not venues:
        raise ValueError("no venue is listed")
    for venue in venues:
        if not money.ZERO <= venue.lowest_fee <= venue.highest_fee:
            raise ValueError(f"the fees of {venue.name} are not a range")
    return venues


def _limits(limits: Mapping[str, Any]) -> Limits:
    collar = Decimal(limits["collar"])
    if not 0 <= collar < 1:
        raise ValueError("the collar is a fraction below 1")
    return Limits(_positive(limits["highestQuantity"]), collar)
