"""The reference quote of each ticker, and the quote that is parked because it is outside of the band.

One item of a ticker has both: TICKER#COIN, QUOTE. The ticker's listing brings it with a first quote.
"""

from collections.abc import Mapping
from typing import Any

from trading.aws.store import dynamodb, keys
from trading.aws.store.quotes import reference_of
from trading.domain.quotes import Parked, Quote, QuoteUpdate, Reference

LISTING = "listing"
"""The source of a ticker's first quote."""


def read(table: str, ticker: str) -> Reference | None:
    """A ticker's reference quote and what is parked, None if the ticker is not traded here."""
    item = dynamodb.get(table, keys.quote(ticker))
    return None if item is None else _reference(ticker, item)


def quote_of(table: str, ticker: str) -> Quote | None:
    """A ticker's reference quote, None if the ticker is not traded here."""
    item = dynamodb.get(table, keys.quote(ticker))
    return None if item is None else reference_of(item)


def replace(table: str, before: Reference, after: Reference) -> bool:
    """Stores what became of a reference that was read before. False if somebody else has changed it since."""
    last, parked = after.last, after.parked
    changes = "SET bid = :bid, ask = :ask, bidSize = :bidSize, askSize = :askSize, #time = :time, #source = :source"
    values = {f":{name}": value for name, value in _quote_fields(last).items()}
    if after.last is before.last:
        changes, values = "SET parked = :parked", {}
    elif before.parked:
        changes += " REMOVE parked" if parked is None else ", parked = :parked"
    if parked is not None:
        values[":parked"] = _quote_fields(parked.quote) | {"since": parked.since, "count": parked.count}
    unchanged = "#time = :before" if before.last.time else "attribute_exists(PK) AND attribute_not_exists(#time)"
    if before.last.time:
        values[":before"] = before.last.time
    names = {f"#{name}": name for name in ("time", "source") if f"#{name}" in changes + unchanged}
    return dynamodb.update_if(table, keys.quote(last.ticker), changes, unchanged, values, names) is None


def _quote_fields(update: QuoteUpdate) -> dict[str, Any]:
    return {
        "bid": update.bid,
        "ask": update.ask,
        "bidSize": update.bid_size,
        "askSize": update.ask_size,
        "time": update.time,
        "source": update.source,
    }


def _reference(ticker: str, item: Mapping[str, Any]) -> Reference:
    parked = item.get("parked")
    if parked is None:
        return Reference(_update(ticker, item))
    return Reference(_update(ticker, item), Parked(_update(ticker, parked), parked["since"], int(parked["count"])))


def _update(ticker: str, fields: Mapping[str, Any]) -> QuoteUpdate:
    return QuoteUpdate(
        ticker=ticker,
        bid=fields["bid"],
        ask=fields["ask"],
        bid_size=int(fields.get("bidSize", 0)),
        ask_size=int(fields.get("askSize", 0)),
        time=fields.get("time", ""),
        source=fields.get("source", LISTING),
    )
