"""What trades cost, and how what happened is told: bookings by customer, none too large, then what goes on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.matching import command
from tests.support.samples import MARKET, SIMULATED
from trading.domain import simulated
from trading.domain.commands import NewOrder, commands_from, lit_id
from trading.domain.events import reports_from
from trading.domain.executions import MAX_BOOKED_EXECUTIONS, MAX_BOOKED_ORDERS, Execution, OrderReport
from trading.domain.ids import sequenced
from trading.domain.market import Market, Venue
from trading.domain.matching import bookings, fees_of, messages_of
from trading.domain.orders import PoolType
from trading.domain.pools import Passed, house_order, working_order
from trading.domain.reporting import Reporter
from trading.domain.times import milliseconds
from trading.domain.working import Traded

TIME = "2026-11-22T14:30:00.123Z"
IEX = Venue("IEX", Decimal("0.10"), Decimal("0.10"), Decimal("0.0010"), Decimal("0.0030"), Decimal("2.00"), None)


def traded(quantity: int, venue: str = "IEX") -> Traded:
    maker = house_order("a quote", buys=False, quantity=quantity, price=32_380, venue=venue)
    return Traded(maker, working_order(command("Buy", quantity, "161.90")), quantity, 32_380, 0, 0)


def listing(market: Market) -> Market:
    """The market with IEX alone among the lit pools."""
    return replace(market, venues={**market.venues, PoolType.LIT: {"IEX": IEX}})


@pytest.mark.parametrize(
    ("quantity", "rested", "fee"),
    [(100, True, "0.10"), (100, False, "0.30"), (99, True, "0.09"), (1000, False, "2.00"), (2000, True, "2.00")],
)
def test_in_a_book_a_trade_costs_the_makers_or_the_takers_rate_in_whole_cents_up_to_the_cap(
    quantity: int, rested: bool, fee: str
) -> None:
    assert str(fees_of(PoolType.LIT, listing(MARKET))(traded(quantity), rested)) == fee


def test_where_chance_decides_a_trade_costs_what_is_drawn() -> None:
    for rested in (True, False):
        assert fees_of(PoolType.LIT, listing(SIMULATED))(traded(100), rested) == Decimal("0.10")
    assert simulated.fee(traded(100), IEX) == Decimal("0.10")


def test_a_venue_that_is_not_listed_any_more_takes_nothing() -> None:
    for market in (MARKET, SIMULATED):
        assert str(fees_of(PoolType.LIT, listing(market))(traded(100, "closed"), False)) == "0.00"


def report(customer: str = "000001", executions: int = 1) -> OrderReport:
    order = command("Buy", 1000, "161.90", customer).order
    return OrderReport(
        order, (Execution(1, Decimal("161.90"), "IEX", Decimal(0)),) * executions, Decimal("161.90") * executions
    )


def sizes(*reports: OrderReport) -> list[int]:
    return [len(each.orders) for each in bookings("an entry", 7, PoolType.LIT, reports, TIME)]


def test_a_booking_is_full_with_its_most_orders_or_its_most_executions() -> None:
    assert sizes(*(report() for _ in range(2 * MAX_BOOKED_ORDERS + 1))) == [MAX_BOOKED_ORDERS, MAX_BOOKED_ORDERS, 1]
    assert sizes(report(executions=MAX_BOOKED_EXECUTIONS - 1), report(), report()) == [2, 1]
    assert sizes(report(executions=100), report(executions=100), report(executions=51)) == [2, 1]
    assert sizes() == []


def test_no_order_is_in_a_booking_twice() -> None:
    one, other = report(), report()
    assert sizes(one, other, one, other) == [2, 2]


@pytest.mark.parametrize("pool", PoolType)
def test_bookings_are_by_customer_and_numbered_within_their_entry(pool: PoolType) -> None:
    one, two, again = report("000001"), report("000002"), report("000001")
    first, second = bookings("an entry", 7, pool, [one, two, again], TIME)
    assert (first.orders, second.orders) == ((one, again), (two,))
    assert (first.customer_id, second.customer_id) == ("000001", "000002")
    assert [(each.ticker, each.pool, each.time) for each in (first, second)] == [("COIN", pool, TIME)] * 2
    lit = pool is PoolType.LIT
    assert [each.booking_id for each in (first, second)] == [
        sequenced("an entry", milliseconds(TIME), lit, 7, number) for number in (0, 1)
    ]


def test_reports_are_published_before_what_goes_on_to_the_lit_pools() -> None:
    reporter, crossed, on = (
        Reporter(fees_of(PoolType.DARK, MARKET)),
        command("Buy", 50, "161.90"),
        command("Buy", 9, "1.00"),
    )
    taker = working_order(crossed)
    maker = house_order("hidden", buys=False, quantity=50, price=32_380, venue="IEX")
    reporter.add(crossed, [Traded(maker, taker, 50, 32_380, 0, 0)])
    reporter.add(on, [Passed(working_order(on), 9)])
    told, rest = messages_of("an entry", 7, PoolType.DARK, reporter, TIME)
    reports = reports_from(told.body)
    assert [reports] == list(bookings("an entry", 7, PoolType.DARK, reporter.reports(), TIME))
    assert commands_from(rest.body, PoolType.LIT) == [
        NewOrder(lit_id(on.command_id), on.order, 9, not_matched_in_dark_pool=True)
    ]
    assert rest.attributes == {"poolType": "Lit"}
    again, other = (messages_of(entry, 7, PoolType.DARK, reporter, TIME)[-1] for entry in ("an entry", "another"))
    assert (again.id, other.id != rest.id) == (rest.id, True)
