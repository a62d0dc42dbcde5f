"""Hypothesis strategies for domain values, within what order entry lets through, and for what a broken sender sends."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from trading.domain.commands import NewOrder
from trading.domain.executions import ExecutedOrder, Execution, TradesExecuted
from trading.domain.ids import derived, order_id
from trading.domain.market import Venue
from trading.domain.orders import Order, OrdType, PoolType, Quote, Side

SLICES = 60


def cents(lowest: int, highest: int) -> st.SearchStrategy[Decimal]:
    return st.integers(lowest, highest).map(lambda number: Decimal(number) / 100 + Decimal("0.00"))


prices = cents(1, 99_999_999)
fees = cents(0, 10_000)
quotes = st.builds(lambda bid, spread: Quote(bid, bid + spread), prices, fees)
venues = st.builds(lambda low, more: Venue("EDGA", low, low + more), fees, fees)


@st.composite
def orders(draw: st.DrawFn, ticker: str = "COIN") -> Order:
    """An accepted order of at most SLICES slices."""
    slice_size = draw(st.integers(1, 5000))
    price = draw(st.none() | prices)
    return Order(
        order_id=order_id(1_795_357_800_123, draw(st.integers(0, 2**74 - 1))),
        customer_id=f"{draw(st.integers(1, 5)):06}",
        side=draw(st.sampled_from(Side)),
        ticker=ticker,
        type=OrdType.LIMIT if price else OrdType.MARKET,
        quantity=draw(st.integers(1, SLICES * slice_size)),
        price=price,
        order_date="2026-11-22T14:30:00.123Z",
        session_date="2026-11-22",
        protection_price=price or draw(prices),
        highest_fee=draw(fees),
        slice_size=slice_size,
        client_order_id=draw(st.none() | st.from_regex(r"[A-Za-z0-9._:-]{1,36}", fullmatch=True)),
    )


@st.composite
def commands(draw: st.DrawFn) -> NewOrder:
    """A command for some of an order's slices."""
    order = draw(orders())
    slices = draw(st.lists(st.integers(0, order.slices - 1), min_size=1, unique=True))
    return NewOrder(derived(order.order_id, "command"), order, tuple(slices), draw(st.booleans()))


@st.composite
def executed_orders(draw: st.DrawFn) -> ExecutedOrder:
    """Any executions that an engine may make of some of an order's slices: within protection price and highest fee."""
    order = draw(orders())
    numbers = draw(st.lists(st.integers(0, order.slices - 1), min_size=1, unique=True))
    executions = []
    for number in numbers:
        price = order.within_protection(draw(prices))
        fee = min(draw(fees), order.highest_fee)
        executions.append(Execution(number, order.slice_quantity(number), price, "EDGA", fee))
    return ExecutedOrder(order, tuple(executions), order.reservation(numbers), draw(st.booleans()))


def of_one_customer(orders_of: list[ExecutedOrder]) -> TradesExecuted:
    """A booking of those of the orders that are the first one's customer's, each once."""
    customer_id = orders_of[0].order.customer_id
    theirs = {each.order.order_id: each for each in orders_of if each.order.customer_id == customer_id}
    executed = tuple(theirs.values())
    return TradesExecuted("booking-1", customer_id, "COIN", PoolType.LIT, "2026-11-22T14:30:00.123Z", executed)


bookings = st.lists(executed_orders(), min_size=1, max_size=4).map(of_one_customer)

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
