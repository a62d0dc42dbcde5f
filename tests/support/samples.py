"""The sample events in events/: what AWS sends to each stage, made by the system's own code from the reference data.

`PYTHONPATH=layer python -m tests.support.samples` writes them anew; a contract test holds the files against what this
makes.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.support import events
from tests.support.clock import START
from tests.support.cloud import RESOURCES, ROOT
from trading.aws import dynamodb, store
from trading.aws.journal import Head, Journal
from trading.domain import matching, routing
from trading.domain.commands import NewOrder, commands_from, orders_messages
from trading.domain.events import executed_from
from trading.domain.executions import posting_of
from trading.domain.ids import order_id
from trading.domain.market import market_from
from trading.domain.orders import Order, OrdType, PoolType, Quote, Side
from trading.domain.times import iso, session_date
from trading.domain.wire import Message

FOLDER = ROOT / "events"
REFERENCE: dict[str, Any] = json.loads((ROOT / "local" / "reference.json").read_text())
DOCUMENT = RESOURCES["MarketParameter"]["Properties"]["Value"]["Fn::Sub"].replace("${MatchingModel}", "simulated")
MARKET = market_from(DOCUMENT, 1)
KEY_ID, SECRET = "sample", "sample-secret"
"""A credential of nobody: to let it in, a local cloud has to be given it."""


def quote(ticker: str) -> Quote:
    fields = REFERENCE["quotes"][ticker]
    return Quote(Decimal(fields["bid"]), Decimal(fields["ask"]))


def order(number: int, customer_id: str, side: Side, ticker: str, quantity: int, price: str | None) -> Order:
    """An accepted order; a market order is protected by its quote alone."""
    reference = quote(ticker).reference(side)
    return Order(
        order_id=order_id(int(START.timestamp() * 1000), number),
        customer_id=customer_id,
        side=side,
        ticker=ticker,
        type=OrdType.LIMIT if price else OrdType.MARKET,
        quantity=quantity,
        price=Decimal(price) if price else None,
        order_date=iso(START),
        session_date=session_date(START),
        protection_price=Decimal(price) if price else reference,
        highest_fee=MARKET.highest_fee,
        slice_size=MARKET.slice_size,
    )


SEED = order(1, "000002", Side.BUY, "COIN", 8614, "161.90")
DARK = order(2, "000001", Side.BUY, "AMD", 5500, "114.25")
SALE = order(3, "000002", Side.SELL, "F", 1000, None)
ENTERED = {
    "customerId": SEED.customer_id,
    "direction": SEED.side.value,
    "ticker": SEED.ticker,
    "type": SEED.type.value,
    "quantity": SEED.quantity,
    "price": str(SEED.price),
}


def samples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Path under events/ and content of each sample."""
    yield "api_authorizer/credentials", events.token(events.basic(KEY_ID, SECRET))
    yield "api_authorizer/wrong_secret", events.token(events.basic(KEY_ID, "wrong"))
    yield "api_authorizer/not_basic", events.token("Bearer something")
    second = ENTERED | {"customerId": "000001", "ticker": "AMD", "quantity": 5500, "price": "114.25"}
    yield "order_entry/order", events.post_orders(ENTERED)
    yield "order_entry/array", events.post_orders([ENTERED, second | {"clientOrderId": "sample-1"}])
    yield "order_entry/malformed", events.post_orders(json.dumps(ENTERED)[:-1])
    items = [dynamodb.to_item(store.order_item(each)) for each in (SEED, DARK, SALE)]
    yield "smart_order_router/orders", stream(items)
    dark = decided(PoolType.DARK, routed(PoolType.DARK, DARK))
    [residual] = [message for message in dark if message.topic == "orders"]
    lit = decided(PoolType.LIT, routed(PoolType.LIT, SEED))
    yield "dark_pool_matching_engine/new_order", queue(routed(PoolType.DARK, DARK))
    yield "lit_pool_matching_engine/new_order", queue(routed(PoolType.LIT, SEED))
    yield "lit_pool_matching_engine/not_matched_in_dark_pool", queue([residual])
    executed = [message for message in (*lit, *dark) if message.topic == "trades"]
    yield "post_trade_processor/trades_executed", queue(executed)
    bookings = [executed_from(message.body) for message in executed]
    booked = [dynamodb.to_item(store.booking_item(each, posting_of(each), iso(START))) for each in bookings]
    yield "trades_data_aggregator/bookings", stream(booked)
    yield "data_extractor/trades", events.get("/trades/{customerId}", {"customerId": "000002"}, {"limit": "100"})
    yield "data_extractor/customer", events.get("/customers/{customerId}", {"customerId": "000002"})
    yield "data_extractor/positions", events.get("/customers/{customerId}/positions", {"customerId": "000002"})
    path = {"customerId": "000002", "orderId": SEED.order_id}
    yield "data_extractor/order", events.get("/customers/{customerId}/orders/{orderId}", path)
    yield "data_extractor/ticker", events.get("/tickers/{ticker}", {"ticker": "COIN"})


def routed(pool: PoolType, each: Order) -> list[Message]:
    route = routing.route_of(each, MARKET)
    assert route.pool is pool
    return list(orders_messages("smart_order_router", pool, routing.commands_of(each, route)))


def decided(pool: PoolType, messages: list[Message]) -> list[Message]:
    """What the engine publishes for these messages, as its first entry."""
    commands: list[NewOrder] = [command for message in messages for command in commands_from(message.body)]
    ticker = commands[0].order.ticker
    first = Head(1, session_date(START), tuple(command.command_id for command in commands))
    entry = Journal("OrderBooks", pool).id_of(ticker, first)
    return matching.decide(entry, pool, commands, MARKET, quote(ticker), START)


def queue(messages: list[Message]) -> dict[str, Any]:
    records = [events.sqs_record(message.group, message.body, number) for number, message in enumerate(messages, 1)]
    return events.sqs(records)


def stream(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Records": [events.inserted(item, number) for number, item in enumerate(items, 1)]}


def text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"


if __name__ == "__main__":
    for name, content in samples():
        path = FOLDER / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(content))
