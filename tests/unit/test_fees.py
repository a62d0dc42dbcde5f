"""What a trade costs: by shares where a book matches, drawn where chance does, and never more than it covers."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support import samples
from tests.support.samples import MARKET, SIMULATED
from trading.domain.market import Market
from trading.domain.matching import fees
from trading.domain.matching.pool import house_order
from trading.domain.matching.working_order import Traded
from trading.domain.orders import PoolType, Side

NAME, CAP = "EDGA", Decimal("5.00")
VENUE = replace(
    MARKET.venues[PoolType.LIT][NAME],
    lowest_fee=Decimal("0.10"),
    highest_fee=Decimal("0.12"),
    maker=Decimal("0.0010"),
    taker=Decimal("0.0029"),
    cap=CAP,
)


def with_venue(market: Market) -> Market:
    return replace(market, venues={pool: {NAME: VENUE} for pool in PoolType})


def trade(quantity: int, venue: str = NAME, slice_id: str = "one") -> Traded:
    maker = house_order(slice_id, buys=True, quantity=quantity, price=2000, venue=venue)
    taker = house_order("other", buys=False, quantity=quantity, price=2000, venue=venue)
    return Traded(maker, taker, quantity, 2000, 0, 0)


@pytest.mark.parametrize(
    ("quantity", "rested", "taken"),
    [(100, "0.10", "0.29"), (109, "0.10", "0.31"), (9, "0.00", "0.02"), (1724, "1.72", "4.99"), (1725, "1.72", "5.00")],
)
@pytest.mark.parametrize("pool", PoolType)
def test_a_book_takes_the_rate_of_each_side_for_every_share_in_whole_cents_rounded_down_up_to_the_cap(
    pool: PoolType, quantity: int, rested: str, taken: str
) -> None:
    fee = fees.fees_of(pool, with_venue(MARKET))
    assert (fee(trade(quantity), True), fee(trade(quantity), False)) == (Decimal(rested), Decimal(taken))
    assert fee(trade(1_000_000), True) == fee(trade(1_000_000), False) == CAP


@pytest.mark.parametrize("pool", PoolType)
def test_the_simulated_model_draws_a_fee_for_each_slice_from_the_whole_range_in_cents(pool: PoolType) -> None:
    fee = fees.fees_of(pool, with_venue(SIMULATED))
    drawn = [fee(trade(1, slice_id=f"slice {number}"), False) for number in range(60)]
    assert set(drawn) == {Decimal("0.10"), Decimal("0.11"), Decimal("0.12")}
    assert drawn == [fee(trade(7, slice_id=f"slice {number}"), True) for number in range(60)]


@pytest.mark.parametrize("market", [MARKET, SIMULATED], ids=["order-book", "simulated"])
def test_a_venue_that_is_listed_no_longer_takes_nothing(market: Market) -> None:
    assert fees.fees_of(PoolType.LIT, with_venue(market))(trade(100, venue="GONE"), False) == 0


@pytest.mark.parametrize(
    ("released", "brought_in", "expected"),
    [("101.00", "-100.00", "0.50"), ("100.30", "-100.00", "0.30"), ("0.00", "0.20", "0.20"), ("0.00", "9.00", "0.50")],
)
def test_no_more_is_charged_than_the_trade_releases_and_brings_in(
    released: str, brought_in: str, expected: str
) -> None:
    assert fees.charged(Decimal("0.50"), Decimal(released), Decimal(brought_in)) == Decimal(expected)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [(0, "0.00"), (1, "2.01"), (1000, "5.00"), (1001, "7.01"), (2000, "10.00")],
)
def test_an_order_may_cost_the_highest_fee_of_each_slice_and_the_highest_rate_of_each_share_rounded_up(
    quantity: int, expected: str
) -> None:
    order = replace(samples.SEED, side=Side.BUY, slice_size=1000, protection_price=Decimal("10.00"))
    order = replace(order, highest_fee=Decimal("2.00"), highest_rate=Decimal("0.0030"))
    assert order.highest_fees(quantity) == Decimal(expected)
    assert order.reservation(quantity) == 10 * quantity + Decimal(expected)
    assert replace(order, side=Side.SELL).reservation(quantity) == 0
