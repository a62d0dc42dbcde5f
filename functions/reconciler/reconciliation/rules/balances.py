"""Compares a customer's totals with its ledger: the last closing, and everything that has moved since."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from reconciliation.rules.breaks import Break, BreakKind, SideRecord, Where, differing
from reconciliation.rules.movements import Amounts, BookingRecord, Movements, OrderRecord
from trading.domain import money
from trading.domain.accounts.ledger import ACCOUNTS, EntryKind, LedgerEntry, Posting, Shares, held

COUNTS = ("openOrders", "customerSequence", "trades")
TOTALS = ("spent", "proceeds", "deposits", "withdrawals", "settled", *COUNTS)
"""The totals of a customer's item besides cash, reserved and fees. `customerSequence` is how many bookings have a
number.
"""

NOTHING: Mapping[str, Decimal] = dict.fromkeys((*ACCOUNTS, *TOTALS), money.ZERO)


def balances_after(opening: Mapping[str, Decimal], movements: Movements) -> dict[str, Decimal]:
    """Each account and total after the movements: USD, except for COUNTS."""
    after = dict(opening)
    for posting in _postings(movements):
        for account, amount in posting.items():
            after[account] += amount
    after["openOrders"] += sum(each.accepted for each in movements.placed)
    for each in movements.booked:
        after["spent"] += each.reports.spent
        after["proceeds"] += each.reports.proceeds
        after["openOrders"] -= each.reports.closed
        after["customerSequence"] += each.sequence is not None
        after["trades"] += sum(len(order.executions) for order in each.reports.orders)
    for entry in movements.entries:
        match entry.kind:
            case EntryKind.DEPOSIT:
                after["deposits"] += entry.posting.cash
            case EntryKind.WITHDRAWAL:
                after["withdrawals"] -= entry.posting.cash
            case EntryKind.SETTLEMENT:
                after["settled"] += entry.posting.house
    return after


def _postings(movements: Movements) -> Iterator[Amounts]:
    yield from (each.posting for each in movements.placed)
    yield from (each.posting for each in movements.booked)
    yield from (amounts(entry.posting) for entry in movements.entries)


def balance_breaks(customer_id: str, account: Mapping[str, Any], ledger: Mapping[str, Decimal]) -> Iterator[Break]:
    """The totals of a customer's item that differ from what its ledger adds up to."""
    has = {name: account.get(name, money.ZERO) for name in ("cash", "reserved", "fees", *TOTALS, "shorted")}
    has |= {name: int(has[name]) for name in COUNTS}
    has["clearing"] = has["spent"] - has["proceeds"] - has["settled"]
    has["house"] = has["withdrawals"] - has["deposits"] + has["settled"]
    led = {**ledger, **{name: int(ledger[name]) for name in COUNTS}}
    left, right = SideRecord("the customer", has), SideRecord("the ledger", led)
    return differing(BreakKind.BALANCE, Where(customer_id), left, right)


def posting_breaks(placed: Iterable[OrderRecord], booked: Iterable[BookingRecord]) -> Iterator[Break]:
    """The orders and bookings whose postings, or movements of shares, differ from what follows from them. What follows
    sums to zero; a ledger entry that does not cannot be read.
    """
    for order in placed:
        terms = order.order
        needed = terms.reservation(terms.quantity) if order.accepted else money.ZERO
        where = Where(terms.customer_id, terms.ticker, terms.order_id)
        yield from _posted(where, order.posting, "the order", amounts(held(needed)))
    for booking in booked:
        reports = booking.reports
        where = Where(reports.customer_id, reports.ticker, reports.booking_id)
        moved = {**amounts(booking.effect.posting), **_shares(booking.effect.shares)}
        posted = {**booking.posting, **{f"shares {name}": count for name, count in booking.shares.items()}}
        yield from _posted(where, posted, "the reports", moved)


def _posted(where: Where, posted: Mapping[str, Any], name: str, due: Mapping[str, Any]) -> Iterator[Break]:
    return differing(BreakKind.POSTING, where, SideRecord("the posting", posted), SideRecord(name, due))


def amounts(posting: Posting) -> dict[str, Decimal]:
    return {account: getattr(posting, account) for account in ACCOUNTS}


def _shares(shares: Shares) -> dict[str, int]:
    return {f"shares {name}": getattr(shares, name) for name in Shares.__slots__}


def held_on_top(entries: tuple[LedgerEntry, ...], order_id: str) -> Decimal:
    """What requests to replace an order reserved for it, USD."""
    theirs = (each.posting.reserved for each in entries if (each.kind, each.reference) == (EntryKind.HOLD, order_id))
    return sum(theirs, money.ZERO)
