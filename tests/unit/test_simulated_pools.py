"""The pools of the simulated model: chance decides, and what it decided for a command it decides again."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.support.matching import QUOTE, cancel, cancel_all, command, expire, never, replacement
from tests.support.samples import SIMULATED
from trading.domain.matching.pool import HOUSE, Conditions, Event, Forwarded, Halted, Overtaken, Passed, Quoted
from trading.domain.matching.simulated import SimulatedPool
from trading.domain.matching.working_order import Canceled, Rejected, Traded
from trading.domain.messages.commands import Command, NewOrder
from trading.domain.orders import Order, Peg, PoolType
from trading.domain.quotes import Quote

DARK, LIT = PoolType.DARK, PoolType.LIT
LIMIT = 32_380
"""161.90 in half ticks."""


def executed(
    pool: PoolType, each: Command, quote: Quote | None = QUOTE, arrived: Callable[[Order], bool] = never
) -> list[Event]:
    """What happens in a new pool, which takes the quote as its reference."""
    events = SimulatedPool(pool).execute(each, Conditions(SIMULATED, quote), arrived)
    return [event for event in events if not isinstance(event, Quoted)]


def trades(pool: PoolType, each: NewOrder, quote: Quote | None = QUOTE) -> list[Traded]:
    return [event for event in executed(pool, each, quote) if isinstance(event, Traded)]


def passed(each: NewOrder) -> list[int]:
    return [event.quantity for event in executed(DARK, each) if isinstance(event, Passed)]


@pytest.mark.parametrize(("direction", "buys"), [("Buy", True), ("Sell", False)])
def test_every_slice_trades_with_an_order_of_the_house_in_the_lit_pools(direction: str, buys: bool) -> None:
    order = command(direction, 2500, "161.90")
    traded = executed(LIT, order)
    assert [each[2:6] for each in traded] == [(1000, LIMIT, 0, 1500), (1000, LIMIT, 0, 500), (500, LIMIT, 0, 0)]
    for each in traded:
        assert isinstance(each, Traded)
        assert (each.taker.id, each.taker.buys, each.taker.terms) == (order.order.order_id, buys, order)
        maker = each.maker
        assert (maker.account, maker.buys, maker.quantity, maker.price) == (HOUSE, not buys, each.quantity, LIMIT)
    assert len({each.maker.id for each in traded if isinstance(each, Traded)}) == 3


def test_every_listed_exchange_is_drawn_about_as_often() -> None:
    drawn = Counter(each.maker.venue for each in trades(LIT, command("Buy", 9_000_000, "161.90")))
    assert drawn.keys() == SIMULATED.venues[LIT].keys()
    assert all(700 < number < 1300 for number in drawn.values())


def test_about_half_of_the_slices_trade_at_dark_pools_and_the_rest_goes_on_in_one() -> None:
    order = command("Buy", 4_000_000, "161.90")
    traded = trades(DARK, order)
    [on] = passed(order)
    assert 1800 < len(traded) < 2200
    assert sum(each.quantity for each in traded) + on == 4_000_000
    assert traded[-1].taker_leaves == on
    assert {each.maker.venue for each in traded} == SIMULATED.venues[DARK].keys()
    last = executed(DARK, order)[-1]
    assert isinstance(last, Passed)
    assert last.order.id == order.order.order_id


def test_an_order_of_one_slice_trades_whole_or_goes_on_whole() -> None:
    outcomes: Counter[str] = Counter()
    for _ in range(50):
        order = command("Buy", 700, "161.90")
        [event] = executed(DARK, order)
        outcomes[type(event).__name__] += 1
        assert isinstance(event, Traded | Passed)
        assert event.quantity == 700
    assert outcomes.keys() == {"Traded", "Passed"}


@pytest.mark.parametrize("pool", PoolType)
def test_a_command_that_comes_again_meets_the_same_chance_and_another_command_another(pool: PoolType) -> None:
    def met(each: NewOrder) -> list[tuple[str, str, int]]:
        return [(one.maker.id, one.maker.venue, one.quantity) for one in trades(pool, each)]

    order, other = command("Buy", 30_000, "161.90"), command("Buy", 30_000, "161.90")
    assert met(order) == met(order)
    assert [venue for _, venue, _ in met(order)] != [venue for _, venue, _ in met(other)]
    assert not {its_id for its_id, _, _ in met(order)} & {its_id for its_id, _, _ in met(other)}


@pytest.mark.parametrize(
    ("direction", "price", "protection", "quote", "at"),
    [
        ("Buy", "161.90", "161.90", None, "161.90"),
        ("Buy", "170.00", "170.00", QUOTE, "170.00"),  # at its limit, whatever the quote
        ("Buy", None, "170.00", QUOTE, "161.90"),
        ("Sell", None, "150.00", QUOTE, "161.88"),
        ("Buy", None, "161.89", QUOTE, "161.89"),
        ("Sell", None, "161.89", QUOTE, "161.89"),
        ("Buy", None, "170.00", None, "170.00"),
    ],
)
def test_a_limit_order_trades_at_its_limit_and_a_market_order_at_the_quote_within_its_protection(
    direction: str, price: str | None, protection: str, quote: Quote | None, at: str
) -> None:
    order = command(direction, 10, price, protection_price=protection)
    [traded] = trades(LIT, order, quote)
    assert traded.price == int(Decimal(at) * 200)


def test_what_changes_an_order_goes_on_from_the_dark_pools_and_comes_too_late_in_the_lit_ones() -> None:
    order = command("Buy", 10, "161.90")
    asked: list[Order] = []

    def came(each: Order) -> bool:
        asked.append(each)
        return True

    for change in (cancel(order), replacement(order, 5, "161.90")):
        assert executed(DARK, change, arrived=came) == [Forwarded(order.order.order_id)]
        assert executed(LIT, change, arrived=came) == [Rejected(order.order.order_id, "too-late")]
        assert asked == [change.order] * 2
        asked.clear()
    for pool in PoolType:
        assert executed(pool, cancel(order)) == [Overtaken(order.order.order_id)]
        assert executed(pool, replacement(order, 5, "161.90")) == [Rejected(order.order.order_id, "unknown-order")]
    assert executed(LIT, cancel(order, forwarded=True)) == [Rejected(order.order.order_id, "too-late")]


def test_a_mass_cancel_goes_on_from_the_dark_pools_under_its_request() -> None:
    asked = cancel_all()
    suspended = Halted(asked.customer_id, asked.time)
    assert executed(DARK, asked) == [suspended, Forwarded(asked.request_id)]
    assert executed(LIT, asked) == [suspended]


@pytest.mark.parametrize("pool", PoolType)
@pytest.mark.parametrize(
    "asked",
    [cancel(command("Buy", 10, "161.90")), cancel_all(), cancel_all(trades_on=True), expire("2026-11-22")],
    ids=["cancel", "suspension", "mass cancel", "close"],
)
def test_a_cold_pool_remembers_from_its_journal_what_a_warm_one_remembers(pool: PoolType, asked: Command) -> None:
    warm, cold = SimulatedPool(pool), SimulatedPool(pool)
    cold.fold(warm.journaled(warm.execute(asked, Conditions(SIMULATED, QUOTE), never)))
    assert cold.early_ends.snapshot() == warm.early_ends.snapshot() != SimulatedPool(pool).early_ends.snapshot()


@pytest.mark.parametrize("pool", PoolType)
@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"time_in_force": "OPG"}, "no-auction"),
        ({"type": "Stop", "stop_price": "161.91"}, "unsupported-order-characteristic"),
        ({"peg": Peg.PRIMARY}, "unsupported-order-characteristic"),
        ({"post_only": True}, "would-trade"),
    ],
)
def test_an_order_that_needs_a_book_is_rejected_with_the_reason(
    pool: PoolType, terms: dict[str, Any], reason: str
) -> None:
    order = command("Buy", 10, "161.90", **terms)
    assert executed(pool, order) == [Rejected(order.order.order_id, reason)]


@pytest.mark.parametrize("terms", [{"time_in_force": "FOK"}, {"time_in_force": "IOC", "minimum_quantity": 2500}])
def test_an_order_that_gets_exactly_what_it_asks_for_at_least_trades(terms: dict[str, Any]) -> None:
    assert sum(each.quantity for each in trades(LIT, command("Buy", 2500, "161.90", **terms))) == 2500


@pytest.mark.parametrize(("time_in_force", "reason"), [("IOC", "immediate-or-cancel"), ("Day", "nothing-rests")])
def test_what_the_dark_pools_leave_of_an_order_for_them_alone_is_canceled(time_in_force: str, reason: str) -> None:
    order = command("Buy", 30_000, "161.90", pool_only=True, time_in_force=time_in_force)
    *traded, canceled = executed(DARK, order)
    assert isinstance(canceled, Canceled)
    left = 30_000 - sum(each.quantity for each in traded if isinstance(each, Traded))
    assert (canceled.order.id, canceled.quantity, canceled.leaves) == (order.order.order_id, left, 0)
    assert canceled.reason == reason
