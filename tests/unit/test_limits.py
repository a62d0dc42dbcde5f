"""The largest things that can be made stay within what SNS, SQS and DynamoDB take, with the template's market."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support.cloud import timeout_of
from tests.support.samples import MARKET, order, quote
from tests.support.stages import STAGES
from trading.aws.clients import LONGEST_CALL_SECONDS
from trading.aws.engine import ENTRY_WEIGHT, _batches
from trading.aws.topics import BATCH_BYTES
from trading.domain import matching
from trading.domain.commands import NewOrder, orders_messages
from trading.domain.orders import Order, PoolType, Side
from trading.domain.routing import SLICES_PER_COMMAND, Route, commands_of

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
ITEM_BYTES = 409_600
MARGIN = 20_000
"""For keys, ids of commands and attribute names."""


def longest(number: int, quantity: int) -> Order:
    """An order with every field as long as it gets."""
    made = order(number, "000001", Side.BUY, "AMD", quantity, "999999.99")
    return replace(made, client_order_id="c" * 36)


def commands(orders: int, slices: int) -> list[NewOrder]:
    many = [longest(number, slices * MARKET.slice_size) for number in range(orders)]
    return [command for each in many for command in commands_of(each, Route(PoolType.DARK, SLICES_PER_COMMAND))]


@pytest.mark.parametrize(("orders", "slices"), [(1, 10_000), (30, 250), (300, 1), (100, 9)])
def test_an_entry_of_the_journal_fits_into_an_item_and_its_messages_into_sns(orders: int, slices: int) -> None:
    batches = list(_batches(commands(orders, slices)))
    assert sum(len(batch) for batch in batches) == len(commands(orders, slices))
    for pool in PoolType:
        for batch in batches:
            messages = matching.decide("dark#AMD#1", pool, batch, MARKET, quote("AMD"), NOW)
            sizes = [len(message.body) for message in messages]
            ids = 40 * len(batch)
            assert sum(sizes) + 250 * len(sizes) + ids + MARGIN < ITEM_BYTES
            assert max(sizes) < BATCH_BYTES


def test_the_weight_of_an_entry_leaves_room_for_what_it_is_estimated_from() -> None:
    assert ENTRY_WEIGHT + MARGIN < ITEM_BYTES


@pytest.mark.parametrize("stage", STAGES)
def test_a_call_that_fails_ends_before_its_stage_is_killed(stage: str) -> None:
    assert timeout_of(stage) > LONGEST_CALL_SECONDS


@pytest.mark.parametrize(("orders", "slices"), [(1, 10_000), (500, 1), (60, 250)])
def test_a_message_of_the_router_fits_into_sns(orders: int, slices: int) -> None:
    messages = list(orders_messages("smart_order_router", PoolType.DARK, commands(orders, slices)))
    assert max(len(message.body) for message in messages) < BATCH_BYTES
    assert len({message.id for message in messages}) == len(messages)
