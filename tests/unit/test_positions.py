"""What positions have cost and earned, by average cost."""

from decimal import Decimal

import pytest

from tests.support import samples
from trading.domain.accounts.ledger import Shares
from trading.domain.accounts.positions import Holding, PositionState, withdrawable
from trading.domain.executions import Due
from trading.domain.messages.events import reports_from
from trading.domain.orders import PoolType, Side
from trading.domain.quotes import Quote

BUY, SELL = Side.BUY, Side.SELL
QUOTE = Quote(Decimal("24.99"), Decimal("25.01"))


def usd(text: str) -> Decimal:
    return Decimal(text)


def after(*trades: tuple[Side, int, str]) -> Holding:
    """The position that trades of so many shares at a price have made."""
    holding = Holding()
    for side, quantity, price in trades:
        holding = holding.after(side, quantity, Decimal(price) * quantity)
    return holding


def test_buying_100_at_10_and_selling_50_at_20_leaves_50_at_10_and_500_realised() -> None:
    holding = after((BUY, 100, "10.00"), (SELL, 50, "20.00"))
    assert holding == Holding(50, usd("500.00"), usd("500.00"))
    assert f"{holding.average_cost}" == "10.0000"


def test_more_purchases_average_the_cost_and_sales_leave_the_average() -> None:
    holding = after((BUY, 100, "10.00"), (BUY, 100, "11.00"), (SELL, 50, "9.00"), (SELL, 50, "12.00"))
    assert holding == Holding(100, usd("1050.00"), usd("0.00"))
    assert f"{holding.average_cost}" == "10.5000"


def test_what_is_sold_and_bought_again_costs_what_it_was_bought_for_again() -> None:
    assert after((BUY, 10, "5.00"), (SELL, 10, "7.00"), (BUY, 10, "6.00")) == Holding(10, usd("60.00"), usd("20.00"))


def test_a_short_position_earns_what_it_was_sold_for_less_what_it_is_bought_back_for() -> None:
    short = after((SELL, 100, "20.00"))
    assert short == Holding(-100, usd("-2000.00"), usd("0.00"))
    assert (f"{short.average_cost}", short.shorted) == ("20.0000", usd("2000.00"))
    assert after((SELL, 100, "20.00"), (BUY, 40, "15.00")) == Holding(-60, usd("-1200.00"), usd("200.00"))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((BUY, 100, "10.00"), (SELL, 150, "12.00"), Holding(-50, usd("-600.00"), usd("200.00"))),
        ((SELL, 100, "10.00"), (BUY, 150, "12.00"), Holding(50, usd("600.00"), usd("-200.00"))),
        ((SELL, 100, "10.00"), (BUY, 100, "8.00"), Holding(0, usd("0.00"), usd("200.00"))),
    ],
)
def test_a_trade_through_zero_closes_the_position_and_opens_one_the_other_way(
    first: tuple[Side, int, str], second: tuple[Side, int, str], expected: Holding
) -> None:
    assert after(first, second) == expected


def test_cents_that_do_not_divide_go_with_the_last_share() -> None:
    holding = Holding().after(BUY, 3, usd("10.00"))
    costs = []
    for _ in range(3):
        before, holding = holding.cost, holding.after(SELL, 1, usd("4.00"))
        costs.append(before - holding.cost)
    assert costs == [usd("3.33"), usd("3.34"), usd("3.33")]
    assert holding == Holding(0, usd("0.00"), usd("2.00"))


def test_half_a_cent_of_cost_is_rounded_to_even() -> None:
    assert Holding().after(BUY, 2, usd("0.05")).after(SELL, 1, usd("1.00")).cost == usd("0.03")
    assert Holding().after(BUY, 2, usd("0.03")).after(SELL, 1, usd("1.00")).cost == usd("0.01")


def test_shares_that_are_brought_in_have_cost_what_they_had_cost_elsewhere() -> None:
    assert after((BUY, 10, "5.00")).transferred(10, usd("70.00")) == Holding(20, usd("120.00"), usd("0.00"))


def test_a_long_position_is_worth_its_bid_and_a_short_one_its_ask() -> None:
    long, short = after((BUY, 100, "10.00")), after((SELL, 100, "30.00"))
    assert (long.worth(QUOTE), long.cost) == (usd("2499.00"), usd("1000.00"))
    assert (short.worth(QUOTE), short.cost) == (usd("-2501.00"), usd("-3000.00"))


def test_where_nothing_is_open_nothing_is_worth_anything() -> None:
    closed = after((BUY, 10, "5.00"), (SELL, 10, "7.00"))
    assert closed.worth(QUOTE) == closed.cost == 0
    assert closed.average_cost == closed.shorted == 0


@pytest.mark.parametrize(("cost", "shares", "average"), [("0.01", 8, "0.0012"), ("0.01", 3, "0.0033")])
def test_an_average_cost_is_rounded_half_to_even_to_a_hundredth_of_a_cent(cost: str, shares: int, average: str) -> None:
    assert f"{Holding(shares, usd(cost)).average_cost}" == average


def test_what_a_position_is_worth_is_for_all_of_its_shares_down_to_one() -> None:
    assert [Holding(number).worth(QUOTE) for number in (1, -1, 0)] == [usd("24.99"), usd("-25.01"), usd("0.00")]


def test_only_a_short_position_was_sold_before_it_was_bought() -> None:
    assert Holding(-1, usd("-20.00")).shorted == usd("20.00")
    assert Holding(1, usd("20.00")).shorted == usd("0.00")


def test_a_position_is_compared_field_by_field() -> None:
    due = {"2026-11-23": Due(usd("-12.00"), 7), "2026-11-24": Due(usd("3.00"), -2)}
    state = PositionState(Shares(1, 2, 3), Holding(4, usd("5.00"), usd("6.00")), usd("0.70"), 8, due)
    assert state.fields == {
        "available": 1,
        "reserved": 2,
        "settled": 3,
        "quantity": 4,
        "cost": usd("5.00"),
        "realised": usd("6.00"),
        "fees": usd("0.70"),
        "sequence": 8,
        "due 2026-11-23 cash": usd("-12.00"),
        "due 2026-11-23 shares": 7,
        "due 2026-11-24 cash": usd("3.00"),
        "due 2026-11-24 shares": -2,
    }


def test_a_position_that_was_never_changed_has_nothing_of_anything() -> None:
    names = ("available", "reserved", "settled", "quantity", "cost", "realised", "fees", "sequence")
    assert PositionState().fields == dict.fromkeys(names, 0)


def test_a_booking_changes_a_position_by_all_of_its_trades() -> None:
    [message] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
    booked = Holding(386, usd("1000.00")).booked(reports_from(message.body))
    assert booked == Holding(9000, usd("1395606.60"), usd("0.00"))  # 8,614 shares at 161.90


def test_shares_that_go_out_take_their_cost_along_and_realise_nothing() -> None:
    held = after((BUY, 100, "10.00"), (SELL, 20, "12.00"))
    assert held.transferred(-30, usd("-300.00")) == Holding(50, usd("500.00"), usd("40.00"))
    assert held.transferred(-80, usd("-800.00")) == Holding(0, usd("0.00"), usd("40.00"))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        (Shares(10, 0, 10), 10),
        (Shares(10, 0, 4), 4),  # six are bought
        (Shares(10, 5, 9), 4),  # of those that are not delivered none is taken for reserved
        (Shares(10, 5, 18), 10),  # three are sold, and still here
        (Shares(10, 0, 0), 0),
        (Shares(3, 10, 1), 0),
        (Shares(-5, 0, 0), 0),
    ],
)
def test_what_is_bought_and_not_delivered_cannot_be_taken_out(shares: Shares, expected: int) -> None:
    assert withdrawable(shares) == expected
