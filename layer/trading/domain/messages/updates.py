"""The event that tells whoever listens what a booking changed: its orders as they stand, and what happened to each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trading.domain.errors import Unprocessable, why
from trading.domain.executions import ExecutionReports, OrderReport
from trading.domain.ids import derived
from trading.domain.messages.account_updates import ACCOUNT_UPDATED, change_from
from trading.domain.messages.bounds import customer_of, ticker_of
from trading.domain.messages.events import TRADES
from trading.domain.messages.wire import UNREADABLE, VERSION, Message, compact, parsed

Update = Mapping[str, Any]

UPDATED = "ordersUpdated"
EXECUTION = ("tradeId", "quantity", "price", "exchange", "exchangeType", "fee", "valueDate", "counted")
"""What a trade adds to its order."""


def update_fields(
    reports: ExecutionReports,
    settlement_date: str,
    sequence: int,
    orders: Mapping[str, Mapping[str, Any]],
    trades: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """What a booking changed. `sequence` is its number among its customer's bookings: 1, 2, 3 and so on, without gaps.
    `orders` are the orders by id, as the API shows them after the booking; `trades` are the booking's.
    """
    executions = defaultdict(list)
    for trade in trades:
        executions[trade["orderId"]].append({name: trade[name] for name in EXECUTION if name in trade})
    return {
        "version": VERSION,
        "type": UPDATED,
        "bookingId": reports.booking_id,
        "customerId": reports.customer_id,
        "customerSequence": sequence,
        "ticker": reports.ticker,
        "poolType": reports.pool.value,
        "time": reports.time,
        "settlementDate": settlement_date,
        "orders": [
            {**orders[each.order.order_id], "happened": dict(_happened(each, executions[each.order.order_id]))}
            for each in reports.orders
        ],
    }


def updated_message(fields: Mapping[str, Any]) -> Message:
    """The message that says what a booking changed."""
    return Message(
        topic=TRADES,
        attributes={"eventType": UPDATED},
        group=fields["customerId"],
        id=derived(fields["bookingId"], UPDATED),
        body=compact(fields),
    )


def update_from(group: str, body: str) -> Update:
    """An update as it was published: of a booking, or of another change of the account. Raises Unprocessable for what
    is not one, or is of another customer than its group says.
    """
    try:
        update = parsed(body, UPDATED, ACCOUNT_UPDATED)
        if customer_of(update["customerId"]) != group:
            raise ValueError(f"it says nothing about customer {group}")
        if update["type"] == ACCOUNT_UPDATED:
            change_from(update)
        else:
            _require_booking(update)
    except UNREADABLE as error:
        raise Unprocessable(f"update cannot be read: {why(error)}", {"customer_id": group}) from error
    return update


def _require_booking(update: Update) -> None:
    ticker_of(update["ticker"])
    if not update["orders"]:
        raise ValueError("it says nothing about any order")


def _happened(each: OrderReport, executions: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    if not (executions or each.ending or each.changes):
        yield "acknowledged", True
    if executions:
        yield "filled", each.filled
    if each.ending:
        yield "ended", each.ended
        yield "reason", each.ending.reason
    if each.changes:
        yield "changes", [_outcome(change.kind.value, change.reason) for change in each.changes]
    if executions:
        yield "executions", executions


def _outcome(kind: str, refused: str | None) -> dict[str, str]:
    return {"change": kind} if refused is None else {"change": kind, "refused": refused}
