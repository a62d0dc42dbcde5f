"""The messages of the Quotes topic: a source's quote of one ticker. Group = ticker."""

from decimal import Decimal

from trading.domain import money
from trading.domain.errors import Unprocessable, shown, why
from trading.domain.ids import derived
from trading.domain.messages.bounds import MAX_PRICE, source_of, ticker_of
from trading.domain.messages.wire import UNREADABLE, VERSION, Message, compact, parsed
from trading.domain.orders import MAX_SHARES
from trading.domain.quotes import QuoteUpdate
from trading.domain.times import checked_instant

QUOTES = "quotes"
QUOTED = "quote"


def quote_message(update: QuoteUpdate) -> Message:
    fields = {
        "version": VERSION,
        "type": QUOTED,
        "ticker": update.ticker,
        "bid": f"{update.bid:f}",
        "ask": f"{update.ask:f}",
        "bidSize": update.bid_size,
        "askSize": update.ask_size,
        "time": update.time,
        "source": update.source,
    }
    if update.confirmed:
        fields["confirmed"] = True
    body = compact(fields)
    return Message(QUOTES, {"eventType": QUOTED}, update.ticker, derived(body, QUOTED), body)


def quote_from(body: str) -> QuoteUpdate:
    """The quote of a message. Raises Unprocessable, with the reason, for anything but a quote message. What a quote may
    say is not judged here: crossed quotes and such off the tick are read.
    """
    try:
        message = parsed(body, QUOTED)
        return QuoteUpdate(
            ticker=ticker_of(message["ticker"]),
            bid=_price_of(message["bid"]),
            ask=_price_of(message["ask"]),
            bid_size=_size_of(message["bidSize"]),
            ask_size=_size_of(message["askSize"]),
            time=checked_instant(message["time"]),
            source=source_of(message["source"]),
            confirmed=message.get("confirmed") is True,
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not a message of the Quotes topic: {why(error)}") from error


MAX_LETTERS = 16
"""Of a price."""


def _price_of(value: object) -> Decimal:
    """Any price: it may be zero, negative or between two ticks."""
    if not isinstance(value, str) or len(value) > MAX_LETTERS:
        raise ValueError(f"{shown(value)} is not a price")
    price = money.decimal(value)
    if abs(price) >= MAX_PRICE:
        raise ValueError(f"{value} is not a price")
    return price


def _size_of(value: object) -> int:
    """Any number of shares; it may be zero or negative."""
    if type(value) is not int or abs(value) > MAX_SHARES:
        raise ValueError(f"{shown(value)} is not a size")
    return value
