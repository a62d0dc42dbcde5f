"""The message that tells what a booking changed."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support import schemas
from tests.support.samples import displayed, order
from trading.aws.store import dynamodb, items
from trading.aws.store.order_view import shown
from trading.domain.errors import Unprocessable
from trading.domain.executions import (
    MAX_BOOKED_EXECUTIONS,
    MAX_BOOKED_ORDERS,
    ChangeKind,
    ChangeOutcome,
    Ending,
    Execution,
    ExecutionReports,
    OrderReport,
    trades_of,
)
from trading.domain.ids import derived
from trading.domain.messages.updates import update_fields, update_from, updated_message
from trading.domain.order_status import OrdStatus
from trading.domain.orders import PoolType, Side

TIME, BOOKED_AT = "2026-11-22T14:30:00.500Z", "2026-11-22T14:30:01.000Z"
BOOKING = derived("a test", "booking")
ORDER = order(1, "000002", Side.BUY, "COIN", 1500, "161.90")
STORED = dynamodb.from_item(dynamodb.to_item(items.order_item(ORDER, arrival=displayed(ORDER))))
SHOWN = shown(STORED | {"customerSequence": 7})
NOTHING = OrderReport(ORDER, (), Decimal("0.00"))
TRADED = (
    Execution(1000, Decimal("161.90"), "EDGA", Decimal("0.30")),
    Execution(200, Decimal("161.895"), "EBS", Decimal("0.20"), counted=False),
)
CANCEL = ChangeOutcome(derived("a test", "cancel"), ChangeKind.CANCEL, "too-late")
LARGEST_FRAME = 128_000
"""Bytes that API Gateway sends to a WebSocket at once."""


def told(*orders: OrderReport) -> dict[str, Any]:
    reports = ExecutionReports(BOOKING, "000002", "COIN", PoolType.LIT, TIME, orders)
    after = {each.order.order_id: SHOWN | {"orderId": each.order.order_id} for each in orders}
    return update_fields(reports, BOOKED_AT, 7, after, trades_of(reports, BOOKED_AT))


@pytest.mark.parametrize(
    ("report", "happened"),
    [
        (NOTHING, {"acknowledged": True}),
        (replace(NOTHING, ending=Ending(1500, OrdStatus.EXPIRED, "expired")), {"ended": 1500, "reason": "expired"}),
        (replace(NOTHING, changes=(CANCEL,)), {"changes": [{"change": "Cancel", "refused": "too-late"}]}),
        (
            replace(NOTHING, changes=(replace(CANCEL, kind=ChangeKind.REPLACE, reason=None),)),
            {"changes": [{"change": "Replace"}]},
        ),
    ],
)  # fmt: skip
def test_what_happened_without_trades_is_told(report: OrderReport, happened: dict[str, Any]) -> None:
    assert told(report)["orders"] == [SHOWN | {"happened": happened}]


def test_trades_are_told_without_what_they_share_with_their_order() -> None:
    fields = told(replace(NOTHING, executions=TRADED, released=Decimal("200000.00")))
    [only] = fields.pop("orders")
    first, second = (derived(BOOKING, f"trade {number} of {ORDER.order_id}") for number in (0, 1))
    pool = {"exchangeType": "LitPool"}
    american, european = {"exchange": "EDGA", "valueDate": "2026-11-23"}, {"exchange": "EBS", "valueDate": "2026-11-24"}
    assert only["happened"] == {
        "filled": 1200,
        "executions": [
            {"tradeId": first, "quantity": 1000, "price": "161.90", "fee": "0.30", **pool, **american},
            {
                "tradeId": second,
                "quantity": 200,
                "price": "161.895",
                "fee": "0.20",
                **pool,
                **european,
                "counted": False,
            },
        ],
    }
    assert fields == {
        "version": 1,
        "type": "ordersUpdated",
        "bookingId": BOOKING,
        "customerId": "000002",
        "customerSequence": 7,
        "ticker": "COIN",
        "poolType": "Lit",
        "time": TIME,
        "settlementDate": BOOKED_AT,
    }


def test_the_message_goes_to_its_customers_group_under_one_id() -> None:
    fields = told(NOTHING)
    message = updated_message(fields)
    assert (message.topic, message.group, message.id) == ("trades", "000002", derived(BOOKING, "ordersUpdated"))
    assert message.attributes == {"eventType": "ordersUpdated"}
    assert json.loads(message.body) == fields
    assert schemas.faults(message.body) == []


def test_its_reader_finds_what_was_told() -> None:
    fields = told(NOTHING)
    assert update_from("000002", updated_message(fields).body) == fields


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"customerId": "000001"}, "it says nothing about customer 000002"),
        ({"orders": []}, "it says nothing about any order"),
        ({"customerId": 2}, "2 is not a customer's id"),
        ({"ticker": "coin"}, '"coin" is not a ticker'),
        ({"type": "tradesSettled"}, '"tradesSettled" of version 1'),
        ({"version": 0}, '"ordersUpdated" of version 0'),
    ],
)
def test_what_is_no_update_of_its_groups_customer_is_refused_with_the_reason(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(Unprocessable) as raised:
        update_from("000002", json.dumps(told(NOTHING) | changed))
    assert raised.value.reason == f"update cannot be read: {why}"
    assert raised.value.context == {"customer_id": "000002"}


def test_the_largest_booking_fits_a_frame_of_a_stream() -> None:
    share = MAX_BOOKED_EXECUTIONS // MAX_BOOKED_ORDERS + 1
    orders = [
        replace(NOTHING, order=replace(ORDER, order_id=derived("a test", f"order {n}")), executions=TRADED[1:] * share)
        for n in range(MAX_BOOKED_ORDERS)
    ]
    assert len(updated_message(told(*orders)).body) < LARGEST_FRAME
