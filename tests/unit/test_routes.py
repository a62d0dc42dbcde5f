"""Which pool type an order goes to first, and whom a mass cancel goes to."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support.samples import DARK, MARKET, SEED
from trading.domain.ids import derived
from trading.domain.messages.commands import MassCancel, NewOrder, new_order_id
from trading.domain.orders import PoolType
from trading.domain.routing import MassCancelRequest, Route, Suspension, cancels_of, command_of, route_of

LISTED, NOT_LISTED = DARK, SEED
"""Tickers that are on the market's list for the dark pools, and not."""


@pytest.mark.parametrize(
    ("order", "terms", "pool"),
    [
        (LISTED, {}, PoolType.DARK),
        (LISTED, {"post_only": True}, PoolType.LIT),
        (LISTED, {"stop_price": Decimal("120.00")}, PoolType.LIT),
        (LISTED, {"pool_only": True}, PoolType.DARK),
        (NOT_LISTED, {}, PoolType.LIT),
        (NOT_LISTED, {"pool_only": True}, PoolType.DARK),
        (NOT_LISTED, {"post_only": True}, PoolType.LIT),
    ],
)
def test_orders_go_to_the_dark_pools_first_if_their_ticker_is_listed_and_they_are_not_to_be_displayed(
    order: Any, terms: dict[str, Any], pool: PoolType
) -> None:
    assert route_of(replace(order, **terms), MARKET) == Route(pool)


def test_an_order_is_first_a_command_for_all_of_its_shares() -> None:
    assert command_of(SEED) == NewOrder(new_order_id(SEED.order_id), SEED, 8614)


def test_a_mass_cancel_goes_to_both_pool_types_of_every_ticker() -> None:
    suspend = Suspension("000002", derived("a test", "request"), "2026-11-22T14:30:00.123Z")
    cancels = list(cancels_of(suspend, ["AMD", "COIN"]))
    assert [(pool, command.ticker) for pool, command in cancels] == [
        (PoolType.DARK, "AMD"), (PoolType.LIT, "AMD"), (PoolType.DARK, "COIN"), (PoolType.LIT, "COIN"),
    ]  # fmt: skip
    for _, command in cancels:
        assert command == MassCancel(
            command.command_id, suspend.request_id, command.ticker, "000002", "2026-11-22T14:30:00.123Z"
        )


def test_who_asks_for_a_mass_cancel_trades_on_and_who_is_suspended_does_not() -> None:
    asked = "000002", derived("a test", "request"), "2026-11-22T14:30:00.123Z"
    for request, trades_on in ((MassCancelRequest(*asked, None), True), (Suspension(*asked), False)):
        assert {command.trades_on for _, command in cancels_of(request, ["AMD"])} == {trades_on}


def test_each_command_of_a_mass_cancel_has_an_id_of_its_own_the_same_however_often_it_is_routed() -> None:
    suspend = Suspension("000002", derived("a test", "request"), "2026-11-22T14:30:00.123Z")
    other = replace(suspend, request_id=derived("a test", "other request"))

    def ids(of: Suspension) -> list[str]:
        return [command.command_id for _, command in cancels_of(of, ["AMD", "COIN"])]

    assert ids(suspend) == ids(suspend)
    assert len({*ids(suspend), *ids(other)}) == 8
