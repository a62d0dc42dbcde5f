"""Bookings, whatever was reported: every report once, none too large, the account's invariant kept."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.support.matching import never
from tests.support.samples import MARKET, SIMULATED
from tests.support.strategies import bookings, commands, order_reports, quotes
from trading.aws.topics import BATCH_BYTES
from trading.domain import matching, money
from trading.domain.commands import NewOrder, commands_from
from trading.domain.events import reports_from
from trading.domain.executions import (
    MAX_BOOKED_EXECUTIONS,
    MAX_BOOKED_ORDERS,
    Execution,
    ExecutionReports,
    OrderReport,
    effect_of,
)
from trading.domain.fees import fees_of
from trading.domain.market import Market
from trading.domain.orders import MOST_SHARES, PoolType, Quote, Side
from trading.domain.pools import Conditions
from trading.domain.reporting import Reporter
from trading.domain.statistics import average_price
from trading.domain.wire import Message

TIME = "2026-11-22T14:30:00.000Z"
MARKETS = st.sampled_from([MARKET, SIMULATED])


@given(bookings)
def test_a_posting_keeps_cash_reserved_spent_and_fees_equal_to_deposits_and_proceeds(reports: ExecutionReports) -> None:
    posting = effect_of(reports).posting
    assert posting.cash + posting.reserved + reports.spent + posting.fees == reports.proceeds
    assert posting.clearing == reports.spent - reports.proceeds
    assert -posting.reserved == sum(each.released for each in reports.orders)
    assert posting.cash >= 0


@given(bookings)
def test_a_posting_moves_the_shares_that_were_bought_and_sold(reports: ExecutionReports) -> None:
    shares = effect_of(reports).shares
    bought = sum(each.filled for each in reports.orders if each.order.side is Side.BUY)
    sold = [each for each in reports.orders if each.order.side is Side.SELL]
    returned = sum(each.ended + each.returned for each in sold)
    assert shares.available == bought + returned
    assert shares.reserved == -returned - sum(each.filled for each in sold)


@given(st.lists(order_reports(), max_size=60))
def test_bookings_hold_every_report_once_and_no_order_twice(reports: list[OrderReport]) -> None:
    booked = list(matching.bookings("lit#COIN#1", 1, PoolType.LIT, reports, TIME))
    assert Counter(each for booking in booked for each in booking.orders) == Counter(reports)
    booking_ids = [booking.booking_id for booking in booked]
    assert booking_ids == sorted(set(booking_ids))
    for customer_id in {each.order.customer_id for each in reports}:
        theirs = [each for booking in booked if booking.customer_id == customer_id for each in booking.orders]
        assert theirs == [each for each in reports if each.order.customer_id == customer_id]
    for booking in booked:
        ids = [each.order.order_id for each in booking.orders]
        assert len(set(ids)) == len(ids) <= MAX_BOOKED_ORDERS
        assert {each.order.customer_id for each in booking.orders} == {booking.customer_id}
        executions = sum(len(each.executions) for each in booking.orders)
        assert executions <= MAX_BOOKED_EXECUTIONS or len(ids) == 1


@given(st.lists(st.tuples(st.integers(1, MOST_SHARES), st.integers(1, 20_000_000)), min_size=1))
def test_an_average_price_is_within_the_range_of_the_prices(traded: list[tuple[int, int]]) -> None:
    """In steps of half a cent, up to 100,000 USD."""
    executions = [Execution(quantity, money.at(steps), "IEX", money.ZERO) for quantity, steps in traded]
    turnover = sum((each.turnover for each in executions), money.ZERO)
    average = average_price(turnover, sum(each.quantity for each in executions))
    assert min(each.price for each in executions) <= average <= max(each.price for each in executions)


def decided(pool: PoolType, batch: list[NewOrder], market: Market, quote: Quote) -> list[Message]:
    reporter = Reporter(fees_of(pool, market))
    book = matching.POOLS[market.matching_models[pool], pool]()
    for command in batch:
        reporter.add(command, book.execute(command, Conditions(market, quote), never))
    return matching.messages_of("lit#COIN#1", 1, pool, reporter, TIME)


@given(
    st.sampled_from(PoolType),
    st.lists(commands(), min_size=1, max_size=5, unique_by=lambda each: each.order.order_id),
    quotes,
    MARKETS,
)
def test_what_an_engine_decides_can_be_read_by_the_next_stage_and_published(
    pool: PoolType, batch: list[NewOrder], quote: Quote, market: Market
) -> None:
    messages = decided(pool, batch, market, quote)
    shares: Counter[str] = Counter()
    for message in messages:
        assert len(message.body) < BATCH_BYTES
        if message.topic == "trades":
            for each in reports_from(message.body).orders:
                shares[each.order.order_id] += each.filled + each.ended
        else:
            passed = [each for each in commands_from(message.body, PoolType.LIT) if isinstance(each, NewOrder)]
            shares.update({command.order.order_id: command.quantity for command in passed})
    first = {command.order.order_id: command.quantity for command in reversed(batch)}
    assert all(shares[order_id] <= quantity for order_id, quantity in first.items())
    assert market is MARKET or shares == first
    assert decided(pool, batch, market, quote) == messages
