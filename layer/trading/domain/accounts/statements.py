"""A customer's statement of a day: what it had, what moved, what it has in the end.

Everything follows from the ledger's lines, so all of it is exact, also of a day that is long over. What a position was
worth on a past day is not in the ledger, so it is in no statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trading.domain import money
from trading.domain.accounts.ledger import BOOKING, EntryKind, Line, Posting, Shares
from trading.domain.executions import ExecutionReports

LAST = "last#"
"""Sorts after the keys of the ledger's other lines."""


@dataclass(frozen=True, slots=True)
class Balances:
    """What a customer has at an instant: in each account, USD, and of each ticker, shares."""

    accounts: Posting = field(default_factory=Posting)
    shares: Mapping[str, Shares] = field(default_factory=dict)

    def after(self, lines: Iterable[Line]) -> "Balances":
        """What it has after these lines."""
        accounts, shares = self.accounts, dict(self.shares)
        for line in lines:
            accounts += line.posting
            if line.ticker and line.shares:
                shares[line.ticker] = shares.get(line.ticker, Shares()) + line.shares
        return Balances(accounts, shares)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger and, if it is a booking of trades, what was booked, and when (`settlement_date`)."""

    line: Line
    reports: ExecutionReports | None = None
    settlement_date: str = ""

    @property
    def place(self) -> str:
        """Where the movement stands in a statement: by time, and among those of one time entries and orders by their
        keys, then bookings as they happened, whether anything was traded or not.
        """
        line = self.line
        return f"{line.time}#{f'{LAST}{line.its_id}' if line.kind == BOOKING else line.key}"


@dataclass(frozen=True, slots=True)
class Statement:
    """`movements` are the day's, in the order of their time; `opening` is what there was before."""

    opening: Balances
    movements: tuple[Movement, ...]

    @property
    def closing(self) -> Balances:
        return self.opening.after(each.line for each in self.movements)

    @property
    def changes(self) -> Posting:
        """What the day's lines come to, by account, USD."""
        return sum((each.line.posting for each in self.movements), Posting())

    @property
    def bought(self) -> Decimal:
        """What the day's purchases were worth, USD, before fees."""
        return sum((reports.spent for reports in self._bookings()), money.ZERO)

    @property
    def sold(self) -> Decimal:
        """What the day's sales were worth, USD, before fees."""
        return sum((reports.proceeds for reports in self._bookings()), money.ZERO)

    @property
    def trades(self) -> int:
        return sum(len(each.executions) for reports in self._bookings() for each in reports.orders)

    @property
    def deposits(self) -> Decimal:
        """USD that the customer brought in."""
        return self._cash(EntryKind.DEPOSIT)

    @property
    def withdrawals(self) -> Decimal:
        """USD that the customer took out."""
        return -self._cash(EntryKind.WITHDRAWAL)

    def _cash(self, kind: EntryKind) -> Decimal:
        return sum((each.line.posting.cash for each in self.movements if each.line.kind == kind), money.ZERO)

    def _bookings(self) -> Iterable[ExecutionReports]:
        return (each.reports for each in self.movements if each.reports)


def statement_of(opening: Balances, movements: Iterable[Movement]) -> Statement:
    """The statement of a day whose movements come in any order. What moves nothing is left out."""
    moving = (each for each in movements if each.line.moves)
    return Statement(opening, tuple(sorted(moving, key=lambda each: each.place)))
