"""The reference quote of a lit pool: part of its state, so that the journal alone says by which quote it matched."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from trading.domain import money
from trading.domain.matching.pool import Event, Quoted
from trading.domain.messages.commands import Command, QuoteChanged
from trading.domain.quotes import Quote


class Reference:
    """`quote` is the last one, None before the first."""

    def __init__(self) -> None:
        self.quote: Quote | None = None

    def before(self, first: Quote | None) -> Iterator[Quoted]:
        """Takes the `first` quote of the ticker, where there is none yet: a journal from before quotes were journaled,
        or a new one.
        """
        if self.quote is None and first is not None:
            yield self._take(first)

    def change(self, command: Command) -> Iterator[Quoted]:
        """Takes the quote of a command, if it is newer than the last. A command may come again, or too late."""
        if isinstance(command, QuoteChanged) and not self.knows(command):
            yield self._take(command.quote)

    def knows(self, command: QuoteChanged) -> bool:
        """Whether this quote, or a later one, has been taken."""
        return self.quote is not None and command.quote.time <= self.quote.time

    def happened(self, event: Event) -> None:
        if isinstance(event, Quoted):
            bid, ask = (money.on_tick(money.from_half_ticks(price)) for price in (event.bid, event.ask))
            self.quote = Quote(bid, ask, event.time)

    def snapshot(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"reference": self.quote and list(_values(self.quote))}

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        """A snapshot from before quotes were journaled has none."""
        reference = cls()
        if values := snapshot.get("reference"):
            reference.happened(Quoted(*values))
        return reference

    def _take(self, quote: Quote) -> Quoted:
        event = _values(quote)
        self.happened(event)
        return event


def _values(quote: Quote) -> Quoted:
    return Quoted(money.half_ticks(quote.bid), money.half_ticks(quote.ask), quote.time)
