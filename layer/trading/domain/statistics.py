"""A ticker's day: what its trades add up to, overall, by exchange and by pool type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.executions import ExecutionReports


@dataclass(frozen=True, slots=True)
class Tally:
    """Trades, shares and USD, exact: the sum of price times quantity."""

    trades: int = 0
    quantity: int = 0
    notional: Decimal = money.ZERO

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.trades + other.trades, self.quantity + other.quantity, self.notional + other.notional)


@dataclass(frozen=True, slots=True)
class Range:
    """The highest and the lowest price, USD a share."""

    high: Decimal
    low: Decimal

    def including(self, other: "Range | None") -> "Range":
        return self if other is None else Range(max(self.high, other.high), min(self.low, other.low))


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a set of bookings in one ticker and day adds to it. Sums commute; the range is their common one."""

    total: Tally
    range: Range
    by_exchange: Mapping[str, Tally]
    by_pool: Mapping[str, Tally]

    @property
    def sums(self) -> dict[str, Any]:
        """All that adds up, by the names that a day has them under: `total:trades`, `exchange:IEX:notional`."""
        tallies = {"total": self.total}
        tallies |= {f"exchange:{name}": tally for name, tally in self.by_exchange.items()}
        tallies |= {f"pool:{name}": tally for name, tally in self.by_pool.items()}
        return {
            f"{name}:{field}": getattr(tally, field) for name, tally in tallies.items() for field in Tally.__slots__
        }

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            self.total + other.total,
            self.range.including(other.range),
            _together(self.by_exchange, other.by_exchange),
            _together(self.by_pool, other.by_pool),
        )


def _together(one: Mapping[str, Tally], other: Mapping[str, Tally]) -> dict[str, Tally]:
    return {name: one.get(name, Tally()) + other.get(name, Tally()) for name in {**one, **other}}


def statistics_of(bookings: Iterable[ExecutionReports]) -> Statistics:
    """Of bookings of one ticker and day, at least one of them `counted`: each trade once, whoever it was between."""
    total = Tally()
    by_exchange: dict[str, Tally] = {}
    by_pool: dict[str, Tally] = {}
    prices: list[Decimal] = []
    for booking in bookings:
        pool = f"{booking.pool}Pool"
        for order in booking.orders:
            for execution in (each for each in order.executions if each.counted):
                tally = Tally(1, execution.quantity, execution.turnover)
                total += tally
                by_exchange[execution.venue] = by_exchange.get(execution.venue, Tally()) + tally
                by_pool[pool] = by_pool.get(pool, Tally()) + tally
                prices.append(execution.price)
    return Statistics(total, Range(max(prices), min(prices)), by_exchange, by_pool)


def average_price(turnover: Decimal, quantity: int) -> Decimal:
    """Volume-weighted average price, USD a share, to a hundredth of a cent (FIX 6, AvgPx): of an exact turnover it is
    never outside the range of the prices.
    """
    return (turnover / quantity).quantize(Decimal("0.0001"))
