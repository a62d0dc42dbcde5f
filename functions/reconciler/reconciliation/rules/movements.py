"""What a customer's ledger holds, as it is stored: orders, bookings, and entries that are items of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.domain.accounts.ledger import LedgerEntry, Shares
from trading.domain.executions import Effect, ExecutionReports, OrderReport
from trading.domain.orders import Order

Amounts = Mapping[str, Decimal]
"""A posting as it is stored, whether it is one or not: USD by account."""


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order: as it was entered, what it posts and which shares it moves, and how it `stands` after its bookings.
    `replacing` says that a request to replace it waits for its answer.
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
        """Whether it was accepted, and no engine has said anything of it."""
        return self.accepted and not self.stands["answered"] and self.stands["leavesQuantity"] > 0


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """A booking: what was reported and the effect of that; what it posts, which shares it moves and what it made of the
    position, as it is stored.
    """

    reports: ExecutionReports
    effect: Effect
    settlement_date: str
    posting: Amounts
    shares: Mapping[str, int]
    position: Mapping[str, Any] | None

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
        """Those of this date and before."""
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
