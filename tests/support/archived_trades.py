"""The trades of the archive, as its readers see them: each booking once, however many objects have it."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from trading.aws.store.archived_bookings import ArchivedBooking, bookings_in, once_each


def bookings(objects: Mapping[str, bytes]) -> list[ArchivedBooking]:
    """The bookings of these objects, by key; day by day, in the order of their ids."""
    days: dict[str, list[list[ArchivedBooking]]] = defaultdict(list)
    for key, body in objects.items():
        folder, _, name = key.rpartition("/")
        days[folder].append(list(bookings_in(name, body)))
    return [booking for _, sources in sorted(days.items()) for booking in once_each(*sources)]


def as_read(state: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored anywhere, with the archive as its readers see it: in which parts bookings came to the archiver
    makes no difference.
    """
    archive = {name: body for name, body in state["objects"].items() if name.startswith("trades/")}
    others = {name: body for name, body in state["objects"].items() if name not in archive}
    return {**state, "objects": others, "archive": bookings(archive)}


def trades(objects: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The trades of these objects, by key, as they are announced: without the ids of their bookings."""
    found = [json.loads(line) for booking in bookings(objects) for line in booking.lines]
    return [{name: value for name, value in trade.items() if name != "bookingId"} for trade in found]
