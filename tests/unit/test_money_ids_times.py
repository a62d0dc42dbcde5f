"""Amounts, identifiers and times: what the wire shows of them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from trading.domain import ids, money
from trading.domain.messages.bounds import rate_of
from trading.domain.times import (
    checked_date,
    checked_instant,
    day_of_schedule,
    iso,
    milliseconds,
    milliseconds_between,
    session_date,
)

MORNING = datetime(2026, 11, 22, 14, 30, 0, 123999, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "NaN", "sNaN", "Infinity", "-Infinity", "1.001", "1e-3", "1e30", "\ud800", "1,00"),
        *("٣.00", "1_000.00", " 1.00", "1.00\n", "+1.00", "--1.00", "1.", ".50", "1e2", "1E0", "0x1", "-"),
    ],
)
def test_what_is_not_an_amount_in_cents_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not an amount"):
        money.amount(text)


@pytest.mark.parametrize("text", ["", "NaN", "٣.00", "1_0.00", " 1.00", "1.00 ", "+1.00", "1e2", "1.", ".5", "1\n"])
def test_a_price_and_a_rate_are_read_as_strictly_as_an_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a price"):
        money.price(text)
    with pytest.raises(ValueError, match=r"not a rate"):
        rate_of(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "today", "2026-2-3", "20261122", "2026-W47-7", "2026-326", "2026-02-30", "0000-01-01", " 2026-11-22"),
        *("2026-11-22\n", "٢٠٢٦-11-22", "2026-11-22T00:00:00Z", "2026/11/22", "12026-11-22"),
        *("0001-01-05", "1999-12-31", "3000-01-01", "9999-12-31"),
    ],
)
def test_a_date_has_one_form_and_is_of_these_centuries(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked_date(text)


@pytest.mark.parametrize("text", ["2000-01-01", "2026-11-22", "2999-12-31"])
def test_a_date_of_these_centuries_is_taken_as_it_is(text: str) -> None:
    assert checked_date(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-11-22", "2026-11-22T14:30:00Z", "2026-11-22T14:30:00.123", "2026-11-22T14:30:00.123+00:00"),
        *("2026-11-22 14:30:00.123Z", "2026-11-22T14:30:00,123Z", "20261122T143000.123Z", "٢026-11-22T14:30:00.123Z"),
        *("1999-12-31T23:59:59.999Z", "3000-01-01T00:00:00.000Z"),
    ],
)
def test_an_instant_has_one_form_and_is_of_these_centuries(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked_instant(text)


@pytest.mark.parametrize("text", ["2000-01-01T00:00:00.000Z", "2026-11-22T14:30:00.123Z", "2999-12-31T23:59:59.999Z"])
def test_an_instant_of_these_centuries_is_taken_as_it_is(text: str) -> None:
    assert checked_instant(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-11-22", "2026-11-22T00:00:00", "2026-11-22T00:00:00+00:00", "2026-11-21T19:00:00-05:00"),
        *("2026-11-22T00:00Z", "2026-11-22 00:00:00Z", "2026-11-22T00:00:00.000Z", "2026-13-22T00:00:00Z"),
        *("٢026-11-22T00:00:00Z", "2026-W47-7T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T00:00:00Z\n"),
    ],
)
def test_a_schedules_time_has_one_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of_schedule(text)
    assert day_of_schedule("2026-11-22T00:00:05Z") == "2026-11-22"


@pytest.mark.parametrize("value", [1, 1.5, None, True, Decimal("1.00"), ["1.00"]])
def test_an_amount_that_is_not_text_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match=r"^an amount is a string"):
        money.amount(value)  # type: ignore[arg-type]


def test_an_order_id_is_a_uuid_of_version_7_that_sorts_by_its_time() -> None:
    highest = 2**ids.RANDOM_BITS - 1
    earlier, later = ids.order_id(1_795_357_800_123, highest), ids.order_id(1_795_357_800_124, 0)
    assert earlier < later
    for text in (earlier, later):
        assert (UUID(text).version, UUID(text).variant) == (7, "specified in RFC 4122")
    assert UUID(earlier).int >> 80 == 1_795_357_800_123


def test_an_id_in_a_sequence_is_a_uuid_of_version_8_that_sorts_by_time_journal_entry_and_number() -> None:
    instant = 1_795_357_800_123
    places = [
        (instant, 0, 1, 0),
        (instant, 0, 1, 1),
        (instant, 0, 1, 65_535),
        (instant, 0, 2, 0),
        (instant, 0, 2**24 - 1, 65_535),
        (instant, 1, 1, 0),
        (instant + 1, 0, 1, 0),
    ]
    sequenced = [ids.sequenced("an entry", *place) for place in places]
    assert sequenced == sorted(sequenced) == [ids.sequenced("an entry", *place) for place in places]
    assert len({*sequenced, *(ids.sequenced("another entry", *place) for place in places)}) == 2 * len(places)
    assert {(UUID(each).version, UUID(each).variant) for each in sequenced} == {(8, "specified in RFC 4122")}


def test_an_id_beside_one_of_a_sequence_has_its_place_and_is_another() -> None:
    before, one, after = (ids.sequenced("an entry", 1_795_357_800_123, 1, 7, number) for number in (1, 2, 3))
    beside = [ids.beside(one, purpose) for purpose in ("x", "y")]
    assert beside == [ids.beside(one, purpose) for purpose in ("x", "y")]
    assert len({one, *beside}) == 3
    assert all(before < each < after for each in beside)


def test_derived_ids_differ_by_parent_and_purpose_and_repeat() -> None:
    derived = [ids.derived(parent, purpose) for parent in ("a", "b") for purpose in ("x", "y")]
    assert len(set(derived)) == 4
    assert derived[0] == ids.derived("a", "x")
    assert {UUID(each).version for each in derived} == {5}


def test_draws_follow_from_the_seed_and_reach_every_choice_about_equally() -> None:
    draws = [ids.draw(f"slice {number}", "venue", 4) for number in range(4000)]
    assert draws == [ids.draw(f"slice {number}", "venue", 4) for number in range(4000)]
    assert all(900 < draws.count(choice) < 1100 for choice in range(4))


def test_an_instant_in_wire_form_is_so_many_milliseconds_since_1970() -> None:
    assert milliseconds("1970-01-01T00:00:00.000Z") == 0
    assert milliseconds("2026-11-22T14:30:00.123Z") == 1_795_357_800_123


def test_times_are_utc_with_milliseconds() -> None:
    assert iso(MORNING) == "2026-11-22T14:30:00.123Z"
    assert iso(MORNING.astimezone(timezone(timedelta(hours=-5)))) == "2026-11-22T14:30:00.123Z"


def test_a_session_is_the_day_in_utc() -> None:
    late_in_new_york = datetime(2026, 11, 22, 23, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert (session_date(MORNING), session_date(late_in_new_york)) == ("2026-11-22", "2026-11-23")


def test_the_time_between_two_instants_is_in_whole_milliseconds_and_never_below_zero() -> None:
    early, late = "2026-11-22T23:59:59.990Z", "2026-11-23T00:00:01.123Z"
    assert (milliseconds_between(early, late), milliseconds_between(late, early)) == (1133, 0)
