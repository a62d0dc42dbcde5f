"""Bookings change orders one by one or several at once: the order is the same, and as much of it is closed."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support import samples
from tests.support.stages import imported
from tests.support.strategies import order_reports
from trading.aws.store import dynamodb, items
from trading.aws.store.order_bookings import MAX_NAMED, read
from trading.domain.executions import OrderReport
from trading.domain.ids import derived

CHANGES = imported("post_trade_processor", {}, "order_changes")
ORDER = dynamodb.from_item(dynamodb.to_item(items.order_item(samples.SEED)))
WAITING = {"pendingCancel": "a", "pendingReplace": "b", "openQuantity": 9_000}


def key(number: int) -> str:
    return f"{'TRADE' if number % 2 else 'REPORT'}#2026-11-{number % 20 + 1:02}#{derived('booking', str(number))}"


@given(st.lists(order_reports(), min_size=2, max_size=5), st.booleans())
def test_several_changes_of_an_order_are_one_change(reports: list[OrderReport], waiting: bool) -> None:
    before = {**ORDER, **(WAITING if waiting else {})}
    item: dict[str, Any] = before
    together: Any = None
    for number, each in enumerate(reports, 1):
        report = OrderReport(
            samples.SEED, each.executions, each.released, each.ending, changes=each.changes, closed=each.closed
        )
        change = CHANGES.change_of(report, item, number, key(number))
        item = change.of(item)
        together = together.then(change) if together else change
    assert together.of(before) == item
    assert together.closing == sum(each.filled + each.ended + each.returned for each in reports)
    assert together.released == sum(each.released for each in reports)
    assert together.prices == tuple(execution.price for each in reports for execution in each.executions)
    assert not together.removed & together.set.keys()


@given(st.integers(1, 5 * MAX_NAMED))
def test_an_order_names_the_bookings_that_changed_it_however_many(number: int) -> None:
    item: dict[str, Any] = dict(ORDER)
    bookings: dict[str, dict[str, Any]] = {}
    for each in range(number):
        change = CHANGES.change_of(
            OrderReport(samples.SEED, (), samples.SEED.highest_fee * 0), item, each + 1, key(each)
        )
        item = change.of(item)
        earlier = {samples.SEED.order_id: change.earlier} if change.earlier else {}
        bookings[key(each)] = {"SK": key(each), "earlier": earlier}
    named, found = read("a table of which nothing is read", [item], bookings)
    assert named == {samples.SEED.order_id: [key(each) for each in range(number)]}
    assert found == []
