"""Reconciles a day: compares all stores of the system with each other.

Journals are read first, by ticker and pool, then customers, each with what the journals say of it; a few at a time. A
customer without breaks gets its closing of the day, if the day is over.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import product

from reconciliation import customer_reader
from reconciliation.archived_day import ArchivedDay, archived_on
from reconciliation.journal_reports import Published, published_on
from reconciliation.rules.bookings import archive_breaks, day_breaks, journal_breaks, unbooked
from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from reconciliation.rules.customer_records import CustomerRecords, closing_at, common_breaks, single_breaks
from reconciliation.rules.movements import BookingRecord
from trading.aws import clock
from trading.aws.store import closings, directory, dynamodb, keys
from trading.aws.store.archive import Archive
from trading.aws.store.archived_bookings import archived_booking
from trading.aws.store.days import day_fields
from trading.aws.store.positions import state_fields
from trading.domain.executions import ExecutionReports
from trading.domain.orders import PoolType
from trading.domain.statistics import Statistics, booked_trades, statistics_of
from trading.domain.times import iso, session_date

MAX_READERS = 4
"""How many journals or customers are read at once, each in full pages of 1 MB. The local cloud answers one call at a
time: with more of them, calls would wait for one another until they time out.
"""

WINDOWS = 2
"""A booking may wait for so many windows of the archive until it is missed there: one in which bookings are gathered,
and as long again to write them.
"""

PAUSE = 5.0
"""Seconds between the two comparisons of a day that is not over. By the second, what was under way at the first has
arrived.
"""


@dataclass(frozen=True, slots=True)
class Stores:
    """The tables and the bucket of a system, and for how many seconds bookings are gathered for an object of the
    archive.
    """

    trades_store: str
    order_books: str
    archive_bucket: str
    archive_window: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a reconciliation. `compared` counts what was compared. `busy` are customers whose totals could not
    be compared, because they kept changing.
    """

    date: str
    time: str
    compared: Counter[str]
    breaks: tuple[Break, ...]
    busy: tuple[str, ...]


@dataclass(slots=True)
class _Review:
    """The result for one customer, with its trades by ticker, and the ids of its bookings that the archive should
    have.
    """

    customer_id: str
    breaks: list[Break]
    busy: bool
    compared: Counter[str]
    days: dict[str, Statistics]
    traded: set[str]


def reconcile(stores: Stores, date: str) -> Report:
    """Compares a day. If it is not over, only what two comparisons find is reported."""
    over = date < session_date(clock.now())
    report = _Look(stores, date, over=over).report()
    if over or not report.breaks:
        return report
    time.sleep(PAUSE)
    again = _Look(stores, date, over=over).report()
    seen = {each.about for each in report.breaks}
    return replace(again, breaks=tuple(each for each in again.breaks if each.about in seen))


@dataclass(slots=True)
class _Look:
    stores: Stores
    date: str
    over: bool
    breaks: list[Break] = field(default_factory=list)
    compared: Counter[str] = field(default_factory=Counter)
    published: Published = field(default_factory=Published)
    archived: ArchivedDay = field(default_factory=ArchivedDay)
    missed_before: str = ""
    """A booking that was made by then has to be in the archive."""

    def report(self) -> Report:
        tickers = directory.tickers(self.stores.trades_store)
        customers = directory.customers(self.stores.trades_store)
        self.missed_before = iso(clock.now() - timedelta(seconds=WINDOWS * self.stores.archive_window))
        self.archived = archived_on(self._archive, self.date)
        with ThreadPoolExecutor(MAX_READERS) as threads:
            journals = list(product(PoolType, tickers))
            of_the_day = partial(published_on, self.date, self.stores.order_books)
            for found in threads.map(of_the_day, *zip(*journals, strict=True)):
                self.published.add(found)
            reviews = list(threads.map(self._review, customers))
        self.breaks += self.published.breaks
        self.breaks += [each for review in reviews for each in review.breaks]
        self._compare_unknown(set(customers), reviews)
        self._compare_days(tickers, reviews)
        self.compared.update(
            customers=len(customers), objects=self.archived.objects, journalEntries=self.published.entries
        )
        for review in reviews:
            self.compared.update(review.compared)
        busy = tuple(review.customer_id for review in reviews if review.busy)
        return Report(self.date, iso(clock.now()), self.compared, tuple(self.breaks), busy)

    @property
    def _archive(self) -> Archive:
        return Archive(self.stores.archive_bucket)

    # -------------------------------------------------------------- customers

    def _review(self, customer_id: str) -> _Review:
        """Compares a customer's records, journals and archive. If they differ, they are compared once more: a change
        may have been under way that the account does not show.
        """
        review = self._compare(customer_id)
        return self._compare(customer_id) if review.breaks else review

    def _compare(self, customer_id: str) -> _Review:
        found, still = customer_reader.read(self.stores.trades_store, customer_id, self.date)
        booked = [each for each in found.movements.booked if each.date == self.date]
        published, breaks = self.published.of(customer_id)
        breaks += [*single_breaks(found), *journal_breaks(booked, published), *self._in_archive(booked)]
        if self.over:
            self._remember_missed(customer_id, unbooked(published.values(), booked))
        if still:
            breaks += common_breaks(found, self.date)
        if still and self.over and not breaks:
            breaks += self._keep_closing(found)
        traded = [each.reports for each in booked if each.reports.traded]
        by_ticker: dict[str, list[ExecutionReports]] = defaultdict(list)
        for reports in traded:
            if reports.counted:
                by_ticker[reports.ticker].append(reports)
        return _Review(
            customer_id=customer_id,
            breaks=breaks,
            busy=not still,
            compared=Counter(orders=len(found.histories), bookings=len(booked), entries=len(found.movements.entries)),
            days={ticker: statistics_of(booked_trades(theirs)) for ticker, theirs in by_ticker.items()},
            traded={reports.booking_id for reports in traded},
        )

    def _in_archive(self, booked: Iterable[BookingRecord]) -> Iterator[Break]:
        for each in booked:
            if not each.reports.traded:
                continue
            made = archived_booking(each.reports, each.settlement_date)
            on_its_way = made.settled > self.missed_before and self.archived.lacks(made)
            if not self.archived.has(made) and not on_its_way:
                there = made.booking_id in self.archived.bookings
                kept = self._archive.find(self.date, made.booking_id) if there else None
                yield from archive_breaks(each.reports, made.text, kept.text if kept else None)

    def _remember_missed(self, customer_id: str, unbooked: Iterable[ExecutionReports]) -> None:
        missed = [keys.booking(reports)["SK"] for reports in unbooked]
        if missed:
            closings.miss(self.stores.trades_store, customer_id, self.date, missed)

    def _keep_closing(self, found: CustomerRecords) -> Iterator[Break]:
        """Stores the closing of the day, unless a booking of an earlier day is still to come: that would stand before
        the closing and not be in it. A closing that is there already must be the same.
        """
        balances = closing_at(found, self.date)
        if balances is None or closings.missing_before(self.stores.trades_store, found.customer_id, self.date):
            return
        fields = {ticker: state_fields(state) for ticker, state in balances.positions.items()}
        closing = closings.Closing(self.date, balances.posting, fields, balances.totals)
        kept = closings.keep(self.stores.trades_store, found.customer_id, closing)
        made = SideRecord("the ledger", closings.closing_item(found.customer_id, closing))
        yield from differing(
            BreakKind.CLOSING, Where(found.customer_id, None, self.date), SideRecord("the closing", kept), made
        )

    # ---------------------------------------------------------- what is shared

    def _compare_unknown(self, customers: set[str], reviews: Iterable[_Review]) -> None:
        """Compares what the journals and the archive have of customers or bookings that do not exist."""
        for customer_id in sorted(self.published.messages.keys() - customers):
            published, unreadable = self.published.of(customer_id)
            self.breaks += [*unreadable, *journal_breaks([], published)]
        traded = set().union(*(review.traded for review in reviews))
        missing = SideRecord("the bookings", None)
        for booking_id in sorted(self.archived.bookings.keys() - traded):
            there = SideRecord("the archive", {"booking": booking_id})
            self.breaks += differing(BreakKind.ARCHIVE, Where(reference=booking_id), there, missing)
        for name, reason in sorted(self.archived.unreadable.items()):
            there = SideRecord("the archive", {"reason": reason})
            self.breaks += differing(BreakKind.UNREADABLE, Where(reference=name), there, missing)

    def _compare_days(self, tickers: Iterable[str], reviews: Iterable[_Review]) -> None:
        """Compares the tickers' totals of the day."""
        made: dict[str, Statistics] = {}
        for review in reviews:
            for ticker, statistics in review.days.items():
                made[ticker] = made[ticker] + statistics if ticker in made else statistics
        wanted = sorted({*tickers, *made})
        days = [keys.ticker_day(ticker, self.date) for ticker in wanted]
        stored_items = {item["PK"]: item for item in dynamodb.get_many(self.stores.trades_store, days, consistent=True)}
        self.compared["tickerDays"] += len(stored_items)
        for ticker, key in zip(wanted, days, strict=True):
            item = stored_items.get(key["PK"])
            self.breaks += day_breaks(ticker, item and day_fields(item), made.get(ticker))
