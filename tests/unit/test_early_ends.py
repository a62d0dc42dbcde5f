"""What ends orders that have not come to their pool yet, and what a snapshot keeps of it."""

import json
from typing import Any

import pytest

from tests.support.clock import START
from tests.support.matching import BEFORE, cancel, cancel_all, command
from trading.domain.matching.early_ends import EarlyEnds
from trading.domain.matching.pool import Closed, Halted, MassCanceled, Overtaken
from trading.domain.matching.working_order import Canceled, Opened
from trading.domain.messages.commands import NewOrder
from trading.domain.times import iso

AT = iso(START)
"""When the orders of these tests were entered."""


def after(*events: Any) -> EarlyEnds:
    early_ends = EarlyEnds()
    for event in events:
        early_ends.happened(event)
    return early_ends


def ended(early_ends: EarlyEnds, placed: NewOrder) -> tuple[int, int, str] | None:
    event = early_ends.end(placed)
    return event and (event.quantity, event.leaves, event.reason)


@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        (Halted("000001", AT), "halted"),
        (MassCanceled("000001", AT), "mass-cancel"),
        (Closed(AT), "expired"),
        (Halted("000001", BEFORE), None),
        (MassCanceled("000001", BEFORE), None),
        (Closed(BEFORE), None),
        (Halted("000002", AT), None),
        (MassCanceled("000002", AT), None),
    ],
)
def test_an_order_ends_if_it_was_entered_until_then_and_is_the_customers(happened: Any, reason: str | None) -> None:
    placed = command("Buy", 100, "161.90")
    assert placed.order.order_date == AT
    assert ended(after(happened), placed) == (reason and (100, 0, reason))


def test_an_order_that_was_canceled_before_it_came_ends_once_and_by_its_own_cancel() -> None:
    placed = command("Buy", 100, "161.90")
    early_ends = after(Overtaken(placed.order.order_id), Halted("000001", AT))
    event = early_ends.end(placed)
    assert event is not None
    assert (event.order.id, event.order.leaves, event.reason) == (placed.order.order_id, 0, "requested")
    assert early_ends.overtaken == set()


def test_an_order_that_ended_in_the_pool_is_awaited_no_more() -> None:
    placed = command("Buy", 100, "161.90")
    early_ends = after(Overtaken(placed.order.order_id))
    working = after(Overtaken(placed.order.order_id)).end(placed)
    assert working is not None
    early_ends.happened(Canceled(working.order, 100, 0, "requested"))
    assert early_ends.end(placed) is None


@pytest.mark.parametrize("trades_on", [False, True])
def test_a_mass_cancel_is_remembered_by_its_latest_time_alone(trades_on: bool) -> None:
    kind = MassCanceled if trades_on else Halted
    early_ends = EarlyEnds()
    later, earlier = (cancel_all("000001", trades_on=trades_on, time=time) for time in (AT, BEFORE))
    assert [*early_ends.mass_cancel(later)] == [kind("000001", AT)]
    assert [*early_ends.mass_cancel(later), *early_ends.mass_cancel(earlier)] == []
    assert early_ends.end(command("Buy", 100, "161.90")) is not None


def test_the_close_of_a_session_is_remembered_by_its_latest_time_alone() -> None:
    early_ends = EarlyEnds()
    assert [*early_ends.close(AT)] == [Closed(AT)]
    assert [*early_ends.close(AT), *early_ends.close(BEFORE)] == []


def test_a_snapshot_has_all_that_is_remembered() -> None:
    asked = cancel(command("Buy", 100, "161.90"))
    order_id = asked.order.order_id
    early_ends = after(
        Overtaken(order_id), Halted("000001", AT), MassCanceled("000002", BEFORE), Closed(BEFORE), Opened(AT)
    )
    snapshot = json.loads(json.dumps(early_ends.snapshot()))
    assert snapshot == {
        "overtaken": [order_id],
        "halted": {"000001": AT},
        "canceled": {"000002": BEFORE},
        "closed": BEFORE,
        "opened": AT,
    }
    assert EarlyEnds.restored(snapshot).snapshot() == snapshot


def test_a_snapshot_of_an_earlier_release_knows_of_no_mass_cancels_that_customers_asked_for_and_of_no_session() -> None:
    assert EarlyEnds.restored({"overtaken": [], "halted": {"000001": AT}}).snapshot() == {
        "overtaken": [],
        "halted": {"000001": AT},
        "canceled": {},
        "closed": "",
        "opened": "",
    }
