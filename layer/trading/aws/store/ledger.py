"""The ledger in TradesStore: how items store postings, the entries that are items of their own, and a customer's lines,
which come from all of these.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.aws.store import dynamodb, keys
from trading.domain import money
from trading.domain.accounts.ledger import ACCOUNTS, BOOKING, ORDER, EntryKind, LedgerEntry, Line, Posting, Shares
from trading.domain.errors import Unprocessable, why
from trading.domain.ids import order_id
from trading.domain.messages.wire import UNREADABLE
from trading.domain.orders import Side
from trading.domain.times import checked_instant


def posting_fields(posting: Posting) -> dict[str, Decimal] | None:
    """The accounts that change, USD; None if none do."""
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


def entry_item(entry: LedgerEntry) -> dict[str, Any]:
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
        "sequence": entry.sequence,
    }


def entry_of(item: Mapping[str, Any]) -> LedgerEntry:
    """Raises Unprocessable for what is not an entry."""
    try:
        return LedgerEntry(
            entry_id=item["entryId"],
            customer_id=item["customerId"],
            kind=EntryKind(item["kind"]),
            time=checked_instant(item["time"]),
            reference=item["reference"],
            posting=posting_from(item.get("posting")),
            ticker=item.get("ticker"),
            shares=shares_from(item.get("shares")),
            cost=item.get("cost", money.ZERO),
            sequence=int(item["sequence"]) if "sequence" in item else None,
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not an entry of the ledger: {why(error)}", {"key": str(item.get("SK"))}) from error


def lines(
    table: str, customer_id: str, first: str, last: str, start: str = "", at_once: int | None = None
) -> Iterator[Line]:
    """A customer's ledger from one date to another, both included, by kind and key. `start` is the key at which a
    further page begins. Lines are read only as far as the caller asks, `at_once` with each call.
    """
    return map(line_of, stored(table, customer_id, first, last, start, at_once))


def stored(
    table: str, customer_id: str, first: str, last: str, start: str = "", at_once: int | None = None
) -> Iterator[dict[str, Any]]:
    """The items of these lines."""
    for lowest, highest in _ranges(first, last):
        yield from items(table, customer_id, max(lowest, start), highest, at_once)


def items(
    table: str,
    customer_id: str,
    lowest: str,
    highest: str,
    at_once: int | None = None,
    *,
    last_first: bool = False,
    moving: bool = False,
) -> Iterator[dict[str, Any]]:
    """A customer's items between two sort keys, as stored, in ascending or descending order. A call reads `at_once` of
    them, else 1 MB. What is read is paid for, so a caller that shows pages gives their size. With `moving`, DynamoDB
    gives only items with postings or shares.
    """
    if lowest > highest:
        return iter(())  # DynamoDB refuses an empty range
    limit: dict[str, Any] = {"Limit": at_once} if at_once else {}
    if moving:
        limit["FilterExpression"] = "attribute_exists(posting) OR attribute_exists(shares)"
    values = {":pk": keys.customer(customer_id)["PK"], ":lowest": lowest, ":highest": highest}
    return dynamodb.query(
        {
            "TableName": table,
            "KeyConditionExpression": "PK = :pk AND SK BETWEEN :lowest AND :highest",
            "ExpressionAttributeValues": dynamodb.to_item(values),
            "ScanIndexForward": not last_first,
            "ConsistentRead": True,
            **limit,
        }
    )


def open_orders(table: str, customer_id: str, lowest: str, highest: str, at_once: int) -> Iterator[dict[str, Any]]:
    """Key and ticker of those of a customer's open orders that are in the index, with ids between these two, the newest
    first. An order that was accepted or ended in the last moment may be missing, or still be there.
    """
    if lowest > highest:
        return iter(())  # DynamoDB refuses an empty range
    values = {":pk": keys.customer(customer_id)["PK"], ":lowest": lowest, ":highest": highest}
    return dynamodb.query(
        {
            "TableName": table,
            "IndexName": keys.OPEN_ORDERS,
            "KeyConditionExpression": f"PK = :pk AND {keys.OPEN_ORDER} BETWEEN :lowest AND :highest",
            "ExpressionAttributeValues": dynamodb.to_item(values),
            "ScanIndexForward": False,
            "Limit": at_once,
        }
    )


def _ranges(first: str, last: str) -> Iterator[tuple[str, str]]:
    """The ranges of sort keys that make up the ledger, in their order."""
    lowest, highest = order_ids(first, last)
    yield f"{keys.ENTRY}{first}#", f"{keys.ENTRY}{last}#~"
    yield f"{keys.ORDER}{lowest}", f"{keys.ORDER}{highest}~"
    yield f"{keys.REPORT}{first}#", f"{keys.REPORT}{last}#~"
    yield f"{keys.TRADE}{first}#", f"{keys.TRADE}{last}#~"


def order_ids(first: str, last: str) -> tuple[str, str]:
    """The beginnings of the lowest and the highest possible order id from one date to another, both included: an
    order's id begins with its time.
    """
    start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    end = datetime.fromisoformat(last).replace(tzinfo=UTC) + timedelta(days=1, milliseconds=-1)
    lowest, highest = (order_id(int(instant.timestamp() * 1000), 0)[:13] for instant in (start, end))
    return lowest, highest


def shares_of_order(item: Mapping[str, Any]) -> Shares:
    """The shares that an order's acceptance reserves."""
    selling = item["direction"] == Side.SELL and item["acceptance"] == "Accepted"
    quantity = int(item["initialQuantity"]) if selling else 0
    return Shares(available=-quantity, reserved=quantity)


def line_of(item: Mapping[str, Any]) -> Line:
    """The ledger line of an order, a booking or an entry."""
    posting, key = posting_from(item.get("posting")), item["SK"]
    if key.startswith(keys.ENTRY):
        entry = entry_of(item)
        kind, its_id = entry.kind.value, entry.entry_id
        return Line(key, entry.time, kind, its_id, entry.ticker, posting, entry.shares, entry.reference)
    if key.startswith(keys.ORDER):
        shares, reference = shares_of_order(item), item.get("clientOrderId")
        return Line(key, item["orderDate"], ORDER, item["orderId"], item["ticker"], posting, shares, reference)
    shares = shares_from(item.get("shares"))
    return Line(key, item["time"], BOOKING, item["bookingId"], item["ticker"], posting, shares)
