"""Breaks: differences between two records of the same thing, with the values of both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trading.domain import money
from trading.domain.messages.wire import compact

WHOLE = "whole"
"""The field of a break where one side has nothing at all."""
MAX_VALUE = 500
"""The most letters of a value; a longer one is cut."""


class BreakKind(StrEnum):
    """What does not agree."""

    POSTING = "posting"
    """What an order, a booking or an entry posts, and what it should."""
    BALANCE = "balance"
    """A customer's totals, and its ledger."""
    ORDER = "order"
    """An order as it stands, and its bookings."""
    UNANSWERED = "unanswered"
    """An accepted order that no engine has answered. It can be published again."""
    STEP = "step"
    """The bookings that an order names, and those that report on it."""
    POSITION = "position"
    """A position, and the trades, transfers and settlements that made it."""
    JOURNAL = "journal"
    """The engines' journals, and the bookings."""
    ARCHIVE = "archive"
    """The archive's objects, and the bookings."""
    TICKER_DAY = "tickerDay"
    """A ticker's totals of the day, and the bookings."""
    CLOSING = "closing"
    """The stored balances of a day, and those that the ledger adds up to now."""
    UNREADABLE = "unreadable"
    """A record that cannot be read."""


@dataclass(frozen=True, slots=True)
class Where:
    """What a break is about: the customer, the ticker, and the id of the order, booking or entry, or a journal entry's
    number.
    """

    customer_id: str | None = None
    ticker: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Says:
    """One side, and its value; None if it has none."""

    side: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Break:
    kind: BreakKind
    where: Where
    field: str
    left: Says
    right: Says

    @property
    def about(self) -> tuple[BreakKind, Where, str]:
        """What the break is about, without the values."""
        return self.kind, self.where, self.field

    def __str__(self) -> str:
        named = (self.kind, self.where.customer_id, self.where.ticker, self.where.reference, self.field)
        sides = (f"{each.side} {'nothing' if each.value is None else each.value}" for each in (self.left, self.right))
        return f"{' '.join(filter(None, named))}: {' / '.join(sides)}"


@dataclass(frozen=True, slots=True)
class SideRecord:
    """One side's record of something, by field; None if it has no record. A field that is missing equals zero."""

    side: str
    fields: Mapping[str, Any] | None

    def of(self, name: str) -> Any:
        return (self.fields or {}).get(name)


def differing(kind: BreakKind, where: Where, left: SideRecord, right: SideRecord) -> Iterator[Break]:
    """A break for every field in which the two differ. If one side has nothing at all, a single break of the field
    WHOLE.
    """
    if left.fields is None or right.fields is None:
        if left.fields is not right.fields:
            yield Break(kind, where, WHOLE, *(Says(each.side, text(each.fields)) for each in (left, right)))
        return
    for name in {**left.fields, **right.fields}:
        if (left.of(name) or None) != (right.of(name) or None):
            yield Break(kind, where, name, *(Says(each.side, text(each.of(name))) for each in (left, right)))


def text(value: Any) -> str | None:
    """A value of a record as text, in its form on the wire."""
    if value is None or isinstance(value, str):
        return value and _short(value)
    if isinstance(value, Decimal):
        return money.text(value) if value == money.on_tick(value) else f"{value:f}"
    if isinstance(value, Mapping):
        return _short(", ".join(f"{name} {_part(each)}" for name, each in value.items()))
    if isinstance(value, list | tuple):
        return _short("; ".join(map(_part, value)) or "none")
    return _short(compact(value))


def _part(value: Any) -> str:
    """A value inside another one: in parentheses if it has parts itself."""
    words = "nothing" if value is None else str(text(value))
    return f"({words})" if value and isinstance(value, Mapping | list | tuple) else words


def _short(value: str) -> str:
    return value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}…"
