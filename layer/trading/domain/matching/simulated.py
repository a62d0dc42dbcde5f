"""The matching of the original document: there is no book, chance decides. Every draw is seeded by the command's id, so
that a replay repeats it.

- Lit: every slice trades, at a listed exchange.
- Dark: about half of the slices trade, at a listed dark pool; the rest is for the lit pools. An order that would get
  less than its minimum quantity goes on untouched, and so does a fill-or-kill order that would not be filled
  completely.
- A limit order trades at its limit. A market order trades at the current reference quote (a buy at the ask, a sell at
  the bid), never beyond its protection price. If the ticker has no quote any more, it trades at its protection price,
  so that no order holds up those behind it.
- Nothing rests. What the dark pools leave of an order with `poolOnly` is canceled. A post-only order is rejected,
  because it would trade. A stop order is rejected, because no market is followed here that could reach its stop.
- A new reference quote changes nothing but the price of later market orders in the lit pools: nothing rests that it
  could reach. Nothing is displayed, so a dark engine that watches is told of nothing; the book that reads this journal
  later knows that it watches.
- A change comes too late here. A change of an order that went through the dark pools goes on to the lit ones, which may
  have a book; so does a mass cancel. As in a book, an order ends if it comes after its own cancel, a mass cancel or the
  close of its session. The pool remembers nothing else.
- The fee is drawn from the venue's range, in cents, and is never higher than what the order reserved for a slice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.ids import derived, draw
from trading.domain.matching.early_ends import EarlyEnds
from trading.domain.matching.pool import (
    Arrived,
    Closed,
    Conditions,
    Event,
    Forwarded,
    Halted,
    MassCanceled,
    Overtaken,
    Passed,
    Quoted,
    Watched,
    customer_order,
    house_order,
    not_here,
)
from trading.domain.matching.reference import Reference
from trading.domain.matching.watch import watched
from trading.domain.matching.working_order import Canceled, Rejected, Traded, WorkingOrder
from trading.domain.messages.commands import (
    Change,
    Command,
    ExpireOrders,
    MassCancel,
    NewOrder,
    OpenSession,
    QuoteChanged,
    WatchQuote,
)
from trading.domain.orders import AT_ONCE, Order, PoolType, TimeInForce, slices
from trading.domain.quotes import Quote
from trading.domain.session_rules import Phase, refused


class SimulatedPool:
    """Remembers which orders must end when they come, as the order books do, and in the lit pools the reference
    quote.
    """

    def __init__(self, pool: PoolType) -> None:
        self._pool = pool
        self.early_ends = EarlyEnds()
        self._reference = Reference()

    @property
    def reference(self) -> Quote | None:
        return self._reference.quote

    def execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]:
        quoted: list[Event] = []
        if self._pool is PoolType.LIT:
            quoted += [*self._reference.before(conditions.quote), *self._reference.change(command)]
        return quoted + self._execute(command, conditions, arrived)

    def _execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]:
        match command:
            case NewOrder():
                return self._enter(command, conditions)
            case OpenSession() | QuoteChanged():
                return []
            case WatchQuote():
                return [watched(command)]
            case ExpireOrders(time=time):
                return [*self.early_ends.close(time)]
            case MassCancel(_, request_id):
                forwarded = [Forwarded(request_id)] if self._pool is PoolType.DARK else []
                return [*self.early_ends.mass_cancel(command), *forwarded]
            case _:
                return [self._change(command, arrived)]

    def _enter(self, command: NewOrder, conditions: Conditions) -> list[Event]:
        if (ended := self.early_ends.end(command)) is not None:
            return [ended]
        order = command.order
        taker = customer_order(command)
        if (reason := refused(order, Phase.ALWAYS)) is not None:
            return [Rejected(taker.id, reason)]
        if order.stop_price is not None or order.peg is not None:
            return [Rejected(taker.id, "unsupported-order-characteristic")]
        if order.post_only:
            return [Rejected(taker.id, "would-trade")]
        traded = [*self._trades(command, taker, conditions)]
        leaves = traded[-1].taker_leaves if traded else command.quantity
        return [*traded, self._left(taker, leaves, order)] if leaves else [*traded]

    def _trades(self, command: NewOrder, taker: WorkingOrder, conditions: Conditions) -> Iterator[Traded]:
        """The slices that trade; none if they are less than the order's minimum."""
        plan = [*self._plan(command)]
        least = taker.leaves if taker.tif is TimeInForce.FOK else min(taker.minimum, taker.leaves)
        if sum(quantity for _, quantity in plan) < least:
            return
        price = money.half_ticks(_price(command.order, self.reference or conditions.quote))
        venues = list(conditions.market.venues[self._pool])
        leaves = command.quantity
        for slice_id, quantity in plan:
            leaves -= quantity
            venue = venues[draw(slice_id, "venue", len(venues))]
            maker = house_order(slice_id, buys=not taker.buys, quantity=quantity, price=price, venue=venue)
            yield Traded(maker, taker, quantity, price, 0, leaves)

    def _plan(self, command: NewOrder) -> Iterator[tuple[str, int]]:
        """The ids and shares of the slices that chance lets trade."""
        for number, quantity in enumerate(slices(command.quantity, command.order.slice_size)):
            slice_id = derived(command.command_id, f"slice {number}")
            if self._pool is PoolType.LIT or draw(slice_id, "crosses in the dark", 2) == 0:
                yield slice_id, quantity

    def _left(self, taker: WorkingOrder, leaves: int, order: Order) -> Event:
        """What becomes of the shares that the dark pools leave of an order."""
        if not order.pool_only:
            return Passed(taker, leaves)
        return Canceled(taker, leaves, 0, "immediate-or-cancel" if taker.tif in AT_ONCE else "nothing-rests")

    def _change(self, change: Change, arrived: Arrived) -> Event:
        there = arrived(change.order)
        if self._pool is PoolType.DARK and there and not change.order.pool_only:
            return Forwarded(change.order.order_id)
        event = not_here(change, gone=change.forwarded or there)
        self.early_ends.happened(event)
        return event

    def display(self) -> None:
        """Nothing is displayed."""

    def journaled(self, events: Sequence[Event]) -> Sequence[Event]:
        """The events that a book needs when it reads this journal later: it has none of the orders that traded here."""
        kept = Overtaken | Halted | MassCanceled | Closed | Canceled | Quoted | Watched
        return [event for event in events if isinstance(event, kept)]

    def fold(self, events: Iterable[Event]) -> None:
        for event in events:
            self.early_ends.happened(event)
            self._reference.happened(event)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Restores what ends late orders, and the reference quote. Orders that rest in a book wait there until the
        book's model is back.
        """
        self.early_ends, self._reference = EarlyEnds.restored(snapshot), Reference.restored(snapshot)


def _price(order: Order, quote: Quote | None) -> Decimal:
    if order.price is not None:
        return order.price
    if quote is None:
        return order.protection_price
    return order.within_protection(quote.reference(order.side))
