"""What bookings add up to."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support import samples
from trading.domain.errors import Unprocessable
from trading.domain.executions import OrderReport
from trading.domain.messages.events import reports_from
from trading.domain.messages.market import prints_in
from trading.domain.orders import PoolType
from trading.domain.statistics import (
    Range,
    Statistics,
    TradeTally,
    average_price,
    booked_trades,
    printed_trades,
    statistics_of,
)

[MESSAGE] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
BOOKING = reports_from(MESSAGE.body)


def test_statistics_are_the_sums_over_all_executions() -> None:
    cheaper = replace(BOOKING, booking_id="other", pool=PoolType.DARK, orders=(at("150.00"),))
    statistics = statistics_of(booked_trades([BOOKING, cheaper]))
    notional = 8614 * Decimal("161.90") + 8614 * 150
    assert statistics.total == TradeTally(18, 2 * 8614, notional)
    assert statistics.range == Range(Decimal("161.90"), Decimal("150.00"))
    assert statistics.by_pool == {
        "LitPool": TradeTally(9, 8614, 8614 * Decimal("161.90")),
        "DarkPool": TradeTally(9, 8614, Decimal(8614 * 150)),
    }
    assert sum((each for each in statistics.by_exchange.values()), TradeTally()) == statistics.total


def test_trades_of_one_exchange_and_pool_type_add_up() -> None:
    once = statistics_of(booked_trades([BOOKING]))
    assert statistics_of(booked_trades([BOOKING, replace(BOOKING, booking_id="another")])) == once + once


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


def test_a_day_has_every_sum_under_its_name() -> None:
    statistics = Statistics(
        TradeTally(3, 30, Decimal("300.00")),
        Range(Decimal(12), Decimal(8)),
        {"IEX": TradeTally(1, 10, Decimal("80.00"))},
        {"LitPool": TradeTally(2, 20, Decimal("220.00"))},
    )
    assert statistics.sums == {
        "total:trades": 3,
        "total:quantity": 30,
        "total:notional": Decimal("300.00"),
        "exchange:IEX:trades": 1,
        "exchange:IEX:quantity": 10,
        "exchange:IEX:notional": Decimal("80.00"),
        "pool:LitPool:trades": 2,
        "pool:LitPool:quantity": 20,
        "pool:LitPool:notional": Decimal("220.00"),
    }


def test_statistics_add_up_by_exchange_and_by_pool() -> None:
    one, two, three = (TradeTally(number, 10 * number, Decimal(100 * number)) for number in (1, 2, 3))
    high, low = Range(Decimal(5), Decimal(4)), Range(Decimal(3), Decimal(2))
    left = Statistics(one, high, {"IEX": one}, {"LitPool": one})
    right = Statistics(two, low, {"IEX": two, "NYSE": three}, {"DarkPool": two})
    assert left + right == Statistics(
        three, Range(Decimal(5), Decimal(2)), {"IEX": three, "NYSE": three}, {"LitPool": one, "DarkPool": two}
    )


def test_a_trade_counts_once_whoever_it_was_between() -> None:
    [each] = BOOKING.orders
    counted, *others = each.executions
    booking = replace(
        BOOKING, orders=(replace(each, executions=(counted, *(replace(x, counted=False) for x in others))),)
    )
    assert statistics_of(booked_trades([booking])).total == TradeTally(1, counted.quantity, counted.turnover)


def test_the_tape_and_the_bookings_of_the_same_trades_add_up_to_the_same() -> None:
    messages = samples.published(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
    assert statistics_of(printed_trades(prints_in(messages))) == statistics_of(booked_trades([BOOKING]))
