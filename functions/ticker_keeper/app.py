"""Lists tickers with their first quotes (`PUT /tickers/{ticker}`), and takes in later quotes
(`PUT /tickers/{ticker}/quote`), for brokers.

In: the API. Commit: the listing with the first quote, if the ticker is not listed. A later quote is not stored here. It
goes the way of all quotes of the market: to the Quotes topic, group = ticker. Out: the answer, and the message.
"""

from dataclasses import dataclass
from typing import Any

from later_quotes import LaterQuotes
from request_bodies import first_quote, later_quote

from trading.aws import clock
from trading.aws.api import http
from trading.aws.api.requests import body_of
from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.logs import Logger
from trading.aws.messaging.topics import Topics
from trading.aws.parameters import Parameters
from trading.aws.pause import closed_while_paused
from trading.aws.settings import from_environment
from trading.aws.store import listings
from trading.aws.store.quotes import reference_quotes
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.messages.quotes import QUOTES
from trading.domain.orders import TICKER
from trading.domain.times import iso

RESERVED_SECONDS = 2 * MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction, reading its result, and the answer."""


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    quotes_topic: str
    market_parameter: str


settings = from_environment(Settings)
topics = Topics({QUOTES: settings.quotes_topic})
later_quotes = LaterQuotes(settings.trades_store, topics, Parameters(settings.market_parameter).market)
logger = Logger()


@logger.inject_lambda_context
@time_limited
@closed_while_paused
@http.answering_errors(logger, "a ticker or its quote could not be stored", http.SEND_AGAIN)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    http.caller(event).require_broker()
    ticker = event["pathParameters"]["ticker"]
    if not TICKER.fullmatch(ticker):
        raise Refusal("invalid-parameter", "ticker is 1 to 10 capital letters or dots.")
    if event["resource"].endswith("/quote"):
        return _take_quote(ticker, body_of(event))
    return _list(ticker, body_of(event))


def _list(ticker: str, body: object) -> dict[str, Any]:
    quote = first_quote(body)
    new = listings.list_ticker(settings.trades_store, ticker, quote, TIME_LIMIT.deadline(RESERVED_SECONDS))
    stored = quote if new else reference_quotes(settings.trades_store, [ticker])[ticker]
    logger.info("ticker listed", ticker=ticker, new=new)
    shown = {"ticker": ticker, "bid": money.text(stored.bid), "ask": money.text(stored.ask)}
    return http.answer(201 if new else 200, shown)


def _take_quote(ticker: str, body: object) -> dict[str, Any]:
    update = later_quote(ticker, body, iso(clock.now()))
    shown = later_quotes.take(update)
    logger.info("quote taken", ticker=ticker, time=update.time, confirmed=update.confirmed)
    return http.answer(202, shown)
