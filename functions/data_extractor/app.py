"""Answers questions about orders, trades, accounts, statements and markets. It only reads; callers see what is
theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from accounts import Accounts
from listings import Listings, caller
from market_data import MarketData
from orders import Orders
from request import Request
from statement import Csv
from tickers import Tickers
from trades import Trades

from trading.aws.api import http
from trading.aws.logs import Logger
from trading.aws.parameters import Parameters
from trading.aws.settings import from_environment
from trading.aws.time_limit import time_limited


@dataclass(frozen=True, slots=True)
class Settings:
    trades_store: str
    market_parameter: str
    stream_address: str


settings = from_environment(Settings)


@cache
def parameters() -> Parameters:
    """Read when they are first asked for: every other question is answered without them."""
    return Parameters(settings.market_parameter)


trades = Trades(settings.trades_store)
accounts = Accounts(settings.trades_store)
orders = Orders(settings.trades_store)
listings = Listings(settings.trades_store, lambda: parameters().market(), settings.stream_address)
tickers = Tickers(settings.trades_store)
market_data = MarketData(settings.trades_store)
logger = Logger()

Answer = Callable[[Request], dict[str, Any] | Csv]
ROUTES: dict[str, tuple[Answer, tuple[str, ...]]] = {
    "/trades/{customerId}": (trades.trades, ("tradeDate", "sort", "limit", "nextToken")),
    "/caller": (caller, ()),
    "/customers": (listings.customers, ("limit", "nextToken")),
    "/customers/{customerId}": (accounts.customer, ()),
    "/customers/{customerId}/positions": (accounts.positions, ("limit", "nextToken")),
    "/customers/{customerId}/ledger": (accounts.ledger, ("date", "limit", "nextToken")),
    "/customers/{customerId}/statements/{date}": (accounts.statement, ("format", "limit", "nextToken")),
    "/customers/{customerId}/orders": (
        orders.orders,
        ("state", "ticker", "date", "clientOrderId", "limit", "nextToken"),
    ),
    "/customers/{customerId}/orders/{orderId}": (orders.order, ("limit", "nextToken")),
    "/session": (listings.session, ()),
    "/tickers": (listings.tickers, ("date", "limit", "nextToken")),
    "/tickers/{ticker}": (tickers.ticker, ("date",)),
    "/tickers/{ticker}/bars": (market_data.bars, ("timeframe", "from", "to", "limit", "nextToken")),
    "/tickers/{ticker}/trades": (market_data.trades, ("limit", "nextToken")),
    "/books/{ticker}": (tickers.book, ()),
}
"""The function that answers each question, and the parameters that its query may have."""
FOR_BROKERS = frozenset({"/customers"})


@logger.inject_lambda_context
@time_limited
@http.answering_errors(logger, "question could not be answered", "This cannot be answered at the moment, ask again.")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    path = event.get("pathParameters") or {}
    if customer_id := path.get("customerId"):
        http.caller(event).require(customer_id)
    if event["resource"] in FOR_BROKERS:
        http.caller(event).require_broker()
    request = Request(path, http.query_of(event), http.caller(event))
    answer, parameters = ROUTES[event["resource"]]
    request.check(parameters)
    body = answer(request)
    logger.info("question answered", resource=event["resource"])
    if isinstance(body, Csv):
        return http.unless_known(event, http.written(200, body.text, body.content_type, body.headers))
    return http.unless_known(event, http.answer(200, body))
