"""Opening hours of a pool type: when it trades, and what its hours say at an instant.

A pool type without hours is always open; its session is the UTC day. One with hours collects orders while it is closed,
opens and closes with an auction, and its day orders end with its close. Hours never cross midnight UTC.

New York trades from 09:30 to 16:00, and to 13:00 on the days of an early close (NYSE Rules 7.2 and 7.34). After 2040,
where the table ends, every weekday is a full one. Clocks go forward on the second Sunday of March and back on the first
of November (Energy Policy Act of 2005, section 110), while the exchange is closed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from trading.domain.accounts.closed_days import NEW_YORK_CLOSED, NEW_YORK_EARLY_CLOSES
from trading.domain.times import days_after, session_end

GRID_MINUTES = 30
"""Hours begin and end on a multiple of so many minutes: the stages that open and close look that often."""
DAILY = re.compile(r"([01][0-9]|2[0-3]):[03]0-([01][0-9]|2[0-3]):[03]0")
DAYS_LOOKED_AT = 14
"""Longer than any break between two sessions."""
WEEKDAYS = range(5)
SUNDAY = 6


class Rule(StrEnum):
    """What decides when a pool type is open."""

    ALWAYS = "always"
    ON_COMMAND = "on-command"
    NEW_YORK = "new-york"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of one day, as instants in wire form: open from `opens` to just before `closes`."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Session:
    """What opening hours say at an instant. `opened` is when the hours began that last at it, None outside of hours;
    `closed` is when the last ones before ended, empty if there are none. A pool type that is always open has no
    auctions; where commands decide, `by_clock` is false and the hours say nothing.
    """

    has_auctions: bool
    by_clock: bool
    opened: str | None = None
    closed: str = ""


ALWAYS_OPEN = Session(has_auctions=False, by_clock=False, opened="")
ON_COMMAND = Session(has_auctions=True, by_clock=False)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a pool type. `opens` and `closes` are those of daily hours, like `08:00`, UTC."""

    rule: Rule = Rule.ALWAYS
    opens: str = ""
    closes: str = ""

    def __str__(self) -> str:
        """As the market document names them."""
        return f"{self.opens}-{self.closes}" if self.rule is Rule.DAILY else self.rule.value

    def of_day(self, day: str) -> Hours | None:
        """The hours of a UTC day; None if it has none."""
        match self.rule:
            case Rule.NEW_YORK:
                return _new_york(date.fromisoformat(day))
            case Rule.DAILY:
                return _hours(day, self.opens, self.closes)
        return None

    def at(self, instant: str) -> Session:
        """What they say at an instant, in wire form."""
        match self.rule:
            case Rule.ALWAYS:
                return ALWAYS_OPEN
            case Rule.ON_COMMAND:
                return ON_COMMAND
        day = instant[:10]
        today = self.of_day(day)
        opened = today.opens if today and today.opens <= instant < today.closes else None
        over = (hours for number in range(DAYS_LOOKED_AT) if (hours := self.of_day(days_after(day, -number))))
        closed = next((hours.closes for hours in over if hours.closes <= instant), "")
        return Session(has_auctions=True, by_clock=True, opened=opened, closed=closed)

    def next_opening(self, instant: str) -> str | None:
        """When the next hours after an instant begin; None if no clock decides."""
        days = (self.of_day(days_after(instant[:10], number)) for number in range(DAYS_LOOKED_AT))
        return next((hours.opens for hours in days if hours and hours.opens > instant), None)

    def next_closing(self, instant: str) -> str | None:
        """When the first hours end that last after an instant; None if no clock decides."""
        days = (self.of_day(days_after(instant[:10], number)) for number in range(DAYS_LOOKED_AT))
        return next((hours.closes for hours in days if hours and hours.closes > instant), None)

    def opens_at(self, moment: str) -> bool:
        """Whether hours begin at this moment."""
        hours = self.of_day(moment[:10])
        return hours is not None and hours.opens == moment

    def session_ending_at(self, moment: str) -> tuple[str, str] | None:
        """The date of the session that ends at this moment, and the time of its close; None if none ends."""
        day = moment[:10]
        if self.rule is Rule.ALWAYS:
            before = days_after(day, -1)
            return (before, session_end(before)) if moment == _instant(day, "00:00") else None
        hours = self.of_day(day)
        return (day, hours.closes) if hours and hours.closes == moment else None


def opening_hours(value: object) -> OpeningHours:
    """Opening hours as the market document names them. Raises ValueError for anything else."""
    if isinstance(value, str):
        if value in {Rule.ALWAYS, Rule.ON_COMMAND, Rule.NEW_YORK}:
            return OpeningHours(Rule(value))
        if DAILY.fullmatch(value) and value[:5] < value[6:]:
            return OpeningHours(Rule.DAILY, value[:5], value[6:])
    raise ValueError("opening hours are always, on-command, new-york, or half hours in UTC, like 08:00-16:30")


def grid_moment(instant: str) -> str:
    """The last multiple of GRID_MINUTES until an instant, both in wire form."""
    minute = int(instant[14:16]) // GRID_MINUTES * GRID_MINUTES
    return f"{instant[:14]}{minute:02}:00.000Z"


def _instant(day: str, minute: str) -> str:
    return f"{day}T{minute}:00.000Z"


def _hours(day: str, opens: str, closes: str) -> Hours:
    return Hours(_instant(day, opens), _instant(day, closes))


def _new_york(day: date) -> Hours | None:
    if day.weekday() not in WEEKDAYS or _has(NEW_YORK_CLOSED, day):
        return None
    summer = _sunday(2, date(day.year, 3, 1)) <= day < _sunday(1, date(day.year, 11, 1))
    behind = 4 if summer else 5
    closes = 13 if _has(NEW_YORK_EARLY_CLOSES, day) else 16
    return _hours(day.isoformat(), f"{9 + behind}:30", f"{closes + behind}:00")


def _has(table: Mapping[int, str], day: date) -> bool:
    return f"{day:%m-%d}" in table.get(day.year, "").split()


def _sunday(number: int, first: date) -> date:
    """The first, second, … Sunday of the month that begins on `first`."""
    return first + timedelta((SUNDAY - first.weekday()) % 7 + 7 * (number - 1))
