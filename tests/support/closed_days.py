"""The weekdays that do not count towards settlement: trading/domain/accounts/closed_days.py, made from what is known
elsewhere.

`PYTHONPATH=layer python -m tests.support.closed_days` writes the file anew; a contract test holds it against what this
makes. Exchanges are those of `exchange_calendars`, which knows the days that they closed unexpectedly, banks those of
`holidays`. Neither package sets an end to its rules; the years that exchanges and banks have not announced yet follow
from the rules of today.

US banks are the Federal Reserve's: a holiday on a Saturday leaves its Friday open, one on a Sunday moves to Monday.
Swiss banks are Zurich's, where SIX and the interbank clearing are. SIX settles on its exchange days, and every holiday
of Zurich is none of them, so these add nothing as long as that is so.
"""

import sys
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, timedelta

from exchange_calendars import get_calendar
from holidays import country_holidays, financial_holidays

from tests.support.cloud import ROOT

FILE = ROOT / "layer" / "trading" / "domain" / "accounts" / "closed_days.py"
FIRST, LAST = 2022, 2040
YEARS_AHEAD = 3
HEAD = f'''"""Weekdays of {FIRST} to {LAST} that do not count towards settlement: exchange or banks are closed.

By year, as `MM-DD`. `PYTHONPATH=layer python -m tests.support.closed_days` writes this file, and says what it rests on.
"""

from collections.abc import Mapping
'''
DAYS = [date(FIRST, 1, 1) + timedelta(number) for number in range((date(LAST + 1, 1, 1) - date(FIRST, 1, 1)).days)]


def text() -> str:
    """The file."""
    return HEAD + "".join(
        f"\n{name}: Mapping[int, str] = {{\n{''.join(lines(exchange, banks))}}}\n"
        for name, exchange, banks in (
            ("US", "XNYS", financial_holidays("XFED")),
            ("SWITZERLAND", "XSWX", country_holidays("CH", subdiv="ZH")),
        )
    )


def lines(exchange: str, banks: Container[date]) -> Iterator[str]:
    """A line for each year."""
    sessions = {session.date() for session in get_calendar(exchange, start=DAYS[0], end=DAYS[-1]).sessions}
    closed = [day for day in DAYS if day.isoweekday() < 6 and (day not in sessions or day in banks)]
    for year in range(FIRST, LAST + 1):
        yield f'    {year}: "{" ".join(f"{day:%m-%d}" for day in closed if day.year == year)}",\n'


def check(today: date) -> None:
    """Exits if too few years are left after this one: it is time for a later LAST."""
    if LAST - today.year < YEARS_AHEAD:
        sys.exit(f"The table ends with {LAST}. Let LAST be {today.year + YEARS_AHEAD} at least.")


if __name__ == "__main__":
    check(datetime.now(UTC).date())
    FILE.write_text(text())
