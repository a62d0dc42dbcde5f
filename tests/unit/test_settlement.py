"""Value dates: which day counts, and the change from two days to one."""

from datetime import date, timedelta

import pytest

from trading.domain.accounts.settlement import COUNTRIES, SWITZERLAND, US, value_date


@pytest.mark.parametrize(
    ("traded", "due"),
    [
        ("2026-11-23", "2026-11-24"),  # Monday
        ("2026-11-20", "2026-11-23"),  # Friday
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-22", "2026-11-23"),  # Sunday
        ("2026-11-25", "2026-11-27"),  # the day before Thanksgiving
        ("2026-11-26", "2026-11-27"),  # Thanksgiving
        ("2026-12-24", "2026-12-28"),  # before Christmas and a weekend
        ("2026-12-31", "2027-01-04"),  # before New Year and a weekend
        ("2027-12-30", "2027-12-31"),  # New Year is a Saturday: exchange and banks are open on its Friday
        ("2028-11-09", "2028-11-10"),  # Veterans Day is a Saturday: the same
        ("2027-12-23", "2027-12-27"),  # Christmas is a Saturday: the exchange is closed on its Friday
        ("2026-07-02", "2026-07-06"),  # Independence Day is a Saturday: the same
        ("2027-07-02", "2027-07-06"),  # Independence Day is a Sunday: both are closed on Monday
        ("2026-04-02", "2026-04-06"),  # Good Friday: banks are open
        ("2026-04-03", "2026-04-06"),  # no Easter Monday
        ("2026-05-22", "2026-05-26"),  # Memorial Day
        ("2025-01-08", "2025-01-10"),  # the exchange closed for a day of mourning
    ],
)
def test_us_trades_settle_on_the_next_day_that_counts(traded: str, due: str) -> None:
    assert value_date("NYSE", traded) == due


@pytest.mark.parametrize(
    ("traded", "due"),
    [
        ("2026-10-09", "2026-10-13"),  # the Friday before Columbus Day
        ("2026-10-12", "2026-10-13"),  # Columbus Day: traded with Friday, settled with it
        ("2026-11-10", "2026-11-12"),  # the day before Veterans Day
        ("2026-11-11", "2026-11-12"),  # Veterans Day
        ("2029-11-09", "2029-11-13"),  # it is a Sunday, and the banks are closed on Monday
    ],
)
def test_days_of_trading_on_which_banks_are_closed_do_not_count(traded: str, due: str) -> None:
    assert value_date("NASDAQ", traded) == due


@pytest.mark.parametrize(
    ("traded", "due"),
    [
        ("2024-05-23", "2024-05-28"),  # Thursday: Friday, and Tuesday after Memorial Day
        ("2024-05-24", "2024-05-29"),  # Friday, the last that takes two days
        ("2024-05-25", "2024-05-29"),
        ("2024-05-27", "2024-05-29"),  # Memorial Day
        ("2024-05-28", "2024-05-29"),  # the first that takes one: settled with Friday's
        ("2024-05-29", "2024-05-30"),
    ],
)
def test_us_trades_from_2024_05_28_settle_a_day_sooner_and_two_days_trades_together(traded: str, due: str) -> None:
    assert value_date("NYSE", traded) == due


@pytest.mark.parametrize(
    ("traded", "due"),
    [
        ("2027-10-07", "2027-10-11"),
        ("2027-10-08", "2027-10-12"),  # Friday, the last that takes two days
        ("2027-10-09", "2027-10-12"),
        ("2027-10-10", "2027-10-12"),
        ("2027-10-11", "2027-10-12"),  # the first that takes one; it is Columbus Day, but not in Switzerland
        ("2027-10-12", "2027-10-13"),
    ],
)
def test_swiss_trades_from_2027_10_11_settle_a_day_sooner_and_two_days_trades_together(traded: str, due: str) -> None:
    assert value_date("EBS", traded) == due


@pytest.mark.parametrize(
    ("traded", "due"),
    [
        ("2026-11-23", "2026-11-25"),  # Monday
        ("2026-11-24", "2026-11-26"),  # Thanksgiving is a US day
        ("2026-11-20", "2026-11-24"),  # Friday
        ("2026-11-21", "2026-11-24"),  # Saturday
        ("2026-04-01", "2026-04-07"),  # Good Friday and Easter Monday
        ("2026-04-30", "2026-05-05"),  # Labour Day, a Friday
        ("2026-05-12", "2026-05-15"),  # Ascension Day
        ("2026-05-22", "2026-05-27"),  # Whit Monday
        ("2025-07-31", "2025-08-05"),  # National Day, a Friday
        ("2026-08-01", "2026-08-04"),  # National Day, a Saturday: no other day instead
        ("2026-07-02", "2026-07-06"),  # the US exchange is closed on 07-03
        ("2024-12-30", "2025-01-06"),  # New Year's Eve, New Year and Berchtold's Day
        ("2025-12-23", "2025-12-30"),  # Christmas Eve to St. Stephen's Day
        ("2026-10-09", "2026-10-13"),  # Columbus Day is a US day
    ],
)
def test_swiss_trades_settle_on_the_second_day_on_which_switzerland_is_open(traded: str, due: str) -> None:
    assert value_date("EBS", traded) == due


def test_every_venue_but_the_swiss_exchange_settles_as_in_the_us() -> None:
    venues = ["NYSE", "IEX", "Sigma-X", "a venue of tomorrow", "", "ebs"]
    assert {value_date(venue, "2026-07-02") for venue in venues} == {"2026-07-06"}
    assert {value_date(venue, "2025-08-01") for venue in venues} == {"2025-08-04"}


@pytest.mark.parametrize(
    ("venue", "traded", "due"),
    [
        ("NYSE", "2021-12-23", "2021-12-27"),  # before the table: Christmas Eve, when the exchange was closed, counts
        ("EBS", "2021-12-30", "2022-01-03"),
        ("NYSE", "2040-12-31", "2041-01-01"),  # from its last day into the year after
        ("EBS", "2040-12-28", "2041-01-01"),
        ("NYSE", "2041-07-03", "2041-07-04"),
        ("EBS", "2041-12-24", "2041-12-25"),
    ],
)
def test_beyond_the_table_every_weekday_counts(venue: str, traded: str, due: str) -> None:
    assert value_date(venue, traded) == due


@pytest.mark.parametrize("venue", ["NYSE", "EBS"])
def test_every_trade_settles_after_its_day_and_none_before_an_earlier_one(venue: str) -> None:
    days = [(date(2021, 1, 1) + timedelta(number)).isoformat() for number in range(21 * 365)]
    due = [value_date(venue, day) for day in days]
    assert all(day < settled for day, settled in zip(days, due, strict=True))
    assert due == sorted(due)


@pytest.mark.parametrize("text", ["", "2026-11-31", "20261123", "2026-W48-1", "2026-11-23T14:30:00.000Z"])
def test_what_is_not_a_date_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 # in Python's words or ours
        value_date("NYSE", text)


def test_the_countries_whose_value_dates_are_shown_go_by_their_codes() -> None:
    assert COUNTRIES == {"US": US, "CH": SWITZERLAND}
