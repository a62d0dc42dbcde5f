"""What traders want, whatever they see."""

import json
import random
from collections import Counter
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.support.cloud import ROOT
from traffic.traders import habits
from traffic.traders.habits import HABITS, Action, Cancel, Enter, OpenOrder, Replace, Sight

FOLDER = ROOT / "functions" / "order_entry"
ORDER, CHANGE = (
    Draft202012Validator(json.loads((FOLDER / f"{name}.schema.json").read_text())) for name in ("order", "change")
)
TICKERS = ["AMD", "COIN", "F", "SPY"]
names = st.sampled_from(sorted(HABITS))
seeds = st.integers(0, 2**32)


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    """Some tickers, from prices of a tick on, and some open orders, also in tickers that are not seen."""
    tickers = draw(st.lists(st.sampled_from(TICKERS), min_size=1, unique=True))
    quotes = {each: (bid := draw(st.integers(1, 1_000_000)), bid + draw(st.integers(1, 50))) for each in tickers}
    numbers = count()
    orders = st.builds(
        OpenOrder,
        st.builds(lambda: f"order-{next(numbers)}"),
        st.sampled_from(TICKERS),
        st.booleans(),
        st.integers(1, 1_000),
        st.integers(0, 1_000),
        st.none() | st.integers(1, 1_000_000),
    )
    return Sight(quotes, frozenset(draw(st.lists(st.sampled_from(TICKERS)))), draw(st.lists(orders, max_size=8)))


def wanted(name: str, seed: int, sight: Sight) -> Action:
    return HABITS[name](random.Random(seed), sight)


@given(names, seeds, sights())
def test_the_same_draws_and_sight_give_the_same_action(name: str, seed: int, sight: Sight) -> None:
    assert wanted(name, seed, sight) == wanted(name, seed, sight)


@given(names, seeds, sights())
def test_every_order_and_change_is_one_by_the_api_s_schema(name: str, seed: int, sight: Sight) -> None:
    match wanted(name, seed, sight):
        case Enter(terms):
            ORDER.validate({**terms, "customerId": "900001", "clientOrderId": "a-1"})
            assert terms["ticker"] in sight.quotes
        case Replace(order_id, quantity, price):
            given = {"quantity": quantity, "price": price}
            CHANGE.validate({name: value for name, value in given.items() if value is not None})
            assert (quantity is None) != (price is None)
            assert order_id in {each.order_id for each in sight.open_orders}
        case Cancel(order_id):
            assert order_id in {each.order_id for each in sight.open_orders}


@given(st.sampled_from(["maker", "changer", "block trader"]), seeds, sights())
def test_nobody_who_has_many_open_orders_enters_another(name: str, seed: int, sight: Sight) -> None:
    if len(sight.open_orders) >= habits.QUOTES_OF_A_MAKER:
        assert not isinstance(wanted(name, seed, sight), Enter)


MARKET = Sight({"COIN": (16188, 16190), "F": (2029, 2030)}, frozenset({"F"}))


def entered(name: str, sight: Sight = MARKET) -> list[dict[str, object]]:
    actions = [wanted(name, seed, sight) for seed in range(400)]
    orders = [dict(each.terms) for each in actions if isinstance(each, Enter)]
    assert len(orders) > 100
    return orders


def test_takers_take_the_other_side_and_nothing_of_theirs_rests() -> None:
    for order in entered("taker"):
        assert order["type"] == "Market" or order["timeInForce"] in {"IOC", "FOK"}
        if order["type"] == "Limit" and order["ticker"] == "COIN":
            price = str(order["price"])
            assert price >= "161.90" if order["direction"] == "Buy" else price <= "161.88"
    assert Counter(order["type"] for order in entered("taker"))["Market"] in range(200, 280)


def test_makers_rest_between_the_best_prices_or_behind_them() -> None:
    for order in entered("maker"):
        assert order["postOnly"] is True
        if order["ticker"] == "COIN":
            buys = order["direction"] == "Buy"
            assert "161.85" <= str(order["price"]) <= "161.89" if buys else "161.89" <= str(order["price"]) <= "161.93"


def test_block_traders_trade_blocks_in_the_dark_pools_most_of_them_only_there() -> None:
    orders = entered("block trader")
    assert {order["ticker"] for order in orders} == {"F"}
    assert min(int(str(order["quantity"])) for order in orders) == 2_000
    assert Counter("poolOnly" in order for order in orders)[True] in range(270, 330)
    assert {order["ticker"] for order in entered("block trader", Sight(MARKET.quotes, frozenset()))} == {"COIN", "F"}


def test_changers_replace_prices_and_quantities_and_cancel() -> None:
    sight = Sight(MARKET.quotes, frozenset(), [OpenOrder("a", "COIN", True, 500, 100, 16180)])
    actions = [wanted("changer", seed, sight) for seed in range(400)]
    kinds = Counter(
        ("price" if each.price else "quantity") if isinstance(each, Replace) else type(each).__name__
        for each in actions
    )
    assert set(kinds) == {"price", "quantity", "Cancel", "Enter"}
    assert min(kinds.values()) > 40
    assert all(each.quantity > 100 for each in actions if isinstance(each, Replace) and each.quantity)


@pytest.mark.parametrize("farthest", ["a", "b"])
def test_makers_take_back_what_is_farthest_from_the_market(farthest: str) -> None:
    prices = {"a": 16188, "b": 16188, farthest: 16100}
    mine = [OpenOrder(name, "COIN", True, 100, 0, price) for name, price in prices.items()] * 3
    assert wanted("maker", 1, Sight(MARKET.quotes, frozenset(), mine)) == Cancel(farthest)
