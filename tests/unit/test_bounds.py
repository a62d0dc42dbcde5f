"""The bounds of what a message may carry: the last value that is taken, and the first that is not."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from tests.support.samples import order
from tests.unit.test_market import changed, venue
from trading.domain import times
from trading.domain.accounts.limits import UNLIMITED, CustomerLimits
from trading.domain.executions import MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS
from trading.domain.market import MatchingModel, market_from
from trading.domain.messages import bounds
from trading.domain.orders import OrdType, PoolType, SelfTrade, Side, TimeInForce
from trading.domain.quotes import Verdict
from trading.domain.session_rules import Phase


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


@pytest.mark.parametrize(
    ("words", "on_the_wire"),
    [
        (Side, {"Buy", "Sell"}),
        (OrdType, {"Market", "Limit", "Stop", "StopLimit"}),
        (TimeInForce, {"Day", "GTC", "IOC", "FOK", "OPG", "CLS"}),
        (SelfTrade, {"CancelNewest", "CancelOldest", "CancelBoth", "DecrementAndCancel", "Off"}),
        (PoolType, {"Dark", "Lit"}),
        (MatchingModel, {"simulated", "order-book"}),
        (Phase, {"Always", "Open", "Closed"}),
        (
            Verdict,
            {"accepted", "repeated", "crossed", "not-positive", "off-tick", "ahead", "late", "outside-band"},
        ),
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
    assert (MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS) == (250, 40)


ID = "01a20314-455d-75fe-9591-256a39528f04"


@pytest.mark.parametrize(
    ("read", "taken"),
    [
        (bounds.object_of, {}),
        (bounds.id_of, ID),
        (bounds.customer_of, "000002"),
        (bounds.ticker_of, "BRK.A"),
        (bounds.client_order_of, "A-z_0.9:" + "x" * 28),
        (bounds.source_of, "A-z_0.9:" + "x" * 28),
        (bounds.venue_of, "Sigma-X"),
        (bounds.venue_of, "x" * 40),
        (bounds.reason_of, "too-late"),
        (bounds.reason_of, "x" * 40),
        (times.checked_instant, "2000-01-01T00:00:00.000Z"),
        (times.checked_instant, "2999-12-31T23:59:59.999Z"),
        (times.checked_date, "2000-01-01"),
        (times.checked_date, "2999-12-31"),
        (bounds.count_of, 1),
        (bounds.count_of, 10_000_000),
        (bounds.difference_of, 10_000_000),
        (bounds.difference_of, -10_000_000),
        (bounds.difference_of, 0),
    ],
)
def test_what_is_within_its_bounds_is_taken_as_it_is(read: Callable[[Any], object], taken: object) -> None:
    assert read(taken) is taken


@pytest.mark.parametrize(
    ("read", "refused", "words"),
    [
        (bounds.object_of, [], "[] is not a JSON object"),
        (bounds.object_of, ["x" * 50], '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx is not a JSON object'),
        (bounds.id_of, ID.upper(), '"01A20314-455D-75FE-9591-256A39528F04" is not an id'),
        (bounds.id_of, None, "null is not an id"),
        (bounds.customer_of, "00002", '"00002" is not a customer\'s id'),
        (bounds.customer_of, 2, "2 is not a customer's id"),
        (bounds.ticker_of, "coin", '"coin" is not a ticker'),
        (bounds.client_order_of, "x" * 37, '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is not a client order id'),
        (bounds.source_of, "x" * 37, '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is not a source'),
        (bounds.source_of, "a source", '"a source" is not a source'),
        (bounds.venue_of, "x" * 41, '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx is not a venue'),
        (bounds.venue_of, "../", '"../" is not a venue'),
        (bounds.reason_of, "Too late", '"Too late" is not a reason'),
        (bounds.reason_of, "x" * 41, f"{'x' * 40} is not a reason"),
        (times.checked_instant, "1999-12-31T23:59:59.999Z", "1999-12-31T23:59:59.999Z is not between 2000 and 2999"),
        (times.checked_date, "3000-01-01", "3000-01-01 is not between 2000 and 2999"),
        (bounds.count_of, 0, "0 is not a positive whole number"),
        (bounds.count_of, True, "true is not a positive whole number"),
        (bounds.count_of, "9" * 50, '"999999999999999999999999999999999999999 is not a positive whole number'),
        (bounds.count_of, 10_000_001, "more than 10000000 shares"),
        (bounds.difference_of, True, "true is not a whole number"),
        (bounds.difference_of, "9" * 50, '"999999999999999999999999999999999999999 is not a whole number'),
        (bounds.difference_of, 10_000_001, "more than 10000000 shares"),
        (bounds.difference_of, -10_000_001, "more than 10000000 shares"),
        (bounds.price_of, "0.00", "0.00 is not a price"),
        (bounds.price_of, "-0.01", "-0.01 is not a price"),
        (bounds.price_of, "10000000.00", "10000000.00 is not a price"),
        (bounds.trade_price_of, "10000000.00", "10000000.00 is not a price"),
        (bounds.rate_of, 1, "1 is not a rate"),
        (bounds.rate_of, "", '"" is not a rate'),
        (bounds.rate_of, "1234567.0001", '"1234567.0001" is not a rate'),
        (bounds.rate_of, "9" * 50, '"999999999999999999999999999999999999999 is not a rate'),
        (bounds.rate_of, "much", 'not a rate: "much"'),
        (bounds.rate_of, "-0.0001", "-0.0001 is not a rate"),
        (bounds.rate_of, "0.00001", "0.00001 is not a rate"),
    ],
)
def test_what_is_beyond_is_refused_in_words_with_forty_characters_of_it(
    read: Callable[[Any], object], refused: object, words: str
) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 # the text is compared whole
        read(refused)
    assert str(raised.value) == words


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (bounds.price_of, "0.01"),
        (bounds.price_of, "9999999.99"),
        (bounds.trade_price_of, "0.005"),
        (bounds.trade_price_of, "9999999.995"),
        (bounds.rate_of, "0"),
        (bounds.rate_of, "0.0001"),
        (bounds.rate_of, "123456.0001"),
    ],
)
def test_a_price_and_a_rate_within_their_bounds_are_read_exactly(read: Callable[[str], Decimal], text: str) -> None:
    assert str(read(text)) == text


def test_an_order_has_ten_thousand_slices_at_the_most() -> None:
    bounds.require_slices(70_000, 7)
    with pytest.raises(ValueError, match=r"^70001 shares are more than 10000 slices of 7$"):
        bounds.require_slices(70_001, 7)
