"""What ends orders that have not come to a pool yet: their own cancels, mass cancels of their customers', and the close
of their session.

A request may overtake an order that was accepted before it: the router reads several records of a shard at once, and
Lambda keeps the order of those of one item alone. An order may also be late, as when it was dead-lettered and comes
again after midnight: its session is over, and it ends instead of resting in the next one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from trading.domain.commands import CancelOrders, ExpireOrders, NewOrder
from trading.domain.pools import Closed, Event, Halted, MassCanceled, Overtaken, is_over, working_order
from trading.domain.working import Canceled


class Awaited:
    """The orders that were canceled before they came, until when all of a customer's orders are, as it was halted or
    asked for it, and when a session was closed last.
    """

    def __init__(self) -> None:
        self.overtaken: set[str] = set()
        self.halted: dict[str, str] = {}
        self.canceled: dict[str, str] = {}
        self.closed = ""

    def end(self, command: NewOrder) -> Canceled | None:
        """The end of an order that comes now, if it was canceled before or its session is over. The end by its own
        cancel also answers that.
        """
        order = command.order
        if order.order_id in self.overtaken:
            reason = "requested"
        elif order.order_date <= self.halted.get(order.customer_id, ""):
            reason = "halted"
        elif order.order_date <= self.canceled.get(order.customer_id, ""):
            reason = "mass-cancel"
        elif is_over(order, self.closed):
            reason = "expired"
        else:
            return None
        working = working_order(command)
        working.leaves = 0
        event = Canceled(working, command.quantity, 0, reason)
        self.happened(event)
        return event

    def halt(self, command: CancelOrders) -> Iterator[Halted | MassCanceled]:
        """What is remembered of a mass cancel; nothing if that is known."""
        known, kind = (self.canceled, MassCanceled) if command.trades_on else (self.halted, Halted)
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
                self.halted[customer_id] = time
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
            "halted": self.halted,
            "canceled": self.canceled,
            "closed": self.closed,
        }

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        awaited = cls()
        awaited.overtaken, awaited.halted = set(snapshot["overtaken"]), dict(snapshot["halted"])
        awaited.canceled = dict(snapshot.get("canceled", {}))
        awaited.closed = snapshot.get("closed", "")
        return awaited
