"""Postings as items of TradesStore have them, and the entries of the ledger that are items of their own."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trading.aws import keys
from trading.domain import money
from trading.domain.errors import Unprocessable
from trading.domain.ledger import ACCOUNTS, Entry, Kind, Posting, Shares
from trading.domain.times import checked_instant
from trading.domain.wire import UNREADABLE


def posting_fields(posting: Posting) -> dict[str, Decimal] | None:
    """The accounts that change, USD; None if none does."""
    return {name: getattr(posting, name) for name in ACCOUNTS if getattr(posting, name)} or None


def posting_from(fields: Mapping[str, Decimal] | None) -> Posting:
    """Raises TypeError or ValueError for what is not a posting."""
    return Posting(**fields) if fields else Posting()


def shares_fields(shares: Shares) -> dict[str, int] | None:
    """What changes; None if nothing does."""
    return {name: getattr(shares, name) for name in Shares.__slots__ if getattr(shares, name)} or None


def shares_from(fields: Mapping[str, Any] | None) -> Shares:
    """Raises TypeError or ValueError for what is not a movement of shares."""
    return Shares(**{name: int(value) for name, value in fields.items()}) if fields else Shares()


def entry_item(entry: Entry) -> dict[str, Any]:
    return {
        **keys.entry(entry),
        "entryId": entry.entry_id,
        "customerId": entry.customer_id,
        "kind": entry.kind.value,
        "time": entry.time,
        "reference": entry.reference,
        "posting": posting_fields(entry.posting),
        "ticker": entry.ticker,
        "shares": shares_fields(entry.shares),
        "cost": entry.cost or None,
    }


def entry_of(item: Mapping[str, Any]) -> Entry:
    """Raises Unprocessable for what is not an entry."""
    try:
        return Entry(
            entry_id=item["entryId"],
            customer_id=item["customerId"],
            kind=Kind(item["kind"]),
            time=checked_instant(item["time"]),
            reference=item["reference"],
            posting=posting_from(item.get("posting")),
            ticker=item.get("ticker"),
            shares=shares_from(item.get("shares")),
            cost=item.get("cost", money.ZERO),
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not an entry of the ledger: {error!r:.200}", {"key": str(item.get("SK"))}) from error
