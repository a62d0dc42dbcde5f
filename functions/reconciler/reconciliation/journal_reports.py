"""Reads from an engine's journal what it published on a day, to compare it with what was booked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from trading.aws.engine.journal import Journal
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports
from trading.domain.messages.events import REPORTED, reports_from
from trading.domain.orders import PoolType


@dataclass(slots=True)
class Published:
    """The execution messages of each customer, as text: parsed, they would take several times the memory. `entries` is
    how many entries the day has, `breaks` are the gaps between them.
    """

    messages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    entries: int = 0
    breaks: list[Break] = field(default_factory=list)

    def add(self, other: "Published") -> None:
        for customer_id, theirs in other.messages.items():
            self.messages[customer_id] += theirs
        self.entries += other.entries
        self.breaks += other.breaks

    def of(self, customer_id: str) -> tuple[dict[str, ExecutionReports], list[Break]]:
        """The reports that were published for a customer, by booking id, and a break for each message that cannot be
        read.
        """
        reports: dict[str, ExecutionReports] = {}
        breaks: list[Break] = []
        for body in self.messages.get(customer_id, ()):
            try:
                each = reports_from(body)
            except Unprocessable as problem:
                message = SideRecord("the journal", {"reason": problem.reason, "message": body})
                breaks += differing(BreakKind.UNREADABLE, Where(customer_id), message, SideRecord("the bookings", None))
            else:
                reports[each.booking_id] = each
        return reports, breaks


def published_on(date: str, table: str, pool: PoolType, ticker: str) -> Published:
    """What the journal of a pool type and ticker published on a date. A missing entry between those of the day is a
    break.
    """
    journal = Journal(table, pool)
    found = Published()
    read, of_the_day = set(), set()
    for sequence, messages in journal.entries_of(ticker, date):
        read.add(sequence)
        if messages is None:
            continue
        of_the_day.add(sequence)
        for message in messages:
            if message.attributes.get("eventType") == REPORTED:
                found.messages[message.group].append(message.body)
    found.entries = len(of_the_day)
    found.breaks += _missing(journal, ticker, sorted({*_between(of_the_day)} - read))
    return found


def _between(numbers: set[int]) -> range:
    return range(min(numbers, default=0), max(numbers, default=0))


def _missing(journal: Journal, ticker: str, numbers: Iterable[int]) -> list[Break]:
    breaks: list[Break] = []
    for number in numbers:
        where = Where(ticker=ticker, reference=journal.numbered(ticker, number))
        after = SideRecord("the entries after it", {"entry": number})
        breaks += differing(BreakKind.JOURNAL, where, after, SideRecord("the journal", None))
    return breaks
