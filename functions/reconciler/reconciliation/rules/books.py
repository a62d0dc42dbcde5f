"""A customer's books, compared: what is stored of it since its last closing, and what that closing says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconciliation.rules.balances import TOTALS, balance_breaks, balances_after, posting_breaks
from reconciliation.rules.bookings import step_breaks
from reconciliation.rules.breaks import Break
from reconciliation.rules.movements import Movements, OrderRecord
from reconciliation.rules.orders import Reported, order_breaks, unanswered_breaks
from reconciliation.rules.positions import (
    complete_at,
    overdue_breaks,
    position_after,
    position_breaks,
    shorted_of,
)
from trading.domain.accounts.ledger import ACCOUNTS, Posting
from trading.domain.accounts.positions import State

Steps = Mapping[str, Mapping[str, Any]]
"""Steps of orders by their keys."""


@dataclass(frozen=True, slots=True)
class Life:
    """An order with all that was ever reported on it, and what requests to replace it reserved, USD."""

    placed: OrderRecord
    reported: tuple[Reported, ...]
    on_top: Decimal


@dataclass(frozen=True, slots=True)
class Books:
    """`account` are the customer's totals, `positions` are by ticker; `opening` and `openings` are what they were at
    the last closing, `movements` all since then. `lives` are those of the orders that were placed or reported on since,
    `steps` are theirs, `made` those that the bookings leave.
    """

    customer_id: str
    account: Mapping[str, Any]
    positions: Mapping[str, State]
    opening: Mapping[str, Decimal]
    openings: Mapping[str, State]
    movements: Movements
    lives: tuple[Life, ...]
    steps: Steps
    made: Steps
    unreadable: tuple[Break, ...]


def single_breaks(books: Books) -> Iterator[Break]:
    """Breaks of single items, whatever happens to others meanwhile."""
    yield from books.unreadable
    yield from posting_breaks([life.placed for life in books.lives], books.movements.booked)


def common_breaks(books: Books, date: str) -> Iterator[Break]:
    """Breaks between items, which have to be read as of one instant. Orders are to be answered, and shares and money
    delivered, by the date's end.
    """
    ledger = balances_after(books.opening, books.movements)
    ledger["shorted"] = shorted_of(books.openings, books.movements)
    yield from balance_breaks(books.customer_id, books.account, ledger)
    yield from position_breaks(books.customer_id, books.positions, books.openings, books.movements)
    yield from overdue_breaks(books.customer_id, books.positions, date)
    for life in books.lives:
        yield from order_breaks(life.placed, life.reported, life.on_top)
    yield from unanswered_breaks([life.placed for life in books.lives], date)
    yield from step_breaks(books.customer_id, books.steps, books.made)


@dataclass(frozen=True, slots=True)
class ClosingBalances:
    """What there was at the end of a day: by account, by total, by ticker."""

    posting: Posting
    totals: Mapping[str, Decimal]
    positions: Mapping[str, State]


def closing_at(books: Books, date: str) -> ClosingBalances | None:
    """What books without a break came to at the end of a date; None if nothing has moved until then since the last
    closing. None, too, if a position was changed by a later trade before one of the date: it has no cost of its own at
    the date's end, and the next closing has both.
    """
    until = books.movements.until(date)
    tickers = books.openings.keys() | until.tickers
    states = {ticker: books.openings.get(ticker, State()) for ticker in tickers}
    if not until or not all(complete_at(date, state, books.movements.of(name)) for name, state in states.items()):
        return None
    after = balances_after(books.opening, until)
    return ClosingBalances(
        Posting(**{name: after[name] for name in ACCOUNTS}),
        {name: after[name] for name in TOTALS},
        {ticker: position_after(state, until.of(ticker)) for ticker, state in states.items()},
    )
