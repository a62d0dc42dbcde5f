"""Bookings against the journals, the archive and a ticker's day: what is wrong is named, with what both sides say."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciliation.rules.bookings import archive_breaks, day_breaks, journal_breaks, reported, unbooked
from reconciliation.rules.movements import BookingRecord
from tests.support.balanced_records import BOOKED, BOUGHT, REPORTS, SOLD, usd
from trading.domain.executions import ExecutionReports
from trading.domain.ids import derived
from trading.domain.orders import PoolType
from trading.domain.statistics import booked_trades, statistics_of

TIME = "2026-11-22T15:00:00.000Z"
BOOKING = derived("a test", "booking")
BOTH = ExecutionReports(BOOKING, "000002", "COIN", PoolType.LIT, TIME, (REPORTS["bought"], REPORTS["sold"]))
PUBLISHED = {BOOKING: BOTH}
OTHER = replace(BOTH, booking_id=derived("a test", "other"), orders=(REPORTS["taken in"],))
FIRST_ALONE, SECOND_ALONE = BOTH.apart(BOUGHT.order_id), BOTH.apart(SOLD.order_id)


def booked(*reports: ExecutionReports) -> list[BookingRecord]:
    return [replace(BOOKED["taken in"], reports=each) for each in reports]


def told(bookings: list[BookingRecord], published: dict[str, ExecutionReports] = PUBLISHED) -> list[str]:
    return [str(each) for each in journal_breaks(bookings, published)]


# -------------------------------------------------------------------- journals


def test_what_was_published_and_booked_has_no_break() -> None:
    assert told(booked(BOTH, OTHER), {**PUBLISHED, OTHER.booking_id: OTHER}) == []


def test_a_booking_that_is_gone_and_one_that_nobody_published_are_named() -> None:
    [gone] = told([])
    assert gone.startswith(f"journal 000002 COIN {BOOKING} whole: the booking nothing / the journal customer 000002, ")
    [strange] = told(booked(BOTH), {})
    assert strange.startswith(f"journal 000002 COIN {BOOKING} whole: the booking customer 000002, ticker COIN, ")
    assert strange.endswith(" / the journal nothing")


def test_what_a_booking_says_otherwise_is_named() -> None:
    other = replace(BOTH, pool=PoolType.DARK, time="2026-11-22T15:00:00.001Z", customer_id="000003", ticker="AMD")
    assert told(booked(other)) == [
        f"journal 000003 AMD {BOOKING} customer: the booking 000003 / the journal 000002",
        f"journal 000003 AMD {BOOKING} ticker: the booking AMD / the journal COIN",
        f"journal 000003 AMD {BOOKING} pool: the booking Dark / the journal Lit",
        f"journal 000003 AMD {BOOKING} time: the booking 2026-11-22T15:00:00.001Z / the journal {TIME}",
    ]


def test_reports_are_compared_order_by_order_as_they_are_on_the_wire() -> None:
    fields = reported(BOTH)
    assert fields is not None
    assert list(fields) == [
        "customer", "ticker", "pool", "time", f"order {BOUGHT.order_id}", f"order {SOLD.order_id}",
    ]  # fmt: skip
    report = fields[f"order {SOLD.order_id}"]
    assert (report["order"]["orderId"], report["executions"]) == (SOLD.order_id, [(50, "12.00", "EDGA", "0.25")])
    assert reported(None) is None


@pytest.mark.parametrize("turned", [False, True], ids=["whole first", "alone first"])
def test_an_order_that_was_booked_apart_belongs_to_the_booking_that_it_was_published_in(turned: bool) -> None:
    bookings = booked(BOTH.without({SOLD.order_id}), SECOND_ALONE, OTHER)
    assert told(bookings[::-1] if turned else bookings, {**PUBLISHED, OTHER.booking_id: OTHER}) == []


def test_orders_that_were_all_booked_apart_but_one_are_found() -> None:
    three = replace(BOTH, orders=(*BOTH.orders, REPORTS["taken in"]))
    rest = three.without({BOUGHT.order_id, SOLD.order_id})
    assert told(booked(rest, FIRST_ALONE, SECOND_ALONE), {BOOKING: three}) == []


def test_an_order_that_its_booking_lacks_is_missed_until_it_is_booked() -> None:
    [found] = told(booked(BOTH.without({SOLD.order_id})))
    assert found.startswith(
        f"journal 000002 COIN {BOOKING} order {SOLD.order_id}: the booking nothing / the journal order ("
    )


def test_an_order_that_was_booked_apart_with_other_values_is_named() -> None:
    other = replace(SECOND_ALONE, orders=(replace(REPORTS["sold"], executions=()),))
    [found] = told(booked(BOTH.without({SOLD.order_id}), other))
    assert found.startswith(f"journal 000002 COIN {BOOKING} order {SOLD.order_id}: the booking order (")


def test_without_the_booking_that_it_was_published_in_an_order_that_was_booked_apart_is_strange() -> None:
    assert [line.split(": ")[0] for line in told(booked(SECOND_ALONE))] == [
        f"journal 000002 COIN {SECOND_ALONE.booking_id} whole",
        f"journal 000002 COIN {BOOKING} whole",
    ]


# -------------------------------------------------------------------- unbooked


@pytest.mark.parametrize(
    ("bookings", "missing"),
    [
        ((), [BOTH]),
        ((OTHER,), [BOTH]),
        ((BOTH,), []),
        ((BOTH.without({SOLD.order_id}),), [SECOND_ALONE]),
        ((BOTH.without({BOUGHT.order_id}),), [FIRST_ALONE]),
        ((BOTH.without({SOLD.order_id}), SECOND_ALONE), []),
        ((BOTH.without({BOUGHT.order_id}), SECOND_ALONE), [FIRST_ALONE]),
    ],
)
def test_what_nobody_booked_is_whole_bookings_and_the_orders_that_a_booking_lacks(
    bookings: tuple[ExecutionReports, ...], missing: list[ExecutionReports]
) -> None:
    assert list(unbooked([BOTH], booked(*bookings))) == missing


# ------------------------------------------------------------------- the archive


@pytest.mark.parametrize(
    ("archived", "found"),
    [
        ("one\ntwo\n", []),
        ("one\n2\n", ["line 2: the booking two / the archive 2"]),
        ("one\n", ["line 2: the booking two / the archive nothing"]),
        ("one\ntwo\nthree\n", ["line 3: the booking nothing / the archive three"]),
        ("", ["line 1: the booking one / the archive nothing", "line 2: the booking two / the archive nothing"]),
        (None, ["whole: the booking line 1 one, line 2 two / the archive nothing"]),
    ],
)
def test_the_archive_has_a_bookings_trades_line_by_line(archived: str | None, found: list[str]) -> None:
    breaks = archive_breaks(BOTH, "one\ntwo\n", archived)
    assert [str(each) for each in breaks] == [f"archive 000002 COIN {BOOKING} {line}" for line in found]


# ---------------------------------------------------------------- a ticker's day

STATISTICS = statistics_of(booked_trades([BOTH]))
DAY = {
    "total:trades": 2, "total:quantity": 150, "total:notional": usd("1600.00"),
    "exchange:EDGA:trades": 2, "exchange:EDGA:quantity": 150, "exchange:EDGA:notional": usd("1600.00"),
    "pool:LitPool:trades": 2, "pool:LitPool:quantity": 150, "pool:LitPool:notional": usd("1600.00"),
    "high": usd("12.00"), "low": usd("10.00"),
}  # fmt: skip


def test_a_tickers_day_that_is_what_its_bookings_come_to_has_no_break() -> None:
    assert list(day_breaks("COIN", DAY, STATISTICS)) == []
    assert list(day_breaks("COIN", None, None)) == []


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("total:trades", 3, "the ticker's day 3 / the bookings 2"),
        ("total:notional", Decimal("1600.005"), "the ticker's day 1600.005 / the bookings 1600.00"),
        ("exchange:EDGA:quantity", 149, "the ticker's day 149 / the bookings 150"),
        ("pool:DarkPool:trades", 1, "the ticker's day 1 / the bookings nothing"),
        ("high", usd("12.01"), "the ticker's day 12.01 / the bookings 12.00"),
        ("low", usd("9.99"), "the ticker's day 9.99 / the bookings 10.00"),
    ],
)
def test_what_a_tickers_day_says_otherwise_is_named(field: str, value: object, says: str) -> None:
    assert [str(each) for each in day_breaks("COIN", {**DAY, field: value}, STATISTICS)] == [
        f"tickerDay COIN {field}: {says}"
    ]


def test_a_tickers_day_that_is_gone_or_of_which_nothing_was_booked_is_named() -> None:
    [gone] = day_breaks("COIN", None, STATISTICS)
    assert str(gone).startswith("tickerDay COIN whole: the ticker's day nothing / the bookings total:trades 2, ")
    [strange] = day_breaks("COIN", {"total:trades": 1}, None)
    assert str(strange) == "tickerDay COIN whole: the ticker's day total:trades 1 / the bookings nothing"
