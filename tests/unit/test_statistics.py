"""What bookings add up to."""

from dataclasses import replace
from decimal import Decimal

from tests.support import samples
from trading.domain.events import reports_from
from trading.domain.executions import OrderReport
from trading.domain.orders import PoolType
from trading.domain.statistics import Range, Tally, average_price, statistics_of

[MESSAGE] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
BOOKING = reports_from(MESSAGE.body)


def test_statistics_are_the_sums_over_all_executions() -> None:
    cheaper = replace(BOOKING, booking_id="other", pool=PoolType.DARK, orders=(at("150.00"),))
    statistics = statistics_of([BOOKING, cheaper])
    notional = 8614 * Decimal("161.90") + 8614 * 150
    assert statistics.total == Tally(18, 2 * 8614, notional)
    assert statistics.range == Range(Decimal("161.90"), Decimal("150.00"))
    assert statistics.by_pool == {
        "LitPool": Tally(9, 8614, 8614 * Decimal("161.90")),
        "DarkPool": Tally(9, 8614, Decimal(8614 * 150)),
    }
    assert sum((each for each in statistics.by_exchange.values()), Tally()) == statistics.total


def at(price: str) -> OrderReport:
    [each] = BOOKING.orders
    executions = tuple(replace(execution, price=Decimal(price)) for execution in each.executions)
    return replace(each, executions=executions)


def test_a_range_includes_the_other() -> None:
    one, other = Range(Decimal(5), Decimal(3)), Range(Decimal(4), Decimal(1))
    assert one.including(other) == other.including(one) == Range(Decimal(5), Decimal(1))
    assert one.including(None) == one


def test_an_average_price_is_shown_to_a_hundredth_of_a_cent() -> None:
    assert f"{average_price(Decimal('1000.01'), 3)}" == "333.3367"
