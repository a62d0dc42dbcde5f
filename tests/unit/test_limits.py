"""The largest things that can be made stay within what SNS, SQS and DynamoDB take, with the template's market."""

import json
from dataclasses import replace

import pytest

from tests.support.clock import START
from tests.support.cloud import timeout_of
from tests.support.matching import never
from tests.support.samples import MARKET, SIMULATED, order, quote
from tests.support.stages import STAGES
from trading.aws.clients import MAX_CALL_SECONDS
from trading.aws.engine import entry_content
from trading.aws.engine.journal import PART_BYTES
from trading.aws.messaging.topics import BATCH_BYTES
from trading.domain.market import Market
from trading.domain.matching import models
from trading.domain.matching.event_codec import event_values
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.pool import Conditions
from trading.domain.messages.command_messages import orders_messages
from trading.domain.messages.commands import NewOrder
from trading.domain.orders import Order, PoolType, Side
from trading.domain.routing import command_of
from trading.domain.times import iso

ITEM_BYTES = 409_600
TRANSACTION_BYTES = 4_000_000
MARGIN = 50_000
"""For keys, ids of commands and attribute names."""


def longest(number: int, quantity: int) -> Order:
    """An order with every field as long as it gets."""
    made = order(number, f"{number:06}", Side.BUY, "AMD", quantity, "999999.99")
    return replace(made, client_order_id="c" * 36)


def commands(orders: int, quantity: int) -> list[NewOrder]:
    return [command_of(longest(number, quantity)) for number in range(orders)]


@pytest.mark.parametrize("market", [MARKET, SIMULATED], ids=["order-book", "simulated"])
@pytest.mark.parametrize(("orders", "quantity"), [(1, MARKET.limits.highest_quantity), (30, 250_000), (300, 1)])
def test_an_entry_of_the_journal_fits_into_a_transaction_and_its_messages_into_sns(
    orders: int, quantity: int, market: Market
) -> None:
    for pool in PoolType:
        reporter = Reporter(fees_of(pool, market))
        book = models.POOLS[market.matching_models[pool], pool]()
        conditions = Conditions(market, quote("AMD"))
        events = []
        for command in commands(orders, quantity):
            happened = book.execute(command, conditions, never)
            reporter.add(command, happened)
            events += [event_values(event) for event in happened]
        messages = models.messages_of("dark#AMD#1", 1, pool, reporter, iso(START))
        assert max(len(message.body) for message in messages) < BATCH_BYTES
        content = json.dumps({"events": events, "messages": [message.body for message in messages]})
        assert len(entry_content.pack(content)) + MARGIN < TRANSACTION_BYTES


def test_a_part_of_an_entry_leaves_room_for_the_items_other_attributes() -> None:
    assert PART_BYTES + MARGIN < ITEM_BYTES


@pytest.mark.parametrize("stage", STAGES)
def test_a_call_that_fails_ends_before_its_stage_is_killed(stage: str) -> None:
    assert timeout_of(stage) > MAX_CALL_SECONDS


@pytest.mark.parametrize("orders", [1, 500])
def test_a_message_of_the_router_fits_into_sns(orders: int) -> None:
    messages = list(orders_messages("smart_order_router", PoolType.DARK, commands(orders, 10_000)))
    assert max(len(message.body) for message in messages) < BATCH_BYTES
    assert len({message.id for message in messages}) == len(messages)
