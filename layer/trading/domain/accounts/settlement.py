"""When a trade is to settle by contract: its value date (FIX 64, SettlDate).

US venues, dark pools too: T+1 for trades from 2024-05-28, T+2 before (SEC Rule 15c6-1, amended by release 34-96930).
EBS, the Swiss exchange: T+1 for trades from 2027-10-11, T+2 before (Swiss Securities Post-Trade Council, 2025-09-12).

A day counts if both the exchange and the banks of its country are open: on Columbus Day and Veterans Day there is
trading and no settlement (NASD Notices to Members 92-54 and 95-77). `closed_days` has the weekdays that do not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import count, islice

from trading.domain.accounts import closed_days
from trading.domain.times import checked_date

SWISS_VENUE = "EBS"
WEEKDAYS = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """Where a trade settles. Trades from `next_day_from` settle on T+1, earlier ones on T+2."""

    closed: Mapping[int, str]
    next_day_from: date

    def counts(self, day: date) -> bool:
        return day.weekday() in WEEKDAYS and f"{day:%m-%d}" not in self.closed.get(day.year, "").split()


US = Country(closed_days.US, date(2024, 5, 28))
SWITZERLAND = Country(closed_days.SWITZERLAND, date(2027, 10, 11))
COUNTRIES = {"US": US, "CH": SWITZERLAND}
"""By their codes (ISO 3166)."""


def value_date(venue: str, trade_date: str) -> str:
    """The day on which a trade is to settle. Both dates are `YYYY-MM-DD`, that of the trade is its day in UTC.

    Days are counted from the one after the trade, whether there was a session on the trade's own day or not. Whatever
    is not the Swiss exchange settles as in the US. Outside of the years of `closed_days` every weekday counts: no trade
    is refused because the table ends. Raises TypeError or ValueError for what is not a date.
    """
    return value_date_in(SWITZERLAND if venue == SWISS_VENUE else US, trade_date)


@lru_cache(maxsize=128)
def value_date_in(country: Country, trade_date: str) -> str:
    """As `value_date`, by country. Cached: the trades of a batch are of one day or two."""
    traded = date.fromisoformat(checked_date(trade_date))
    days = (traded + timedelta(number) for number in count(1))
    first, second = islice(filter(country.counts, days), 2)
    return (first if traded >= country.next_day_from else second).isoformat()
