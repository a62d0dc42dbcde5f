"""Compares bookings with the journals that they come from, and with what was made of them: the archive, the
steps of orders, the ticker's day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from reconciliation.rules.movements import BookingRecord
from trading.domain.executions import ExecutionReports
from trading.domain.messages.events import order_reports_fields
from trading.domain.statistics import Statistics

BookingsOfOrders = Mapping[str, Sequence[str]]
"""The sort keys of bookings, by the id of an order."""


def journal_breaks(booked: Iterable[BookingRecord], published: Mapping[str, ExecutionReports]) -> Iterator[Break]:
    """Compares a customer's bookings of a day with what the engines published for it, by booking id. An order that was
    booked apart counts in the booking that it was published in.
    """
    bookings = {each.reports.booking_id: each.reports for each in booked}
    for entry in published.values():
        for alone in _apart(entry, bookings):
            if there := bookings.pop(alone.booking_id, None):
                whole = bookings[entry.booking_id]
                bookings[entry.booking_id] = replace(whole, orders=(*whole.orders, *there.orders))
    for booking_id in {**bookings, **published}:
        booking, told = bookings.get(booking_id), published.get(booking_id)
        known = booking or published[booking_id]
        where = Where(known.customer_id, known.ticker, booking_id)
        left, right = SideRecord("the booking", reported(booking)), SideRecord("the journal", reported(told))
        yield from differing(BreakKind.JOURNAL, where, left, right)


def unbooked(published: Iterable[ExecutionReports], booked: Iterable[BookingRecord]) -> Iterator[ExecutionReports]:
    """What the engines published and was not booked: whole bookings, and orders that did not fit into theirs."""
    bookings = {each.reports.booking_id: each.reports for each in booked}
    for entry in published:
        if entry.booking_id in bookings:
            yield from (alone for alone in _apart(entry, bookings) if alone.booking_id not in bookings)
        else:
            yield entry


def _apart(entry: ExecutionReports, bookings: Mapping[str, ExecutionReports]) -> list[ExecutionReports]:
    """The orders of the reports that their booking lacks, each as a booking of its own."""
    booking = bookings.get(entry.booking_id)
    there = {each.order.order_id for each in (booking or entry).orders}
    return [entry.apart(each.order.order_id) for each in entry.orders if each.order.order_id not in there]


def reported(reports: ExecutionReports | None) -> dict[str, Any] | None:
    """Reports as they are on the wire, by order."""
    if reports is None:
        return None
    orders = zip(reports.orders, order_reports_fields(reports.orders), strict=True)
    return {
        "customer": reports.customer_id,
        "ticker": reports.ticker,
        "pool": reports.pool.value,
        "time": reports.time,
        **{f"order {each.order.order_id}": fields for each, fields in orders},
    }


def archive_breaks(reports: ExecutionReports, text: str, archived: str | None) -> Iterator[Break]:
    """Compares a booking's trades, a line each, with its object in the archive."""
    where = Where(reports.customer_id, reports.ticker, reports.booking_id)
    left, right = SideRecord("the booking", _lines(text)), SideRecord("the archive", _lines(archived))
    return differing(BreakKind.ARCHIVE, where, left, right)


def _lines(text: str | None) -> dict[str, str] | None:
    return None if text is None else {f"line {number}": line for number, line in enumerate(text.splitlines(), 1)}


def step_breaks(customer_id: str, named: BookingsOfOrders, reported: BookingsOfOrders) -> Iterator[Break]:
    """Compares the bookings that orders name with those that report on them: each once."""
    for order_id in {**reported, **named}:
        left = SideRecord("the order", Counter(named.get(order_id, ())))
        right = SideRecord("the bookings", Counter(reported.get(order_id, ())))
        yield from differing(BreakKind.STEP, Where(customer_id, reference=order_id), left, right)


def day_breaks(ticker: str, day: Mapping[str, Any] | None, statistics: Statistics | None) -> Iterator[Break]:
    """Compares a ticker's totals of a day with the sum of all bookings."""
    left = SideRecord("the ticker's day", day)
    right = SideRecord("the bookings", None)
    if statistics is not None:
        right = SideRecord(
            "the bookings", {**statistics.sums, "high": statistics.range.high, "low": statistics.range.low}
        )
    return differing(BreakKind.TICKER_DAY, Where(ticker=ticker), left, right)
