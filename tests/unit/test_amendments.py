"""What an order is after a request to change it: its terms, its place, and that nobody gets more than was reserved."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support.matching import QUIET, QUOTE, always, cancel, command, never, replacement
from trading.domain import money
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import (
    Conditions,
    Event,
    Followed,
    Forwarded,
    Overtaken,
    Pool,
    amended,
    customer_order,
)
from trading.domain.matching.working_order import Canceled, Rejected, Replaced, Rested, WorkingOrder
from trading.domain.messages.commands import NewOrder, ReplaceOrder
from trading.domain.orders import Order
from trading.domain.quotes import Quote


def executed(pool: Pool, each: Any, quote: Quote | None = None, arrived: Any = never) -> list[Event]:
    return pool.execute(each, Conditions(QUIET, quote), arrived)


def hidden(direction: str, quantity: int, price: str, customer: str = "000002", **terms: object) -> NewOrder:
    return command(direction, quantity, price, customer, pool_only=True, **terms)


def met_nobody(pool: DarkPool) -> None:
    """What rests has crossed at the quote's midpoint, and nobody was there."""
    pool.fold([Followed((money.half_ticks(QUOTE.bid) + money.half_ticks(QUOTE.ask)) // 2)])


def standing(new: NewOrder, filled: int = 0) -> WorkingOrder:
    working = customer_order(new)
    working.leaves -= filled
    return working


# ----------------------------------------------------------------------- terms


def test_a_replaced_order_has_its_new_total_and_limit_and_all_else_as_before() -> None:
    new = command("Buy", 100, "150.00")
    change = replacement(new, 80, "151.00")
    terms = replace(new.order, quantity=80, price=Decimal("151.00"), protection_price=Decimal("151.00"))
    assert amended(standing(new, filled=30), change) == NewOrder(change.command_id, terms, 80)


def test_what_other_pools_filled_is_part_of_the_new_total_and_not_open_here() -> None:
    new = replace(command("Buy", 100, "150.00"), quantity=70, not_matched_in_dark_pool=True)
    terms = amended(standing(new), replacement(new, 90, "150.00"))
    assert isinstance(terms, NewOrder)
    assert (terms.order.quantity, terms.quantity, terms.not_matched_in_dark_pool) == (90, 60, True)


def reserving(change: ReplaceOrder, cash: str) -> ReplaceOrder:
    return replace(change, reserved=Decimal(cash))


def of_101(change: ReplaceOrder) -> ReplaceOrder:
    """The change, asked for when the order had a share more."""
    return replace(change, order=replace(change.order, quantity=101))


BUY, SALE = command("Buy", 100, "150.00"), command("Sell", 100, "150.00")
STOP = command("Buy", 50, None, type="Stop", stop_price="200.00", protection_price="210.00")
DEARER = replacement(BUY, 100, "151.00")


@pytest.mark.parametrize(
    ("order", "filled", "change", "reason"),
    [
        (BUY, 0, replacement(BUY, 90, "150.00", customer_id="000003"), "not-owner"),
        (STOP, 0, replacement(STOP, 40, "210.00"), "not-replaceable"),
        (BUY, 40, replacement(BUY, 41, "150.00"), None),
        (BUY, 40, replacement(BUY, 40, "150.00"), "below-filled"),
        (BUY, 40, replacement(BUY, 39, "150.00"), "below-filled"),
        (BUY, 0, reserving(DEARER, "100.00"), None),
        (BUY, 0, reserving(DEARER, "99.99"), "not-reserved"),
        (BUY, 40, reserving(DEARER, "60.00"), None),
        (BUY, 40, reserving(DEARER, "59.99"), "not-reserved"),
        (SALE, 0, replacement(SALE, 150, "150.00", "0.00"), None),
        (SALE, 0, of_101(replacement(SALE, 150, "150.00", "0.00")), "not-reserved"),
        (SALE, 0, replacement(SALE, 50, "150.00", "0.00"), None),
        (BUY, 0, of_101(replacement(BUY, 150, "150.00")), None),
    ],
)
def test_a_change_is_refused_with_its_reason_if_it_is_not_the_customers_leaves_nothing_open_or_is_not_paid_for(
    order: NewOrder, filled: int, change: ReplaceOrder, reason: str | None
) -> None:
    """The shares that a replacement of a sale asks for on top are counted from what the order had when it was asked."""
    outcome = amended(standing(order, filled), change)
    assert outcome == Rejected(order.order.order_id, reason) if reason else isinstance(outcome, NewOrder)


# ---------------------------------------------------------------- the dark pools


@pytest.mark.parametrize(
    ("quantity", "price", "kept"),
    [(60, "161.00", True), (100, "161.00", True), (101, "161.00", False), (60, "161.01", False), (60, "160.99", False)],
)
def test_a_hidden_order_keeps_its_place_if_neither_its_limit_nor_more_shares_are_new(
    quantity: int, price: str, kept: bool
) -> None:
    first, second = hidden("Sell", 100, "161.00"), hidden("Sell", 100, "161.00", "000003")
    pool = DarkPool()
    for each in (first, second):
        executed(pool, each)
    events = executed(pool, replacement(first, quantity, price))
    [replaced, *after] = events
    assert isinstance(replaced, Replaced)
    assert replaced[1:5] == (quantity, int(Decimal(price) * 200), quantity, kept)
    assert isinstance(replaced.terms, NewOrder)
    assert (replaced.terms.order.quantity, replaced.before) == (quantity, first)
    assert after == ([] if kept else [Rested(replaced.order, quantity)])
    ids = [each.order.order_id for each in (first, second)]
    assert list(pool.resting) == (ids if kept else ids[::-1])


def test_a_hidden_order_that_is_partly_filled_has_the_rest_of_its_new_total_open() -> None:
    order, pool = hidden("Sell", 100, "161.00"), DarkPool()
    executed(pool, order)
    met_nobody(pool)
    executed(pool, command("Buy", 40, "162.00"), QUOTE)
    executed(pool, replacement(order, 90, "161.00"))
    assert [(each.quantity, each.leaves) for each in pool.resting.values()] == [(90, 50)]
    executed(pool, replacement(replace(order, order=replace(order.order, quantity=90)), 120, "161.00"))
    assert [(each.quantity, each.leaves) for each in pool.resting.values()] == [(120, 80)]


@pytest.mark.parametrize("pool", [DarkPool, LitPool])
def test_what_happened_says_the_terms_that_an_order_has_now_and_those_that_it_had(pool: type[Pool]) -> None:
    order, there = hidden("Buy", 100, "100.00"), pool()
    executed(there, order)
    [replaced] = executed(there, replacement(order, 90, "100.00"))
    assert isinstance(replaced, Replaced)
    assert (replaced.terms.order.quantity, replaced.order.terms, replaced.before) == (90, replaced.terms, order)


def test_a_hidden_order_that_ends_has_nothing_open() -> None:
    order, pool = hidden("Sell", 100, "161.00"), DarkPool()
    executed(pool, order)
    [working] = pool.resting.values()
    assert executed(pool, cancel(order, "000003")) == [Rejected(order.order.order_id, "not-owner")]
    assert executed(pool, cancel(order)) == [Canceled(working, 100, 0, "requested")]
    assert (working.leaves, len(pool.resting)) == (0, 0)


def test_an_order_that_is_not_hidden_here_is_looked_for_in_the_lit_pools_if_it_has_come() -> None:
    passed, here = command("Buy", 100, "100.00"), hidden("Buy", 100, "100.00")
    asked: list[Order] = []

    def came(each: Order) -> bool:
        asked.append(each)
        return True

    assert executed(DarkPool(), cancel(passed), arrived=came) == [Forwarded(passed.order.order_id)]
    assert asked == [passed.order]
    assert executed(LitPool(), cancel(passed), arrived=came)[-1] == Rejected(passed.order.order_id, "too-late")
    assert asked == [passed.order] * 2
    assert executed(DarkPool(), cancel(here), arrived=always) == [Rejected(here.order.order_id, "too-late")]


@pytest.mark.parametrize("pool", [DarkPool, LitPool])
def test_a_change_of_an_order_that_has_not_come_is_refused_and_a_cancel_waits_for_it(pool: type[Pool]) -> None:
    order = hidden("Buy", 100, "100.00")
    its_id = order.order.order_id
    assert executed(pool(), cancel(order))[-1] == Overtaken(its_id)
    assert executed(pool(), replacement(order, 90, "100.00"))[-1] == Rejected(its_id, "unknown-order")


@pytest.mark.parametrize(
    ("resting", "coming", "limits"),
    [
        ("Sell", "Buy", ("161.50", "161.00", "161.50", "160.00")),
        ("Buy", "Sell", ("162.50", "163.00", "162.50", "164.00")),
    ],
)
@pytest.mark.parametrize("restored", [False, True])
def test_hidden_orders_trade_in_the_order_of_their_arrival_whatever_their_limits(
    resting: str, coming: str, limits: tuple[str, ...], restored: bool
) -> None:
    pool, orders = DarkPool(), [hidden(resting, 10, limit, f"00000{n}") for n, limit in enumerate(limits, 2)]
    for each in orders[:3]:
        executed(pool, each)
    if restored:
        pool, before = DarkPool(), pool
        pool.restore(before.snapshot())
        assert [each.terms for each in pool.resting.values()] == orders[:3]
    executed(pool, orders[3])
    met_nobody(pool)
    events = executed(pool, command(coming, 40, "161.89"), QUOTE)
    assert [event.maker.id for event in events] == [each.order.order_id for each in orders]  # type: ignore[union-attr]
