"""What the lit pools display of a ticker: the best prices, and the depth of the order book."""

from collections.abc import Mapping
from typing import Any

from trading.aws import clock
from trading.aws.store import dynamodb, keys
from trading.aws.store.packed import pack, unpack
from trading.domain.quotes import Quote
from trading.domain.times import iso


def read_top_of_book(table: str, ticker: str) -> Quote | None:
    """The best bid and offer that the lit pools display, None if a side is empty. Before the first command in a ticker
    it is the reference quote, around which market makers will quote.
    """
    item = dynamodb.get(table, keys.book(ticker)) or dynamodb.get(table, keys.quote(ticker)) or {}
    best = item.get("best", item)
    return Quote(best["bid"], best["ask"]) if best.get("bid") and best.get("ask") else None


def publish_depth(table: str, ticker: str, sequence: int, best: Mapping[str, Any], depth: Mapping[str, Any]) -> None:
    """Publishes the best bid and offer and the depth of the book as of the lit journal's entry `sequence`, unless a
    later one is there or nothing has changed.

    Both are in one item, so that they agree and cost one write. The depth is compressed: ten prices a side at nine
    exchanges then take two write units at the most, instead of four.
    """
    dynamodb.update_if(
        table,
        keys.book(ticker),
        "SET best = :best, #depth = :depth, #sequence = :sequence, #time = :time",
        "attribute_not_exists(PK) OR (#sequence < :sequence AND #depth <> :depth)",
        {
            ":best": best,
            ":depth": pack(depth),
            ":sequence": sequence,
            ":time": iso(clock.now()),
        },
        {"#depth": "depth", "#sequence": "sequence", "#time": "time"},
    )


def depth_of(book: Mapping[str, Any]) -> dict[str, Any]:
    """The depth that was displayed, and the `session` and `auction` of then if there is something to say of them."""
    depth: dict[str, Any] = unpack(book, "depth")
    return depth
