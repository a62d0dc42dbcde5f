"""What everybody sees of a ticker's market: its tape, which has every execution once, whoever it was between, and what
lit pools display.
"""

from dataclasses import dataclass
from decimal import Decimal

from trading.domain.orders import PoolType, Side

Depth = dict[int, dict[str, tuple[int, int]]]
"""The prices of one side, in half ticks, best first, and at each the shares and the number of orders, by exchange."""

Display = tuple[Depth, Depth]
"""What lit pools display: the best prices of the bids and of the asks."""


@dataclass(frozen=True, slots=True)
class Print:
    """An execution on the tape: shares, USD a share, and venue. `number` is its place in the commit. `aggressor` is the
    side of the incoming order (FIX 2446); an auction has none.
    """

    number: int
    quantity: int
    price: Decimal
    venue: str
    aggressor: Side | None = None

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
