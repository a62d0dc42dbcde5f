"""Items of orders, requests and bookings as domain values, and back. Amounts are numbers there, strings on the wire."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trading.aws.store import keys, ledger
from trading.aws.store.order_view import booked_fields
from trading.aws.store.packed import pack, unpack
from trading.aws.store.positions import Position
from trading.domain import money
from trading.domain.accounts.ledger import held
from trading.domain.errors import Refusal, Unprocessable, why
from trading.domain.executions import Effect, ExecutionReports, OrderReport
from trading.domain.messages import events
from trading.domain.messages.bounds import customer_of, id_of, object_of, ticker_of
from trading.domain.messages.command_codec import command_fields, command_from
from trading.domain.messages.commands import CancelOrder, Change, ReplaceOrder
from trading.domain.messages.wire import UNREADABLE, compact, order_fields, order_from, parsed_value
from trading.domain.orders import Order, PoolType
from trading.domain.quotes import DisplayedQuote
from trading.domain.routing import MassCancelRequest, Route, Suspension
from trading.domain.times import checked_instant

AMOUNTS = ("price", "protectionPrice", "stopPrice", "pegOffset", "highestFee", "highestRate")
COUNTS = ("initialQuantity", "sliceSize", "minimumQuantity")


def order_item(
    order: Order,
    refusal: Refusal | None = None,
    arrival: DisplayedQuote | None = None,
    route: Route | None = None,
    *,
    named: bool = False,
) -> dict[str, Any]:
    """An order as it is stored when it is accepted, with its route, or refused by the credit or share check. `arrival`
    is the quote that was displayed when the order arrived. Only this item keeps its sizes and time: no later stage
    needs them. An order that its customer's item has `named` is not in the index of open orders.
    """
    fields = order_fields(order)
    item = {
        **keys.order(order.customer_id, order.order_id),
        **fields,
        **{name: Decimal(fields[name]) for name in AMOUNTS if name in fields},  # type: ignore[literal-required] # of its names
        "acceptance": "Rejected" if refusal else "Accepted",
        "cumulativeQuantity": 0,
        "canceledQuantity": 0,
        "leavesQuantity": order.quantity,
        "executedNotional": money.ZERO,
        "fees": money.ZERO,
        "reserved": order.reservation(order.quantity),
        "posting": ledger.posting_fields(held(order.reservation(order.quantity))),
        keys.OPEN_ORDER: None if named else order.order_id,
        "arrival": _arrival_fields(order, arrival),
        "route": route and route_fields(route),
    }
    if refusal is not None:
        item |= {
            "leavesQuantity": 0,
            "reserved": money.ZERO,
            "posting": None,
            keys.OPEN_ORDER: None,
            "route": None,
            "problem": {"code": refusal.code, "detail": refusal.detail},
        }
    return item


def _arrival_fields(order: Order, arrival: DisplayedQuote | None) -> dict[str, Any] | None:
    fields: dict[str, Any] = {"bid": order.arrival_bid, "ask": order.arrival_ask}
    if arrival is not None:
        fields |= {"bidSize": arrival.bid_size, "askSize": arrival.ask_size, "time": arrival.time}
    return {name: value for name, value in fields.items() if value is not None} or None


def standing_order(item: Mapping[str, Any]) -> Order:
    """The order with all its replacements: its quantity is the total that was asked for last."""
    return order_of({**item, "initialQuantity": item.get("orderQuantity", item["initialQuantity"])})


def order_of(item: Mapping[str, Any]) -> Order:
    """Raises Unprocessable for what is not an order."""
    arrival = item.get("arrival", {})
    try:
        return order_from(
            {
                **item,
                **{name: f"{item[name]:f}" for name in AMOUNTS if name in item},
                **{name: int(item[name]) for name in COUNTS if name in item},
                "arrival": [f"{arrival[side]:f}" if side in arrival else None for side in ("bid", "ask")],
            }
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not an order: {why(error)}", {"key": str(item.get("SK"))}) from error


def change_item(change: Change, route: Mapping[str, Any]) -> dict[str, Any]:
    """A request to change an order, in the form of the command that it becomes. `route` is the order's, as its item has
    it.
    """
    key = keys.change(change.order.customer_id, change.order.order_id, change.change_id)
    return {**key, "ticker": change.ticker, "command": compact(command_fields(change)), "route": route}


def change_of(item: Mapping[str, Any]) -> Change:
    """Raises Unprocessable for what is not a request to change an order."""
    try:
        command = command_from(parsed_value(item["command"]), item["ticker"])
        if not isinstance(command, CancelOrder | ReplaceOrder):
            raise ValueError(f"{command.command_id} changes no order")
    except UNREADABLE as error:
        raise Unprocessable(f"not a change: {why(error)}", {"key": str(item.get("SK"))}) from error
    return command


def suspension_item(suspension: Suspension) -> dict[str, Any]:
    """A request to end all open orders of a customer."""
    return {
        **keys.suspension(suspension.customer_id, suspension.request_id),
        "customerId": suspension.customer_id,
        "requestId": suspension.request_id,
        "time": suspension.time,
    }


def suspension_of(item: Mapping[str, Any]) -> Suspension:
    """Raises Unprocessable for what is not a request to end all open orders of a customer."""
    try:
        return Suspension(customer_of(item["customerId"]), id_of(item["requestId"]), checked_instant(item["time"]))
    except UNREADABLE as error:
        raise Unprocessable(f"not a suspension: {why(error)}", {"key": str(item.get("SK"))}) from error


def mass_cancel_item(asked: MassCancelRequest) -> dict[str, Any]:
    """A request to cancel all open orders of a customer who trades on."""
    return {
        **keys.mass_cancel(asked.customer_id, asked.request_id),
        "customerId": asked.customer_id,
        "requestId": asked.request_id,
        "time": asked.time,
        "ticker": asked.ticker,
    }


def mass_cancel_of(item: Mapping[str, Any]) -> MassCancelRequest:
    """Raises Unprocessable for what is not a request to cancel all open orders of a customer."""
    try:
        return MassCancelRequest(
            customer_id=customer_of(item["customerId"]),
            request_id=id_of(item["requestId"]),
            time=checked_instant(item["time"]),
            ticker=ticker_of(item["ticker"]) if "ticker" in item else None,
        )
    except UNREADABLE as error:
        raise Unprocessable(f"not a mass cancel: {why(error)}", {"key": str(item.get("SK"))}) from error


def route_fields(route: Route) -> dict[str, Any]:
    return {"pool": route.pool.value}


def route_of(item: Mapping[str, Any]) -> Route:
    """The route that is committed on an order. Raises Unprocessable if it is invalid."""
    try:
        return Route(PoolType(item["route"]["pool"]))
    except UNREADABLE as error:
        raise Unprocessable(f"not a route: {why(error)}", {"key": str(item.get("SK"))}) from error


def booking_item(
    reports: ExecutionReports,
    effect: Effect,
    settlement_date: str,
    position: Position | None = None,
    sequence: int = 0,
    orders: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The booking of what an engine reported in one commit for one customer, with its effect and, if anything was
    traded, the position afterwards. `sequence` is its number among the customer's bookings. `orders` are its orders
    afterwards, by id, as they are shown: of these it keeps what may change.
    """
    after = {its_id: booked_fields(order) for its_id, order in (orders or {}).items()}
    content = {
        "orders": events.order_reports_fields(reports.orders),
        "after": [after.get(each.order.order_id) for each in reports.orders],
    }
    return {
        **keys.booking(reports),
        "bookingId": reports.booking_id,
        "customerId": reports.customer_id,
        "customerSequence": sequence,
        "ticker": reports.ticker,
        "poolType": reports.pool.value,
        "time": reports.time,
        "settlementDate": settlement_date,
        "content": pack(content),
        "posting": ledger.posting_fields(effect.posting),
        "shares": ledger.shares_fields(effect.shares),
        "position": position
        and {
            "sequence": position.sequence,
            "quantity": position.holding.quantity,
            "cost": position.holding.cost,
            "realised": position.holding.realised,
        },
    }


def ending_fields(each: OrderReport) -> dict[str, str] | None:
    return {"status": each.ending.status.value, "reason": each.ending.reason} if each.ending else None


def reports_of(item: Mapping[str, Any]) -> ExecutionReports:
    """The reports of a booking. Raises Unprocessable if the item is not a booking."""
    try:
        return events.reports_of({**item, "orders": object_of(unpack(item, "content"))["orders"]})
    except UNREADABLE as error:
        raise Unprocessable(f"not a booking: {why(error)}", {"key": str(item.get("SK"))}) from error


def booked_of(item: Mapping[str, Any]) -> tuple[ExecutionReports, str]:
    """The reports of a booking, and when it was made. Raises Unprocessable if the item is not a booking."""
    reports = reports_of(item)
    try:
        return reports, checked_instant(item["settlementDate"])
    except UNREADABLE as error:
        raise Unprocessable(f"not a booking: {why(error)}", {"key": str(item.get("SK"))}) from error


def orders_after(item: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What may change of the orders of a booking, by id, as they are shown after it."""
    content, sequence = unpack(item, "content"), {"customerSequence": int(item["customerSequence"])}
    ids = (each["order"]["orderId"] for each in content["orders"])
    return {its_id: fields | sequence for its_id, fields in zip(ids, content["after"], strict=True)}
