"""The bounds of what a message may carry: the last value that is taken, and the first that is not."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.test_market import changed, venue
from trading.domain import bounds, times
from trading.domain.executions import MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS
from trading.domain.market import market_from


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
        (times.checked_date, "2000-01-01", "1999-12-31"),
        (times.checked_date, "2999-12-31", "3000-01-01"),
        (times.checked_instant, "2999-12-31T23:59:59.999Z", "3000-01-01T00:00:00.000Z"),
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


def test_a_booking_is_bounded_so_that_it_fits_a_message_and_a_transaction() -> None:
    """SNS takes 256 KB, a transaction 100 writes: an order has two of them, its customer, position and booking one."""
    assert (MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS) == (250, 40)
