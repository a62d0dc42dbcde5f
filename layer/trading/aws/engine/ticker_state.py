"""The state of a ticker at an entry of its journal: read from the last snapshot and the entries after it."""

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from trading.aws.engine.journal import Head, Journal
from trading.aws.engine.snapshots import Snapshots
from trading.domain.matching.event_codec import events_from
from trading.domain.matching.pool import Pool
from trading.domain.messages.commands import (
    Command,
    ExpireOrders,
    OpenSession,
    QuoteChanged,
    WatchQuote,
    lit_id,
    new_order_id,
)
from trading.domain.messages.wire import UNREADABLE
from trading.domain.orders import Order
from trading.domain.tape import Display

REMEMBERED_SESSIONS = 2
"""How many sessions are remembered: this one, and the last before it that had any command."""

NOT_A_SNAPSHOT = (ClientError, BotoCoreError, zlib.error, *UNREADABLE)

logger = Logger(child=True)


@dataclass(slots=True)
class TickerState:
    """A ticker's pool, its last entry, and the entry of each command of the last two sessions. `quoted` has the entry
    of the last quotes that changed no order. `display` is what the pool displays, once that has been asked for.
    """

    pool: Pool
    sequence: int = 0
    display: Display | None = None
    sessions: dict[str, dict[str, int]] = field(default_factory=dict)
    quoted: dict[str, int] = field(default_factory=dict)

    def remember(self, head: Head) -> None:
        self.sequence = head.sequence
        session = self.sessions.setdefault(head.session_date, {})
        session.update(dict.fromkeys(head.command_ids, head.sequence))
        if head.quote_ids:
            self.quoted = dict.fromkeys(head.quote_ids, head.sequence)
        while len(self.sessions) > REMEMBERED_SESSIONS:
            del self.sessions[min(self.sessions)]

    def entry_of(self, command_id: str) -> int | None:
        return next(
            (known[command_id] for known in (*self.sessions.values(), self.quoted) if command_id in known), None
        )

    def outdated(self, command: Command) -> bool:
        """Whether a command brings a quote that is not newer than the one that the pool has: nothing follows from it.
        Quotes that changed orders are remembered longer, as other commands are.
        """
        known = self.pool.reference
        return isinstance(command, QuoteChanged) and known is not None and command.quote.time <= known.time

    def forgets(self, session_date: str) -> bool:
        """Whether the session is older than what is remembered: its commands may have been answered long ago."""
        return len(self.sessions) == REMEMBERED_SESSIONS and session_date < min(self.sessions)

    def stale(self, command: Command) -> bool:
        """Whether a command must not be executed, because it may have been, in a session that is forgotten. To open or
        close a session again does no harm, and an old quote, or an old request to watch one, changes nothing. To cancel
        a customer's orders again would end what was entered since.
        """
        harmless = isinstance(command, ExpireOrders | OpenSession | QuoteChanged | WatchQuote)
        return not harmless and self.forgets(command.session_date)

    def arrived(self, order: Order, executed: Collection[str]) -> bool:
        """Whether the command that brings the order is `executed` or remembered; for an order of a forgotten session it
        is taken as executed.
        """
        first = new_order_id(order.order_id)
        ids = (first, lit_id(first))
        return self.forgets(order.session_date) or any(each in executed or self.entry_of(each) for each in ids)


def recalled(
    ticker: str, pool: Pool, journal: Journal, snapshots: Snapshots, snapshot: int, last: int | None = None
) -> TickerState:
    """The ticker's state at the entry `last`, or now. `pool` is empty. `snapshot` is the entry of the last snapshot, 0
    if there is none; what that has is not read again from the journal.
    """
    ticker_state = _restored(ticker, pool, snapshots, snapshot) if snapshot else TickerState(pool)
    for head, events in journal.entries(ticker, ticker_state.sequence):
        if last is not None and head.sequence > last:
            break
        pool.fold(events_from(events))
        ticker_state.remember(head)
    return ticker_state


def snapshot_of(ticker_state: TickerState, pool: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a snapshot: the commands of the remembered sessions, and the pool's own snapshot."""
    return {"sessions": ticker_state.sessions, "quoted": ticker_state.quoted, "pool": pool}


def _restored(ticker: str, pool: Pool, snapshots: Snapshots, sequence: int) -> TickerState:
    """The state in a snapshot. If it cannot be read for whatever reason, an empty state: the journal has everything
    that was in it.
    """
    try:
        content: Mapping[str, Any] = snapshots.read(ticker, sequence)
        sessions = {date: dict(commands) for date, commands in content["sessions"].items()}
        pool.restore(content["pool"])
    except NOT_A_SNAPSHOT:
        logger.exception("snapshot cannot be used, the whole journal is read", ticker=ticker, sequence=sequence)
        return TickerState(pool)
    return TickerState(pool, sequence, sessions=sessions, quoted=dict(content.get("quoted", {})))
