"""The updates of a customer that a client has missed: read from the bookings, which have the numbers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from trading.aws import clock
from trading.aws.store import keys, ledger
from trading.aws.store.balances import balances_of
from trading.aws.store.updates import updates_of
from trading.domain.errors import Refusal
from trading.domain.ids import order_id
from trading.domain.times import checked_instant, iso, session_date

MAX_UPDATES = 500
"""The most updates that are sent again; a client that has missed more needs a snapshot."""
MAX_READ = 2_000
"""The most bookings that are read to find them."""
LATE = timedelta(minutes=5)
"""How much longer than its neighbours' a booking may have been under way to its customer and still be found."""
OLDEST = timedelta(days=1)


class MissedUpdates:
    """Finds the updates in one TradesStore."""

    def __init__(self, table: str) -> None:
        self._table = table

    def between(self, customer_id: str, after: int, last: int, since: str) -> list[dict[str, Any]] | None:
        """The updates with numbers above `after`, up to `last`, in their order, the last one with the customer's
        balances as they are now; None if they are too many or not all are found.

        `since` is the time of the update `after`. Bookings sort by time, not by number: those that are more than some
        minutes older are not looked at.
        """
        first = _instant(since)
        if not 0 <= last - after <= MAX_UPDATES or first < clock.now() - OLDEST:
            return None
        if last == after:
            return []
        bookings = {int(each["customerSequence"]): each for each in self._since(customer_id, first - LATE)}
        wanted = range(after + 1, last + 1)
        if not all(number in bookings for number in wanted):
            return None
        updates = list(updates_of(self._table, [bookings[number] for number in wanted]))
        tickers = {update["ticker"] for update in updates}
        return [*updates[:-1], updates[-1] | balances_of(self._table, customer_id, tickers)]

    def _since(self, customer_id: str, first: datetime) -> Iterator[dict[str, Any]]:
        """The bookings with and without trades of what happened since then."""
        date, lowest = session_date(first), order_id(int(first.timestamp() * 1000), 0)[:13]
        today = session_date(clock.now())
        for kind in (keys.TRADE, keys.REPORT):
            items = ledger.items(self._table, customer_id, f"{kind}{date}#{lowest}", f"{kind}{today}#~")
            yield from islice(items, MAX_READ)


def _instant(text: str) -> datetime:
    """The time that a client names. Raises Refusal for what is not one."""
    try:
        return datetime.fromisoformat(checked_instant(text))
    except ValueError as error:
        raise Refusal("invalid-request", f"since is a time like {iso(clock.now())}.") from error
