"""What trades cost: the fee of each side of a trade.

- Where an order book matches, a fee is the venue's rate times the shares: the maker rate for the order that rested, the
  taker rate for the incoming one. Fractions of a cent are dropped, and a trade costs no more than the venue's cap.
- Where matching is simulated, a fee is drawn from the venue's range, in cents, seeded by the slice's id.
- A venue that is no longer listed charges nothing.
- A fee is never more than what its trade releases or brings in, so that no fee overdraws an account.
"""

from collections.abc import Callable
from decimal import Decimal

from trading.domain import money
from trading.domain.ids import draw
from trading.domain.market import Market, Venue
from trading.domain.matching.working_order import Traded
from trading.domain.orders import PoolType

Fee = Callable[[Traded, bool], Decimal]
"""The fee of one side of a trade, USD; True for the side that rested."""


def fees_of(pool: PoolType, market: Market) -> Fee:
    """What trades cost in this pool type under this configuration."""
    venues, simulated = market.venues[pool], market.is_simulated(pool)

    def fee(event: Traded, rested: bool) -> Decimal:  # noqa: FBT001 # a callback's argument
        venue = venues.get(event.maker.venue)
        if venue is None:
            return money.ZERO
        if simulated:
            return _drawn(venue, event.maker.id)
        return _by_shares(venue, event.quantity, rested=rested)

    return fee


def charged(fee: Decimal, released: Decimal, brought_in: Decimal) -> Decimal:
    """The part of a fee that is charged, USD. `released` is what the trade releases of the order's reservation;
    `brought_in` is what the trade brings in, negative for a purchase.
    """
    return min(fee, released + brought_in)


def _by_shares(venue: Venue, quantity: int, *, rested: bool) -> Decimal:
    rate = venue.maker if rested else venue.taker
    return min(money.rounded_down(rate * quantity), venue.cap)


def _drawn(venue: Venue, slice_id: str) -> Decimal:
    cents = money.cents(venue.highest_fee - venue.lowest_fee) + 1
    return venue.lowest_fee + draw(slice_id, "fee", cents) * money.TICK
