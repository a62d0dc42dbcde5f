"""What a position has cost and what it has earned, by average cost: right across sells and through zero."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from trading.domain import money
from trading.domain.accounts.ledger import Shares
from trading.domain.executions import Due, ExecutionReports
from trading.domain.orders import Quote, Side


@dataclass(frozen=True, slots=True)
class Holding:
    """A position as its trades and transfers have made it, one after the other.

    `quantity` is below zero if the position is short. `cost` is what the open shares were bought for, USD, and for a
    short position, below zero, what they were sold for. `realised` is the profit on what was closed, USD, before fees.
    Always: `cost - realised` is what was bought less what was sold.
    """

    quantity: int = 0
    cost: Decimal = money.ZERO
    realised: Decimal = money.ZERO

    def after(self, side: Side, quantity: int, notional: Decimal) -> "Holding":
        """The position after a trade of so many shares that was worth `notional`, USD.

        What closes takes its part of the cost along, rounded half to even to the cent; the last share takes the rest.
        A trade through zero closes the position and opens one the other way, for its part of the notional.
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
        """The position after shares came in that had cost so much elsewhere, USD; or, where both are below zero, went
        out with their part of the cost: nothing is realised by that.
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
        """What was paid for a share, USD, above zero also for a short position; to four decimals. Zero where nothing is
        open. It follows from money, which is in cents, so it may be next to the prices that were traded at.
        """
        return (self.cost / self.quantity).quantize(Decimal("0.0001")) if self.quantity else money.ZERO

    def worth(self, quote: Quote) -> Decimal:
        """What closing the position at the quote would bring, USD; below zero what it would cost."""
        side = Side.SELL if self.quantity > 0 else Side.BUY
        return money.notional(quote.reference(side), self.quantity)


def withdrawable(shares: Shares) -> int:
    """How many shares can be taken out: those that can be sold, but for what is bought, less what is sold, and not
    delivered yet.
    """
    undelivered = shares.available + shares.reserved - shares.settled
    return max(shares.available - max(undelivered, 0), 0)


@dataclass(frozen=True, slots=True)
class State:
    """A position: its shares, what they cost and earned, the fees of its trades, USD, how often it was changed, and
    what is due, by value date.
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
