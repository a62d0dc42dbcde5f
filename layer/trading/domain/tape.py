"""What everybody sees of a ticker's market: its tape, which has every execution once, whoever it was between, and what
lit pools display.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from trading.domain.orders import PoolType, Side

Depth = dict[int, dict[str, tuple[int, int]]]
"""The prices of one side, in half ticks, best first, and at each the shares and the number of orders, by exchange."""


class Auction(StrEnum):
    """What opens a session, and what closes it."""

    OPENING = "Opening"
    CLOSING = "Closing"


class Uncross(NamedTuple):
    """A price in half ticks and the shares that trade there. The `imbalance` is what could trade there and does not:
    above zero shares to buy, below zero shares to sell.
    """

    price: int
    volume: int
    imbalance: int


class Display(NamedTuple):
    """What lit pools display: the best prices of the bids and of the asks; while orders `collect` they may cross.
    `auction` is the next one as it would be now, None if there is none or nothing would trade in it.
    """

    bids: Depth
    asks: Depth
    collects: bool = False
    auction: Uncross | None = None

    @property
    def crossed(self) -> bool:
        """Whether the best bid and ask are locked or crossed, so that neither is a price to trade at."""
        return bool(self.bids and self.asks) and next(iter(self.bids)) >= next(iter(self.asks))


@dataclass(frozen=True, slots=True)
class Print:
    """An execution on the tape: shares, USD a share, and venue. `number` is its place in the commit. `aggressor` is the
    side of the incoming order (FIX 2446). An execution of an `auction` has none.
    """

    number: int
    quantity: int
    price: Decimal
    venue: str
    aggressor: Side | None = None
    auction: Auction | None = None

    @property
    def turnover(self) -> Decimal:
        """Price times quantity, USD, exact."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Prints:
    """What one commit, or a part of it, put on a ticker's tape. Ids sort by time, then by pool type and entry."""

    update_id: str
    ticker: str
    pool: PoolType
    sequence: int
    time: str
    prints: tuple[Print, ...]

    @property
    def date(self) -> str:
        return self.time[:10]
