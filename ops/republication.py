"""Publishes again what the engines' journals say was executed."""

from collections.abc import Iterator
from dataclasses import replace

from trading.aws import clock
from trading.aws.engine.journal import Journal
from trading.aws.messaging.topics import Topics
from trading.aws.store import directory
from trading.domain.ids import derived
from trading.domain.messages.events import REPORTED, TRADES
from trading.domain.orders import PoolType
from trading.domain.times import days_after, session_date


def republish(trades_store: str, order_books: str, topic: str, date: str) -> int:
    """Publishes again what the engines' journals say was executed on a day and after it; how many messages. What is
    booked already stays as it is.
    """
    topics = Topics({TRADES: topic})
    now = clock.now()
    count = 0
    for pool in PoolType:
        journal = Journal(order_books, pool)
        for ticker in directory.tickers(trades_store):
            for day in _days(date, session_date(now)):
                for _, messages in sorted(journal.entries_of(ticker, day), key=lambda entry: entry[0]):
                    again = [
                        replace(each, id=derived(each.id, f"published again at {now}"))
                        for each in messages or ()
                        if each.attributes.get("eventType") == REPORTED
                    ]
                    topics.publish(again)
                    count += len(again)
    return count


def _days(first: str, last: str) -> Iterator[str]:
    while first <= last:
        yield first
        first = days_after(first, 1)
