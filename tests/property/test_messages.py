"""Messages, whatever is in them: what is written is read back, what is no message is Unprocessable, nothing else."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import samples, schemas
from tests.support.run_totals import BAD_INPUTS, run_totals
from tests.support.strategies import bookings, changes, commands, item_values, json_values, mutations
from trading.aws.store import dynamodb, items
from trading.domain.errors import Unprocessable
from trading.domain.executions import ExecutionReports, effect_of, trades_of
from trading.domain.messages.command_messages import commands_from, orders_messages
from trading.domain.messages.commands import Command, NewOrder
from trading.domain.messages.events import booked_message, reports_from, reports_message
from trading.domain.orders import PoolType

NOW = "2026-11-22T14:30:00.123Z"
[ORDERS] = samples.routed(PoolType.DARK, samples.DARK)
[REPORTED] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
ITEM = dynamodb.from_item(dynamodb.to_item(items.order_item(samples.SEED)))
commands_of_dark = partial(commands_from, pool=PoolType.DARK)
BOOKED = reports_from(REPORTED.body)
BOOKING = dynamodb.from_item(dynamodb.to_item(items.booking_item(BOOKED, effect_of(BOOKED), NOW)))


@given(st.lists(commands() | changes(), min_size=1, max_size=4))
def test_commands_are_the_same_after_they_were_sent(sent: list[Command]) -> None:
    messages = list(orders_messages("stage", PoolType.LIT, sent))
    assert [command for message in messages for command in commands_from(message.body, PoolType.LIT)] == sent
    assert [fault for message in messages for fault in schemas.faults(message.body)] == []


@given(bookings)
def test_executions_are_the_same_after_they_were_sent(reports: ExecutionReports) -> None:
    message = reports_message(reports)
    assert reports_from(message.body) == reports
    assert schemas.faults(message.body) == []


@given(bookings)
def test_executions_are_the_same_after_they_were_booked(reports: ExecutionReports) -> None:
    item = dynamodb.to_item(items.booking_item(reports, effect_of(reports), NOW))
    assert items.reports_of(dynamodb.from_item(item)) == reports


@given(commands())
def test_an_order_is_the_same_after_it_was_stored(command: NewOrder) -> None:
    item = dynamodb.to_item(items.order_item(command.order))
    assert items.order_of(dynamodb.from_item(item)) == command.order


@given(bookings)
def test_settled_trades_are_what_was_executed(reports: ExecutionReports) -> None:
    trades = json.loads(booked_message(reports, NOW, trades_of(reports, NOW)).body)["trades"]
    assert sum(trade["quantity"] for trade in trades) == sum(each.filled for each in reports.orders)
    assert len({trade["tradeId"] for trade in trades}) == len(trades)


def reads(read: Any, value: Any) -> bool:
    """Whether it can be read. Whatever is raised but Unprocessable fails the test."""
    try:
        read(value)
    except Unprocessable:
        run_totals.count(BAD_INPUTS)
        return False
    return True


@given(st.text() | json_values.map(json.dumps))
def test_what_is_no_message_is_unprocessable(body: str) -> None:
    assert not reads(commands_of_dark, body)
    assert not reads(reports_from, body)


@given(mutations(ORDERS.body))
def test_a_message_of_orders_with_anything_else_in_it_is_read_or_unprocessable(body: str) -> None:
    reads(commands_of_dark, body)


@given(mutations(REPORTED.body))
def test_a_message_of_executions_with_anything_else_in_it_is_read_or_unprocessable(body: str) -> None:
    reads(reports_from, body)


@given(st.sampled_from(sorted(ITEM)), item_values)
def test_an_item_with_anything_else_in_it_is_an_order_or_unprocessable(name: str, value: Any) -> None:
    reads(items.order_of, ITEM | {name: value})
    reads(items.order_of, {field: each for field, each in ITEM.items() if field != name})


@given(st.sampled_from(sorted(BOOKING)), item_values)
def test_an_item_with_anything_else_in_it_is_a_booking_or_unprocessable(name: str, value: Any) -> None:
    reads(items.reports_of, BOOKING | {name: value})
    reads(items.reports_of, {field: each for field, each in BOOKING.items() if field != name})


@pytest.mark.parametrize("wrong", ["\ud800", [], 1, ""])
def test_a_client_order_id_that_is_no_text_is_unprocessable(wrong: Any) -> None:
    for read, body in ((commands_of_dark, ORDERS.body), (reports_from, REPORTED.body)):
        assert reads(read, body)
        assert not reads(read, body.replace('"sliceSize":', f'"clientOrderId":{json.dumps(wrong)},"sliceSize":'))


@pytest.mark.parametrize("read", [commands_of_dark, reports_from])
def test_nesting_of_any_depth_is_unprocessable(read: Any) -> None:
    for depth in (10, 500, *range(900, 1000, 5), 100_000):
        assert not reads(read, "[" * depth + "]" * depth)
        assert not reads(read, '{"type":' * depth + "1" + "}" * depth)
