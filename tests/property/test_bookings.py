"""Bookings, whatever was executed: every execution once, none too large, the account's invariant kept."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import MARKET
from tests.support.strategies import bookings, commands, executed_orders, quotes
from trading.aws.topics import BATCH_BYTES
from trading.domain import matching, simulated
from trading.domain.commands import NewOrder, commands_from
from trading.domain.events import executed_from
from trading.domain.executions import ExecutedOrder, TradesExecuted, posting_of
from trading.domain.orders import PoolType, Quote, Side

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


@given(bookings)
def test_a_posting_keeps_cash_reserved_spent_and_fees_equal_to_deposits_and_proceeds(executed: TradesExecuted) -> None:
    posting = posting_of(executed)
    assert posting.cash + posting.reserved + posting.spent + posting.fees == posting.proceeds
    assert -posting.reserved == sum(each.released for each in executed.orders)
    assert posting.cash >= 0


@given(bookings)
def test_a_posting_moves_the_shares_that_were_bought_and_sold(executed: TradesExecuted) -> None:
    posting = posting_of(executed)
    bought = sum(each.quantity for each in executed.orders if each.order.side is Side.BUY)
    sold = sum(each.quantity for each in executed.orders if each.order.side is Side.SELL)
    assert (posting.available_shares, posting.reserved_shares) == (bought, -sold)


@given(st.lists(executed_orders(), max_size=60))
def test_bookings_hold_every_executed_order_once_and_no_order_twice(executed: list[ExecutedOrder]) -> None:
    booked = list(matching.bookings("lit#COIN#1", PoolType.LIT, executed, "2026-11-22T14:30:00.000Z"))
    assert Counter(each for booking in booked for each in booking.orders) == Counter(executed)
    assert len({booking.booking_id for booking in booked}) == len(booked)
    for booking in booked:
        ids = [each.order.order_id for each in booking.orders]
        assert len(set(ids)) == len(ids) <= matching.ORDERS_PER_BOOKING
        assert {each.order.customer_id for each in booking.orders} == {booking.customer_id}
        executions = sum(len(each.executions) for each in booking.orders)
        assert executions <= matching.EXECUTIONS_PER_BOOKING or len(ids) == 1


@given(st.sampled_from(PoolType), commands(), quotes)
def test_every_slice_of_a_command_trades_or_is_passed_on(pool: PoolType, command: NewOrder, quote: Quote) -> None:
    matched = simulated.match(pool, command, MARKET.venues[pool], quote)
    traded = [execution.slice for execution in matched.executed.executions] if matched.executed else []
    passed = list(matched.rest.slices) if matched.rest else []
    assert sorted(traded + passed) == sorted(command.slices)
    assert pool is PoolType.DARK or not passed
    assert simulated.match(pool, command, MARKET.venues[pool], quote) == matched


@given(st.sampled_from(PoolType), st.lists(commands(), min_size=1, max_size=5), quotes)
def test_what_an_engine_decides_can_be_read_by_the_next_stage_and_published(
    pool: PoolType, batch: list[NewOrder], quote: Quote
) -> None:
    messages = matching.decide("lit#COIN#1", pool, batch, MARKET, quote, NOW)
    slices = 0
    for message in messages:
        assert len(message.body) < BATCH_BYTES
        if message.topic == "trades":
            slices += sum(len(each.executions) for each in executed_from(message.body).orders)
        else:
            slices += sum(len(command.slices) for command in commands_from(message.body))
    assert slices == sum(len(command.slices) for command in batch)
    assert matching.decide("lit#COIN#1", pool, batch, MARKET, quote, NOW) == messages
