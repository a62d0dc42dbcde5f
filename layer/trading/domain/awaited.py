"""What ends orders that have not come to a pool yet: their own cancels, and mass cancels of their customers'.

A request may overtake an order that was accepted before it: the router reads several records of a shard at once, and
Lambda keeps the order of those of one item alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from trading.domain.commands import CancelOrders, NewOrder
from trading.domain.pools import Event, Halted, Overtaken, working_order
from trading.domain.working import Canceled


class Awaited:
    """The orders that were canceled before they came, and until when a customer's orders are."""

    def __init__(self) -> None:
        self.overtaken: set[str] = set()
        self.halted: dict[str, str] = {}

    def end(self, command: NewOrder) -> Canceled | None:
        """The end of an order that comes now, if it was canceled before. That by its own cancel answers this."""
        order = command.order
        if order.order_id in self.overtaken:
            reason = "requested"
        elif order.order_date <= self.halted.get(order.customer_id, ""):
            reason = "halted"
        else:
            return None
        working = working_order(command)
        working.leaves = 0
        event = Canceled(working, command.quantity, 0, reason)
        self.happened(event)
        return event

    def halt(self, command: CancelOrders) -> Iterator[Halted]:
        """What is remembered of a mass cancel; nothing if that is known."""
        if command.time > self.halted.get(command.customer_id, ""):
            event = Halted(command.customer_id, command.time)
            self.happened(event)
            yield event

    def happened(self, event: Event) -> None:
        """Keeps what an event says of orders that have not come."""
        match event:
            case Overtaken(order_id):
                self.overtaken.add(order_id)
            case Halted(customer_id, time):
                self.halted[customer_id] = time
            case Canceled(order):
                self.overtaken.discard(order.id)

    def snapshot(self) -> dict[str, Any]:
        """All of it in values that JSON has."""
        return {"overtaken": sorted(self.overtaken), "halted": self.halted}

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        awaited = cls()
        awaited.overtaken, awaited.halted = set(snapshot["overtaken"]), dict(snapshot["halted"])
        return awaited
