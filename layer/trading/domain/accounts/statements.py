"""A customer's statement of a day: opening balances, movements, closing balances.

Everything is computed from the ledger's lines, so a statement is exact, even of a day long past. The ledger has no
market values, so a statement has none either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trading.domain import money
from trading.domain.accounts.ledger import ACCOUNTS, BOOKING, EntryKind, Line, Posting, Shares
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
class Turnover:
    """What was bought and sold before fees, paid in and taken out, USD, and in how many trades: of a day, or since an
    account was opened.
    """

    bought: Decimal = money.ZERO
    sold: Decimal = money.ZERO
    deposits: Decimal = money.ZERO
    withdrawals: Decimal = money.ZERO
    trades: int = 0

    def __sub__(self, other: "Turnover") -> "Turnover":
        return Turnover(
            self.bought - other.bought,
            self.sold - other.sold,
            self.deposits - other.deposits,
            self.withdrawals - other.withdrawals,
            self.trades - other.trades,
        )


@dataclass(frozen=True, slots=True)
class DaySummary:
    """What a statement says of a day beside its lines: the balances at its start and its end, the turnover of the day,
    and the tickers whose positions moved.
    """

    opening: Balances
    closing: Balances
    turnover: Turnover
    moved: frozenset[str]

    @property
    def changes(self) -> Posting:
        """The sum of the day's postings, by account, USD."""
        before, after = self.opening.accounts, self.closing.accounts
        return Posting(*(getattr(after, name) - getattr(before, name) for name in ACCOUNTS))


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger. For a booking of trades, `reports` are what was booked and `settlement_date` is when."""

    line: Line
    reports: ExecutionReports | None = None
    settlement_date: str = ""

    @property
    def trades(self) -> int:
        """In how many trades it was made."""
        return sum(len(each.executions) for each in self.reports.orders) if self.reports else 0

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
        return sum(each.trades for each in self.movements)

    @property
    def deposits(self) -> Decimal:
        """USD that the customer brought in."""
        return self._cash(EntryKind.DEPOSIT)

    @property
    def withdrawals(self) -> Decimal:
        """USD that the customer took out."""
        return -self._cash(EntryKind.WITHDRAWAL)

    @property
    def summary(self) -> DaySummary:
        """What the lines come to."""
        turnover = Turnover(self.bought, self.sold, self.deposits, self.withdrawals, self.trades)
        moved = frozenset(each.line.ticker for each in self.movements if each.line.ticker)
        return DaySummary(self.opening, self.closing, turnover, moved)

    def _cash(self, kind: EntryKind) -> Decimal:
        return sum((each.line.posting.cash for each in self.movements if each.line.kind == kind), money.ZERO)

    def _bookings(self) -> Iterable[ExecutionReports]:
        return (each.reports for each in self.movements if each.reports)


def statement_of(opening: Balances, movements: Iterable[Movement]) -> Statement:
    """The statement of a day. `movements` may come in any order; those that move nothing are left out."""
    moving = (each for each in movements if each.line.moves)
    return Statement(opening, tuple(sorted(moving, key=lambda each: each.place)))
