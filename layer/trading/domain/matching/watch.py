"""Whether the dark engine watches what the lit pools display, and what it was told of: part of a lit pool's state.
While nothing rests in the dark pools, nothing is told.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from trading.domain import money
from trading.domain.matching.pool import Event, Told, Watched
from trading.domain.messages.commands import WatchQuote


class Watch:
    """`number` is that of the last request, `on` what it asked for, `seen` the midpoint that the dark engine knows, in
    half ticks.
    """

    def __init__(self, number: int = 0, on: bool = False, seen: int | None = None) -> None:  # noqa: FBT001, FBT002
        self.number = number
        self.on = on
        self.seen = seen

    def change(self, command: WatchQuote) -> Iterator[Watched]:
        """Takes a request, if it is later than the last: it may come again, or too late."""
        event = watched(command)
        if command.number > self.number:
            self.happened(event)
            yield event

    def tell(self, bid: int | None, ask: int | None) -> Iterator[Told]:
        """Tells of this best bid and ask, in half ticks, if the dark engine watches and knows another midpoint."""
        if self.on and midpoint(bid, ask) != self.seen:
            event = Told(bid, ask) if midpoint(bid, ask) is not None else Told(None, None)
            self.happened(event)
            yield event

    def happened(self, event: Event) -> None:
        match event:
            case Watched(number, on, seen) if number > self.number:
                self.number, self.on, self.seen = number, on, seen
            case Told(bid, ask):
                self.seen = midpoint(bid, ask)

    def snapshot(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"watch": [self.number, self.on, self.seen]}

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        """A snapshot from before quotes were watched has none."""
        return cls(*snapshot.get("watch", ()))


def watched(command: WatchQuote) -> Watched:
    """What a request asks for."""
    seen = None if command.midpoint is None else money.half_ticks(command.midpoint)
    return Watched(command.number, command.on, seen)


def midpoint(bid: int | None, ask: int | None) -> int | None:
    """The midpoint of a quote, all in half ticks. None where a side is empty, and for a locked or crossed market."""
    return None if bid is None or ask is None or bid >= ask else (bid + ask) // 2
