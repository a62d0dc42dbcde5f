"""Questions about a ticker: its quote, what was traded in it on a day, its order book."""

from collections.abc import Mapping, Sequence
from typing import Any

from request import Request

from trading.aws import clock
from trading.aws.store import displayed_book, dynamodb, keys
from trading.aws.store.days import day_in
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.session_rules import Phase
from trading.domain.statistics import TradeTally, average_price
from trading.domain.times import session_date


class Tickers:
    """The questions to one TradesStore. Each raises Refusal for what it cannot answer."""

    def __init__(self, table: str) -> None:
        self._table = table

    def ticker(self, request: Request) -> dict[str, Any]:
        """A ticker's quote and what was traded in it on a date, today if none is given."""
        ticker = request.path["ticker"]
        date = request.date("date") or session_date(clock.now())
        wanted = [keys.quote(ticker), keys.book(ticker), keys.ticker_day(ticker, date)]
        found = dynamodb.get_many(self._table, wanted)
        stored_items = {item["SK"]: item for item in found}
        if not stored_items:
            raise Refusal("not-found", f"{ticker} is not traded here.")
        return market_fields(ticker, date, stored_items)

    def book(self, request: Request) -> dict[str, Any]:
        """The lit book's best prices by exchange and the auction that is next, as of an entry of its journal; nothing
        before the first.
        """
        ticker = request.path["ticker"]
        found = dynamodb.get_many(self._table, [keys.quote(ticker), keys.book(ticker)])
        stored_items = {item["SK"]: item for item in found}
        if not stored_items:
            raise Refusal("not-found", f"{ticker[:20]} is not traded here.")
        book = stored_items.get(keys.BOOK)
        if book is None:
            return {"ticker": ticker, "sequence": 0, "session": Phase.OPEN.value, "bids": [], "asks": []}
        shown = {"session": Phase.OPEN.value, **displayed_book.depth_of(book)}
        shown |= {side: [_level(*each) for each in shown[side]] for side in ("bids", "asks")}
        return {"ticker": ticker, "sequence": int(book["sequence"]), "time": book["time"]} | shown


def market_fields(ticker: str, date: str, items: Mapping[str, Any]) -> dict[str, Any]:
    """A ticker's quote and day, from those of its items that exist, by sort key."""
    shown = {"ticker": ticker, "date": date, **_day(items.get(date))}
    if quote := items.get(keys.QUOTE):
        best = items[keys.BOOK]["best"] if keys.BOOK in items else quote
        shown |= {name: money.text(best[name]) for name in ("bid", "ask") if name in best}
        shown |= {name: int(best[name]) for name in ("bidSize", "askSize") if name in best}
        shown["reference"] = _quote(quote)
        if "parked" in quote:
            parked = quote["parked"]
            shown["parkedQuote"] = _quote(parked) | {"since": parked["since"], "count": int(parked["count"])}
    return shown


def _quote(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A stored quote as it is shown."""
    prices = {name: money.text(fields[name]) for name in ("bid", "ask")}
    sizes = {name: int(fields[name]) for name in ("bidSize", "askSize") if name in fields}
    return prices | sizes | {name: fields[name] for name in ("time", "source") if name in fields}


def _level(price: str, exchanges: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    return {
        "price": price,
        "quantity": sum(quantity for quantity, _ in exchanges.values()),
        "orders": sum(orders for _, orders in exchanges.values()),
        "byExchange": {
            name: {"quantity": quantity, "orders": orders} for name, (quantity, orders) in exchanges.items()
        },
    }


def _day(item: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was traded on a day, from its item, if there is one."""
    if item is None:
        return _tally(TradeTally()) | {"byExchange": {}, "byPoolType": {}}
    statistics = day_in(item).statistics
    prices = {"high": statistics.range.high, "low": statistics.range.low}
    return {
        **_tally(statistics.total),
        "averagePrice": f"{average_price(statistics.total.notional, statistics.total.quantity)}",
        **{name: money.price_text(price) for name, price in prices.items()},
        "byExchange": {name: _tally(each) for name, each in sorted(statistics.by_exchange.items())},
        "byPoolType": {name: _tally(each) for name, each in sorted(statistics.by_pool.items())},
    }


def _tally(tally: TradeTally) -> dict[str, Any]:
    return {"trades": tally.trades, "quantity": tally.quantity, "notional": money.text(tally.notional)}
