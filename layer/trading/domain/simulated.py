"""The seed's matching: no book, chance decides. Every draw follows from the command's id, so that a replay repeats it.

- Lit: every slice trades, at a listed exchange.
- Dark: about half of the slices trade, at a listed dark pool; the rest is for the lit pools.
- A limit order trades at its limit. A market order trades at the reference quote of the moment (a buy at the ask, a
  sell at the bid), never beyond its protection price; at that price where the ticker has no quote any more, so that no
  order holds up those behind it.
- Nothing rests, so a change comes too late; what came through the dark pools is looked for in the lit ones, which may
  have a book: a mass cancel goes on to them, too. What comes after a mass cancel, or after the close of its session,
  trades.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.commands import CancelOrders, Command, ExpireOrders, NewOrder
from trading.domain.ids import derived, draw
from trading.domain.orders import Order, PoolType, Quote, slices
from trading.domain.pools import Arrived, Conditions, Event, Forwarded, Passed, house_order, working_order
from trading.domain.working import Rejected, Traded


class SimulatedPool:
    """Has no state: nothing rests."""

    forgets = True

    def __init__(self, pool: PoolType) -> None:
        self._pool = pool

    def execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]:
        match command:
            case NewOrder():
                return self._enter(command, conditions)
            case ExpireOrders():
                return []
            case CancelOrders(_, request_id):
                return [Forwarded(request_id)] if self._pool is PoolType.DARK else []
        order_id = command.order.order_id
        if self._pool is PoolType.DARK and arrived(command.order):
            return [Forwarded(order_id)]
        gone = command.forwarded or arrived(command.order)
        return [Rejected(order_id, "too-late" if gone else "unknown-order")]

    def _enter(self, command: NewOrder, conditions: Conditions) -> list[Event]:
        order = command.order
        price = money.steps(_price(order, conditions.quote))
        venues = list(conditions.market.venues[self._pool])
        taker = working_order(command)
        events: list[Event] = []
        passed = 0
        leaves = command.quantity
        for number, quantity in enumerate(slices(command.quantity, order.slice_size)):
            slice_id = derived(command.command_id, f"slice {number}")
            if self._pool is PoolType.DARK and draw(slice_id, "crosses in the dark", 2):
                passed += quantity
                continue
            leaves -= quantity
            venue = venues[draw(slice_id, "venue", len(venues))]
            maker = house_order(slice_id, buys=not taker.buys, quantity=quantity, price=price, venue=venue)
            events.append(Traded(maker, taker, quantity, price, 0, leaves))
        return [*events, Passed(taker, passed)] if passed else events

    def fold(self, events: Iterable[Event]) -> None:
        """Nothing is kept."""

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """What rests in a book waits there until the book's model is back."""


def _price(order: Order, quote: Quote | None) -> Decimal:
    if order.price is not None:
        return order.price
    if quote is None:
        return order.protection_price
    return order.within_protection(quote.reference(order.side))
