"""Books and events as a journal keeps them: as JSON text, so that nothing is shared with the book they came from."""

import json
from collections.abc import Iterable
from typing import Any, get_args

from trading.domain.matching.book import Book
from trading.domain.matching.working_order import Event, WorkingOrder

KINDS = {kind.__name__: kind for kind in get_args(Event)}


def same(terms: Any) -> Any:
    """Terms of tests are JSON already."""
    return terms


def written(events: Iterable[Event]) -> str:
    return json.dumps([
        [type(event).__name__, *(value.packed(same) if isinstance(value, WorkingOrder) else value for value in event)]
        for event in events
    ])  # fmt: skip


def read(text: str) -> list[Event]:
    return [
        KINDS[kind](*(WorkingOrder.unpacked(value, same) if isinstance(value, list) else value for value in values))
        for kind, *values in json.loads(text)
    ]


def copied(book: Book) -> Book:
    """By way of its snapshot."""
    return Book.restored(json.loads(json.dumps(book.snapshot(same))), same)


def state(book: Book) -> dict[str, Any]:
    """All that makes a book behave as it does: its queues, best first, its stops, its last price, its ranks."""
    return {
        side: [(key, [order.packed(same) for order in half.levels[key].values()]) for key in reversed(half.keys)]
        for side, half in (("bids", book.bids), ("asks", book.asks))
    } | {
        "known": sorted(book.orders),
        "stops": [order.packed(same) for order in book.stops.values()],
        "last": book.last,
        "arrivals": book._arrivals,
        "ranks": book.ranks,
    }
