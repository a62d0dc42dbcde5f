"""The dark pools: hidden orders cross at the midpoint of what the lit pools display."""

from decimal import Decimal

import pytest

from tests.support.matching import QUIET, QUOTE, command, never, run
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.pool import HOUSE, Conditions, Followed, Passed, customer_order
from trading.domain.matching.working_order import Rested, Traded
from trading.domain.messages.commands import NewOrder
from trading.domain.money import from_half_ticks, half_ticks, price_text
from trading.domain.orders import PoolType
from trading.domain.quotes import Quote

MIDPOINT = "161.89"


def hidden(direction: str, quantity: int, price: str, customer: str = "000002", **terms: object) -> NewOrder:
    """An order that rests in the dark pools."""
    return command(direction, quantity, price, customer, pool_only=True, **terms)


def resting(*orders: NewOrder) -> DarkPool:
    """A pool in which these orders rest: they have met nobody at the midpoint."""
    pool = DarkPool()
    for each in orders:
        pool.fold([Rested(customer_order(each, "CODA"), each.quantity)])
    pool.fold([Followed(half_ticks(Decimal(MIDPOINT)))])
    return pool


def customers_trades(pool: DarkPool, order: NewOrder, quote: Quote | None = QUOTE) -> list[tuple[int, str]]:
    """The trades with customers' orders."""
    there = {each.id for each in pool.resting.values()}
    events = pool.execute(order, Conditions(QUIET, quote), never)
    return [
        (event.quantity, price_text(from_half_ticks(event.price)))
        for event in events
        if isinstance(event, Traded) and event.maker.id in there
    ]


def test_orders_cross_at_the_midpoint_in_the_order_of_their_arrival() -> None:
    pool = resting(hidden("Sell", 100, "161.00"), hidden("Sell", 200, "161.00", "000003"))
    assert customers_trades(pool, command("Buy", 250, "162.00")) == [(100, MIDPOINT), (150, MIDPOINT)]
    assert [each.leaves for each in pool.resting.values()] == [50]


def test_a_midpoint_may_be_on_half_a_tick() -> None:
    pool = resting(hidden("Sell", 100, "161.00"))
    quote = Quote(Decimal("161.89"), Decimal("161.90"))
    assert customers_trades(pool, command("Buy", 100, "161.90"), quote) == [(100, "161.895")]


@pytest.mark.parametrize(
    "quote", [None, Quote(Decimal("161.90"), Decimal("161.90")), Quote(Decimal("161.91"), Decimal("161.90"))]
)
def test_nothing_crosses_where_the_midpoint_is_missing_or_the_market_locked_or_crossed(quote: Quote | None) -> None:
    pool = resting(hidden("Sell", 100, "1.00"))
    assert run(pool, command("Buy", 100, "200.00"), quote=quote) == [("passed on", 100)]


def test_nothing_crosses_beyond_a_limit_of_either_side() -> None:
    assert run(resting(hidden("Sell", 100, "161.90")), command("Buy", 100, "161.88")) == [("passed on", 100)]
    pool = resting(hidden("Sell", 100, "161.90"))
    assert customers_trades(pool, command("Buy", 100, "170.00")) == []


def test_only_pool_only_orders_rest_and_what_is_left_of_others_goes_on_exactly() -> None:
    assert run(DarkPool(), command("Buy", 100, "100.00")) == [("passed on", 100)]
    assert run(DarkPool(), hidden("Buy", 100, "100.00"))[0][:2] == ("rests", 100)
    pool = resting(hidden("Sell", 700, "161.00"))
    events = run(pool, command("Buy", 100_000, "162.00"))
    traded = sum(event[1] for event in events if event[0] == "traded")
    assert [event for event in events if event[0] != "traded"] == [("passed on", 100_000 - traded)]
    assert traded > 700


def test_hidden_orders_rest_at_every_dark_pool_and_each_at_the_same_one_in_a_replay() -> None:
    orders = [hidden("Buy", 100, "100.00") for _ in range(200)]
    places = [run(DarkPool(), each)[0][2] for each in orders]
    assert set(places) == QUIET.venues[PoolType.DARK].keys()
    assert [run(DarkPool(), each)[0][2] for each in orders] == places


def test_about_half_of_the_slices_find_simulated_liquidity_the_same_ones_in_a_replay() -> None:
    order = command("Buy", 1_000_000, "162.00")
    events = run(DarkPool(), order)
    slices = [event for event in events if event[0] == "traded"]
    assert 400 < len(slices) < 600
    assert run(DarkPool(), order) == events


@pytest.mark.parametrize(("direction", "limit"), [("Buy", "162.00"), ("Sell", "161.00")])
def test_simulated_liquidity_is_of_the_house_at_the_midpoint_and_at_every_dark_pool(direction: str, limit: str) -> None:
    order, other = (command(direction, 2_000_000, limit) for _ in range(2))
    *slices, passed = DarkPool().execute(order, Conditions(QUIET, QUOTE), never)
    makers = []
    for event in slices:
        assert isinstance(event, Traded)
        maker = event.maker
        assert (maker.account, maker.buys, maker.price) == (HOUSE, direction == "Sell", event.price)
        assert (price_text(from_half_ticks(event.price)), maker.quantity, event.quantity) == (MIDPOINT, 1000, 1000)
        makers.append(maker)
    left = [event.taker_leaves for event in slices if isinstance(event, Traded)]
    assert left == [2_000_000 - 1000 * number for number in range(1, len(slices) + 1)]
    assert isinstance(passed, Passed)
    assert (passed.order.id, passed.quantity) == (order.order.order_id, left[-1])
    assert {maker.venue for maker in makers} == QUIET.venues[PoolType.DARK].keys()
    again = DarkPool().execute(other, Conditions(QUIET, QUOTE), never)
    assert not {maker.id for maker in makers} & {event.maker.id for event in again if isinstance(event, Traded)}


def test_contras_may_sum_up_to_the_minimum_of_an_order_that_comes_in() -> None:
    pool = resting(hidden("Sell", 60, "161.00"), hidden("Sell", 50, "161.00", "000003"))
    assert customers_trades(pool, command("Buy", 110, "162.00", pool_only=True, minimum_quantity=110)) == [
        (60, MIDPOINT),
        (50, MIDPOINT),
    ]


def test_an_order_that_rests_needs_one_contra_as_large_as_its_minimum() -> None:
    choosy = hidden("Sell", 500, "161.00", minimum_quantity=200)
    assert customers_trades(resting(choosy), command("Buy", 199, "162.00")) == []
    pool = resting(choosy)
    assert customers_trades(pool, command("Buy", 400, "162.00")) == [(400, MIDPOINT)]
    assert customers_trades(pool, command("Buy", 100, "162.00")) == [(100, MIDPOINT)]


def test_a_fill_or_kill_order_that_is_not_filled_whole_here_goes_on_untouched() -> None:
    pool = resting(hidden("Sell", 100, "161.00"))
    order = command("Buy", 50_000, "162.00", time_in_force="FOK")
    assert run(pool, order) == [("passed on", 50_000)]
    assert [each.leaves for each in pool.resting.values()] == [100]


def test_a_pool_only_order_that_may_not_rest_ends() -> None:
    order = hidden("Buy", 100, "100.00", time_in_force="IOC")
    assert run(DarkPool(), order) == [("ended", 100, "immediate-or-cancel")]


def test_orders_of_one_account_pass_each_other_by_unless_that_is_switched_off() -> None:
    own = hidden("Sell", 100, "161.00", "000001")
    assert customers_trades(resting(own), command("Buy", 100, "162.00")) == []
    willing = command("Buy", 100, "162.00", self_trade="Off")
    assert customers_trades(resting(own), willing) == [(100, MIDPOINT)]


def test_the_fold_of_its_events_is_the_pool() -> None:
    there = hidden("Sell", 500, "161.00"), hidden("Sell", 30, "161.00", "000003")
    pool, copy = resting(*there), resting(*there)
    steps = [
        (command("Buy", 100, "162.00"), QUOTE),
        (hidden("Buy", 10, "100.00", "000003"), QUOTE),
        (command("Buy", 420, "162.00"), QUOTE),
    ]
    left = []
    for step, quote in steps:
        happened = pool.execute(step, Conditions(QUIET, quote), never)
        copy.fold(events_from([event_values(event) for event in happened]))
        assert standing(copy) == standing(pool)
        left.append([each.leaves for each in pool.resting.values()])
    assert left == [[400, 30], [400, 30, 10], [10, 10]]


def standing(pool: DarkPool) -> list[object]:
    return [(each.id, each.leaves, each.price, each.venue, each.terms) for each in pool.resting.values()]
