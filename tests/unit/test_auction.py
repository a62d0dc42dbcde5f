"""Auctions that can be checked by hand: one for each step that finds the price."""

import pytest

from trading.domain.matching.auction import Level, allocated, uncross
from trading.domain.matching.working_order import WorkingOrder
from trading.domain.tape import Uncross


@pytest.mark.parametrize(
    ("buys", "sells", "reference", "found"),
    [
        pytest.param([(200, 100)], [(198, 100)], 210, Uncross(200, 100, 0), id="the reference is above: the highest"),
        pytest.param([(200, 100)], [(198, 100)], 190, Uncross(198, 100, 0), id="the reference is below: the lowest"),
        pytest.param([(210, 100)], [(190, 100)], 204, Uncross(204, 100, 0), id="the reference is between"),
        pytest.param([(210, 100)], [(190, 100)], 205, Uncross(204, 100, 0), id="the reference is half a tick"),
        pytest.param([(210, 100)], [(190, 100)], None, Uncross(200, 100, 0), id="the middle without a reference"),
        pytest.param([(210, 150)], [(190, 100)], 190, Uncross(210, 100, 50), id="shares to buy are left: the highest"),
        pytest.param([(210, 100)], [(190, 150)], 210, Uncross(190, 100, -50), id="shares to sell are left: the lowest"),
        pytest.param([(210, 101)], [(190, 100)], 190, Uncross(210, 100, 1), id="a single share to buy is left"),
        pytest.param([(210, 100)], [(190, 101)], 210, Uncross(190, 100, -1), id="a single share to sell is left"),
        pytest.param(
            [(210, 100), (200, 100)], [(190, 100), (200, 100)], 0, Uncross(200, 200, 0), id="most shares trade"
        ),
        pytest.param(
            [(206, 300), (202, 100)],
            [(200, 300)],
            200,
            Uncross(204, 300, 0),
            id="the smallest imbalance, nearest to the reference",
        ),
        pytest.param(
            [(204, 100), (202, 100)],
            [(200, 100), (204, 100)],
            100,
            Uncross(202, 100, 100),
            id="shares to buy below, shares to sell above: the nearer of the two in the middle",
        ),
        pytest.param([(200, 100)], [(202, 100)], 201, None, id="nothing crosses"),
        pytest.param([(200, 100)], [], 200, None, id="nobody sells"),
        pytest.param([(201, 100)], [(201, 100)], 201, None, id="they would meet between two ticks"),
    ],
)
def test_the_price_is_found_step_by_step(
    buys: list[Level], sells: list[Level], reference: int | None, found: Uncross | None
) -> None:
    assert uncross(buys, sells, reference) == found


def working(name: str, *, buys: bool, quantity: int, price: int, arrival: int) -> WorkingOrder:
    order = WorkingOrder(name, "000001", buys, quantity, price)
    order.arrival = arrival
    return order


def test_the_better_limit_trades_first_then_the_earlier_order() -> None:
    late = working("late", buys=True, quantity=100, price=200, arrival=3)
    early = working("early", buys=True, quantity=100, price=200, arrival=1)
    best = working("best", buys=True, quantity=100, price=202, arrival=4)
    seller = working("seller", buys=False, quantity=150, price=198, arrival=2)
    other = working("other", buys=False, quantity=100, price=200, arrival=5)
    trades = [(buyer.id, its.id, shares) for buyer, its, shares in allocated([late, early, best], [other, seller], 230)]
    assert trades == [
        ("best", "seller", 100),
        ("early", "seller", 50),
        ("early", "other", 50),
        ("late", "other", 30),
    ]
