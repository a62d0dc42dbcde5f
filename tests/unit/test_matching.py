"""How what happened is told: bookings by customer, then what goes on."""

from decimal import Decimal

import pytest

from tests.support.matching import command
from tests.support.samples import MARKET
from trading.domain.executions import Execution, OrderReport
from trading.domain.ids import sequenced
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.models import bookings, messages_of
from trading.domain.matching.pool import Passed, customer_order, house_order
from trading.domain.matching.working_order import Traded
from trading.domain.messages.command_messages import commands_from
from trading.domain.messages.commands import NewOrder, lit_id
from trading.domain.messages.events import reports_from
from trading.domain.orders import PoolType
from trading.domain.times import milliseconds

TIME = "2026-11-22T14:30:00.123Z"


def report(customer: str = "000001", executions: int = 1) -> OrderReport:
    order = command("Buy", 1000, "161.90", customer).order
    return OrderReport(
        order, (Execution(1, Decimal("161.90"), "IEX", Decimal(0)),) * executions, Decimal("161.90") * executions
    )


@pytest.mark.parametrize("pool", PoolType)
def test_bookings_are_numbered_within_their_entry(pool: PoolType) -> None:
    one, two, again = report("000001"), report("000002"), report("000001")
    first, second = bookings("an entry", 7, pool, [(one, again), (two,)], TIME)
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
    taker = customer_order(crossed)
    maker = house_order("hidden", buys=False, quantity=50, price=32_380, venue="IEX")
    reporter.add(crossed, [Traded(maker, taker, 50, 32_380, 0, 0)])
    reporter.add(on, [Passed(customer_order(on), 9)])
    told, rest = messages_of("an entry", 7, PoolType.DARK, reporter, TIME)
    reports = reports_from(told.body)
    assert [reports] == list(bookings("an entry", 7, PoolType.DARK, reporter.reports(), TIME))
    assert commands_from(rest.body, PoolType.LIT) == [
        NewOrder(lit_id(on.command_id), on.order, 9, not_matched_in_dark_pool=True)
    ]
    assert rest.attributes == {"poolType": "Lit"}
    again, other = (messages_of(entry, 7, PoolType.DARK, reporter, TIME)[-1] for entry in ("an entry", "another"))
    assert (again.id, other.id != rest.id) == (rest.id, True)
