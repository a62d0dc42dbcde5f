"""The weekdays that do not count towards settlement, and the days on which New York trades for fewer hours or not at
all: trading/domain/accounts/closed_days.py, made from what is known elsewhere.

`PYTHONPATH=layer python -m tests.support.closed_days` writes the file anew; a contract test holds it against what this
makes. Exchanges are those of `exchange_calendars`, which knows the days that they closed unexpectedly, banks those of
`holidays`. Neither package sets an end to its rules; the years that exchanges and banks have not announced yet follow
from the rules of today.

US banks are the Federal Reserve's: a holiday on a Saturday leaves its Friday open, one on a Sunday moves to Monday.
Swiss banks are Zurich's, where SIX and the interbank clearing are. SIX settles on its exchange days, and every holiday
of Zurich is none of them, so these add nothing as long as that is so.
"""

import sys
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchange_calendars import ExchangeCalendar, get_calendar
from holidays import country_holidays, financial_holidays

from tests.support.cloud import ROOT

FILE = ROOT / "layer" / "trading" / "domain" / "accounts" / "closed_days.py"
FIRST, LAST = 2022, 2040
YEARS_AHEAD = 3
EARLY = time(13)
HEAD = f'''"""Weekdays of {FIRST} to {LAST} that do not count towards settlement: exchange or banks are closed. And
those on which the New York Stock Exchange does not trade, or closes at 13:00.

By year, as `MM-DD`. `PYTHONPATH=layer python -m tests.support.closed_days` writes this file, and says what it rests on.
"""

from collections.abc import Mapping
'''
DAYS = [date(FIRST, 1, 1) + timedelta(number) for number in range((date(LAST + 1, 1, 1) - date(FIRST, 1, 1)).days)]


def text() -> str:
    """The file."""
    new_york, swiss = (get_calendar(name, start=DAYS[0], end=DAYS[-1]) for name in ("XNYS", "XSWX"))
    tables = {
        "US": closed(new_york, financial_holidays("XFED")),
        "SWITZERLAND": closed(swiss, country_holidays("CH", subdiv="ZH")),
        "NEW_YORK_CLOSED": closed(new_york),
        "NEW_YORK_EARLY_CLOSES": early_closes(new_york),
    }
    return HEAD + "".join(
        f"\n{name}: Mapping[int, str] = {{\n{''.join(lines(days))}}}\n" for name, days in tables.items()
    )


def closed(calendar: ExchangeCalendar, banks: Container[date] = ()) -> list[date]:
    """The weekdays on which the exchange or the banks are closed."""
    sessions = {session.date() for session in calendar.sessions}
    return [day for day in DAYS if day.isoweekday() < 6 and (day not in sessions or day in banks)]


def early_closes(calendar: ExchangeCalendar) -> list[date]:
    """The days on which New York closes at 13:00. Exits if it closes at another time: the table cannot say that."""
    days = {day.date(): calendar.session_close(day) for day in calendar.early_closes}
    for day, close in days.items():
        if close.astimezone(ZoneInfo("America/New_York")).time() != EARLY:
            sys.exit(f"New York closes at {close} on {day}: hours.py knows 13:00 alone.")
    return list(days)


def lines(days: Sequence[date]) -> Iterator[str]:
    """A line for each year."""
    for year in range(FIRST, LAST + 1):
        yield f'    {year}: "{" ".join(f"{day:%m-%d}" for day in days if day.year == year)}",\n'


def check(today: date) -> None:
    """Exits if too few years are left after this one: it is time for a later LAST."""
    if LAST - today.year < YEARS_AHEAD:
        sys.exit(f"The table ends with {LAST}. Let LAST be {today.year + YEARS_AHEAD} at least.")


if __name__ == "__main__":
    check(datetime.now(UTC).date())
    FILE.write_text(text())
