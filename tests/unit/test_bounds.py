"""The bounds of what a message may carry: the last value that is taken, and the first that is not."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from tests.support.samples import order
from tests.unit.test_market import changed, venue
from trading.domain import bounds
from trading.domain.executions import MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS
from trading.domain.limits import UNLIMITED, CustomerLimits
from trading.domain.market import MatchingModel, market_from
from trading.domain.orders import OrdType, PoolType, SelfTrade, Side, TimeInForce
from trading.domain.reporting import EXECUTIONS_PER_REPORT


def maker(levels: int) -> str:
    return venue(marketMaker={"levels": levels, "spread": "0.00", "step": "0.01", "size": 1000})


def collar(text: str) -> str:
    return changed(limits={"highestQuantity": 10, "collar": text})


@pytest.mark.parametrize(
    ("reads", "last", "first_beyond"),
    [
        (bounds.count_of, 10_000_000, 10_000_001),
        (bounds.count_of, 1, 0),
        (bounds.difference_of, 10_000_000, 10_000_001),
        (bounds.difference_of, -10_000_000, -10_000_001),
        (bounds.price_of, "9999999.99", "10000000.00"),
        (bounds.price_of, "0.01", "0.00"),
        (bounds.trade_price_of, "9999999.995", "10000000.00"),
        (bounds.rate_of, "999999.9999", "9999999.9999"),
        (bounds.rate_of, "0.0001", "0.00015"),
        (bounds.rate_of, "0", "-0.0001"),
        (bounds.reason_of, "a" * 40, "a" * 41),
        (bounds.customer_of, "000002", "0000002"),
        (bounds.customer_of, "000002", "00002"),
        (bounds.ticker_of, "ABCDEFGHIJ", "ABCDEFGHIJK"),
        (bounds.ticker_of, "BRK.B", ".B"),
        (bounds.client_order_of, "a" * 36, "a" * 37),
        (bounds.venue_of, "A" * 40, "A" * 41),
        (bounds.id_of, "01a203a9-f6bb-7060-be1c-26d323ef323f", "01a203a9-f6bb-7060-be1c-26d323ef323f0"),
        (bounds.date_of, "2000-01-01", "1999-12-31"),
        (bounds.date_of, "2999-12-31", "3000-01-01"),
        (bounds.instant_of, "2999-12-31T23:59:59.999Z", "3000-01-01T00:00:00.000Z"),
        (lambda quantity: bounds.require_slices(quantity, 7), 70_000, 70_001),
        (lambda levels: market_from(maker(levels), 1), 50, 51),
        (lambda text: market_from(collar(text), 1), "0.123456", "0.1234567"),
    ],
)
def test_a_bound_takes_its_last_value_and_none_beyond_it(
    reads: Callable[[Any], object], last: Any, first_beyond: Any
) -> None:
    reads(last)
    with pytest.raises(ValueError):  # noqa: PT011 # each has a text of its own
        reads(first_beyond)


@pytest.mark.parametrize(
    ("words", "on_the_wire"),
    [
        (Side, {"Buy", "Sell"}),
        (OrdType, {"Market", "Limit", "Stop", "StopLimit"}),
        (TimeInForce, {"Day", "GTC", "IOC", "FOK"}),
        (SelfTrade, {"CancelNewest", "CancelOldest", "CancelBoth", "DecrementAndCancel", "Off"}),
        (PoolType, {"Dark", "Lit"}),
        (MatchingModel, {"simulated", "order-book"}),
    ],
)
def test_a_word_on_the_wire_stays_as_it_is(words: type[StrEnum], on_the_wire: set[str]) -> None:
    assert {word.value for word in words} == on_the_wire


def test_an_order_has_these_terms_where_it_asks_for_no_others() -> None:
    placed = order(1, "000002", Side.BUY, "COIN", 100, "100.00")
    terms = (placed.time_in_force, placed.minimum_quantity, placed.post_only, placed.pool_only, placed.self_trade)
    assert terms == ("Day", 0, False, False, "CancelNewest")


def test_a_customer_without_limits_may_do_anything_but_sell_short() -> None:
    assert CustomerLimits(None, None, None, 0) == UNLIMITED


def test_a_booking_is_bounded_so_that_it_fits_a_message_and_a_transaction() -> None:
    """SNS takes 256 KB, a transaction 100 writes: an order has two of them, its customer, position and booking one."""
    assert (MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS, EXECUTIONS_PER_REPORT) == (250, 40, 250)
