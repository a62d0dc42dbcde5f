"""Keeps a pool to its opening hours. The clock decides with every command that is executed: if, by the hours, the
session should have opened or closed by then, that happens first. So no order trades outside of hours because a
schedule is late, and a schedule that comes late, or twice, finds nothing left to do.
"""

from collections.abc import Iterator

from trading.domain.hours import Session
from trading.domain.matching.early_ends import EarlyEnds
from trading.domain.matching.working_order import Called, Opened
from trading.domain.session_rules import Phase


def overdue(session: Session, early_ends: EarlyEnds, *, collects: bool) -> Iterator[Called | Opened]:
    """What the hours say should have happened to a pool by now: its session should have been closed, opened, or both.
    `collects` says whether it is closed.
    """
    closed = early_ends.closed
    if session.closed > closed:
        closed, collects = session.closed, True
        yield Called(closed)
    if not collects or session.opened is None:
        return
    if not session.has_auctions or session.opened > closed:
        yield Opened(session.opened)


def begins(time: str, early_ends: EarlyEnds, *, collects: bool) -> bool:
    """Whether a command to open a session at this time does so: the pool is closed, and was not closed since."""
    return collects and time > early_ends.closed


def ends(time: str, session: Session, early_ends: EarlyEnds, *, collects: bool) -> bool:
    """Whether a command to close a session at this time ends trading: the pool trades and has hours, and was neither
    opened nor closed since.
    """
    return session.has_auctions and not collects and time > max(early_ends.closed, early_ends.opened)


def phase(session: Session, *, collects: bool) -> Phase:
    """The phase that a pool is in."""
    if collects:
        return Phase.CLOSED
    return Phase.OPEN if session.has_auctions else Phase.ALWAYS
