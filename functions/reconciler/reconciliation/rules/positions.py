"""Compares positions with what made them: all trades, transfers and settlements since the last closing, in sequence."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count

from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from reconciliation.rules.movements import BookingRecord, Movements
from trading.domain import money
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares
from trading.domain.accounts.positions import Holding, PositionState
from trading.domain.executions import Due
from trading.domain.times import days_after

NUMBERED = frozenset({EntryKind.TRANSFER, EntryKind.SETTLEMENT})
"""Entries that count as a change of the position; others only move shares between available and reserved. The reference
of a settlement is the value date that it settles.
"""


def changes_of(opening: PositionState, movements: Movements) -> list[tuple[int, BookingRecord | LedgerEntry]]:
    """The changes of a position, by number. Bookings and transfers have a stored number. Other entries, settlements and
    old transfers without one, take the remaining numbers in the order of their times.
    """
    numbered = [each for each in movements.entries if each.kind in NUMBERED]
    changes: list[tuple[int, BookingRecord | LedgerEntry]] = [
        (int(each.position["sequence"]), each) for each in movements.booked if each.position
    ]
    changes += [(each.sequence, each) for each in numbered if each.sequence is not None]
    taken = {number for number, _ in changes}
    free = (number for number in count(opening.sequence + 1) if number not in taken)
    entries = sorted((each for each in numbered if each.sequence is None), key=lambda each: each.time)
    changes += [(next(free), each) for each in entries]
    return sorted(changes, key=lambda change: change[0])


def position_after(opening: PositionState, movements: Movements) -> PositionState:
    """A position after the movements of its ticker."""
    state = opening
    for _, change in changes_of(opening, movements):
        state = _traded(state, change) if isinstance(change, BookingRecord) else _entered(state, change)
    moved = [each.shares for each in movements.placed] + [each.shares for each in movements.entries]
    moved += [Shares(**each.shares) for each in movements.booked]
    return replace(state, shares=sum(moved, opening.shares))


def _traded(state: PositionState, booked: BookingRecord) -> PositionState:
    due = booked.effect.due
    return replace(
        state,
        holding=state.holding.booked(booked.reports),
        fees=state.fees + booked.effect.posting.fees,
        sequence=state.sequence + 1,
        due={date: state.due.get(date, Due()) + due.get(date, Due()) for date in {**state.due, **due}},
    )


def _entered(state: PositionState, entry: LedgerEntry) -> PositionState:
    state = replace(state, sequence=state.sequence + 1)
    if entry.kind is EntryKind.TRANSFER:
        return replace(state, holding=state.holding.transferred(entry.shares.available, entry.cost))
    due = dict(state.due)
    left = due.pop(entry.reference, Due()) + Due(entry.posting.clearing, -entry.shares.settled)
    return replace(state, due=due if left == Due() else due | {entry.reference: left})


def position_breaks(
    customer_id: str, stored: Mapping[str, PositionState], openings: Mapping[str, PositionState], movements: Movements
) -> Iterator[Break]:
    """The positions, by ticker, that differ from what made them."""
    for ticker in sorted(stored.keys() | openings.keys() | movements.tickers):
        opening, theirs = openings.get(ticker, PositionState()), movements.of(ticker)
        left = SideRecord("the position", stored.get(ticker, PositionState()).fields)
        right = SideRecord("the ledger", position_after(opening, theirs).fields)
        yield from differing(BreakKind.POSITION, Where(customer_id, ticker), left, right)
        yield from _first_booking_apart(customer_id, opening, theirs)


def _first_booking_apart(customer_id: str, opening: PositionState, movements: Movements) -> Iterator[Break]:
    """The first booking whose stored position is not the position after it; all later ones depend on it."""
    state = opening
    for _, change in changes_of(opening, movements):
        if not isinstance(change, BookingRecord):
            state = _entered(state, change)
            continue
        state = _traded(state, change)
        reports = change.reports
        after = {"sequence": state.sequence} | {name: getattr(state.holding, name) for name in Holding.__slots__}
        where = Where(customer_id, reports.ticker, reports.booking_id)
        left = SideRecord("the booking", change.position)
        if apart := list(differing(BreakKind.POSITION, where, left, SideRecord("the ledger", after))):
            yield from apart
            return


def shorted_of(openings: Mapping[str, PositionState], movements: Movements) -> Decimal:
    """What all open short positions were sold for, USD."""
    after = (
        position_after(openings.get(ticker, PositionState()), movements.of(ticker))
        for ticker in openings.keys() | movements.tickers
    )
    return sum((each.holding.shorted for each in after), money.ZERO)


def overdue_breaks(customer_id: str, stored: Mapping[str, PositionState], date: str) -> Iterator[Break]:
    """What was due more than a day before the date and has not settled."""
    for ticker, state in stored.items():
        for value_date, due in state.due.items():
            if value_date < days_after(date, -1) and due != Due():
                left = SideRecord(
                    "the position", {f"due {value_date} {name}": getattr(due, name) for name in Due.__slots__}
                )
                yield from differing(
                    BreakKind.POSITION, Where(customer_id, ticker), left, SideRecord("the settlement", {})
                )


def complete_at(date: str, opening: PositionState, movements: Movements) -> bool:
    """Whether all changes of a position up to the date come before all later ones. Only then has it a cost at the
    date's end.
    """
    later = [change.date > date for _, change in changes_of(opening, movements)]
    return later == sorted(later)
