"""The stage that reconciles: its report, customers that change meanwhile, what it reads."""

from decimal import Decimal
from typing import Any

import pytest

from reconciliation.comparison import PAUSE
from tests.support.events import scheduled
from tests.support.reconciled_day import (
    CUSTOMER,
    CUSTOMERS,
    DATE,
    PK,
    TODAY,
    closed,
    interrupted,
    kept,
    only,
    other,
    post,
    reconciled,
    trade,
)
from tests.support.world import QUOTES, World
from trading.aws.engine import journal
from trading.aws.store import keys


def test_the_schedule_reconciles_the_day_that_is_over_and_keeps_a_report(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    answer = world.stage("reconciler")(scheduled("reconciler", "2026-11-23T01:00:00Z"))
    name = f"reconciliation/dt={DATE}/2026-11-23T14:30:00.123Z.json"
    assert answer == {"date": DATE, "report": name, "breaks": 0, "busy": 0}
    [report] = kept(world)
    compared = report.pop("compared")
    assert report == {"date": DATE, "time": "2026-11-23T14:30:00.123Z", "breaks": [], "busy": []}
    assert (compared["customers"], compared["bookings"], compared["journalEntries"]) == (3, 18, 18)
    assert list(world.objects("reconciliation/")) == [name]
    assert [closed(world, each) for each in CUSTOMERS] == [[DATE]] * 3


def test_breaks_are_in_the_report_and_counted_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    trade(world)
    world.clock.advance(days=1)
    with other(world, only(world, PK, "CUST#"), cash=Decimal("1.00")):
        answer = world.stage("reconciler")({"date": DATE})
    assert answer["breaks"] == 1
    [report] = kept(world)
    assert report["breaks"] == [
        {
            "kind": "balance",
            "customerId": CUSTOMER,
            "field": "cash",
            "sides": {"the customer": "1.00", "the ledger": "976020.51"},
        }
    ]
    [record] = [each for each in caplog.records if each.message == "day reconciled"]
    assert (record.breaks, record.busy, record.customers) == (1, 0, 3)  # type: ignore[attr-defined] # further fields


def test_an_invalid_day_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="yesterday"):
        world.stage("reconciler")({"date": "yesterday"})


def test_a_customer_that_changes_while_it_is_read_is_read_again(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    with interrupted(world, times=2) as happened:
        report = reconciled(world)
    assert len(happened) == 2
    assert (report.breaks, report.busy) == ((), ())
    assert closed(world) == [DATE]


def test_a_customer_that_changes_all_the_while_is_busy_which_is_no_break_and_no_closing(world: World) -> None:
    ids = trade(world)
    world.clock.advance(days=1)
    with interrupted(world, times=1_000):
        report = reconciled(world)
        assert (report.breaks, report.busy) == ((), (CUSTOMER,))
        assert closed(world) == []
        with other(world, only(world, PK, f"TRADE#{DATE}#{ids['bought booking']}"), posting=None):
            assert {each.kind.value for each in reconciled(world).breaks} == {"posting"}


def test_what_is_under_way_today_is_no_break_once_it_has_arrived(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trade(world)
    post(world, quantity=10)
    world.pipeline.run(but_not="post_trade_processor")
    paused: list[float] = []

    def arrives(seconds: float) -> None:
        paused.append(seconds)
        if seconds == PAUSE:
            world.settle()

    monkeypatch.setattr("time.sleep", arrives)
    assert reconciled(world).breaks == ()
    assert paused == [PAUSE]


def days(world: World, number: int) -> None:
    """Days with an order each that nobody met, all of them reconciled."""
    for _ in range(number):
        post(world, quantity=1, price="100.00", timeInForce="IOC")
        world.settle()
        date = world.clock.now.date().isoformat()
        world.clock.advance(days=1)
        assert reconciled(world, date).breaks == ()


class Reading:
    """How many items are read of the tables."""

    def __init__(self, world: World) -> None:
        self.items = 0
        for operation in ("Query", "GetItem", "BatchGetItem", "Scan"):
            world.client("dynamodb").meta.events.register(f"after-call.dynamodb.{operation}", self._read)

    def _read(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        assert model.name != "Scan"
        self.items += len(parsed.get("Items", [])) + ("Item" in parsed)
        self.items += sum(len(items) for items in parsed.get("Responses", {}).values())


@pytest.fixture
def _page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of journals are read one by one, so that what is read in vain does not hide what is read."""
    monkeypatch.setattr(journal, "PAGE", 1)


@pytest.mark.usefixtures("_page_by_page")
def test_what_a_day_reads_does_not_grow_with_the_days_before_it(world: World) -> None:
    reading = Reading(world)
    read = []
    for number in (2, 10):
        days(world, number)
        before = reading.items, len(world.faults.calls)
        days(world, 1)
        read.append((reading.items - before[0], len(world.faults.calls) - before[1]))
    assert read[0] == read[1]


@pytest.mark.usefixtures("_page_by_page")
def test_customers_of_whom_nothing_has_moved_cost_a_few_calls_however_much_they_have_traded(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    reading = Reading(world)
    before = len(world.faults.calls)
    reconciled(world, TODAY)
    lists, journals, days, of_a_customer = 3, 2 * len(QUOTES), 1, 9
    assert len(world.faults.calls) - before == lists + journals + days + len(CUSTOMERS) * of_a_customer
    positions = world.items(pk="CUST#", sk=keys.POSITION)
    last_entries = {item["PK"] for item in world.items("OrderBooks") if item["PK"].count("#") == 1}
    closings_and_accounts = len(CUSTOMERS) * (1 + 2)
    listed = len(QUOTES) + len(CUSTOMERS)
    assert reading.items == listed + len(last_entries) + closings_and_accounts + 2 * len(positions)
