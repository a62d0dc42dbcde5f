"""A ticker's day: what its trades add up to, overall, by exchange and by pool type."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from trading.domain import money
from trading.domain.executions import ExecutionReports
from trading.domain.orders import PoolType
from trading.domain.tape import Prints


class Trade(Protocol):
    """A trade as the tape or a booking has it."""

    @property
    def quantity(self) -> int: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def venue(self) -> str: ...
    @property
    def turnover(self) -> Decimal: ...


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
    """What a set of trades adds to a ticker's day. Sets can be added in any order: quantities add up, price ranges
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


def printed_trades(tape: Iterable[Prints]) -> Iterator[tuple[PoolType, Trade]]:
    """The trades of the tape, each with its pool type."""
    return ((prints.pool, each) for prints in tape for each in prints.prints)


def booked_trades(bookings: Iterable[ExecutionReports]) -> Iterator[tuple[PoolType, Trade]]:
    """The trades of bookings, each once, whoever it was between: what `printed_trades` gives of the same trades."""
    return (
        (booking.pool, each)
        for booking in bookings
        for order in booking.orders
        for each in order.executions
        if each.counted
    )


def statistics_of(trades: Iterable[tuple[PoolType, Trade]]) -> Statistics:
    """The statistics of trades, at least one, in one ticker and day, each with its pool type."""
    sums: dict[tuple[str, PoolType], tuple[int, int, Decimal]] = {}
    prices: list[Decimal] = []
    for pool_type, trade in trades:
        number, quantity, notional = sums.get((trade.venue, pool_type), (0, 0, money.ZERO))
        sums[trade.venue, pool_type] = number + 1, quantity + trade.quantity, notional + trade.turnover
        prices.append(trade.price)
    total = TradeTally()
    by_exchange: dict[str, TradeTally] = {}
    by_pool: dict[str, TradeTally] = {}
    for (venue, pool_type), amounts in sums.items():
        tally, pool = TradeTally(*amounts), f"{pool_type}Pool"
        total += tally
        by_exchange[venue] = by_exchange.get(venue, TradeTally()) + tally
        by_pool[pool] = by_pool.get(pool, TradeTally()) + tally
    return Statistics(total, Range(max(prices), min(prices)), by_exchange, by_pool)


def average_price(turnover: Decimal, quantity: int) -> Decimal:
    """Volume-weighted average price, USD a share, to a hundredth of a cent (FIX 6, AvgPx). The turnover is exact, so
    the average is never outside the range of the prices.
    """
    return money.average(turnover, quantity)
