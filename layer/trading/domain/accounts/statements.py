"""A customer's statement of a day: opening balances, movements, closing balances.

Everything is computed from the ledger's lines, so a statement is exact, even of a day long past. The ledger has no
market values, so a statement has none either.
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
        """The balances after these lines."""
        accounts, shares = self.accounts, dict(self.shares)
        for line in lines:
            accounts += line.posting
            if line.ticker and line.shares:
                shares[line.ticker] = shares.get(line.ticker, Shares()) + line.shares
        return Balances(accounts, shares)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger. For a booking of trades, `reports` are what was booked and `settlement_date` is when."""

    line: Line
    reports: ExecutionReports | None = None
    settlement_date: str = ""

    @property
    def place(self) -> str:
        """The movement's sort key in a statement: by time; at the same time, entries and orders by their keys, then
        bookings in the order in which they happened.
        """
        line = self.line
        return f"{line.time}#{f'{LAST}{line.its_id}' if line.kind == BOOKING else line.key}"


@dataclass(frozen=True, slots=True)
class Statement:
    """`movements` are the day's, sorted by time; `opening` are the balances before them."""

    opening: Balances
    movements: tuple[Movement, ...]

    @property
    def closing(self) -> Balances:
        return self.opening.after(each.line for each in self.movements)

    @property
    def changes(self) -> Posting:
        """The sum of the day's postings, by account, USD."""
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
    """The statement of a day. `movements` may come in any order; those that move nothing are left out."""
    moving = (each for each in movements if each.line.moves)
    return Statement(opening, tuple(sorted(moving, key=lambda each: each.place)))
