"""Ends orders that come to a pool too late: after their own cancel, a mass cancel of their customer, or the close of
their session. It also knows when a session was last opened and closed, so that a late command changes neither.

A request may overtake an order that was accepted before it: the router reads several records of a shard at once, and
Lambda keeps only records of the same item in order. An order may also be late because it was dead-lettered. If it comes
again after midnight, its session is over, and it ends instead of resting in the next one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from trading.domain.matching.pool import Closed, Event, Halted, MassCanceled, Overtaken, customer_order, is_over
from trading.domain.matching.working_order import Canceled, Opened
from trading.domain.messages.commands import MassCancel, NewOrder


class EarlyEnds:
    """What a pool remembers about orders still to come: the ids of those that were canceled; for each customer, when it
    was suspended and when it last asked for a mass cancel; and when a session was last closed, and opened.
    """

    def __init__(self) -> None:
        self.overtaken: set[str] = set()
        self.suspended: dict[str, str] = {}
        self.canceled: dict[str, str] = {}
        self.closed = ""
        self.opened = ""

    def end(self, command: NewOrder) -> Canceled | None:
        """Ends an incoming order that was canceled before it came, or whose session is over; None for any other. If its
        own cancel ended it, this also answers that cancel.
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

    def mass_cancel(self, command: MassCancel) -> Iterator[Halted | MassCanceled]:
        """Remembers a mass cancel; gives no event if this or a later one is known."""
        known, kind = (self.canceled, MassCanceled) if command.trades_on else (self.suspended, Halted)
        if command.time > known.get(command.customer_id, ""):
            event = kind(command.customer_id, command.time)
            self.happened(event)
            yield event

    def close(self, time: str) -> Iterator[Closed]:
        """Remembers the close of a session; gives no event if this or a later one is known."""
        if time > self.closed:
            event = Closed(time)
            self.happened(event)
            yield event

    def happened(self, event: Event) -> None:
        """Remembers what an event means for orders that have not come yet."""
        match event:
            case Overtaken(order_id):
                self.overtaken.add(order_id)
            case Halted(customer_id, time):
                self.suspended[customer_id] = time
            case MassCanceled(customer_id, time):
                self.canceled[customer_id] = time
            case Closed(time):
                self.closed = time
            case Opened(time):
                self.opened = time
            case Canceled(order):
                self.overtaken.discard(order.id)

    def snapshot(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "overtaken": sorted(self.overtaken),
            "halted": self.suspended,
            "canceled": self.canceled,
            "closed": self.closed,
            "opened": self.opened,
        }

    @classmethod
    def restored(cls, snapshot: Mapping[str, Any]) -> Self:
        early_ends = cls()
        early_ends.overtaken, early_ends.suspended = set(snapshot["overtaken"]), dict(snapshot["halted"])
        early_ends.canceled = dict(snapshot.get("canceled", {}))
        early_ends.closed = snapshot.get("closed", "")
        early_ends.opened = snapshot.get("opened", "")
        return early_ends
