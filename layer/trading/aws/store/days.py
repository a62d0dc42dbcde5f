"""A ticker's day in TradesStore, and the markers of the bookings that are in it."""

import datetime
from typing import Any

from trading.aws.store import keys
from trading.domain.statistics import Statistics
from trading.domain.times import iso


def day_item(ticker: str, date: str, statistics: Statistics) -> dict[str, Any]:
    """The item of a day of which these statistics are all that was counted."""
    prices = {"high": statistics.range.high, "low": statistics.range.low}
    return {**keys.ticker_day(ticker, date), **prices, **statistics.sums}


def marker_item(ticker: str, date: str, booking_id: str, now: datetime.datetime) -> dict[str, Any]:
    """Marks a booking as counted in the day, with the time."""
    midnight = datetime.datetime.fromisoformat(f"{date}T00:00:00Z")
    expires = midnight + datetime.timedelta(days=keys.COUNTED_DAYS)
    key = keys.counted_booking(ticker, date, booking_id)
    return {**key, "countedDate": iso(now), "expiresAt": int(expires.timestamp())}
