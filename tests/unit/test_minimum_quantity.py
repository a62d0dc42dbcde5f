"""A minimum quantity is measured on the whole order: what one pool filled counts in the next."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.matching import QUIET, command, run
from trading.domain.ids import derived, draw
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.lit import LitPool
from trading.domain.messages.commands import NewOrder


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


def test_a_minimum_that_only_both_pool_types_together_could_meet_is_not_met_and_nothing_is_filled() -> None:
    """The dark pools have 10,000, the lit ones 9,000: neither knows of the other, and to fill 10,000 in hope of more
    might leave the order with less than its minimum.
    """
    dark, lit = DarkPool(), offered(9_000)
    run(dark, unlucky("Sell", 10_000, "161.00", "000003", time_in_force="GTC", pool_only=True))
    whole = unlucky("Buy", 32_000, "162.00", time_in_force="IOC", minimum_quantity=18_000)
    assert run(dark, whole) == [("passed on", 32_000)]
    rest = replace(whole, not_matched_in_dark_pool=True)
    assert run(lit, rest, market=QUIET) == [("ended", 32_000, "too-little-to-trade-with")]


def test_a_minimum_that_the_dark_pools_met_is_not_asked_again_in_the_lit_ones() -> None:
    dark, lit = DarkPool(), offered(9_000)
    run(dark, unlucky("Sell", 22_000, "161.00", "000003", time_in_force="GTC", pool_only=True, minimum_quantity=10_500))
    whole = unlucky("Buy", 32_000, "162.00", time_in_force="IOC", minimum_quantity=18_000)
    assert [event[:2] for event in run(dark, whole)] == [("traded", 22_000), ("passed on", 10_000)]
    rest = replace(whole, quantity=10_000, not_matched_in_dark_pool=True)
    assert [event[:2] for event in run(lit, rest, market=QUIET)] == [("traded", 9_000), ("ended", 1_000)]


def unlucky(direction: str, quantity: int, price: str, customer: str = "000001", **terms: Any) -> NewOrder:
    """An order of one slice for which chance finds nobody in the dark."""
    while True:
        made = command(direction, quantity, price, customer, slice_size=quantity, **terms)
        if draw(derived(made.command_id, "slice 0"), "crosses in the dark", 2):
            return made
