"""Lists tickers with their first quotes, for brokers (`PUT /tickers/{ticker}`).

In: the API. Commit: the listing with the first quote, if the ticker is not listed. Out: the answer: what is stored. The
quotes after the first come another way: they must reach the engine in their order.
"""

from typing import Any

from aws_lambda_powertools import Logger
from request_bodies import first_quote

from trading.aws.api import http
from trading.aws.api.requests import body_of
from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.pause import closed_while_paused
from trading.aws.settings import TableSettings, from_environment
from trading.aws.store import items, listings
from trading.aws.time_limit import TIME_LIMIT, time_limited
from trading.domain import money
from trading.domain.errors import Refusal
from trading.domain.orders import TICKER

RESERVED_SECONDS = 2 * MAX_CALL_SECONDS + 1
"""The part of the time limit that is kept for the last attempt at a transaction, reading its result, and the answer."""


settings = from_environment(TableSettings)
logger = Logger()


@logger.inject_lambda_context
@time_limited
@closed_while_paused
@http.answering_errors(logger, "a ticker could not be listed", http.SEND_AGAIN)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    http.caller(event).require_broker()
    table, ticker = settings.trades_store, event["pathParameters"]["ticker"]
    if not TICKER.fullmatch(ticker):
        raise Refusal("invalid-parameter", "ticker is 1 to 10 capital letters or dots.")
    quote = first_quote(body_of(event))
    new = listings.list_ticker(table, ticker, quote, TIME_LIMIT.deadline(RESERVED_SECONDS))
    stored = quote if new else items.quotes(table, [ticker])[ticker]
    logger.info("ticker listed", ticker=ticker, new=new)
    shown = {"ticker": ticker, "bid": money.text(stored.bid), "ask": money.text(stored.ask)}
    return http.answer(201 if new else 200, shown)
