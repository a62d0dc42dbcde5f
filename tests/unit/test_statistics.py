"""What bookings add up to."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support import samples
from trading.domain.errors import Unprocessable
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


@pytest.mark.parametrize("unusual", [[None], ["false"], [1], [True, -1], [True, "1"], [True, False], [False, 1, 1]])
def test_what_says_neither_whether_an_execution_counts_nor_its_turn_is_refused(unusual: list[Any]) -> None:
    message = json.loads(MESSAGE.body)
    message["orders"][0]["executions"][0] += unusual
    with pytest.raises(Unprocessable, match="not a message of executionReports"):
        reports_from(json.dumps(message))


def test_a_range_includes_the_other() -> None:
    one, other = Range(Decimal(5), Decimal(3)), Range(Decimal(4), Decimal(1))
    assert one.including(other) == other.including(one) == Range(Decimal(5), Decimal(1))
    assert one.including(None) == one


def test_an_average_price_is_shown_to_a_hundredth_of_a_cent() -> None:
    assert f"{average_price(Decimal('1000.01'), 3)}" == "333.3367"
