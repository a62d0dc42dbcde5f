"""Compares what is stored of a customer since its last closing, and computes its next closing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconciliation.rules.balances import TOTALS, balance_breaks, balances_after, posting_breaks
from reconciliation.rules.bookings import BookingsOfOrders, step_breaks
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
from trading.domain.accounts.positions import PositionState


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """An order, everything that was ever reported on it, and what requests to replace it reserved, USD."""

    placed: OrderRecord
    reported: tuple[Reported, ...]
    on_top: Decimal


@dataclass(frozen=True, slots=True)
class CustomerRecords:
    """What is stored of a customer. `account` are its totals, `positions` are by ticker. `opening` and `openings` are
    both as of the last closing, `movements` are all since then. `histories` are those of the orders that were placed or
    reported on since then. `named` are the bookings that these orders name, `reporting` those that report on them.
    """

    customer_id: str
    account: Mapping[str, Any]
    positions: Mapping[str, PositionState]
    opening: Mapping[str, Decimal]
    openings: Mapping[str, PositionState]
    movements: Movements
    histories: tuple[OrderHistory, ...]
    named: BookingsOfOrders
    reporting: BookingsOfOrders
    unreadable: tuple[Break, ...]


def single_breaks(records: CustomerRecords) -> Iterator[Break]:
    """Breaks within single items, whatever happens to others meanwhile."""
    yield from records.unreadable
    yield from posting_breaks([history.placed for history in records.histories], records.movements.booked)


def common_breaks(records: CustomerRecords, date: str) -> Iterator[Break]:
    """Breaks between items, which must be read as of one instant. Orders must be answered, and shares and money
    delivered, by the date's end.
    """
    ledger = balances_after(records.opening, records.movements)
    ledger["shorted"] = shorted_of(records.openings, records.movements)
    yield from balance_breaks(records.customer_id, records.account, ledger)
    yield from position_breaks(records.customer_id, records.positions, records.openings, records.movements)
    yield from overdue_breaks(records.customer_id, records.positions, date)
    for history in records.histories:
        yield from order_breaks(history.placed, history.reported, history.on_top)
    yield from unanswered_breaks([history.placed for history in records.histories], date)
    yield from step_breaks(records.customer_id, records.named, records.reporting)


@dataclass(frozen=True, slots=True)
class ClosingBalances:
    """A customer's balances at the end of a day: by account, by total, by ticker."""

    posting: Posting
    totals: Mapping[str, Decimal]
    positions: Mapping[str, PositionState]


def closing_at(records: CustomerRecords, date: str) -> ClosingBalances | None:
    """The balances at the end of a date of a customer without breaks; None if nothing has moved since the last closing.
    None, too, if a later trade changed a position before a trade of the date did: then the position has no cost of its
    own at the date's end, and the next closing covers both days.
    """
    until = records.movements.until(date)
    tickers = records.openings.keys() | until.tickers
    states = {ticker: records.openings.get(ticker, PositionState()) for ticker in tickers}
    if not until or not all(complete_at(date, state, records.movements.of(name)) for name, state in states.items()):
        return None
    after = balances_after(records.opening, until)
    return ClosingBalances(
        Posting(**{name: after[name] for name in ACCOUNTS}),
        {name: after[name] for name in TOTALS},
        {ticker: position_after(state, until.of(ticker)) for ticker, state in states.items()},
    )
