"""A customer's ledger as it is stored: orders, bookings, and entries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.domain.accounts.ledger import LedgerEntry, Shares
from trading.domain.executions import Effect, ExecutionReports, OrderReport
from trading.domain.orders import Order

Amounts = Mapping[str, Decimal]
"""A posting as it is stored, valid or not: USD by account."""


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """A stored order: its terms when it was entered, what it posts, which shares it moves, and how it `stands` after
    its bookings. `replacing` says that a request to replace it waits for its answer.
    """

    order: Order
    accepted: bool
    posting: Amounts
    shares: Shares
    stands: Mapping[str, Any]
    replacing: bool

    @property
    def date(self) -> str:
        return self.order.order_date[:10]

    @property
    def unanswered(self) -> bool:
        """Whether it was accepted and no engine has reported on it."""
        return self.accepted and not self.stands["answered"] and self.stands["leavesQuantity"] > 0


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """A stored booking: the reports, the effect that they should have, and, as stored, what it posts, which shares it
    moves, the position after it and its number; None if it is older than these numbers.
    """

    reports: ExecutionReports
    effect: Effect
    settlement_date: str
    posting: Amounts
    shares: Mapping[str, int]
    position: Mapping[str, Any] | None
    sequence: int | None

    @property
    def date(self) -> str:
        return self.reports.date


@dataclass(frozen=True, slots=True)
class Movements:
    """A part of a customer's ledger."""

    placed: tuple[OrderRecord, ...] = ()
    booked: tuple[BookingRecord, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.placed or self.booked or self.entries)

    def until(self, date: str) -> "Movements":
        """The movements up to this date, with the date."""
        return Movements(
            tuple(each for each in self.placed if each.date <= date),
            tuple(each for each in self.booked if each.date <= date),
            tuple(each for each in self.entries if each.date <= date),
        )

    def of(self, ticker: str) -> "Movements":
        return Movements(
            tuple(each for each in self.placed if each.order.ticker == ticker),
            tuple(each for each in self.booked if each.reports.ticker == ticker),
            tuple(each for each in self.entries if each.ticker == ticker),
        )

    @property
    def tickers(self) -> set[str]:
        named = {each.order.ticker for each in self.placed} | {each.reports.ticker for each in self.booked}
        return named | {each.ticker for each in self.entries if each.ticker}

    def reports(self) -> Iterator[tuple[str, OrderReport]]:
        """What was reported on orders, with the time."""
        for each in self.booked:
            yield from ((each.reports.time, report) for report in each.reports.orders)
