"""Items of TradesStore as domain values and back. Amounts are numbers there, strings on the wire."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from trading.aws import dynamodb, keys
from trading.domain import events, money
from trading.domain.errors import Refusal, Unprocessable
from trading.domain.executions import Posting, TradesExecuted
from trading.domain.orders import Order, PoolType, Quote
from trading.domain.routing import Route
from trading.domain.wire import UNREADABLE, compact, order_fields, order_from, parsed_value

AMOUNTS = ("price", "protectionPrice", "highestFee")
COUNTS = ("initialQuantity", "sliceSize")


def order_item(order: Order, refusal: Refusal | None = None) -> dict[str, Any]:
    """An order as it is stored when it is accepted or, by the credit or share check, refused."""
    fields = order_fields(order)
    item = {
        **keys.order(order.customer_id, order.order_id),
        **fields,
        **{name: Decimal(fields[name]) for name in AMOUNTS if name in fields},  # type: ignore[literal-required]
        "acceptance": "Rejected" if refusal else "Accepted",
        "cumulativeQuantity": 0,
        "leavesQuantity": order.quantity,
        "executedNotional": money.ZERO,
        "fees": money.ZERO,
        "reserved": order.reservation(),
    }
    if refusal is not None:
        item |= {
            "leavesQuantity": 0,
            "reserved": money.ZERO,
            "problem": {"code": refusal.code, "detail": refusal.detail},
        }
    return item


def order_of(item: Mapping[str, Any]) -> Order:
    """Raises Unprocessable for what is not an order."""
    try:
        return order_from(
            {
                **item,
                **{name: money.text(item[name]) for name in AMOUNTS if name in item},
                **{name: int(item[name]) for name in COUNTS},
            }
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not an order: {error!r:.200}", {"key": str(item.get("SK"))}) from error


def route_fields(route: Route) -> dict[str, Any]:
    return {"pool": route.pool.value, "slicesPerCommand": route.slices_per_command}


def route_from(fields: Mapping[str, Any]) -> Route:
    return Route(PoolType(fields["pool"]), int(fields["slicesPerCommand"]))


def booking_item(executed: TradesExecuted, posting: Posting, settlement_date: str) -> dict[str, Any]:
    """The booking of what an engine executed in one commit for one customer, with what it posted."""
    return {
        **keys.booking(executed.customer_id, executed.trade_date[:10], executed.booking_id),
        "bookingId": executed.booking_id,
        "customerId": executed.customer_id,
        "ticker": executed.ticker,
        "poolType": executed.pool.value,
        "tradeDate": executed.trade_date,
        "settlementDate": settlement_date,
        "orders": compact(events.executed_orders_fields(executed.orders)),
        "posting": {
            "cash": posting.cash,
            "reserved": posting.reserved,
            "spent": posting.spent,
            "proceeds": posting.proceeds,
            "fees": posting.fees,
            "availableShares": posting.available_shares,
            "reservedShares": posting.reserved_shares,
        },
    }


def executed_of(item: Mapping[str, Any]) -> TradesExecuted:
    """What a booking booked. Raises Unprocessable for what is not a booking."""
    try:
        return events.executed_of({**item, "orders": parsed_value(item["orders"])})
    except UNREADABLE as error:
        raise Unprocessable(f"not a booking: {error!r:.200}", {"key": str(item.get("SK"))}) from error


def quotes(table: str, tickers: Sequence[str]) -> dict[str, Quote]:
    """The reference quotes of those of the tickers that are known, read in one call per hundred."""
    items = dynamodb.get_many(table, [keys.quote(ticker) for ticker in tickers])
    return {item["PK"].removeprefix("TICKER#"): Quote(item["bid"], item["ask"]) for item in items}


def quote(table: str, ticker: str) -> Quote | None:
    """A ticker's reference quote, None if it has none."""
    return quotes(table, [ticker]).get(ticker)
