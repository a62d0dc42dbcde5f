"""A ticker's day: what its trades add up to, overall, by exchange and by pool type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.executions import ExecutionReports


@dataclass(frozen=True, slots=True)
class TradeTally:
    """Trades, shares and USD, exact: the sum of price times quantity."""

    trades: int = 0
    quantity: int = 0
    notional: Decimal = money.ZERO

    def __add__(self, other: "TradeTally") -> "TradeTally":
        return TradeTally(self.trades + other.trades, self.quantity + other.quantity, self.notional + other.notional)


@dataclass(frozen=True, slots=True)
class Range:
    """The highest and the lowest price, USD a share."""

    high: Decimal
    low: Decimal

    def including(self, other: "Range | None") -> "Range":
        return self if other is None else Range(max(self.high, other.high), min(self.low, other.low))


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a set of bookings adds to a ticker's day. Sets can be added in any order: quantities add up, price ranges
    are joined.
    """

    total: TradeTally
    range: Range
    by_exchange: Mapping[str, TradeTally]
    by_pool: Mapping[str, TradeTally]

    @property
    def sums(self) -> dict[str, Any]:
        """All sums, by their names in a ticker's day: `total:trades`, `exchange:IEX:notional`."""
        tallies = {"total": self.total}
        tallies |= {f"exchange:{name}": tally for name, tally in self.by_exchange.items()}
        tallies |= {f"pool:{name}": tally for name, tally in self.by_pool.items()}
        return {
            f"{name}:{field}": getattr(tally, field)
            for name, tally in tallies.items()
            for field in TradeTally.__slots__
        }

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            self.total + other.total,
            self.range.including(other.range),
            _together(self.by_exchange, other.by_exchange),
            _together(self.by_pool, other.by_pool),
        )


def _together(one: Mapping[str, TradeTally], other: Mapping[str, TradeTally]) -> dict[str, TradeTally]:
    return {name: one.get(name, TradeTally()) + other.get(name, TradeTally()) for name in {**one, **other}}


def statistics_of(bookings: Iterable[ExecutionReports]) -> Statistics:
    """The statistics of bookings in one ticker and day, at least one of them `counted`: each trade once, whoever it was
    between.
    """
    total = TradeTally()
    by_exchange: dict[str, TradeTally] = {}
    by_pool: dict[str, TradeTally] = {}
    prices: list[Decimal] = []
    for booking in bookings:
        pool = f"{booking.pool}Pool"
        for order in booking.orders:
            for execution in (each for each in order.executions if each.counted):
                tally = TradeTally(1, execution.quantity, execution.turnover)
                total += tally
                by_exchange[execution.venue] = by_exchange.get(execution.venue, TradeTally()) + tally
                by_pool[pool] = by_pool.get(pool, TradeTally()) + tally
                prices.append(execution.price)
    return Statistics(total, Range(max(prices), min(prices)), by_exchange, by_pool)


def average_price(turnover: Decimal, quantity: int) -> Decimal:
    """Volume-weighted average price, USD a share, to a hundredth of a cent (FIX 6, AvgPx). The turnover is exact, so
    the average is never outside the range of the prices.
    """
    return (turnover / quantity).quantize(Decimal("0.0001"))
