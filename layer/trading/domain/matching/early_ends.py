"""What ends orders that have not come to a pool yet: their own cancels, mass cancels of their customers', and the close
of their session.

A request may overtake an order that was accepted before it: the router reads several records of a shard at once, and
Lambda keeps the order of those of one item alone. An order may also be late, as when it was dead-lettered and comes
again after midnight: its session is over, and it ends instead of resting in the next one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from trading.domain.matching.pool import Closed, Event, Halted, MassCanceled, Overtaken, customer_order, is_over
from trading.domain.matching.working_order import Canceled
from trading.domain.messages.commands import ExpireOrders, MassCancel, NewOrder


class EarlyEnds:
    """The orders that were canceled before they came, until when all of a customer's orders are, as it was suspended or
    asked for it, and when a session was closed last.
    """

    def __init__(self) -> None:
        self.overtaken: set[str] = set()
        self.suspended: dict[str, str] = {}
        self.canceled: dict[str, str] = {}
        self.closed = ""

    def end(self, command: NewOrder) -> Canceled | None:
        """The end of an order that comes now, if it was canceled before or its session is over. The end by its own
        cancel also answers that.
        """
        order = command.order
        if order.order_id in self.overtaken:
            reason = "requested"
        elif order.order_date <= self.suspended.get(order.customer_id, ""):
            reason = "halted"
        elif order.order_date <= self.canceled.get(order.customer_id, ""):
            reason = "mass-cancel"
        elif is_over(order, self.closed):
            reason = "expired"
        else:
            return None
        working = customer_order(command)
        working.leaves = 0
        event = Canceled(working, command.quantity, 0, reason)
        self.happened(event)
        return event

    def suspend(self, command: MassCancel) -> Iterator[Halted | MassCanceled]:
        """What is remembered of a mass cancel; nothing if that is known."""
        known, kind = (self.canceled, MassCanceled) if command.trades_on else (self.suspended, Halted)
        if command.time > known.get(command.customer_id, ""):
            event = kind(command.customer_id, command.time)
            self.happened(event)
            yield event

    def close(self, command: ExpireOrders) -> Iterator[Closed]:
        """What is remembered of the close of a session; nothing if a later one is known."""
        if command.time > self.closed:
            event = Closed(command.time)
            self.happened(event)
            yield event

    def happened(self, event: Event) -> None:
        """Keeps what an event says of orders that have not come."""
        match event:
            case Overtaken(order_id):
                self.overtaken.add(order_id)
            case Halted(customer_id, time):
                self.suspended[customer_id] = time
            case MassCanceled(customer_id, time):
                self.canceled[customer_id] = time
            case Closed(time):
                self.closed = time
            case Canceled(order):
                self.overtaken.discard(order.id)

    def snapshot(self) -> dict[str, Any]:
        """All of it in values that JSON has."""
        return {
            "overtaken": sorted(self.overtaken),
            "halted": self.suspended,
            "canceled": self.canceled,
            "closed": self.closed,
        }

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        early_ends = cls()
        early_ends.overtaken, early_ends.suspended = set(snapshot["overtaken"]), dict(snapshot["halted"])
        early_ends.canceled = dict(snapshot.get("canceled", {}))
        early_ends.closed = snapshot.get("closed", "")
        return early_ends
