"""The uncross of an auction, compared with a search through all prices, and with what its rules say of every trade."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from trading.domain.matching.auction import TICK, Level, allocated, uncross
from trading.domain.matching.working_order import WorkingOrder
from trading.domain.tape import Uncross

HIGHEST = 24
levels = st.lists(st.tuples(st.integers(1, HIGHEST), st.integers(1, 40)), max_size=8)
references = st.none() | st.integers(1, HIGHEST)
EVERY_TICK = range(TICK, HIGHEST + 2 * TICK, TICK)


def at(price: int, buys: list[Level], sells: list[Level]) -> Uncross:
    demand = sum(shares for limit, shares in buys if limit >= price)
    supply = sum(shares for limit, shares in sells if limit <= price)
    return Uncross(price, min(demand, supply), demand - supply)


def best(buys: list[Level], sells: list[Level]) -> list[Uncross]:
    """All prices that trade most and leave least, by looking at every tick; none if nothing can trade."""
    every = [at(price, buys, sells) for price in EVERY_TICK]
    volume = max(each.volume for each in every)
    most = [each for each in every if each.volume == volume > 0]
    return [each for each in most if abs(each.imbalance) == min(abs(one.imbalance) for one in most)]


def orders(levels: list[Level], *, buys: bool) -> list[WorkingOrder]:
    made = []
    for number, (limit, shares) in enumerate(levels):
        order = WorkingOrder(f"{'buy' if buys else 'sell'} {number}", "000001", buys, shares, limit)
        order.arrival = number
        made.append(order)
    return made


@given(levels, levels, references)
def test_no_other_price_trades_more_or_leaves_less(
    buys: list[Level], sells: list[Level], reference: int | None
) -> None:
    found, expected = uncross(buys, sells, reference), best(buys, sells)
    if found is None:
        assert expected == []
    else:
        assert found in expected


@given(levels, levels, references)
def test_shares_that_are_left_on_one_side_press_the_price(
    buys: list[Level], sells: list[Level], reference: int | None
) -> None:
    found, expected = uncross(buys, sells, reference), best(buys, sells)
    if expected and all(each.imbalance > 0 for each in expected):
        assert found == max(expected)
    if expected and all(each.imbalance < 0 for each in expected):
        assert found == min(expected)


@given(levels, levels, st.integers(1, HIGHEST))
def test_of_equal_prices_it_is_the_nearest_to_the_reference(
    buys: list[Level], sells: list[Level], reference: int
) -> None:
    found, expected = uncross(buys, sells, reference), best(buys, sells)
    bids = [each.price for each in expected if each.imbalance > 0]
    asks = [each.price for each in expected if each.imbalance < 0]
    if found and bids and asks:
        expected = [each for each in expected if each.price in {max(bids), min(asks)}]
    if found and bool(bids) == bool(asks):
        assert abs(found.price - reference) == min(abs(each.price - reference) for each in expected)


@given(levels, levels, references)
def test_shares_go_to_the_best_limit_then_to_the_first_and_none_trades_beyond_its_limit(
    buys: list[Level], sells: list[Level], reference: int | None
) -> None:
    found = uncross(buys, sells, reference)
    if found is None:
        return
    price, volume, _ = found
    buyers, sellers = orders(buys, buys=True), orders(sells, buys=False)
    trades = [*allocated(buyers, sellers, volume)]
    assert sum(shares for _, _, shares in trades) == volume
    assert all(shares > 0 for _, _, shares in trades)
    assert all(seller.price <= price <= buyer.price for buyer, seller, _ in trades)  # type: ignore[operator]
    assert all(buyer.buys and not seller.buys for buyer, seller, _ in trades)
    for side, number, sign in ((buyers, 0, -1), (sellers, 1, 1)):
        got: Counter[str] = Counter()
        for trade in trades:
            got[trade[number].id] += trade[2]  # type: ignore[union-attr]
        left = volume
        for order in sorted(side, key=lambda order: (sign * order.price, order.arrival)):  # type: ignore[operator]
            assert got[order.id] == min(order.leaves, left)
            left -= got[order.id]
    assert [(order.leaves, order.quantity) for order in buyers] == [(shares, shares) for _, shares in buys]


@given(levels, levels, references)
def test_what_the_auction_leaves_does_not_cross_at_any_tick(
    buys: list[Level], sells: list[Level], reference: int | None
) -> None:
    found = uncross(buys, sells, reference)
    buyers, sellers = orders(buys, buys=True), orders(sells, buys=False)
    for buyer, seller, shares in allocated(buyers, sellers, found.volume if found else 0):
        buyer.leaves -= shares
        seller.leaves -= shares
    left = [[(order.price or 0, order.leaves) for order in side if order.leaves] for side in (buyers, sellers)]
    assert uncross(left[0], left[1], reference) is None
