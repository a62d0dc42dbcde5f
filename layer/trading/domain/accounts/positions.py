"""What a position has cost and earned, by average cost. It holds for partial sales, and for trades that turn a long
position into a short one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.accounts.ledger import Shares
from trading.domain.executions import Due, ExecutionReports
from trading.domain.orders import Side
from trading.domain.quotes import Quote


@dataclass(frozen=True, slots=True)
class Holding:
    """A position after all its trades and transfers.

    `quantity` is negative if the position is short. `cost` is what the open shares were bought for, USD; for a short
    position it is negative, and is what they were sold for. `realised` is the profit on closed shares, USD, before
    fees. Always, `cost - realised` is purchases less sales.
    """

    quantity: int = 0
    cost: Decimal = money.ZERO
    realised: Decimal = money.ZERO

    def after(self, side: Side, quantity: int, notional: Decimal) -> "Holding":
        """The position after a trade of `quantity` shares that was worth `notional`, USD.

        The shares that the trade closes take their part of the cost with them, rounded half to even to the cent; the
        last share takes the rest. A trade through zero closes the position and opens one in the other direction with
        the rest of the notional.
        """
        sign = 1 if side is Side.BUY else -1
        closing = min(quantity, abs(self.quantity)) if self.quantity * sign < 0 else 0
        closing_notional = money.part(notional, closing, quantity)
        closed_cost = money.part(self.cost, closing, abs(self.quantity)) if closing else money.ZERO
        return Holding(
            quantity=self.quantity + sign * quantity,
            cost=self.cost - closed_cost + sign * (notional - closing_notional),
            realised=self.realised - sign * closing_notional - closed_cost,
        )

    def booked(self, reports: ExecutionReports) -> "Holding":
        """The position after a booking's trades, in their order."""
        holding = self
        for each, _, execution in reports.in_turn():
            holding = holding.after(each.order.side, execution.quantity, execution.notional)
        return holding

    def transferred(self, quantity: int, cost: Decimal) -> "Holding":
        """The position after shares were transferred. For shares that come in, `cost` is what they had cost elsewhere,
        USD. For shares that go out both are below zero, `cost` is their part of the cost, and nothing is realised.
        """
        if quantity < 0:
            return replace(self, quantity=self.quantity + quantity, cost=self.cost + cost)
        return self.after(Side.BUY, quantity, cost)

    @property
    def shorted(self) -> Decimal:
        """What the open short shares were sold for, USD: the house needs it to buy them back. Zero for a long position,
        whose cost is never below zero.
        """
        return max(-self.cost, money.ZERO)

    @property
    def average_cost(self) -> Decimal:
        """The average price of an open share, USD, to four decimals; positive for a short position, too. Zero if
        nothing is open. It is computed from amounts in whole cents, so it may differ slightly from the traded prices.
        """
        return money.average(self.cost, self.quantity) if self.quantity else money.ZERO

    def worth(self, quote: Quote) -> Decimal:
        """What closing the position at the quote would bring, USD; negative if it would cost money."""
        side = Side.SELL if self.quantity > 0 else Side.BUY
        return money.notional(quote.reference(side), self.quantity)


def withdrawable(shares: Shares) -> int:
    """How many shares can be withdrawn: those that can be sold, less those that wait for delivery. What is sold and not
    delivered yet reduces the shares that wait.
    """
    undelivered = shares.available + shares.reserved - shares.settled
    return max(shares.available - max(undelivered, 0), 0)


@dataclass(frozen=True, slots=True)
class PositionState:
    """A position: its shares, their cost and profit, the fees of its trades, USD, how often it was changed
    (`sequence`), and what is due, by value date.
    """

    shares: Shares = field(default_factory=Shares)
    holding: Holding = field(default_factory=Holding)
    fees: Decimal = money.ZERO
    sequence: int = 0
    due: Mapping[str, Due] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        shown = {name: getattr(self.shares, name) for name in Shares.__slots__}
        shown |= {name: getattr(self.holding, name) for name in Holding.__slots__}
        shown |= {"fees": self.fees, "sequence": self.sequence}
        for date, due in self.due.items():
            shown |= {f"due {date} cash": due.cash, f"due {date} shares": due.shares}
        return shown
