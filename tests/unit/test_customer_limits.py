"""A customer's limits at their edges, and what of its cash it can take out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.samples import SALE, SEED
from trading.domain.accounts.ledger import held_back, withdrawable
from trading.domain.accounts.limits import UNLIMITED, CustomerLimits, refusal_of, value_of
from trading.domain.orders import Order, OrdType, Side
from trading.domain.quotes import Quote

QUOTE = Quote(Decimal("161.88"), Decimal("161.90"))


def order(side: Side, quantity: int, price: str | None, stop: str | None = None) -> Order:
    """A market order is protected by a collar of its own: 170.00 for a buy, 153.79 for a sell."""
    made = replace(SEED if side is Side.BUY else SALE, ticker="COIN", side=side, quantity=quantity)
    limit = Decimal(price) if price else None
    worst = limit or Decimal("170.00" if side is Side.BUY else "153.79")
    kind = {(True, False): OrdType.LIMIT, (True, True): OrdType.STOP_LIMIT, (False, True): OrdType.STOP}
    return replace(
        made,
        type=kind.get((price is not None, stop is not None), OrdType.MARKET),
        price=limit,
        protection_price=worst,
        stop_price=Decimal(stop) if stop else None,
    )


def code(made: Order, **limits: object) -> str | None:
    refusal = refusal_of(made, QUOTE, CustomerLimits(**limits))  # type: ignore[arg-type] # as each test has them
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("made", "worth"),
    [
        (order(Side.BUY, 100, "161.00"), "16100.00"),
        (order(Side.BUY, 100, None), "17000.00"),
        (order(Side.BUY, 100, None, "165.00"), "17000.00"),
        (order(Side.SELL, 100, "200.00"), "20000.00"),
        (order(Side.SELL, 100, "100.00"), "16188.00"),
        (order(Side.SELL, 100, None), "16188.00"),
        (order(Side.SELL, 100, None, "150.00"), "16188.00"),
    ],
)
def test_an_order_is_worth_what_it_may_cost_or_bring_at_the_most(made: Order, worth: str) -> None:
    assert value_of(made, QUOTE) == Decimal(worth)
    assert code(made, highest_order_value=Decimal(worth)) is None
    assert code(made, highest_order_value=Decimal(worth) - Decimal("0.01")) == "order-value-too-large"


@pytest.mark.parametrize(
    ("side", "price", "stop", "collar", "expected"),
    [
        (Side.BUY, "178.09", None, "0.10", None),
        (Side.BUY, "178.10", None, "0.10", "price-outside-collar"),
        (Side.BUY, "1.00", None, "0.10", None),
        (Side.SELL, "145.70", None, "0.10", None),
        (Side.SELL, "145.69", None, "0.10", "price-outside-collar"),
        (Side.SELL, "999.00", None, "0.10", None),
        (Side.BUY, "161.90", None, "0", None),
        (Side.BUY, "161.91", None, "0", "price-outside-collar"),
        (Side.SELL, "0.01", None, "0.999999", None),
        (Side.BUY, "220.00", "200.00", "0.10", None),
        (Side.BUY, "220.01", "200.00", "0.10", "price-outside-collar"),
        (Side.SELL, "90.00", "100.00", "0.10", None),
        (Side.SELL, "89.99", "100.00", "0.10", "price-outside-collar"),
        (Side.BUY, None, None, "0", None),
        (Side.SELL, None, "100.00", "0", None),
    ],
)
def test_a_limit_may_be_as_far_beyond_the_quote_or_its_stop_as_the_collar_and_no_tick_more(
    side: Side, price: str | None, stop: str | None, collar: str, expected: str | None
) -> None:
    assert code(order(side, 1, price, stop), collar=Decimal(collar)) == expected


def test_where_nothing_is_set_nothing_is_refused_and_no_quote_is_needed() -> None:
    assert refusal_of(order(Side.BUY, 10_000_000, "999999.99"), QUOTE, UNLIMITED) is None
    assert not UNLIMITED.need_a_quote
    assert not CustomerLimits(highest_open_orders=1, highest_short=5).need_a_quote


def test_it_takes_a_quote_to_judge_a_value_and_to_judge_a_collar() -> None:
    assert CustomerLimits(highest_order_value=Decimal("1.00")).need_a_quote
    assert CustomerLimits(collar=Decimal("0.10")).need_a_quote


def test_a_refusal_says_by_how_much() -> None:
    made = order(Side.BUY, 100, "178.10")
    limits = CustomerLimits(highest_order_value=Decimal("17810.00"), collar=Decimal("0.10"))
    refusals = [refusal_of(made, QUOTE, limits), refusal_of(replace(made, quantity=101), QUOTE, limits)]
    assert [refusal and refusal.detail for refusal in refusals] == [
        "The limit of 178.10 USD is outside the collar, which ends at 178.09 USD.",
        "The order is worth 17988.10 USD, 17810.00 USD are the most that it may be.",
    ]


@pytest.mark.parametrize(
    ("highest", "is_open", "room"), [(None, 1000, None), (7, 0, 7), (7, 6, 1), (7, 7, 0), (7, 9, -2)]
)
def test_there_is_room_for_as_many_orders_as_may_be_open_more(
    highest: int | None, is_open: int, room: int | None
) -> None:
    assert CustomerLimits(highest_open_orders=highest).room(is_open) == room


@pytest.mark.parametrize(
    ("cash", "clearing", "shorted", "left"),
    [
        ("1000.00", "0.00", "0.00", "1000.00"),
        ("1000.00", "-400.00", "0.00", "600.00"),  # sold, and not settled
        ("1000.00", "400.00", "0.00", "1000.00"),  # bought: that is paid from the cash already
        ("1000.00", "0.00", "300.00", "700.00"),  # sold short, and settled
        ("1000.00", "-300.00", "300.00", "400.00"),  # sold short, and not settled
        ("1000.00", "-1000.00", "0.01", "0.00"),
        ("0.00", "-5.00", "5.00", "0.00"),
    ],
)
def test_what_is_not_settled_and_what_was_sold_short_cannot_be_taken_out(
    cash: str, clearing: str, shorted: str, left: str
) -> None:
    held = held_back(Decimal(clearing), Decimal(shorted))
    assert withdrawable(Decimal(cash), Decimal(clearing), Decimal(shorted)) == Decimal(left)
    assert max(Decimal(cash) - held, Decimal(0)) == Decimal(left)
