"""How money is rounded and capped, in numbers that anybody can check."""

from decimal import Decimal

import pytest

from trading.domain import money

D = Decimal


@pytest.mark.parametrize(
    ("price", "quantity", "worth"),
    [
        ("10.005", 1, "10.00"),
        ("10.015", 1, "10.02"),
        ("10.025", 1, "10.02"),
        ("10.005", 3, "30.02"),
        ("0.01", 7, "0.07"),
    ],
)
def test_a_trade_is_worth_its_price_times_its_quantity_rounded_half_to_even(
    price: str, quantity: int, worth: str
) -> None:
    assert money.notional(D(price), quantity) == D(worth)


@pytest.mark.parametrize(
    ("amount", "of", "whole", "part"),
    [
        ("0.05", 1, 2, "0.02"),
        ("0.15", 1, 2, "0.08"),
        ("10.00", 1, 3, "3.33"),
        ("20.00", 1, 3, "6.67"),
        ("0.05", 2, 2, "0.05"),
    ],
)
def test_a_part_of_an_amount_is_rounded_half_to_even(amount: str, of: int, whole: int, part: str) -> None:
    assert money.part(D(amount), of, whole) == D(part)


def test_a_collar_is_rounded_towards_the_quote_and_a_sale_is_never_below_a_cent() -> None:
    assert money.highest_buy(D("10.01"), D("0.05")) == D("10.51")
    assert money.lowest_sell(D("10.01"), D("0.05")) == D("9.51")
    assert money.lowest_sell(D("0.01"), D("0.99")) == D("0.01")


def test_prices_are_counted_in_half_cents() -> None:
    assert (money.half_ticks(D("1.00")), money.half_ticks(D("161.885"))) == (200, 32_377)
    assert (money.from_half_ticks(1), money.from_half_ticks(32_377)) == (D("0.005"), D("161.885"))
    assert money.cents(D("1.23")) == 123
    assert money.price("161.885") == D("161.885")
    with pytest.raises(ValueError, match="half ticks"):
        money.price("161.8875")


def test_an_amount_is_in_cents_and_below_a_million_billions() -> None:
    assert money.amount("999999999999999.99") == D("999999999999999.99")
    assert money.amount("-999999999999999.99") == D("-999999999999999.99")
    for text in ("1000000000000000.00", "-1000000000000000.00", "0.001"):
        with pytest.raises(ValueError, match="cents"):
            money.amount(text)


def test_nothing_is_in_cents_too() -> None:
    assert (money.text(money.ZERO), money.price_text(D("161.885")), money.price_text(D("161.90"))) == (
        "0.00",
        "161.885",
        "161.90",
    )
