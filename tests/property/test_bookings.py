"""Bookings, whatever was reported: every report once, none too large, the account's invariant kept."""

from collections import Counter, defaultdict
from decimal import Decimal
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from tests.support import matching as matching_support
from tests.support.matching import cancel, never
from tests.support.samples import MARKET, SIMULATED
from tests.support.strategies import bookings, commands, quotes
from trading.aws.messaging.topics import BATCH_BYTES
from trading.domain import money
from trading.domain.executions import (
    Execution,
    ExecutionReports,
    effect_of,
)
from trading.domain.market import Market
from trading.domain.matching import execution_reports, models
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.pool import Conditions, customer_order, house_order
from trading.domain.matching.working_order import Rejected, Traded
from trading.domain.messages.command_messages import commands_from
from trading.domain.messages.commands import NewOrder
from trading.domain.messages.events import reports_from
from trading.domain.messages.wire import Message
from trading.domain.orders import MAX_SHARES, PoolType, Side
from trading.domain.quotes import Quote
from trading.domain.statistics import average_price

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


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["trade", "trade", "trade", "refusal"])), max_size=40))
def test_the_bookings_of_a_commit_are_within_bounds_and_tell_all_of_it_as_it_happened(
    happened: list[tuple[int, str]],
) -> None:
    """Four orders of each of two customers, which trade or are not changed."""
    orders = [matching_support.command("Buy", 1000, "162.00", f"00000{1 + number % 2}") for number in range(8)]
    told: dict[str, list[Decimal]] = defaultdict(list)
    refused = 0
    reporter = Reporter(lambda *_: money.ZERO)
    with mock.patch.multiple(execution_reports, MAX_BOOKED_EXECUTIONS=4, MAX_BOOKED_ORDERS=3):
        for step, (number, what) in enumerate(happened, 1):
            new = orders[number]
            if what == "refusal":
                reporter.add(cancel(new), [Rejected(new.order.order_id, "too-late")])
                refused += 1
                continue
            taker = customer_order(new)
            taker.leaves = new.quantity - sum(each == (number, what) for each in happened[:step])
            maker = house_order("MM", buys=False, quantity=1, price=step, venue="IEX")
            reporter.add(new, [Traded(maker, taker, 1, step, 0, taker.leaves)])
            told[new.order.customer_id].append(money.from_half_ticks(step))
        booked = [*models.bookings("lit#COIN#1", 1, PoolType.LIT, reporter.reports(), TIME)]
    found: dict[str, list[Decimal]] = defaultdict(list)
    for booking in booked:
        ids = [each.order.order_id for each in booking.orders]
        executions = [execution for _, _, execution in booking.in_turn()]
        assert (len(set(ids)), len(ids) <= 3, len(executions) <= 4) == (len(ids), True, True)
        assert {each.order.customer_id for each in booking.orders} == {booking.customer_id}
        if executions:
            found[booking.customer_id] += [execution.price for execution in executions]
    assert found == told
    assert sum(len(each.changes) for booking in booked for each in booking.orders) == refused
    assert [booking.booking_id for booking in booked] == sorted({booking.booking_id for booking in booked})


@given(st.lists(st.tuples(st.integers(1, MAX_SHARES), st.integers(1, 20_000_000)), min_size=1))
def test_an_average_price_is_within_the_range_of_the_prices(traded: list[tuple[int, int]]) -> None:
    """In steps of half a cent, up to 100,000 USD."""
    executions = [Execution(quantity, money.from_half_ticks(steps), "IEX", money.ZERO) for quantity, steps in traded]
    turnover = sum((each.turnover for each in executions), money.ZERO)
    average = average_price(turnover, sum(each.quantity for each in executions))
    assert min(each.price for each in executions) <= average <= max(each.price for each in executions)


def decided(pool: PoolType, batch: list[NewOrder], market: Market, quote: Quote) -> list[Message]:
    reporter = Reporter(fees_of(pool, market))
    book = models.POOLS[market.matching_models[pool], pool]()
    for command in batch:
        reporter.add(command, book.execute(command, Conditions(market, quote), never))
    return models.messages_of("lit#COIN#1", 1, pool, reporter, TIME)


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
