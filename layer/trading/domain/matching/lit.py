"""The lit pools as one consolidated book over all exchanges, quoted by simulated market makers.

- A customer's order rests at the exchange with the lowest maker rate.
- The reference quote is part of the state. A command changes it (QuoteChanged). Of several such commands with nothing
  between them the engine executes only the last.
- Pegged orders follow the quote after every command, and before the market makers enter new quotes. So a new quote
  does not trade with a pegged order that still stands at its old price.
- While orders rest in the dark pools, the dark engine is told after every command that moves the displayed midpoint.
- With opening hours a session opens and closes with an auction. The market makers' quotes stand in it like any order.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trading.domain import money
from trading.domain.market import Market
from trading.domain.matching import pegs, sessions
from trading.domain.matching.book import Book
from trading.domain.matching.early_ends import EarlyEnds
from trading.domain.matching.event_codec import terms_from, terms_values
from trading.domain.matching.market_makers import MarketMakers
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
    Watching,
    amended,
    canceled_by,
    customer_order,
    expires,
    not_here,
)
from trading.domain.matching.reference import Reference
from trading.domain.matching.watch import Watch
from trading.domain.matching.working_order import Called, Opened, Ranked, Rejected
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
from trading.domain.quotes import Quote
from trading.domain.session_rules import refused
from trading.domain.tape import Display

NOT_OF_THE_BOOK = Quoted | Overtaken | Halted | MassCanceled | Closed | Passed | Forwarded | Watching
DISPLAYED_PRICES = 10
"""How many prices are displayed on each side."""


class LitPool:
    """A ticker's consolidated book."""

    def __init__(self) -> None:
        self.book = Book()
        self._market_makers = MarketMakers()
        self._followed: tuple[int | None, int | None] | None = None
        """Best bid and ask at which every pegged order stands where it should; None if that is not known."""
        self._reference = Reference()
        self._watch = Watch()
        self.early_ends = EarlyEnds()

    @property
    def reference(self) -> Quote | None:
        return self._reference.quote

    def execute(self, command: Command, conditions: Conditions, arrived: Arrived) -> list[Event]:
        events: list[Event] = [*self._reference.before(conditions.quote), *self._reference.change(command)]
        if self._market_makers.quoted_by != (conditions.market, self.reference):
            events += self._adapt(conditions.market)
        for step in sessions.overdue(conditions.session, self.early_ends, collects=self.book.collects):
            events += self._turn(step)
        events += self._executed(command, conditions, arrived)
        self._market_makers.refill(self.book, events)
        self._follow(events)
        if self._watch.on:
            events += self._watch.tell(self.book.best(buys=True), self.book.best(buys=False))
        return events

    def _executed(self, command: Command, conditions: Conditions, arrived: Arrived) -> Iterable[Event]:
        match command:
            case QuoteChanged():
                return []
            case WatchQuote():
                return self._watch.change(command)
            case NewOrder():
                return self._enter(command, conditions)
            case OpenSession() | ExpireOrders():
                return self._turn_by_hand(command, conditions)
            case MassCancel():
                ended = self.book.end(lambda order: canceled_by(order, command), command.reason)
                return [*ended, *self.early_ends.mass_cancel(command)]
            case _:
                return self._change(command, arrived)

    def journaled(self, events: Sequence[Event]) -> Sequence[Event]:
        return events

    def fold(self, events: Iterable[Event]) -> None:
        for event in events:
            self.early_ends.happened(event)
            self._reference.happened(event)
            self._watch.happened(event)
            if not isinstance(event, NOT_OF_THE_BOOK):
                self.book.fold([event])

    def _turn_by_hand(self, command: OpenSession | ExpireOrders, conditions: Conditions) -> list[Event]:
        if isinstance(command, OpenSession):
            begins = sessions.begins(command.time, self.early_ends, collects=self.book.collects)
            return self._turn(Opened(command.time)) if begins else []
        ends = sessions.ends(command.time, conditions.session, self.early_ends, collects=self.book.collects)
        called = self._turn(Called(command.time)) if ends else []
        return [*called, *self._expire(command.time)]

    def _turn(self, step: Called | Opened) -> list[Event]:
        """Closes or opens the session, with its auction."""
        reference = _midpoint(self.reference)
        if isinstance(step, Opened):
            self.early_ends.happened(step)
            return [*self.book.open(step.time, reference)]
        called = [] if self.book.collects else self.book.call(step.time, reference)
        return [*called, *self._expire(step.time)]

    def _expire(self, time: str) -> list[Event]:
        expired = self.book.end(lambda order: expires(order, time), "expired")
        return [*expired, *self.early_ends.close(time)]

    def _enter(self, command: NewOrder, conditions: Conditions) -> Iterable[Event]:
        if (ended := self.early_ends.end(command)) is not None:
            return [ended]
        phase = sessions.phase(conditions.session, collects=self.book.collects)
        if (reason := refused(command.order, phase)) is not None:
            return [Rejected(command.order.order_id, reason)]
        order = customer_order(command, conditions.market.posting_exchange)
        if command.order.peg is not None:
            price = pegs.price_of(command.order, *pegs.anchors(self.book))
            if price is None:
                return [Rejected(order.id, "no-quote-to-follow")]
            order.price, order.follows = price, True
            self._followed = None
        return self.book.enter(order)

    def _change(self, change: Change, arrived: Arrived) -> Iterable[Event]:
        """Applies a change. The dark engine forwards a change after everything that it sent of the order: if the order
        is not here then, it is gone.
        """
        order = self.book.find(change.order.order_id)
        if order is None:
            event = not_here(change, gone=change.forwarded or arrived(change.order))
            self.early_ends.happened(event)
            return [event]
        if not isinstance(change, ReplaceOrder):
            return self.book.cancel(order.id, change.order.customer_id)
        terms = amended(order, change)
        if isinstance(terms, Rejected):
            return [terms]
        price = money.half_ticks(change.price)
        if order.follows:
            self._followed = None
            followed = pegs.price_of(terms.order, *pegs.anchors(self.book))
            price = pegs.within_limit(terms.order, order.price or price) if followed is None else followed
        return self.book.replace(order.id, order.account, terms.quantity, price, terms)

    def snapshot(self) -> dict[str, Any]:
        return {
            "book": self.book.snapshot(terms_values),
            **self._reference.snapshot(),
            **self._watch.snapshot(),
            **self.early_ends.snapshot(),
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        book, early_ends = Book.restored(snapshot["book"], terms_from), EarlyEnds.restored(snapshot)
        self.book, self.early_ends, self._reference = book, early_ends, Reference.restored(snapshot)
        self._watch = Watch.restored(snapshot)

    def display(self) -> Display:
        """The best prices of each side, by exchange, and the next auction if orders collect for it. It does not show
        whose orders these are, nor stops that wait.
        """
        book = self.book
        auction = book.indication(_midpoint(self.reference)) if book.collects or book.held else None
        return Display(*book.depth(DISPLAYED_PRICES), book.collects, auction)

    @property
    def quote(self) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Best bid and best offer over all exchanges: price in half ticks and shares; None where a side is empty."""
        return self.book.top(buys=True), self.book.top(buys=False)

    def _adapt(self, market: Market) -> Iterable[Event]:
        """Adapts the book to a new configuration or reference: ranks the exchanges by their fees, and has the market
        makers replace their quotes.
        """
        self._followed = None
        ranks = market.ranks
        if self.book.ranks != ranks:
            self.book.rank(ranks)
            yield Ranked(ranks)
        yield from self._market_makers.requote(self.book, market, self.reference)

    def _follow(self, events: list[Event]) -> None:
        """Has the pegged orders follow the quote. What trades as they move may change it again."""
        if self.book.collects:
            self._followed = None
            return
        while self.book.pegs and (anchors := pegs.anchors(self.book)) != self._followed:
            moved = pegs.moved(self.book, *anchors)
            self._market_makers.refill(self.book, moved)
            events += moved
            self._followed = anchors


def _midpoint(quote: Quote | None) -> int | None:
    """The reference price of an auction, in half ticks."""
    return None if quote is None else (money.half_ticks(quote.bid) + money.half_ticks(quote.ask)) // 2
