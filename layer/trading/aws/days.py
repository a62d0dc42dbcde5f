"""A ticker's day in TradesStore, and the markers of the bookings that are in it."""

import datetime
from typing import Any

from trading.aws import keys
from trading.domain.statistics import Statistics

MARKER_DAYS = 30
"""How long a marker is kept, far longer than a record can wait in the stream (a day). Records that are parked in S3 do
not expire: whoever sends one again after this time has to see that it is sent once, for nothing remembers it any more.
"""


def day_item(ticker: str, date: str, statistics: Statistics) -> dict[str, Any]:
    """The day as it is when these statistics are all that was counted."""
    prices = {"high": statistics.range.high, "low": statistics.range.low}
    return {**keys.ticker_day(ticker, date), **prices, **statistics.sums}


def marker_item(ticker: str, date: str, booking_id: str) -> dict[str, Any]:
    midnight = datetime.datetime.fromisoformat(f"{date}T00:00:00Z")
    expires = midnight + datetime.timedelta(days=MARKER_DAYS)
    return {**keys.counted_booking(ticker, date, booking_id), "expiresAt": int(expires.timestamp())}
