"""A matching engine around its journal: decide, commit once, give back what was committed.

One engine of a ticker writes at a time (the queue's group sees to that); should two ever do, the condition on the
entry's number lets one of them win and the other decides again with what the winner wrote.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from trading.aws import system
from trading.aws.journal import Entry, Head, Journal
from trading.domain import matching
from trading.domain.commands import NewOrder
from trading.domain.market import Market
from trading.domain.orders import OrdType, PoolType, Quote
from trading.domain.times import iso, session_date
from trading.domain.wire import Message

ENTRY_WEIGHT = 250_000
"""Bytes, estimated from above, that one entry may get: an item takes 409,600."""


REMEMBERED_SESSIONS = 2
"""This one and the last that had any command."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The answer to a batch: what to publish, and the commands that are too old to be applied."""

    messages: list[Message]
    stale: list[NewOrder]


@dataclass(slots=True)
class _Memory:
    """What a warm engine knows of a ticker: the last entry, and in which entry the commands of two sessions are."""

    sequence: int = 0
    sessions: dict[str, dict[str, int]] = field(default_factory=dict)

    def remember(self, head: Head) -> None:
        self.sequence = max(self.sequence, head.sequence)
        session = self.sessions.setdefault(head.session_date, {})
        session.update(dict.fromkeys(head.command_ids, head.sequence))
        while len(self.sessions) > REMEMBERED_SESSIONS:
            del self.sessions[min(self.sessions)]

    def entry_of(self, command_id: str) -> int | None:
        return next((known[command_id] for known in self.sessions.values() if command_id in known), None)

    def forgets(self, command: NewOrder) -> bool:
        """Whether the command's session is older than what is remembered: it may have been answered long ago."""
        return len(self.sessions) == REMEMBERED_SESSIONS and command.order.session_date < min(self.sessions)


class Engine:
    """Executes commands of one pool type. `market` gives the configuration, `quote` a ticker's reference quote."""

    def __init__(
        self, pool: PoolType, journal: Journal, market: Callable[[], Market], quote: Callable[[str], Quote | None]
    ) -> None:
        self.pool = pool
        self._journal = journal
        self._market = market
        self._quote = quote
        self._memories: dict[str, _Memory] = {}

    def commit(self, ticker: str, commands: Sequence[NewOrder]) -> Committed:
        """What was committed for these commands of one ticker: the same answer however often and late they come."""
        memory = self._memory(ticker)
        while True:
            entries = {command.command_id: memory.entry_of(command.command_id) for command in commands}
            known = sorted({sequence for sequence in entries.values() if sequence})
            unknown = {command.command_id: command for command in commands if not entries[command.command_id]}
            stale = [command for command in unknown.values() if memory.forgets(command)]
            fresh = [command for command in unknown.values() if not memory.forgets(command)]
            messages = [message for sequence in known for message in self._journal.messages(ticker, sequence)]
            for batch in _batches(fresh):
                entry = self._decide(ticker, memory, batch)
                if not self._journal.append(ticker, entry):
                    break
                memory.remember(entry.head)
                messages += entry.messages
            else:
                return Committed(messages, stale)
            for head in self._journal.after(ticker, memory.sequence):
                memory.remember(head)

    def _decide(self, ticker: str, memory: _Memory, commands: Sequence[NewOrder]) -> Entry:
        """The next entry. Its session is the latest known to anyone, so that an engine whose clock is behind others'
        around midnight does not forget its commands earlier than those of their session.
        """
        now = system.now()
        market = self._market()
        at_market = any(command.order.type is OrdType.MARKET for command in commands)
        quote = self._quote(ticker) if at_market else None
        head = Head(
            sequence=memory.sequence + 1,
            session_date=max(
                session_date(now), *memory.sessions, *(command.order.session_date for command in commands)
            ),
            command_ids=tuple(command.command_id for command in commands),
        )
        return Entry(
            head=head,
            time=iso(now),
            configuration=market.version,
            quote=f"{quote.bid}/{quote.ask}" if quote else None,
            messages=tuple(matching.decide(self._journal.id_of(ticker, head), self.pool, commands, market, quote, now)),
        )

    def _memory(self, ticker: str) -> _Memory:
        """From the journal when the ticker is first seen: the entries of this and the last session."""
        if ticker not in self._memories:
            memory = _Memory()
            for head in self._journal.backwards(ticker):
                if len(memory.sessions) == REMEMBERED_SESSIONS and head.session_date < min(memory.sessions):
                    break
                memory.remember(head)
            self._memories[ticker] = memory
        return self._memories[ticker]


def _batches(commands: Sequence[NewOrder]) -> Iterator[list[NewOrder]]:
    """Commands that fit into one entry: an order is written at most twice, as executed and as passed on."""
    batch: list[NewOrder] = []
    weight = 0
    for command in commands:
        its_weight = 1_200 + 60 * len(command.slices)
        if batch and weight + its_weight > ENTRY_WEIGHT:
            yield batch
            batch, weight = [], 0
        batch.append(command)
        weight += its_weight
    if batch:
        yield batch
