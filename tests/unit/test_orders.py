"""An order: its price, its reservation and its slices."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trading.domain.orders import Order, OrdType, Side, slices
from trading.domain.quotes import Quote


def usd(text: str) -> Decimal:
    return Decimal(text)


BUY = Order(
    order_id="01a20314-455d-75fe-9591-256a39528f04",
    customer_id="000002",
    side=Side.BUY,
    ticker="COIN",
    type=OrdType.LIMIT,
    quantity=2500,
    price=usd("161.90"),
    order_date="2026-11-22T11:46:29.853Z",
    session_date="2026-11-22",
    protection_price=usd("161.90"),
    highest_fee=usd("0.90"),
    highest_rate=usd("0.003"),
    slice_size=1000,
)
SELL = replace(BUY, side=Side.SELL)
QUOTE = Quote(bid=usd("161.88"), ask=usd("161.92"))


def test_a_buyer_pays_the_ask_and_a_seller_gets_the_bid() -> None:
    assert (QUOTE.reference(Side.BUY), QUOTE.reference(Side.SELL)) == (usd("161.92"), usd("161.88"))


def test_a_buy_trades_at_its_protection_price_at_the_most_and_a_sell_at_the_least() -> None:
    prices = [usd("161.89"), usd("161.90"), usd("161.91")]
    assert [BUY.within_protection(price) for price in prices] == [usd("161.89"), usd("161.90"), usd("161.90")]
    assert [SELL.within_protection(price) for price in prices] == [usd("161.90"), usd("161.90"), usd("161.91")]


@pytest.mark.parametrize(("quantity", "split"), [(999, False), (1000, False), (1001, True)])
def test_an_order_is_split_if_it_is_larger_than_a_slice(quantity: int, split: bool) -> None:
    assert replace(BUY, quantity=quantity).split is split


@pytest.mark.parametrize(
    ("leaves", "reserved"),
    [
        (0, "0.00"),
        (1, "162.81"),  # the price, the highest fee of one slice, 0.003 as a cent
        (1000, "161903.90"),  # 161900.00, 0.90, 3.00
        (1001, "162066.71"),  # 162061.90, two slices' 1.80, 3.003 as 3.01
        (2500, "404760.20"),  # 404750.00, three slices' 2.70, 7.50
    ],
)
def test_a_buy_reserves_its_price_the_fee_of_each_slice_and_the_rate_of_each_share(leaves: int, reserved: str) -> None:
    assert BUY.reservation(leaves) == usd(reserved)


def test_a_sell_reserves_no_cash() -> None:
    assert SELL.reservation(2500) == usd("0.00")


@pytest.mark.parametrize(
    ("quantity", "expected"), [(1, [1]), (1000, [1000]), (1001, [1000, 1]), (2500, [1000, 1000, 500])]
)
def test_an_order_is_split_into_full_slices_and_a_rest(quantity: int, expected: list[int]) -> None:
    assert list(slices(quantity, 1000)) == expected
