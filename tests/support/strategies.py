"""Hypothesis strategies for domain values, within what order entry lets through, and for what a broken sender sends."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from trading.domain.executions import ChangeKind, ChangeOutcome, Ending, Execution, ExecutionReports, OrderReport
from trading.domain.ids import derived, order_id
from trading.domain.messages.commands import CancelOrder, Command, ExpireOrders, MassCancel, NewOrder, ReplaceOrder
from trading.domain.order_status import OrdStatus
from trading.domain.orders import MAX_SLICES, Order, OrdType, Peg, PoolType, SelfTrade, Side, TimeInForce
from trading.domain.quotes import Quote

SLICES = 60


def cents(lowest: int, highest: int) -> st.SearchStrategy[Decimal]:
    return st.integers(lowest, highest).map(lambda number: Decimal(number) / 100 + Decimal("0.00"))


prices = cents(1, 99_999_999)
fees = cents(0, 10_000)
quotes = st.builds(lambda bid, spread: Quote(bid, bid + spread), prices, fees)
rates = st.integers(0, 100).map(lambda number: Decimal(number) / 10_000)


@st.composite
def orders(draw: st.DrawFn, ticker: str = "COIN") -> Order:
    """An accepted order of at most SLICES slices."""
    slice_size = draw(st.integers(1, 5000))
    kind = draw(st.sampled_from(OrdType))
    price = draw(prices) if kind in {OrdType.LIMIT, OrdType.STOP_LIMIT} else None
    quantity = draw(st.integers(1, SLICES * slice_size))
    return Order(
        order_id=order_id(1_795_357_800_123, draw(st.integers(0, 2**74 - 1))),
        customer_id=f"{draw(st.integers(1, 5)):06}",
        side=draw(st.sampled_from(Side)),
        ticker=ticker,
        type=kind,
        quantity=quantity,
        price=price,
        order_date="2026-11-22T14:30:00.123Z",
        session_date="2026-11-22",
        protection_price=price or draw(prices),
        highest_fee=draw(fees),
        highest_rate=draw(rates),
        slice_size=slice_size,
        client_order_id=draw(st.none() | st.from_regex(r"[A-Za-z0-9._:-]{1,36}", fullmatch=True)),
        time_in_force=draw(st.sampled_from(TimeInForce)),
        stop_price=draw(prices) if kind in {OrdType.STOP, OrdType.STOP_LIMIT} else None,
        minimum_quantity=draw(st.integers(0, quantity)),
        post_only=draw(st.booleans()),
        pool_only=draw(st.booleans()),
        self_trade=draw(st.sampled_from(SelfTrade)),
        peg=draw(st.none() | st.sampled_from(Peg)),
        peg_offset=draw(st.just(Decimal(0)) | prices),
        arrival_bid=draw(st.none() | prices),
        arrival_ask=draw(st.none() | prices),
    )


@st.composite
def commands(draw: st.DrawFn) -> NewOrder:
    """A command for an order or what is left of it."""
    order = draw(orders())
    return NewOrder(
        derived(order.order_id, "command"), order, draw(st.integers(1, order.quantity)), draw(st.booleans())
    )


@st.composite
def changes(draw: st.DrawFn) -> Command:
    """A command that is about orders that are there."""
    order = draw(orders())
    ids = derived(order.order_id, "command"), derived(order.order_id, "change")
    session = "2026-11-23"
    cancel = CancelOrder(*ids, order, session, draw(st.booleans()))
    replacement = ReplaceOrder(
        *ids,
        order,
        session,
        draw(st.integers(1, MAX_SLICES * min(order.slice_size, 100))),
        draw(prices),
        draw(fees),
        draw(st.booleans()),
    )
    mass_cancel = MassCancel(
        *ids, order.ticker, order.customer_id, order.order_date, draw(st.booleans()), draw(st.booleans())
    )
    choices: list[Command] = [
        cancel,
        replacement,
        mass_cancel,
        ExpireOrders(ids[0], order.ticker, session, f"{session}T12:00:00.000Z"),
    ]
    return draw(st.sampled_from(choices))


@st.composite
def outcomes(draw: st.DrawFn, order: Order) -> ChangeOutcome:
    """What may become of a change, other than a replacement that is done."""
    change_id = derived(order.order_id, f"change {draw(st.integers(1, 9))}")
    if draw(st.booleans()):
        return ChangeOutcome(change_id, ChangeKind.CANCEL, draw(st.none() | st.just("too-late")))
    return ChangeOutcome(change_id, ChangeKind.REPLACE, "below-filled", returned=draw(st.integers(0, 1000)))


@st.composite
def order_reports(draw: st.DrawFn) -> OrderReport:
    """Whatever an engine may report on an order: trades within its protection price and what they release, its end."""
    order = draw(orders())
    leaves = draw(st.integers(1, order.quantity))
    before = order.reservation(leaves)
    executions = []
    for quantity in draw(st.lists(st.integers(1, order.quantity), max_size=5)):
        if quantity <= leaves:
            price = order.within_protection(draw(prices))
            released = order.reservation(leaves) - order.reservation(leaves - quantity)
            worth = price * quantity
            covered = released - worth if order.side is Side.BUY else released + worth
            fee, counted, turn = min(draw(fees), covered), draw(st.booleans()), draw(st.integers(0, 2))
            executions.append(Execution(quantity, price, "EDGA", fee, counted, turn))
            leaves -= quantity
    ending = None
    if leaves and draw(st.booleans()):
        ended = draw(st.integers(1, leaves))
        status = draw(st.sampled_from([OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.REJECTED]))
        ending = Ending(ended, status, "requested")
        leaves -= ended
    asked = tuple(draw(st.lists(outcomes(order), max_size=2)))
    more = draw(fees) if asked else Decimal("0.00")
    released = before - order.reservation(leaves) + more
    return OrderReport(order, tuple(executions), released, ending, draw(st.booleans()), asked)


def of_one_customer(reports: list[OrderReport]) -> ExecutionReports:
    """A booking of those of the reports that are on the first one's customer, each order once."""
    customer_id = reports[0].order.customer_id
    theirs = {each.order.order_id: each for each in reports if each.order.customer_id == customer_id}
    orders_of = tuple(theirs.values())
    return ExecutionReports(
        derived("a test", "booking"), customer_id, "COIN", PoolType.LIT, "2026-11-22T14:30:00.123Z", orders_of
    )


bookings = st.lists(order_reports(), min_size=1, max_size=4).map(of_one_customer)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["NaN", "1e9", "-1.00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)

item_values: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | json_values.map(json.dumps)
    | st.lists(st.text(), max_size=2)
)
"""What an attribute of a DynamoDB item may be: numbers are finite decimals."""


@st.composite
def mutations(draw: st.DrawFn, body: str) -> str:
    """A message of which one part, however deep, is another value, is gone, or is there twice."""
    message = json.loads(body)
    part, key = _anywhere(draw, message)
    match draw(st.sampled_from(["other", "gone", "twice"])):
        case "other":
            part[key] = draw(json_values)
        case "gone":
            del part[key]
        case _ if isinstance(part, list):
            part.append(part[key])
        case _:
            part[f"{key}2"] = part[key]
    return json.dumps(message)


def _anywhere(draw: st.DrawFn, value: Any) -> tuple[Any, Any]:
    """A container within the value and a key in it."""
    key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    inner = value[key]
    if isinstance(inner, dict | list) and inner and draw(st.booleans()):
        return _anywhere(draw, inner)
    return value, key
