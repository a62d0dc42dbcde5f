"""The market's configuration as the stages use it: pools, routing list, split size, limits, matching models."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trading.domain import money
from trading.domain.hours import OpeningHours, Rule, opening_hours
from trading.domain.messages.bounds import count_of, rate_of, require_slices, venue_of
from trading.domain.orders import TICKER, PoolType

FRACTION = re.compile(r"0(\.[0-9]{1,6})?")
QUOTE_BAND = "0.10"
"""The band of reference quotes in a document that names none."""
MAX_LEVELS = 50
"""The most prices that a market maker quotes on each side: it refills all of them after every command."""


class MatchingModel(StrEnum):
    """How a pool's engine matches."""

    SIMULATED = "simulated"
    ORDER_BOOK = "order-book"


@dataclass(frozen=True, slots=True)
class MarketMaker:
    """How a simulated market maker quotes at an exchange: `size` shares on each of `levels` prices a side. The first
    price is `spread` away from the reference quote, each further one `step` more. Both are in half ticks.
    """

    levels: int
    spread: int
    step: int
    size: int


@dataclass(frozen=True, slots=True)
class Venue:
    """A place of execution and its fees. In the simulated model a trade costs from `lowest_fee` to `highest_fee`, USD.
    In the order book the resting order pays `maker` and the incoming one `taker`, USD a share, up to `cap` a trade.
    """

    name: str
    lowest_fee: Decimal
    highest_fee: Decimal
    maker: Decimal
    taker: Decimal
    cap: Decimal
    market_maker: MarketMaker | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The market's limits: the highest quantity of an order; how far a market order may slip, as a fraction of the
    quote; how far a new reference quote may be from the last one, as a fraction of the last midpoint.
    """

    highest_quantity: int
    collar: Decimal
    quote_band: Decimal


@dataclass(frozen=True, slots=True)
class Market:
    """The configuration as it was read once. `version` is Parameter Store's; the journal records it."""

    dark_pool_tickers: frozenset[str]
    venues: Mapping[PoolType, Mapping[str, Venue]]
    slice_size: int
    matching_models: Mapping[PoolType, MatchingModel]
    limits: Limits
    version: int
    hours: Mapping[PoolType, OpeningHours] = field(default_factory=lambda: dict.fromkeys(PoolType, OpeningHours()))

    def is_simulated(self, pool: PoolType) -> bool:
        return self.matching_models[pool] is MatchingModel.SIMULATED

    @property
    def highest_fee(self) -> Decimal:
        """The highest fee of a slice in the pools that are simulated, USD."""
        return max((venue.highest_fee for venue in self._venues(MatchingModel.SIMULATED)), default=money.ZERO)

    @property
    def highest_rate(self) -> Decimal:
        """The highest fee of a share in the pools that have order books, USD."""
        return max(
            (max(venue.maker, venue.taker) for venue in self._venues(MatchingModel.ORDER_BOOK)), default=money.ZERO
        )

    def _venues(self, model: MatchingModel) -> list[Venue]:
        return [
            venue for pool in PoolType if self.matching_models[pool] == model for venue in self.venues[pool].values()
        ]

    @property
    def ranks(self) -> dict[str, int]:
        """The rank of each exchange by what an incoming order pays there, the cheapest first."""
        exchanges = self.venues[PoolType.LIT]
        rates = sorted({venue.taker for venue in exchanges.values()})
        return {name: rates.index(venue.taker) for name, venue in exchanges.items()}

    @property
    def posting_exchange(self) -> str:
        """Where a lit order rests: the exchange with the lowest maker rate."""
        return min(self.venues[PoolType.LIT].values(), key=lambda venue: venue.maker).name


def market_from(text: str, version: int) -> Market:
    """The configuration from its JSON document. Raises ValueError, with the fault in words, for an invalid one.

    Unknown members are ignored, because functions of the last release read the document of the next one.
    """
    try:
        document = json.loads(text)
        market = Market(
            dark_pool_tickers=_tickers(document["darkPoolTickers"]),
            venues={PoolType.DARK: _venues(document["darkPools"]), PoolType.LIT: _venues(document["litPools"])},
            slice_size=count_of(document["sliceSize"]),
            matching_models={pool: MatchingModel(document["matchingModels"][pool.value]) for pool in PoolType},
            limits=_limits(document["limits"]),
            version=version,
            hours=_hours(document.get("openingHours", {})),
        )
        require_slices(market.limits.highest_quantity, market.slice_size)
        _require_books(market)
    except KeyError as error:
        raise ValueError(f"version {version} of the market's configuration: {error} is missing") from error
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"version {version} of the market's configuration: a member has another shape") from error
    except ValueError as error:
        raise ValueError(f"version {version} of the market's configuration: {error}") from error
    return market


def _hours(document: Mapping[str, Any]) -> dict[PoolType, OpeningHours]:
    named = {PoolType(pool): opening_hours(name) for pool, name in document.items()}
    return {pool: named.get(pool, OpeningHours()) for pool in PoolType}


def _require_books(market: Market) -> None:
    """Raises ValueError if a pool type has opening hours, and no order book in which orders could collect."""
    for pool, hours in market.hours.items():
        if market.is_simulated(pool) and hours.rule is not Rule.ALWAYS:
            raise ValueError(f"the simulated model of pool type {pool} is always open")


def _tickers(listed: object) -> frozenset[str]:
    if not isinstance(listed, list) or not all(isinstance(each, str) and TICKER.fullmatch(each) for each in listed):
        raise ValueError("darkPoolTickers is not a list of tickers")
    return frozenset(listed)


def _venues(venues: Mapping[str, Mapping[str, Any]]) -> dict[str, Venue]:
    if not venues:
        raise ValueError("no venue is listed")
    return {venue_of(name): _venue(name, fields) for name, fields in venues.items()}


def _venue(name: str, fields: Mapping[str, Any]) -> Venue:
    low, high = (money.amount(text) for text in fields["fee"])
    if not money.ZERO <= low <= high:
        raise ValueError(f"the fees of {name} are not a range")
    quotes = fields.get("marketMaker")
    return Venue(
        name=name,
        lowest_fee=low,
        highest_fee=high,
        maker=rate_of(fields["maker"]),
        taker=rate_of(fields["taker"]),
        cap=money.amount(fields["cap"]),
        market_maker=quotes and _market_maker(quotes),
    )


def _market_maker(fields: Mapping[str, Any]) -> MarketMaker:
    spread, step = (money.amount(fields[name]) for name in ("spread", "step"))
    if spread < 0 or step <= 0:
        raise ValueError("a market maker's spread is not below zero, its step above")
    if count_of(fields["levels"]) > MAX_LEVELS:
        raise ValueError(f"a market maker has {MAX_LEVELS} levels at the most")
    return MarketMaker(fields["levels"], money.half_ticks(spread), money.half_ticks(step), count_of(fields["size"]))


def _limits(limits: Mapping[str, Any]) -> Limits:
    return Limits(
        count_of(limits["highestQuantity"]),
        _fraction("collar", limits["collar"]),
        _fraction("quoteBand", limits.get("quoteBand", QUOTE_BAND)),
    )


def _fraction(name: str, value: object) -> Decimal:
    if not isinstance(value, str) or not FRACTION.fullmatch(value):
        raise ValueError(f"the {name} is a fraction below 1 as text, like 0.05")
    return Decimal(value)
