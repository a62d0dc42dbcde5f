"""The dark pools: hidden orders cross at the midpoint of the displayed best bid and offer.

- Nothing crosses beyond an order's limit, without a midpoint, or while the displayed market is locked or crossed.
- Two orders of one account do not trade with each other, unless self-trade prevention of the incoming one is off.
  Neither is canceled: a cancellation would tell that something is hidden.
- An order crosses when it comes in. It trades first with resting orders of other customers, the oldest first, then with
  simulated hidden liquidity. That fills about half of what is left, slice by slice; the draw is seeded by the command's
  id.
- Minimum quantity (FIX 110): for an incoming order several contra orders may add up to it. A resting order needs one
  contra order at least that large. An order with fewer open shares than its minimum has
  to fill completely.
- Only an order with `poolOnly` rests, unless it is immediate. All others go on to the lit pools with what is left of
  them. A fill-or-kill order that cannot be filled completely here goes on untouched.
- A change is made here if the order is here, else it follows the order to the lit pools. A smaller quantity keeps the
  order's place. After a new limit or a larger quantity the order crosses again, like one that comes in.
- A mass cancel ends what rests here. Then it goes on to the lit pools, behind the orders that came from here.
- The incoming order pays the pool's taker rate, the resting one the maker rate.
- What rests follows the displayed quote. When the midpoint comes within an order's limit, the order crosses like one
  that comes in, the oldest first, before anything else happens at that quote. While orders rest, the dark engine
  watches the quote: it asks the lit engine to tell it. When it is told and nothing rests any more, it asks to stop.
- Outside of opening hours nothing crosses: what does not rest goes on to the lit pools at once. When the pools open, or
  the market is no longer locked, each resting order whose limit allows it crosses as above; there is no auction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from trading.domain import money
from trading.domain.ids import derived, draw
from trading.domain.market import Market
from trading.domain.matching import sessions
from trading.domain.matching.crossing import crossing, within_limit
from trading.domain.matching.dark_book import DarkBook
from trading.domain.matching.early_ends import EarlyEnds
from trading.domain.matching.pool import (
    Arrived,
    Conditions,
    Event,
    Followed,
    Forwarded,
    Passed,
    Watched,
    amended,
    canceled_by,
    customer_order,
    expires,
    not_here,
)
from trading.domain.matching.watch import midpoint as midpoint_of
from trading.domain.matching.working_order import (
    Called,
    Canceled,
    Opened,
    Rejected,
    Replaced,
    Rested,
    Traded,
    WorkingOrder,
)
from trading.domain.messages.commands import (
    Change,
    Command,
    ExpireOrders,
    MassCancel,
    NewOrder,
    OpenSession,
    QuoteChanged,
    ReplaceOrder,
    WatchQuote,
)
from trading.domain.orders import AT_ONCE, PoolType
from trading.domain.session_rules import refused


class DarkPool:
    """A ticker's hidden orders, in the order of their arrival."""

    def __init__(self) -> None:
        self.resting = DarkBook()
        self.midpoint: int | None = None
        """The midpoint at which all that rests has crossed last, in half ticks; None if there was none."""
        self.watch = Watched(0, on=False, midpoint=None)
        """What the lit engine was last asked for."""
        self.early_ends = EarlyEnds()
        self.collects = False

    @property
    def reference(self) -> None:
        return None

    def execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]:
        events: list[Event] = []
        for step in sessions.overdue(conditions.session, self.early_ends, collects=self.collects):
            events += self._turn(step, conditions)
        events += self._follow(conditions)
        events += self._executed(command, conditions, arrived)
        return [*events, *self._stood(conditions), *self._watched(command)]

    def _executed(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]:
        match command:
            case QuoteChanged() | WatchQuote():
                return []
            case NewOrder():
                return self._enter(command, conditions)
            case OpenSession(time=time):
                begins = sessions.begins(time, self.early_ends, collects=self.collects)
                return self._turn(Opened(time), conditions) if begins else []
            case ExpireOrders(time=time):
                ends = sessions.ends(time, conditions.session, self.early_ends, collects=self.collects)
                return self._turn(Called(time), conditions) if ends else self._expire(time)
            case MassCancel(_, request_id):
                ended = self.resting.end(lambda order: canceled_by(order, command), command.reason)
                return [*ended, *self.early_ends.mass_cancel(command), Forwarded(request_id)]
            case _:
                return self._change(command, conditions, arrived)

    def _enter(self, command: NewOrder, conditions: Conditions) -> list[Event]:
        if (ended := self.early_ends.end(command)) is not None:
            return [ended]
        order = customer_order(command)
        if order.id in self.resting:
            return [Rejected(order.id, "duplicate-order")]
        phase = sessions.phase(conditions.session, collects=self.collects)
        if command.order.pool_only and (reason := refused(command.order, phase)) is not None:
            return [Rejected(order.id, reason)]
        return self._work(order, command, conditions)

    def _turn(self, step: Called | Opened, conditions: Conditions) -> list[Event]:
        """Closes or opens the session."""
        self._take_turn(step)
        if isinstance(step, Called):
            return [step, *self._expire(step.time)]
        self.early_ends.happened(step)
        return [step, *self._follow(conditions)]

    def _take_turn(self, step: Called | Opened) -> None:
        self.collects = isinstance(step, Called)
        if self.collects:
            self.midpoint = None

    def _follow(self, conditions: Conditions) -> Iterator[Event]:
        """Crosses the resting orders that trade at the present midpoint and did not at the last. An order's draws are
        seeded by the midpoint, too, so they are the same whichever command is the first to find it there.
        """
        midpoint, before = self._midpoint(conditions), self.midpoint
        yield from self._stood(conditions)
        if midpoint is None or midpoint == before:
            return
        for order in self.resting.reached(midpoint, before):
            if order.leaves:
                seed = derived(order.terms.command_id, f"crosses at {midpoint}")
                yield from self._cross(order, midpoint, seed, conditions.market)
                if not order.leaves:
                    del self.resting[order.id]

    def _stood(self, conditions: Conditions) -> Iterator[Followed]:
        """Notes the last midpoint at which the resting orders had their chance to cross."""
        midpoint = self._midpoint(conditions)
        if self.resting and midpoint != self.midpoint:
            self.midpoint = midpoint
            yield Followed(midpoint)

    def _watched(self, command: Command) -> Iterator[Watched]:
        """Asks the lit engine to tell of its quote if something rests here, and to stop if it told and nothing does."""
        if (self.resting and not self.watch.on) or (not self.resting and isinstance(command, QuoteChanged)):
            self.watch = Watched(self.watch.number + 1, bool(self.resting), self.midpoint)
            yield self.watch

    def _expire(self, time: str) -> list[Event]:
        ended = self.resting.end(lambda order: expires(order, time), "expired")
        return [*ended, *self.early_ends.close(time)]

    def _work(self, order: WorkingOrder, command: NewOrder, conditions: Conditions) -> list[Event]:
        """Crosses an incoming order; the rest of it rests or goes on."""
        events: list[Event] = []
        midpoint = self._midpoint(conditions)
        if midpoint is not None and within_limit(order, midpoint):
            events += self._cross(order, midpoint, command.command_id, conditions.market)
        if order.leaves:
            events.append(self._rest(order, command, conditions.market))
        return events

    def _midpoint(self, conditions: Conditions) -> int | None:
        """The midpoint in half ticks; None if there is none to trade at, or the session is closed."""
        quote = conditions.quote
        if self.collects or quote is None:
            return None
        return midpoint_of(money.half_ticks(quote.bid), money.half_ticks(quote.ask))

    def _change(self, change: Change, conditions: Conditions, arrived: Arrived) -> list[Event]:
        order = self.resting.get(change.order.order_id)
        if order is None:
            return [self._elsewhere(change, arrived)]
        if isinstance(change, ReplaceOrder):
            return self._replace(order, change, conditions)
        if order.account != change.order.customer_id:
            return [Rejected(order.id, "not-owner")]
        return [self.resting.take_out(order, "requested")]

    def _elsewhere(self, change: Change, arrived: Arrived) -> Event:
        """What becomes of a change whose order is not here: it has gone on to the lit pools, has ended, or has not come
        yet.
        """
        there = arrived(change.order)
        if there and not change.order.pool_only:
            return Forwarded(change.order.order_id)
        event = not_here(change, gone=there)
        self.early_ends.happened(event)
        return event

    def _replace(self, order: WorkingOrder, change: ReplaceOrder, conditions: Conditions) -> list[Event]:
        terms = amended(order, change)
        if isinstance(terms, Rejected):
            return [terms]
        price = money.half_ticks(change.price)
        leaves = terms.quantity - (order.quantity - order.leaves)
        kept = price == order.price and leaves <= order.leaves
        replaced = Replaced(order, terms.quantity, price, leaves, kept, terms, order.terms)
        self.resting.replace(order, replaced)
        return [replaced] if kept else [replaced, *self._work(order, terms, conditions)]

    def display(self) -> None:
        """Nothing is displayed."""

    def journaled(self, events: Sequence[Event]) -> Sequence[Event]:
        return events

    def fold(self, events: Iterable[Event]) -> None:
        for event in events:
            self.early_ends.happened(event)
            match event:
                case Traded(maker, taker, _, _, maker_leaves, taker_leaves):
                    self.resting.reduce(maker.id, maker_leaves)
                    self.resting.reduce(taker.id, taker_leaves)
                case Canceled(order) if order.id in self.resting:
                    del self.resting[order.id]
                case Replaced(order):
                    self.resting.replace(self.resting[order.id], event)
                case Rested(order, leaves):
                    order.leaves = leaves
                    self.resting[order.id] = order
                case Called() | Opened():
                    self._take_turn(event)
                case Followed(midpoint):
                    self.midpoint = midpoint
                case Watched():
                    self.watch = event

    def snapshot(self) -> dict[str, Any]:
        return {
            "hidden": self.resting.snapshot(),
            "collects": self.collects,
            "midpoint": self.midpoint,
            "watch": list(self.watch),
            **self.early_ends.snapshot(),
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        self.resting, self.early_ends = DarkBook.restored(snapshot["hidden"]), EarlyEnds.restored(snapshot)
        self.collects = snapshot.get("collects", False)
        self.midpoint = snapshot.get("midpoint")
        self.watch = Watched(*snapshot.get("watch", self.watch))

    def _rest(self, order: WorkingOrder, command: NewOrder, market: Market) -> Event:
        """What becomes of the rest of an order: it goes on, ends, or rests."""
        if not command.order.pool_only:
            return Passed(order, order.leaves)
        if order.tif in AT_ONCE:
            return Canceled(order, order.leaves, 0, "immediate-or-cancel")
        if not order.venue:
            venues = list(market.venues[PoolType.DARK])
            order.venue = venues[draw(command.command_id, "rests at", len(venues))]
        self.resting[order.id] = order
        return Rested(order, order.leaves)

    def _cross(self, order: WorkingOrder, midpoint: int, seed: str, market: Market) -> Iterator[Event]:
        plan = crossing(self.resting, order, midpoint, seed, market)
        for maker, quantity in plan:
            maker.leaves -= quantity
            order.leaves -= quantity
            yield Traded(maker, order, quantity, midpoint, maker.leaves, order.leaves)
            if not maker.leaves:
                self.resting.pop(maker.id, None)
