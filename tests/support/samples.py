"""The sample events in events/: what AWS sends to each stage, made by the system's own code from the reference data.

`PYTHONPATH=layer python -m tests.support.samples` writes them anew; a contract test holds the files against what this
makes.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.support import events
from tests.support.clock import START
from tests.support.cloud import RESOURCES, ROOT
from trading.aws.engine.journal import PRINTED, Head, Journal, JournalEntry
from trading.aws.store import account_changes, dynamodb, items
from trading.aws.store.order_view import shown
from trading.domain import routing
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, deposited
from trading.domain.executions import ExecutionReports, effect_of, trades_of
from trading.domain.ids import derived, order_id
from trading.domain.market import market_from
from trading.domain.matching import models
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.pool import Conditions
from trading.domain.matching.prints import prints_of
from trading.domain.messages.account_updates import AccountChange, AccountChangeKind, account_updated_message
from trading.domain.messages.command_messages import commands_from, orders_messages
from trading.domain.messages.commands import CancelOrder, Command, QuoteChanged, ReplaceOrder, WatchQuote, cancel_id
from trading.domain.messages.events import reports_from
from trading.domain.messages.market import MARKET as MARKET_TOPIC
from trading.domain.messages.market import Commit, market_messages
from trading.domain.messages.quotes import quote_message
from trading.domain.messages.updates import update_fields, updated_message
from trading.domain.messages.wire import Message, compact
from trading.domain.orders import Order, OrdType, PoolType, Side
from trading.domain.quotes import DisplayedQuote, Quote, QuoteUpdate
from trading.domain.routing import MassCancelRequest, Suspension
from trading.domain.tape import Print
from trading.domain.times import iso, session_date

FOLDER = ROOT / "events"
REFERENCE: dict[str, Any] = json.loads((ROOT / "ops" / "reference.json").read_text())
DOCUMENT = RESOURCES["MarketParameter"]["Properties"]["Value"]["Fn::Sub"].replace("${MatchingModel}", "order-book")
MARKET = market_from(DOCUMENT, 1)
SIMULATED = market_from(DOCUMENT.replace("order-book", "simulated"), 1)
KEY_ID, SECRET = "sample", "sample-secret"
"""A credential of nobody: to let it in, a local cloud has to be given it."""
KEY_TO_REVOKE = "sample-2"
CODE = "sample-code-that-signs-in-once-if-it-is-stored"[:43]


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
        highest_rate=MARKET.highest_rate,
        slice_size=MARKET.slice_size,
        arrival_bid=quote(ticker).bid,
        arrival_ask=quote(ticker).ask,
    )


def displayed(each: Order) -> DisplayedQuote:
    """The quote of an order's arrival. It has no sizes: nothing was traded before."""
    return DisplayedQuote(iso(START), each.arrival_bid, each.arrival_ask)


SEED = order(1, "000002", Side.BUY, "COIN", 8614, "161.90")
DARK = order(2, "000001", Side.BUY, "AMD", 5500, "114.25")
SALE = order(3, "000002", Side.SELL, "F", 1000, None)
CANCEL = CancelOrder(cancel_id(SEED.order_id), cancel_id(SEED.order_id), SEED, SEED.session_date)
REPLACEMENT = derived(DARK.order_id, "replace sample-2")
REPLACE = ReplaceOrder(REPLACEMENT, REPLACEMENT, DARK, DARK.session_date, 6000, Decimal("114.20"), Decimal("57160.00"))
SUSPENSION = Suspension(DARK.customer_id, derived(DARK.customer_id, "halt sample-3"), iso(START))
MASS_CANCEL = MassCancelRequest(
    DARK.customer_id, derived(DARK.customer_id, "mass cancel sample-6"), iso(START), DARK.ticker
)
DEPOSIT = LedgerEntry(
    derived("000003", "cash sample-4"),
    "000003",
    EntryKind.DEPOSIT,
    iso(START),
    "sample-4",
    deposited(Decimal("25000.00")),
)
NEW_LIMITS = AccountChange(derived("000003", "limits sample"), "000003", 2, AccountChangeKind.LIMITS, iso(START))
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
    yield from of_connections()
    second = ENTERED | {"customerId": "000001", "ticker": "AMD", "quantity": 5500, "price": "114.25"}
    yield "order_entry/order", events.post_orders(ENTERED)
    yield "order_entry/array", events.post_orders([ENTERED, second | {"clientOrderId": "sample-1"}])
    yield "order_entry/preview", events.previewed(ENTERED)
    yield "order_entry/malformed", events.post_orders(json.dumps(ENTERED)[:-1])
    path = {"customerId": "000002", "orderId": SEED.order_id}
    yield "order_entry/cancel", events.change("DELETE", path)
    dark = {"customerId": "000001", "orderId": DARK.order_id}
    yield "order_entry/replace", events.change("PATCH", dark, {"quantity": 6000, "price": "114.20"})
    yield "order_entry/cancel_all", events.cancel_all("000001", {"ticker": "AMD"})
    yield from of_accounts()
    yield from of_credentials()
    yield "ticker_keeper/list", events.listing("COIN", {"bid": "161.88", "ask": "161.90"})
    yield from of_contract()
    yield from of_quotes()
    requests = [dynamodb.to_item(items.change_item(each, route(each.order))) for each in (CANCEL, REPLACE)]
    yield "smart_order_router/changes", stream(requests)
    yield "smart_order_router/mass_cancel", stream([dynamodb.to_item(items.mass_cancel_item(MASS_CANCEL))])
    stored_items = [
        dynamodb.to_item(items.order_item(each, None, displayed(each), routing.route_of(each, MARKET)))
        for each in (SEED, DARK, SALE)
    ]
    yield "smart_order_router/orders", stream(stored_items)
    yield "smart_order_router/halt", stream([dynamodb.to_item(items.suspension_item(SUSPENSION))])
    yield from of_account_changes()
    crossed = decided(PoolType.DARK, routed(PoolType.DARK, DARK))
    [residual] = [message for message in crossed if message.topic == "orders"]
    lit = decided(PoolType.LIT, routed(PoolType.LIT, SEED))
    yield "dark_pool_matching_engine/new_order", queue(routed(PoolType.DARK, DARK))
    changed = list(orders_messages("smart_order_router", PoolType.DARK, [REPLACE]))
    canceled = list(orders_messages("smart_order_router", PoolType.LIT, [CANCEL]))
    yield "dark_pool_matching_engine/replace_order", queue(changed)
    suspended = [command for pool, command in routing.cancels_of(SUSPENSION, [DARK.ticker]) if pool is PoolType.DARK]
    halting = list(orders_messages("smart_order_router", PoolType.DARK, suspended))
    yield "dark_pool_matching_engine/cancel_orders", queue(halting)
    yield "lit_pool_matching_engine/cancel_order", queue(canceled)
    yield "lit_pool_matching_engine/new_order", queue(routed(PoolType.LIT, SEED))
    yield "lit_pool_matching_engine/not_matched_in_dark_pool", queue([residual])
    reported = [message for message in (*lit, *crossed) if message.topic == "trades"]
    yield "post_trade_processor/execution_reports", queue(reported)
    bookings = [reports_from(message.body) for message in reported]
    booked = [dynamodb.to_item(items.booking_item(each, effect_of(each), iso(START), sequence=1)) for each in bookings]
    yield "archiver/bookings", stream(booked)
    yield "live_updates/orders_updated", queue([updated(each) for each in bookings])
    yield (
        "live_market/market_updated",
        queue([each for each in published(PoolType.LIT, routed(PoolType.LIT, SEED)) if each.topic == "market"]),
    )
    yield from of_journals()
    yield from of_schedules()
    yield from of_questions()


def of_journals() -> Iterator[tuple[str, dict[str, Any]]]:
    """Of the engines' journals."""
    yield "snapshot_taker/entries", stream([dynamodb.to_item(first_entry(PoolType.LIT))], "OrderBooks")
    yield "trades_data_aggregator/entries", stream([dynamodb.to_item(printed_entry())], "OrderBooks")


def of_credentials() -> Iterator[tuple[str, dict[str, Any]]]:
    """Of whoever may call the API."""
    yield "credential_keeper/issue", events.credentials("POST", None, {"role": "customer", "customerId": "000003"})
    yield "credential_keeper/revoke", events.credentials("DELETE", KEY_TO_REVOKE)
    yield "credential_keeper/sign_in", events.sign_in(CODE)


def of_connections() -> Iterator[tuple[str, dict[str, Any]]]:
    """What a client sends that listens to a customer."""
    yield (
        "live_connections/authenticate",
        events.framed({"action": "authenticate", "keyId": KEY_ID, "secretKey": SECRET}),
    )
    yield "live_connections/subscribe", events.framed({"action": "subscribe", "customerId": "000002"})
    yield (
        "live_connections/resume",
        events.framed({"action": "resume", "customerId": "000002", "after": 0, "since": iso(START)}),
    )
    yield "live_connections/ping", events.framed({"action": "ping"})
    yield "live_connections/unsubscribe", events.framed({"action": "unsubscribe", "customerId": "000002"})
    yield "live_connections/disconnect", events.disconnected()


def of_schedules() -> Iterator[tuple[str, dict[str, Any]]]:
    """What clocks ask for."""
    yield "session_close/schedule", events.scheduled("session_close", "2026-11-23T00:00:00Z")
    yield "settlement/schedule", events.scheduled("settlement", "2026-11-24T00:30:00Z")
    yield "archive_compactor/schedule", events.scheduled("archive_compactor", "2026-11-23T00:40:00Z")
    yield "reconciler/schedule", events.scheduled("reconciler", "2026-11-23T01:00:00Z")


def of_questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is asked of a day and its order."""
    yield "data_extractor/caller", events.get("/caller", {})
    yield "data_extractor/trades", events.get("/trades/{customerId}", {"customerId": "000002"}, {"limit": "100"})
    yield "data_extractor/customer", events.get("/customers/{customerId}", {"customerId": "000002"})
    yield "data_extractor/positions", events.get("/customers/{customerId}/positions", {"customerId": "000002"})
    yield "data_extractor/ledger", events.get("/customers/{customerId}/ledger", {"customerId": "000002"})
    day = {"customerId": "000002", "date": "2026-11-22"}
    yield "data_extractor/statement", events.get("/customers/{customerId}/statements/{date}", day)
    yield (
        "data_extractor/statement_csv",
        events.get("/customers/{customerId}/statements/{date}", day, {"format": "csv"}),
    )
    yield (
        "data_extractor/orders",
        events.get("/customers/{customerId}/orders", {"customerId": "000002"}, {"state": "open"}),
    )
    path = {"customerId": "000002", "orderId": SEED.order_id}
    yield "data_extractor/order", events.get("/customers/{customerId}/orders/{orderId}", path)
    for name in ("customers", "session", "tickers"):
        yield f"data_extractor/{name}", events.get(f"/{name}", {})
    yield "data_extractor/ticker", events.get("/tickers/{ticker}", {"ticker": "COIN"})
    yield "data_extractor/bars", events.get("/tickers/{ticker}/bars", {"ticker": "COIN"}, {"timeframe": "5m"})
    yield "data_extractor/tape", events.get("/tickers/{ticker}/trades", {"ticker": "COIN"})
    yield "operations_desk/stages", events.get("/operations/stages", {})
    yield "operations_desk/dead_letters", events.get("/operations/dead-letters", {})
    yield "operations_desk/reconciliation", events.get("/operations/reconciliation", {})
    yield "data_extractor/book", events.get("/books/{ticker}", {"ticker": "COIN"})


def of_account_changes() -> Iterator[tuple[str, dict[str, Any]]]:
    """What a deposit and new limits are told by."""
    stored = (account_changes.entry_item(DEPOSIT, 1), account_changes.control_item(NEW_LIMITS))
    images = [dynamodb.to_item(each) for each in stored]
    yield "smart_order_router/account_changes", stream(images)
    changes = [account_changes.change_of(dynamodb.from_item(each)) for each in images]
    yield "live_updates/account_updated", queue([account_updated_message(each) for each in changes])


def of_quotes() -> Iterator[tuple[str, dict[str, Any]]]:
    """A quote that comes in by the API, by a message, and as the engine learns of it."""
    body = {"bid": "161.95", "ask": "161.97", "bidSize": 300, "askSize": 200, "source": "broker"}
    yield "ticker_keeper/quote", events.put_quote("COIN", body)
    yield "ticker_keeper/confirmed", events.put_quote("AMD", body | {"bid": "80.10", "ask": "80.12", "confirmed": True})
    update = QuoteUpdate("COIN", Decimal("161.95"), Decimal("161.97"), 300, 200, iso(START), "broker")
    crossed = replace(update, bid=Decimal("161.98"), time=iso(START + timedelta(seconds=1)))
    yield "market_data/quotes", queue([quote_message(update), quote_message(crossed)])
    command = QuoteChanged(update.command_id, update.ticker, update.quote)
    told = list(orders_messages("market_data", PoolType.LIT, [command]))
    yield "lit_pool_matching_engine/quote_changed", queue(told)
    watch_id = derived(DARK.order_id, "watch")
    watch = WatchQuote(watch_id, DARK.ticker, DARK.session_date, 1, on=True, midpoint=Decimal("114.245"))
    yield "lit_pool_matching_engine/watch_quote", queue(list(orders_messages("dark", PoolType.LIT, [watch])))
    moved = QuoteChanged(
        derived(watch_id, "displayed"), DARK.ticker, Quote(Decimal("114.20"), Decimal("114.22"), iso(START))
    )
    yield "dark_pool_matching_engine/quote_changed", queue(list(orders_messages("lit", PoolType.DARK, [moved])))


def of_contract() -> Iterator[tuple[str, dict[str, Any]]]:
    """What anybody asks."""
    yield "api_docs/openapi", events.get("/openapi.json", {})
    yield "api_docs/docs", events.get("/docs", {})
    yield "broker_ui/page", events.page()
    yield "broker_ui/file", events.page("0123456789abcdef0123/main.js")


def of_accounts() -> Iterator[tuple[str, dict[str, Any]]]:
    """What a broker asks of a customer who has no orders."""
    paid_in = {"type": "Deposit", "amount": "25000.00", "reference": "sample-4"}
    taken_out = {"type": "Withdrawal", "amount": "10000.00", "reference": "sample-5"}
    yield "account_keeper/deposit", events.account("POST", "cash", "000003", paid_in)
    yield "account_keeper/withdrawal", events.account("POST", "cash", "000003", taken_out)
    yield "account_keeper/open", events.account("PUT", "", "000005")
    brought = {"type": "Deposit", "ticker": "COIN", "quantity": 100, "cost": "16190.00", "reference": "sample-7"}
    given = {"type": "Withdrawal", "ticker": "COIN", "quantity": 50, "reference": "sample-8"}
    yield "account_keeper/shares_in", events.account("POST", "shares", "000003", brought)
    yield "account_keeper/shares_out", events.account("POST", "shares", "000003", given)
    limits = {"highestOrderValue": "1000000.00", "highestOpenOrders": 100, "collar": "0.10", "highestShort": 1000}
    yield "account_keeper/limits", events.account("PUT", "limits", "000003", limits)
    yield "account_keeper/halt", events.account("PUT", "halt", "000003")
    yield "account_keeper/resume", events.account("DELETE", "halt", "000003")


def route(each: Order) -> dict[str, Any]:
    """The route of an order, as its item has it."""
    return items.route_fields(routing.route_of(each, MARKET))


def routed(pool: PoolType, each: Order) -> list[Message]:
    assert routing.route_of(each, MARKET).pool is pool
    return list(orders_messages("smart_order_router", pool, [routing.command_of(each)]))


def decided(pool: PoolType, messages: list[Message]) -> list[Message]:
    """What the engine publishes about orders for these messages, as its first entry."""
    return [message for message in published(pool, messages) if message.topic != MARKET_TOPIC]


def published(pool: PoolType, messages: list[Message]) -> list[Message]:
    """All that the engine publishes for these messages, as its first entry."""
    commands: list[Command] = [command for message in messages for command in commands_from(message.body, pool)]
    ticker = commands[0].ticker
    reporter = Reporter(fees_of(pool, MARKET))
    book = models.POOLS[MARKET.matching_models[pool], pool]()
    prints: list[Print] = []
    for command in commands:
        happened = book.execute(command, Conditions(MARKET, quote(ticker)), lambda _: False)
        reporter.add(command, happened)
        prints += prints_of(happened, len(prints))
    first = Head(1, session_date(START), tuple(command.command_id for command in commands))
    entry = Journal("OrderBooks", pool).id_of(ticker, first)
    commit = Commit(entry, 1, ticker, pool, iso(START))
    market = market_messages(commit, prints, book.display())
    return [*models.messages_of(entry, 1, pool, reporter, iso(START)), *market]


def updated(reports: ExecutionReports) -> Message:
    """What the booking of these reports tells, if it is the first of its customer and its orders."""
    changed = {}
    for each in reports.orders:
        item = items.order_item(each.order, None, displayed(each.order), routing.route_of(each.order, MARKET))
        ended = {"ending": items.ending_fields(each)} if each.ending else {}
        changed[each.order.order_id] = shown(
            item
            | ended
            | {
                "answered": True,
                "cumulativeQuantity": each.filled,
                "canceledQuantity": each.ended,
                "leavesQuantity": each.order.quantity - each.taken,
                "executedNotional": each.turnover,
                "fees": each.fees,
                "reserved": item["reserved"] - each.released,
                "customerSequence": 1,
            }
        )
    return updated_message(update_fields(reports, iso(START), 1, changed, trades_of(reports, iso(START))))


def first_entry(pool: PoolType) -> dict[str, Any]:
    """The entry of SEED, as if a snapshot were due at every entry. Without its content, whose bytes are not the same
    wherever they are compressed.
    """
    head = Head(1, session_date(START), (routing.command_of(SEED).command_id,))
    entry = JournalEntry(head, iso(START), MARKET.version, None, [], (), printed=False, snapshot_due=True)
    [item] = Journal("OrderBooks", pool).items(SEED.ticker, entry)
    return item | {"content": b""}


def printed_entry() -> dict[str, Any]:
    """The entry of SEED with what goes on the tape, stored and not compressed: so its bytes are the same everywhere."""
    messages = [each for each in published(PoolType.LIT, routed(PoolType.LIT, SEED)) if each.topic == MARKET_TOPIC]
    content = compact({"events": [], "messages": [asdict(each) for each in messages]})
    item = first_entry(PoolType.LIT) | {"snapshot": None, "trades": PRINTED}
    return item | {"content": zlib.compress(content.encode(), 0)}


def queue(messages: list[Message]) -> dict[str, Any]:
    records = [events.sqs_record(message.group, message.body, number) for number, message in enumerate(messages, 1)]
    return events.sqs(records)


def stream(items: list[dict[str, Any]], table: str = "TradesStore") -> dict[str, Any]:
    return {"Records": [events.inserted(item, number, table) for number, item in enumerate(items, 1)]}


def text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"


if __name__ == "__main__":
    for name, content in samples():
        path = FOLDER / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(content))
