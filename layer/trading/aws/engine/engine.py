"""A matching engine around its journal: it decides, commits once, and returns what was committed.

A warm engine keeps each ticker's pool as of the last entry that it knows. It decides on that, and writes the next entry
on condition that its number is free. The groups of the queue let one engine of a ticker write at a time. Should two
ever do so, one wins. The other forgets the ticker, reads what the winner wrote, and decides anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trading.aws import clock
from trading.aws.engine.journal import Head, Journal, JournalEntry
from trading.aws.engine.snapshots import Snapshots
from trading.aws.engine.ticker_state import TickerState, recalled
from trading.domain import money
from trading.domain.errors import Unprocessable
from trading.domain.market import Market, MatchingModel
from trading.domain.matching.event_codec import event_values
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.models import POOLS, messages_of
from trading.domain.matching.pool import Conditions
from trading.domain.matching.prints import prints_of
from trading.domain.messages.commands import Command, QuoteChanged, superseded
from trading.domain.messages.market import Commit, market_messages
from trading.domain.messages.wire import Message
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote
from trading.domain.tape import Print
from trading.domain.times import iso, session_date

ENTRY_EVENTS = 5_000
"""An entry is closed when it has this many events, so that it is written long before the time limit."""
ENTRY_COMMANDS = 1_000
"""An entry is closed when it has this many commands, because its first item has all their ids."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The result of a batch: the messages to publish, and the commands that are too old to be executed."""

    messages: list[Message]
    stale: list[Command]


class Engine:
    """Executes commands of one pool type. `market` gives the configuration. `quote` gives a ticker's quote: for dark
    pools the displayed one, for lit pools the first reference, while their journal has none. `is_traded` says whether a
    ticker is traded here; it is asked before a journal begins. A snapshot is due every `snapshot_every` entries.
    """

    def __init__(
        self,
        pool: PoolType,
        journal: Journal,
        snapshots: Snapshots,
        market: Callable[[], Market],
        quote: Callable[[str], Quote | None],
        is_traded: Callable[[str], bool],
        snapshot_every: int,
    ) -> None:
        self.pool = pool
        self._journal = journal
        self._snapshots = snapshots
        self._snapshot_every = snapshot_every
        self._market = market
        self._quote = quote
        self._is_traded = is_traded
        self._states: dict[tuple[str, MatchingModel], TickerState] = {}

    def commit(self, ticker: str, commands: Sequence[Command]) -> Committed:
        """Commits the commands of one ticker, each once, and returns what was committed: the same however often and
        late they come. Raises Unprocessable for a ticker that is not traded here.
        """
        while True:
            market = self._market()
            ticker_state = self._take(ticker, market)
            entries = {command.command_id: ticker_state.entry_of(command.command_id) for command in commands}
            known = sorted({sequence for sequence in entries.values() if sequence})
            unknown = {command.command_id: command for command in commands if not entries[command.command_id]}
            stale = [command for command in unknown.values() if ticker_state.stale(command)]
            fresh = [
                each for each in unknown.values() if not ticker_state.stale(each) and not ticker_state.outdated(each)
            ]
            messages = [message for sequence in known for message in self._journal.messages(ticker, sequence)]
            while fresh:
                entry, decided = self._decide(ticker, ticker_state, market, fresh)
                if not self._journal.append(ticker, entry):
                    break
                ticker_state.remember(entry.head)
                messages += entry.messages
                fresh = fresh[decided:]
            else:
                self._states[ticker, self._model(market)] = ticker_state
                return Committed(messages, stale)

    def last(self, ticker: str) -> TickerState | None:
        """The ticker's state after this engine's last commit."""
        return self._states.get((ticker, self._model(self._market())))

    def _model(self, market: Market) -> MatchingModel:
        return market.matching_models[self.pool]

    def _decide(
        self, ticker: str, ticker_state: TickerState, market: Market, commands: Sequence[Command]
    ) -> tuple[JournalEntry, int]:
        """The next entry, and how many of the commands are in it. Changes the pool of `ticker_state`.

        The entry's session is the latest that the clock, the state or a command knows. So an engine whose clock is
        behind around midnight does not forget its commands too early.
        """
        now, pool = clock.now(), ticker_state.pool
        quote = None if pool.reference else self._quote(ticker)
        conditions = Conditions(market, quote, market.hours[self.pool].at(iso(now)))
        reporter = Reporter(fees_of(self.pool, market))
        events: list[list[Any]] = []
        prints: list[Print] = []
        displayed = ticker_state.display or ticker_state.pool.display()
        executed: set[str] = set()
        decided = happenings = 0
        while decided < min(len(commands), ENTRY_COMMANDS) and happenings < ENTRY_EVENTS:
            command = commands[decided]
            if not superseded(command, commands[decided + 1 : decided + 2]):
                happened = pool.execute(command, conditions, lambda order: ticker_state.arrived(order, executed))
                reporter.add(command, happened)
                prints += prints_of(happened, len(prints))
                happenings += len(happened)
                events += map(event_values, pool.journaled(happened))
            executed.add(command.command_id)
            decided += 1
        head = _head(ticker_state, commands[:decided], now, quiet=reporter.is_empty)
        quote = pool.reference or quote
        ticker_state.display = pool.display()
        commit = Commit(self._journal.id_of(ticker, head), head.sequence, ticker, self.pool, iso(now))
        changed = ticker_state.display if ticker_state.display != displayed else None
        entry = JournalEntry(
            head=head,
            time=iso(now),
            configuration=market.version,
            quote=f"{money.text(quote.bid)}/{money.text(quote.ask)}" if quote else None,
            events=events,
            messages=(
                *messages_of(commit.entry, commit.sequence, self.pool, reporter, commit.time),
                *market_messages(commit, prints, changed),
            ),
            printed=bool(prints),
            snapshot_due=head.sequence % self._snapshot_every == 0,
        )
        return entry, decided

    def _take(self, ticker: str, market: Market) -> TickerState:
        """Takes the ticker's state out of memory. It is put back only when all went well, so that after a failure it is
        read again. The state of another model is not used.
        """
        ticker_state = self._states.pop((ticker, self._model(market)), None)
        if ticker_state is None:
            pool = POOLS[self._model(market), self.pool]()
            snapshot = self._journal.last_snapshot(ticker)
            ticker_state = recalled(ticker, pool, self._journal, self._snapshots, snapshot)
        if not ticker_state.sequence and not self._is_traded(ticker):
            raise Unprocessable("a ticker that is not traded here", {"ticker": ticker})
        return ticker_state


def _head(ticker_state: TickerState, commands: Sequence[Command], now: datetime, *, quiet: bool) -> Head:
    """The head of the next entry. `quiet` says that the commands changed no order of a customer."""
    forgotten = [each for each in commands if quiet and isinstance(each, QuoteChanged)]
    return Head(
        sequence=ticker_state.sequence + 1,
        session_date=max([session_date(now), *ticker_state.sessions, *(each.session_date for each in commands)]),
        command_ids=tuple(each.command_id for each in commands if each not in forgotten),
        quote_ids=tuple(each.command_id for each in forgotten),
    )
