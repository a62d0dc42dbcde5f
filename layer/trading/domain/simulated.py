"""The seed's matching: no book, chance decides. Every draw follows from the slice's id, so that a replay repeats it.

- Lit: every slice trades, at a listed exchange.
- Dark: about half of the slices trade, at a listed dark pool; the rest is for the lit pools.
- A limit order trades at its limit. A market order trades at the reference quote of the moment (a buy at the ask, a
  sell at the bid), never beyond its protection price; at that price where the ticker has no quote any more, so that no
  order holds up those behind it.
- The fee is drawn from the venue's range, in cents, and is never higher than what the order reserved for a slice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.domain import money
from trading.domain.commands import NewOrder
from trading.domain.executions import ExecutedOrder, Execution
from trading.domain.ids import derived, draw
from trading.domain.market import Venue
from trading.domain.orders import Order, PoolType, Quote


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a command: what traded (None if nothing did), and the command for what did not."""

    executed: ExecutedOrder | None
    rest: NewOrder | None


def match(pool: PoolType, command: NewOrder, venues: Sequence[Venue], quote: Quote | None) -> Matched:
    """Matches one command. `quote` is for market orders; a limit order does not look at it."""
    order = command.order
    price = _price(order, quote)
    traded: list[int] = []
    passed: list[int] = []
    for number in command.slices:
        (traded if pool is PoolType.LIT or _crosses(order, number) else passed).append(number)
    executed = ExecutedOrder(
        order=order,
        executions=tuple(_execution(order, number, price, venues) for number in traded),
        released=order.reservation(traded),
        not_matched_in_dark_pool=command.not_matched_in_dark_pool,
    )
    rest = NewOrder(derived(command.command_id, "lit"), order, tuple(passed), not_matched_in_dark_pool=True)
    return Matched(executed if traded else None, rest if passed else None)


def _price(order: Order, quote: Quote | None) -> Decimal:
    if order.price is not None:
        return order.price
    if quote is None:
        return order.protection_price
    return order.within_protection(quote.reference(order.side))


def _crosses(order: Order, number: int) -> bool:
    return draw(order.slice_id(number), "crosses in the dark", 2) == 0


def _execution(order: Order, number: int, price: Decimal, venues: Sequence[Venue]) -> Execution:
    slice_id = order.slice_id(number)
    venue = venues[draw(slice_id, "venue", len(venues))]
    steps = money.cents(venue.highest_fee - venue.lowest_fee) + 1
    fee = venue.lowest_fee + draw(slice_id, "fee", steps) * money.TICK
    return Execution(number, order.slice_quantity(number), price, venue.name, min(fee, order.highest_fee))
