"""Which orders a pool type takes in which phase of its session: what may wait for the opening, and what may not.

| time in force (FIX 59) | always open | open | closed |
|---|---|---|---|
| Day (0), GTC (1) | traded or rests | traded or rests | collects for the opening |
| IOC (3), FOK (4) | traded or ends | traded or ends | refused: `market-closed` |
| OPG (2), at the opening | refused: `no-auction` | refused: `auction-over` | collects for the opening |
| CLS (7), at the close | refused: `no-auction` | collects for the closing | collects for the closing |

A market order that collects for the opening ends with it. With a minimum quantity it is refused while the market is
closed: an auction knows none. The dark pools have no auctions: of market orders with `poolOnly` they take none while
they are closed, and no OPG or CLS order ever comes to them.
"""

from collections.abc import Mapping
from enum import StrEnum

from trading.domain.hours import Session
from trading.domain.orders import Order, OrdType, TimeInForce


class Phase(StrEnum):
    """The phases of a session (FIX 625), and the one of a pool type that has no hours."""

    ALWAYS = "Always"
    OPEN = "Open"
    CLOSED = "Closed"


REFUSED: Mapping[tuple[TimeInForce, Phase], str] = {
    (TimeInForce.IOC, Phase.CLOSED): "market-closed",
    (TimeInForce.FOK, Phase.CLOSED): "market-closed",
    (TimeInForce.OPG, Phase.ALWAYS): "no-auction",
    (TimeInForce.OPG, Phase.OPEN): "auction-over",
    (TimeInForce.CLS, Phase.ALWAYS): "no-auction",
}
"""Why an order is refused. What is not here is taken."""


def refused(order: Order, phase: Phase) -> str | None:
    """Why an order is refused in this phase; None if it is taken."""
    if phase is Phase.CLOSED and order.type is OrdType.MARKET and (order.minimum_quantity or order.pool_only):
        return "market-closed"
    return REFUSED.get((order.time_in_force, phase))


def phase_of(session: Session) -> Phase | None:
    """The phase that opening hours say; None where commands decide, not the clock."""
    if not session.has_auctions:
        return Phase.ALWAYS
    if not session.by_clock:
        return None
    return Phase.CLOSED if session.opened is None else Phase.OPEN
