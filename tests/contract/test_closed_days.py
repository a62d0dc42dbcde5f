"""The days that do not count towards settlement, and New York's hours, are those that the packages know."""

from datetime import date

import pytest
from exchange_calendars import get_calendar
from holidays import country_holidays, financial_holidays

from tests.support import closed_days
from trading.domain.accounts.settlement import SWITZERLAND, US
from trading.domain.hours import Hours, opening_hours
from trading.domain.times import iso

pytestmark = pytest.mark.filterwarnings(
    "ignore:Series.values returning an ndarray:DeprecationWarning"  # exchange_calendars, of the newest pandas
)


def test_the_file_is_what_the_script_makes() -> None:
    assert closed_days.FILE.read_text() == closed_days.text()


def test_a_second_source_has_the_same_days() -> None:
    """`holidays` knows exchanges, too, and it is asked day by day what the domain is asked."""
    years = range(closed_days.FIRST, closed_days.LAST + 1)
    for country, exchange, banks in (
        (US, financial_holidays("XNYS", years=years), financial_holidays("XFED", years=years)),
        (SWITZERLAND, financial_holidays("XSWX", years=years), country_holidays("CH", subdiv="ZH", years=years)),
    ):
        closed = [day for day in closed_days.DAYS if day.isoweekday() > 5 or day in exchange or day in banks]
        assert [day for day in closed_days.DAYS if not country.counts(day)] == closed


def test_zurichs_holidays_are_no_days_of_the_swiss_exchange() -> None:
    exchange, banks = financial_holidays("XSWX"), country_holidays("CH", subdiv="ZH")
    assert [day for day in closed_days.DAYS if day in banks and day.isoweekday() < 6 and day not in exchange] == []


def test_new_yorks_hours_are_those_of_the_exchange_on_every_day_of_the_table() -> None:
    calendar = get_calendar("XNYS", start=closed_days.DAYS[0], end=closed_days.DAYS[-1])
    known = {day.date(): Hours(iso(its["open"]), iso(its["close"])) for day, its in calendar.schedule.iterrows()}
    hours = opening_hours("new-york")
    assert {day: hours.of_day(day.isoformat()) for day in closed_days.DAYS} == {
        day: known.get(day) for day in closed_days.DAYS
    }


def test_the_script_asks_for_more_years_when_fewer_than_three_are_left() -> None:
    last = closed_days.LAST
    closed_days.check(date(last - 3, 12, 31))
    with pytest.raises(SystemExit, match=rf"^The table ends with {last}\. Let LAST be {last + 1} at least\.$"):
        closed_days.check(date(last - 2, 1, 1))
