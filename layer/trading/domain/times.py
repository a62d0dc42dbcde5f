"""Times are aware and UTC; on the wire ISO 8601 with milliseconds and `Z`, as in the original document's trades."""

import re
from datetime import UTC, date, datetime, timedelta

CENTURIES = re.compile(r"2[0-9]{3}-")
"""The years 2000 to 2999: nothing of this market lies outside them, and days can be added to and taken from any date in
them.
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(instant: datetime) -> str:
    """`2026-11-22T14:30:00.123Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def checked_instant(text: str) -> str:
    """The text, if it is an instant in wire form, from 2000 to 2999. Raises TypeError or ValueError for all else."""
    if iso(datetime.fromisoformat(text)) != text:
        raise ValueError(f"{text:.40} is not an instant like 2026-11-22T14:30:00.123Z")
    return _in_these_centuries(text)


def checked_date(text: str) -> str:
    """The text, if it is a date in wire form, from 2000 to 2999. Raises TypeError or ValueError for all else."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(f"{text:.40} is not a date like 2026-11-22")
    return _in_these_centuries(text)


def checked_second(text: str) -> str:
    """The text, if it is a time like 2026-11-22T00:00:00Z. Raises TypeError or ValueError for anything else."""
    if datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%SZ") != text:
        raise ValueError(f"{text:.40} is not a time like 2026-11-22T00:00:00Z")
    return text


def _in_these_centuries(text: str) -> str:
    if not CENTURIES.match(text):
        raise ValueError(f"{text:.40} is not between 2000 and 2999")
    return text


def day_of_schedule(text: str) -> str:
    """The UTC day of the time that EventBridge gives a schedule's event, like 2026-11-22T00:00:00Z. Raises TypeError or
    ValueError for any other form.
    """
    return checked_date(checked_second(text)[:10])


def days_after(day: str, number: int) -> str:
    """The date `number` days after a date, or before it if negative."""
    return (date.fromisoformat(day) + timedelta(days=number)).isoformat()


def milliseconds(instant: str) -> int:
    """An instant in wire form as milliseconds since 1970."""
    return (datetime.fromisoformat(instant) - EPOCH) // timedelta(milliseconds=1)


def milliseconds_between(earlier: str, later: str) -> int:
    """The milliseconds from one instant in wire form to another; never negative, because clocks differ a little."""
    passed = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    return max(passed // timedelta(milliseconds=1), 0)


def session_date(instant: datetime) -> str:
    """The trading session that an order of this instant belongs to, `YYYY-MM-DD`.

    The simulated market never closes and its session is the UTC day; a US trading day (09:30 to 16:00 in New York)
    lies within one.
    """
    return instant.astimezone(UTC).date().isoformat()


def session_end(date: str) -> str:
    """The last instant of a session, in wire form: the millisecond before midnight UTC."""
    return f"{date}T23:59:59.999Z"
