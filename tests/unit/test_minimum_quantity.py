"""A minimum quantity is measured on the whole order: what one pool filled counts in the next."""

from dataclasses import replace

import pytest

from tests.support.matching import QUIET, command, run
from trading.domain.lit import LitPool


def offered(quantity: int) -> LitPool:
    """A book with one offer at 161.90."""
    pool = LitPool()
    run(pool, command("Sell", quantity, "161.90", "000002"), market=QUIET)
    return pool


@pytest.mark.parametrize(
    ("minimum", "outcome"),
    [
        (18_000, ("ended", 1_000, "immediate-or-cancel")),
        (31_000, ("ended", 1_000, "immediate-or-cancel")),
        (31_001, ("ended", 10_000, "too-little-to-trade-with")),
    ],
)
def test_what_the_dark_pools_filled_counts_towards_the_minimum(minimum: int, outcome: tuple[object, ...]) -> None:
    whole = command("Buy", 32_000, "162.00", time_in_force="IOC", minimum_quantity=minimum)
    rest = replace(whole, quantity=10_000, not_matched_in_dark_pool=True)
    assert run(offered(9_000), rest, market=QUIET)[-1] == outcome


@pytest.mark.parametrize("time_in_force", ["Day", "GTC", "IOC", "FOK"])
def test_a_market_order_is_filled_to_its_minimum_or_not_at_all(time_in_force: str) -> None:
    order = command(
        "Buy",
        1_000,
        None,
        type="Market",
        protection_price="170.00",
        time_in_force=time_in_force,
        minimum_quantity=271,
    )
    assert run(offered(270), order, market=QUIET) == [("ended", 1_000, "too-little-to-trade-with")]


def test_a_market_order_of_a_session_is_filled_from_its_minimum_on() -> None:
    order = command("Buy", 1_000, None, type="Market", protection_price="170.00", minimum_quantity=270)
    assert [event[:2] for event in run(offered(270), order, market=QUIET)] == [("traded", 270), ("ended", 730)]
