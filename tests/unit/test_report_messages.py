"""The messages of the Trades topic: what they say, and which are refused, with the reason."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support.samples import order
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
from trading.domain.messages.events import booked_message, reports_from, reports_message
from trading.domain.messages.wire import order_fields
from trading.domain.order_status import OrdStatus
from trading.domain.orders import PoolType, Side

TIME = "2026-11-22T14:30:00.500Z"
BOOKED_AT = "2026-11-22T14:30:01.000Z"
BOOKING = derived("a test", "booking")
BUY = order(1, "000002", Side.BUY, "COIN", 1500, "161.90")
SALE = order(2, "000002", Side.SELL, "COIN", 1000, "161.80")
CANCEL, REPLACE = derived("a test", "cancel"), derived("a test", "replace")


def usd(text: str) -> Decimal:
    return Decimal(text)


BOUGHT = OrderReport(
    BUY,
    (
        Execution(1000, usd("161.90"), "EDGA", usd("0.30")),
        Execution(200, usd("161.895"), "EBS", usd("0.20"), counted=False),
        Execution(1, usd("161.90"), "EDGA", usd("0.00"), counted=True, turn=1),
    ),
    usd("194450.00"),
    Ending(299, OrdStatus.CANCELED, "requested"),
    not_matched_in_dark_pool=True,
    changes=(ChangeOutcome(CANCEL, ChangeKind.CANCEL),),
    closed=True,
)
OPEN = OrderReport(
    SALE,
    (),
    usd("0.00"),
    changes=(
        ChangeOutcome(REPLACE, ChangeKind.REPLACE, None, 900, usd("161.70"), by=-100),
        ChangeOutcome(CANCEL, ChangeKind.REPLACE, "not-reserved", returned=50),
    ),
)
REPORTS = ExecutionReports(BOOKING, "000002", "COIN", PoolType.LIT, TIME, (BOUGHT, OPEN))
TRADES = list(trades_of(REPORTS, BOOKED_AT))


# ------------------------------------------------------------------- as sent


def test_reports_are_sent_to_their_customers_group() -> None:
    message = reports_message(REPORTS)
    assert (message.topic, message.attributes, message.group) == (
        "trades", {"eventType": "executionReports"}, "000002",
    )  # fmt: skip
    assert json.loads(message.body) == {
        "version": 1,
        "type": "executionReports",
        "bookingId": BOOKING,
        "customerId": "000002",
        "ticker": "COIN",
        "poolType": "Lit",
        "time": TIME,
        "orders": [
            {
                "order": order_fields(BUY),
                "released": "194450.00",
                "executions": [
                    [1000, "161.90", "EDGA", "0.30"],
                    [200, "161.895", "EBS", "0.20", False],
                    [1, "161.90", "EDGA", "0.00", True, 1],
                ],
                "ending": [299, "Canceled", "requested"],
                "notMatchedInDarkPool": True,
                "closed": True,
                "changes": [{"changeId": CANCEL, "kind": "Cancel"}],
            },
            {
                "order": order_fields(SALE),
                "released": "0.00",
                "executions": [],
                "changes": [
                    {"changeId": REPLACE, "kind": "Replace", "quantity": 900, "price": "161.70", "by": -100},
                    {"changeId": CANCEL, "kind": "Replace", "reason": "not-reserved", "returned": 50},
                ],
            },
        ],
    }
    assert reports_from(message.body) == REPORTS


def test_what_is_booked_is_sent_as_trades_to_its_customers_group() -> None:
    message = booked_message(REPORTS, BOOKED_AT, TRADES)
    assert (message.topic, message.attributes, message.group) == ("trades", {"eventType": "tradesSettled"}, "000002")
    assert json.loads(message.body) == {
        "version": 1,
        "type": "tradesSettled",
        "bookingId": BOOKING,
        "customerId": "000002",
        "ticker": "COIN",
        "settlementDate": BOOKED_AT,
        "trades": TRADES,
    }


def test_a_booking_is_sent_once_as_reports_and_once_as_trades_however_often_it_is_done() -> None:
    def ids(reports: ExecutionReports) -> set[str]:
        return {reports_message(reports).id, booked_message(reports, BOOKED_AT, TRADES).id}

    assert ids(REPORTS) == ids(REPORTS)
    assert len(ids(REPORTS) | ids(replace(REPORTS, booking_id=derived("a test", "other")))) == 4


# ------------------------------------------------------------------- as read

Fault = Callable[[dict[str, Any]], object]


def first(message: dict[str, Any]) -> dict[str, Any]:
    report: dict[str, Any] = message["orders"][0]
    return report


def selling(released: str, fee: str) -> Fault:
    """A sale of one share at 0.10."""

    def put(message: dict[str, Any]) -> None:
        execution = [1, "0.10", "EDGA", fee]
        message["orders"] = [{"order": order_fields(SALE), "released": released, "executions": [execution]}]

    return put


def other_order(**fields: Any) -> Fault:
    return lambda message: first(message)["order"].update(fields)


def with_executions(number: int) -> Fault:
    def put(message: dict[str, Any]) -> None:
        first(message)["executions"] = [[1, "161.90", "EDGA", "0.00"]] * number

    return put


def with_orders(number: int) -> Fault:
    def put(message: dict[str, Any]) -> None:
        orders = [order(each, "000002", Side.SELL, "COIN", 10, "161.80") for each in range(1, number + 1)]
        message["orders"] = [{"order": order_fields(each), "released": "0.00", "executions": []} for each in orders]

    return put


def read(fault: Fault) -> ExecutionReports:
    message = json.loads(reports_message(REPORTS).body)
    fault(message)
    return reports_from(json.dumps(message))


ID = BUY.order_id
FAULTS: dict[str, tuple[Fault, str]] = {
    "no order": (lambda m: m.update(orders=[]), "no order is reported on"),
    "orders that are no list": (lambda m: m.update(orders="none"), '"none" is not a list'),
    "too many orders": (with_orders(MAX_BOOKED_ORDERS + 1), "more than 40"),
    "too many executions": (with_executions(MAX_BOOKED_EXECUTIONS + 1), "more than 250 executions in a booking"),
    "an order twice": (lambda m: m["orders"].append(m["orders"][1]), "an order is listed twice"),
    "another customer": (other_order(customerId="000003"), f"order {ID} is another customer's or another ticker's"),
    "another ticker": (other_order(ticker="AMD"), f"order {ID} is another customer's or another ticker's"),
    "too many shares": (other_order(initialQuantity=1499), f"more shares than order {ID} has"),
    "a purchase beyond what it releases": (
        lambda m: first(m).update(released="194441.39"),
        f"the executions of order {ID} take more than they release",
    ),
    "a fee beyond the proceeds": (
        selling("0.00", "0.11"), f"the executions of order {SALE.order_id} take more than they release",
    ),
    "a release for nothing": (
        lambda m: m["orders"].append({"order": order_fields(SALE), "released": "0.01", "executions": []}),
        "what an order reserves is released without anything that happened to it",
    ),
    "a release below zero": (lambda m: first(m).update(released="-0.01"), "-0.01 is negative"),
    "a fee below zero": (lambda m: first(m)["executions"][0].__setitem__(3, "-0.01"), "-0.01 is negative"),
    "an execution of nothing": (
        lambda m: first(m)["executions"][0].__setitem__(0, 0), "0 is not a positive whole number",
    ),
    "executions that are no list": (lambda m: first(m).update(executions={}), "{} is not a list"),
    "an execution that counts somehow": (
        lambda m: first(m)["executions"][1].__setitem__(4, 0),
        "[0] is neither whether an execution counts nor its turn",
    ),
    "an execution of a turn below zero": (
        lambda m: first(m)["executions"][2].__setitem__(5, -1),
        "[true, -1] is neither whether an execution counts nor its turn",
    ),
    "an invalid ending": (lambda m: first(m)["ending"].__setitem__(1, "New"), '"New" is not how an order ends'),
    "an ending without a reason": (lambda m: first(m)["ending"].__setitem__(2, "No."), '"No." is not a reason'),
    "an ending of nothing": (lambda m: first(m)["ending"].__setitem__(0, 0), "0 is not a positive whole number"),
    "an ending that is no list": (lambda m: first(m).update(ending="all"), '"all" is not a list'),
    "changes that are no list": (lambda m: first(m).update(changes="all"), '"all" is not a list'),
    "a change that is no object": (lambda m: first(m).update(changes=["all"]), '"all" is not a JSON object'),
    "a change without an id": (lambda m: first(m)["changes"][0].update(changeId="1"), '"1" is not an id'),
    "a change of another kind": (
        lambda m: first(m)["changes"][0].update(kind="Amend"), "'Amend' is not a valid ChangeKind",
    ),
    "a refusal without a reason": (lambda m: first(m)["changes"][0].update(reason=""), '"" is not a reason'),
    "an invalid number of shares returned": (
        lambda m: first(m)["changes"][0].update(returned=0), "0 is not a positive whole number",
    ),
    "a replacement of another number": (
        lambda m: m["orders"][1]["changes"][0].update(by="1"), '"1" is not a whole number',
    ),
    "a replacement to nothing": (
        lambda m: m["orders"][1]["changes"][0].update(quantity=0), "0 is not a positive whole number",
    ),
    "a replacement at no price": (
        lambda m: m["orders"][1]["changes"][0].update(price="0.00"), "0.00 is not a price",
    ),
    "a report that is no object": (lambda m: m["orders"].append(1), "1 is not a JSON object"),
    "another pool": (lambda m: m.update(poolType="Grey"), "'Grey' is not a valid PoolType"),
    "another time": (
        lambda m: m.update(time="2026-11-22T14:30:00Z"),
        "2026-11-22T14:30:00Z is not an instant like 2026-11-22T14:30:00.123Z",
    ),
    "another version": (lambda m: m.update(version=0), '"executionReports" of version 0'),
    "another type": (lambda m: m.update(type="tradesSettled"), '"tradesSettled" of version 1'),
    "another booking": (lambda m: m.update(bookingId="1"), '"1" is not an id'),
    "no customer": (lambda m: m.update(customerId="2"), '"2" is not a customer\'s id'),
    "no ticker": (lambda m: m.update(ticker="coin"), '"coin" is not a ticker'),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_no_engine_says_is_refused_with_the_reason(fault: str) -> None:
    put, reason = FAULTS[fault]
    with pytest.raises(Unprocessable) as refused:
        read(put)
    assert refused.value.reason == f"not a message of executionReports: {reason}"


def test_the_reason_is_cut_to_two_hundred_letters() -> None:
    with pytest.raises(Unprocessable) as refused:
        read(lambda m: m.update({"orders": [{"x" * 300: 1}], "poolType": "Lit"}))
    assert refused.value.reason == "not a message of executionReports: there is no order"
    with pytest.raises(Unprocessable) as refused:
        reports_from(json.dumps({"version": 1, "type": "executionReports", "poolType": "x" * 300}))
    assert len(refused.value.reason) <= len("not a message of executionReports: ") + 200


def test_what_is_just_within_the_rules_is_read() -> None:
    assert len(read(with_orders(MAX_BOOKED_ORDERS)).orders) == MAX_BOOKED_ORDERS
    assert len(read(with_executions(MAX_BOOKED_EXECUTIONS)).orders[0].executions) == MAX_BOOKED_EXECUTIONS
    assert read(lambda m: first(m).update(released="194441.40")).orders[0].released == usd("194441.40")
    assert read(selling("0.00", "0.10")).orders[0].fees == usd("0.10")
    ended = {"order": order_fields(BUY), "released": "1.00", "executions": [], "ending": [1, "Canceled", "requested"]}
    assert read(lambda m: m.update(orders=[ended])).orders[0].released == usd("1.00")
    assert read(selling("0.01", "0.11")).orders[0].released == usd("0.01")


@pytest.mark.parametrize(("name", "of"), [("closed", "closed"), ("notMatchedInDarkPool", "not_matched_in_dark_pool")])
def test_a_flag_is_set_by_true_alone(name: str, of: str) -> None:
    assert [
        getattr(read(lambda m, value=value: first(m).update({name: value})).orders[0], of)  # type: ignore[misc]
        for value in (True, False, 1, "true", None)
    ] == [True, False, False, False, False]


def test_a_report_without_what_is_optional_says_that_an_order_was_taken_in() -> None:
    taken_in = replace(REPORTS, orders=(OrderReport(SALE, (), usd("0.00")),))
    message = reports_message(taken_in)
    assert list(json.loads(message.body)["orders"][0]) == ["order", "released", "executions"]
    assert reports_from(message.body) == taken_in


@pytest.mark.parametrize("status", [OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED])
def test_an_order_ends_canceled_expired_or_rejected(status: OrdStatus) -> None:
    read_back = read(lambda m: first(m)["ending"].__setitem__(1, status.value)).orders[0].ending
    assert read_back == Ending(299, status, "requested")
