"""A day that is over, and how to have its stores say something else."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from tests.support.reconciled_day import (
    DATE,
    PK,
    gone,
    only,
    other,
    rearchived,
    reconciled,
    said,
    trade,
)
from tests.support.world import World
from trading.aws.store.archived_bookings import ArchivedBooking

AT = "2026-11-22T14:30:00.123Z"


class Day:
    """The day of `reconciled_day.trade`, whose ids have names."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids = trade(world)
        world.clock.advance(days=1)

    def breaks(self) -> list[str]:
        return said(reconciled(self.world).breaks, self.ids)

    def customer(self, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, only(self.world, PK, "CUST#"), **fields)

    def order(self, name: str, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, self.item("ORDER#", name), **fields)

    def booking(self, name: str, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, self.item("TRADE#", name), **fields)

    def position(self, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, only(self.world, PK, "POSITION#COIN"), **fields)

    def without(self, kind: str, name: str) -> AbstractContextManager[None]:
        return gone(self.world, self.item(kind, name))

    def without_entry(self, **fields: Any) -> AbstractContextManager[None]:
        return gone(self.world, only(self.world, PK, "ENTRY#", **fields))

    def item(self, kind: str, name: str) -> dict[str, Any]:
        """The order, or its last booking."""
        its_id, booking = self.ids[name], self.ids.get(f"{name} booking")
        keys = {"ORDER#": its_id, "TRADE#": f"{DATE}#{booking}", "REPORT#": f"{DATE}#{booking}"}
        return only(self.world, PK, kind + keys[kind])

    def ticker_day(self) -> dict[str, Any]:
        return next(item for item in self.world.items(pk="TICKER#COIN") if item["SK"] == DATE)

    def archived(self, name: str, *lines: str) -> AbstractContextManager[None]:
        """The archive has these trades of the booking, none of it if there are none."""

        def change(each: ArchivedBooking) -> ArchivedBooking | None:
            if each.booking_id != self.ids[name]:
                return each
            return replace(each, lines=lines) if lines else None

        return rearchived(self.world, change)

    def journal_entry(self) -> dict[str, Any]:
        """The one that took the resting order in."""
        return self.world.items("OrderBooks", pk="lit#COIN")[3]
