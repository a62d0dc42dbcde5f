"""Opening hours say when a pool type is open, when it opens next, and which session a moment ends."""

import pytest

from trading.domain.hours import (
    ALWAYS_OPEN,
    ON_COMMAND,
    Hours,
    OpeningHours,
    Rule,
    Session,
    grid_moment,
    opening_hours,
)

NEW_YORK = opening_hours("new-york")
DAILY = opening_hours("08:00-16:30")
ALWAYS = opening_hours("always")


def session(opened: str | None, closed: str) -> Session:
    return Session(has_auctions=True, by_clock=True, opened=opened, closed=closed)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-06", ("14:30", "21:00")),
        ("2026-03-09", ("13:30", "20:00")),
        ("2026-10-30", ("13:30", "20:00")),
        ("2026-11-02", ("14:30", "21:00")),
        ("2026-11-25", ("14:30", "21:00")),
        ("2026-11-26", None),
        ("2026-11-27", ("14:30", "18:00")),
        ("2026-11-28", None),
        ("2027-03-12", ("14:30", "21:00")),
        ("2027-03-15", ("13:30", "20:00")),
        ("2027-11-05", ("13:30", "20:00")),
        ("2027-11-08", ("14:30", "21:00")),
        ("2028-07-03", ("13:30", "17:00")),
        ("2041-12-25", ("14:30", "21:00")),
    ],
)
def test_new_york_keeps_its_summer_time_holidays_and_early_closes(day: str, hours: tuple[str, str] | None) -> None:
    expected = hours and Hours(*(f"{day}T{minute}:00.000Z" for minute in hours))
    assert NEW_YORK.of_day(day) == expected


@pytest.mark.parametrize(
    ("instant", "opened", "closed"),
    [
        ("2026-11-25T14:29:59.999Z", None, "2026-11-24T21:00:00.000Z"),
        ("2026-11-25T14:30:00.000Z", "2026-11-25T14:30:00.000Z", "2026-11-24T21:00:00.000Z"),
        ("2026-11-25T20:59:59.999Z", "2026-11-25T14:30:00.000Z", "2026-11-24T21:00:00.000Z"),
        ("2026-11-25T21:00:00.000Z", None, "2026-11-25T21:00:00.000Z"),
        ("2026-11-26T16:00:00.000Z", None, "2026-11-25T21:00:00.000Z"),
        ("2026-11-29T16:00:00.000Z", None, "2026-11-27T18:00:00.000Z"),
    ],
)
def test_hours_say_at_an_instant_what_is_open_and_what_was_closed_last(
    instant: str, opened: str | None, closed: str
) -> None:
    assert NEW_YORK.at(instant) == session(opened, closed)


def test_a_market_without_hours_has_no_auctions_and_one_on_command_asks_no_clock() -> None:
    now = "2026-11-25T14:30:00.000Z"
    assert ALWAYS.at(now) == ALWAYS_OPEN
    assert not ALWAYS_OPEN.has_auctions
    assert opening_hours("on-command").at(now) == ON_COMMAND
    assert ON_COMMAND.has_auctions
    assert [each.by_clock for each in (ALWAYS_OPEN, ON_COMMAND, DAILY.at(now))] == [False, False, True]


@pytest.mark.parametrize(
    ("hours", "instant", "opening"),
    [
        (NEW_YORK, "2026-11-25T14:29:59.999Z", "2026-11-25T14:30:00.000Z"),
        (NEW_YORK, "2026-11-25T14:30:00.000Z", "2026-11-27T14:30:00.000Z"),
        (NEW_YORK, "2026-11-27T18:00:00.000Z", "2026-11-30T14:30:00.000Z"),
        (DAILY, "2026-11-28T09:00:00.000Z", "2026-11-29T08:00:00.000Z"),
        (ALWAYS, "2026-11-28T09:00:00.000Z", None),
        (opening_hours("on-command"), "2026-11-28T09:00:00.000Z", None),
    ],
)
def test_the_next_opening_is_on_the_next_day_of_trading(hours: OpeningHours, instant: str, opening: str | None) -> None:
    assert hours.next_opening(instant) == opening


@pytest.mark.parametrize(
    ("hours", "instant", "closing"),
    [
        (NEW_YORK, "2026-11-25T20:59:59.999Z", "2026-11-25T21:00:00.000Z"),
        (NEW_YORK, "2026-11-25T21:00:00.000Z", "2026-11-27T18:00:00.000Z"),
        (ALWAYS, "2026-11-25T21:00:00.000Z", None),
    ],
)
def test_the_next_close_is_that_of_the_session_that_runs_or_comes(
    hours: OpeningHours, instant: str, closing: str | None
) -> None:
    assert hours.next_closing(instant) == closing


@pytest.mark.parametrize(
    ("hours", "moment", "ends"),
    [
        (ALWAYS, "2026-11-26T00:00:00.000Z", ("2026-11-25", "2026-11-25T23:59:59.999Z")),
        (ALWAYS, "2026-11-26T00:30:00.000Z", None),
        (opening_hours("on-command"), "2026-11-26T00:00:00.000Z", None),
        (NEW_YORK, "2026-11-26T00:00:00.000Z", None),
        (NEW_YORK, "2026-11-25T21:00:00.000Z", ("2026-11-25", "2026-11-25T21:00:00.000Z")),
        (NEW_YORK, "2026-11-26T21:00:00.000Z", None),
        (NEW_YORK, "2026-11-27T18:00:00.000Z", ("2026-11-27", "2026-11-27T18:00:00.000Z")),
    ],
)
def test_a_session_ends_with_its_hours_and_without_hours_at_midnight(
    hours: OpeningHours, moment: str, ends: tuple[str, str] | None
) -> None:
    assert hours.session_ending_at(moment) == ends


def test_hours_begin_at_one_moment_of_a_day_of_trading() -> None:
    assert NEW_YORK.opens_at("2026-11-27T14:30:00.000Z")
    assert not NEW_YORK.opens_at("2026-11-26T14:30:00.000Z")
    assert not NEW_YORK.opens_at("2026-11-27T15:00:00.000Z")
    assert not ALWAYS.opens_at("2026-11-27T00:00:00.000Z")


def test_a_moment_is_the_half_hour_that_has_begun() -> None:
    assert grid_moment("2026-11-27T14:30:00.000Z") == "2026-11-27T14:30:00.000Z"
    assert grid_moment("2026-11-27T14:59:59.999Z") == "2026-11-27T14:30:00.000Z"
    assert grid_moment("2026-11-27T14:29:59.999Z") == "2026-11-27T14:00:00.000Z"


@pytest.mark.parametrize("name", ["always", "on-command", "new-york", "08:00-16:30", "00:00-23:30"])
def test_hours_are_named_as_the_market_document_names_them(name: str) -> None:
    assert str(opening_hours(name)) == name


@pytest.mark.parametrize(
    "name", ["daily", "", None, 8, "16:30-08:00", "08:00-08:00", "08:15-16:30", "24:00-24:30", "08:00 - 16:30", []]
)
def test_other_hours_are_refused(name: object) -> None:
    with pytest.raises(ValueError, match=r"^opening hours are always, on-command, new-york, or half hours in UTC"):
        opening_hours(name)


def test_daily_hours_are_a_rule_that_no_document_names() -> None:
    assert DAILY.rule is Rule.DAILY
    assert DAILY.of_day("2026-11-28") == Hours("2026-11-28T08:00:00.000Z", "2026-11-28T16:30:00.000Z")
