"""Which bookings changed an order. Its item names the last ones, one of these names the ones before it, and so on.

When an order names as many bookings as it can, the next one takes the names over, and the order begins anew with that
one. So the item stays small, each booking is written once, and all of an order's are read a list at a time.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from trading.aws.store import dynamodb, keys
from trading.domain.errors import Unprocessable

Item = Mapping[str, Any]

NAMED = "bookings"
"""The attribute of an order: the bookings that changed it last, in the order in which they were made."""
EARLIER = "earlier"
"""The attribute of a booking: by order id, the names that it took over."""
MAX_NAMED = 16
NAME_BYTES = 20
"""A name is a booking's sort key: the first letter of its kind, its day's number, its id."""
KINDS = {kind[0].encode(): kind for kind in (keys.TRADE, keys.REPORT)}


def with_booking(order: Item | None, booking: str) -> tuple[bytes, bytes | None]:
    """What an order names after one more booking, by its sort key; and the names that this takes over, if any."""
    named = bytes((order or {}).get(NAMED, b""))
    if len(named) < MAX_NAMED * NAME_BYTES:
        return named + _packed(booking), None
    return _packed(booking), named


def whole(table: str, order: Item) -> list[dict[str, Any]]:
    """All bookings of an order, as it was read. Raises Unprocessable if one of them is gone."""
    named, found = read(table, [order])
    gone = {name for names in named.values() for name in names} - {item["SK"] for item in found}
    if gone:
        raise Unprocessable(f"an order names bookings that are gone: {', '.join(sorted(gone))}", {"key": order["SK"]})
    return found


def read(
    table: str, orders: Sequence[Item], known: Mapping[str, Item] | None = None
) -> tuple[dict[str, list[str]], list[dict[str, Any]]]:
    """The sort keys of all bookings of orders of one customer, by order id, whether they are there or not; and those
    of the bookings that are there and not `known`. Each call reads what the calls before it named, of all orders.
    """
    there: dict[str, Item] = dict(known or {})
    found: list[dict[str, Any]] = []
    last = {order["SK"].removeprefix(keys.ORDER): (order["PK"], _names(order.get(NAMED))) for order in orders}
    named: dict[str, list[str]] = {order_id: [] for order_id in last}
    while last:
        wanted = {(pk, name) for pk, names in last.values() for name in names if name not in there}
        new = list(dynamodb.get_many(table, [keys.Key(PK=pk, SK=sk) for pk, sk in sorted(wanted)], consistent=True))
        found += new
        there |= {item["SK"]: item for item in new}
        for order_id, (_, names) in last.items():
            named[order_id] = names + named[order_id]
        last = {
            order_id: (pk, _names(there.get(names[0], {}).get(EARLIER, {}).get(order_id)))
            for order_id, (pk, names) in last.items()
            if names
        }
    return named, found


def _packed(booking: str) -> bytes:
    kind, day, booking_id = booking.split("#")
    return kind[:1].encode() + date.fromisoformat(day).toordinal().to_bytes(3, "big") + UUID(booking_id).bytes


def _names(packed: Any) -> list[str]:
    named = bytes(packed or b"")
    return [_name(named[first : first + NAME_BYTES]) for first in range(0, len(named), NAME_BYTES)]


def _name(packed: bytes) -> str:
    day = date.fromordinal(int.from_bytes(packed[1:4], "big"))
    return f"{KINDS[packed[:1]]}{day.isoformat()}#{UUID(bytes=packed[4:])}"
