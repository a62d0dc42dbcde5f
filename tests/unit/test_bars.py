"""Bars: what was traded in a span of time, added up in whatever order it comes."""

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from trading.domain.bars import Bar, bars_of, latest, start_of, together
from trading.domain.orders import PoolType
from trading.domain.tape import Print, Prints


def traded(number: int, time: str, *prices: str) -> Prints:
    """What a message put on the tape, ten shares at each price. Its prints have numbers from 3 on."""
    prints = tuple(Print(each, 10, Decimal(price), "IEX") for each, price in enumerate(prices, 3))
    return Prints(f"message {number}", "COIN", PoolType.LIT, number, f"2026-11-22T{time}Z", prints)


@pytest.mark.parametrize(
    ("time", "minute", "five", "hour"),
    [
        ("14:30:00.000", "14:30", "14:30", "14:00"),
        ("14:34:59.999", "14:34", "14:30", "14:00"),
        ("14:35:00.000", "14:35", "14:35", "14:00"),
        ("00:00:00.000", "00:00", "00:00", "00:00"),
        ("23:59:59.999", "23:59", "23:55", "23:00"),
    ],
)
def test_a_bar_begins_with_the_minute_five_minutes_hour_or_day(time: str, minute: str, five: str, hour: str) -> None:
    begun = [start_of(timeframe, f"2026-11-22T{time}Z") for timeframe in ("1m", "5m", "1h", "1d")]
    assert begun == [f"2026-11-22T{each}" for each in (minute, five, hour, "00:00")]


FIRST = traded(1, "14:30:01.000", "10.00", "12.00")
SECOND = traded(2, "14:30:01.000", "9.00", "11.00")
THIRD = traded(3, "14:31:00.000", "8.00")


def told(bar: Bar) -> tuple[Any, ...]:
    prices = (bar.open, bar.high, bar.low, bar.close)
    return (*map(str, prices), bar.trades, bar.quantity, str(bar.notional))


def test_a_bar_has_its_first_highest_lowest_and_last_price() -> None:
    bars = bars_of([SECOND, THIRD, FIRST])
    assert {start: told(bar) for start, bar in bars["1m"].items()} == {
        "2026-11-22T14:30": ("10.00", "12.00", "9.00", "11.00", 4, 40, "420.00"),
        "2026-11-22T14:31": ("8.00", "8.00", "8.00", "8.00", 1, 10, "80.00"),
    }
    for timeframe, start in (("5m", "14:30"), ("1h", "14:00"), ("1d", "00:00")):
        assert {begun: told(bar) for begun, bar in bars[timeframe].items()} == {
            f"2026-11-22T{start}": ("10.00", "12.00", "8.00", "8.00", 5, 50, "500.00")
        }


@pytest.mark.parametrize("order", [*permutations([FIRST, SECOND, THIRD])])
def test_bars_are_the_same_in_whatever_order_messages_come_and_however_they_are_put_together(order: Any) -> None:
    alone = bars_of([])
    for each in order:
        alone = together(alone, bars_of([each]))
    assert alone == bars_of(order) == bars_of([FIRST, SECOND, THIRD])


def test_the_latest_bar_of_a_timeframe_is_the_one_that_began_last() -> None:
    bars = bars_of([FIRST, THIRD])
    assert {timeframe: list(found) for timeframe, found in latest(bars).items()} == {
        "1m": ["2026-11-22T14:31"],
        "5m": ["2026-11-22T14:30"],
        "1h": ["2026-11-22T14:00"],
        "1d": ["2026-11-22T00:00"],
    }
    assert latest(bars_of([])) == {}
