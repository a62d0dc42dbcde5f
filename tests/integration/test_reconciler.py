"""The reconciler's work beside comparing: reports, closings, repair, customers that change meanwhile, what it reads."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from ops import reconcile
from ops.console import console
from reconciliation.comparison import PAUSE
from tests.support import archived_trades
from tests.support.cloud import STACK
from tests.support.events import scheduled
from tests.support.orders import entered
from tests.support.reconciled_day import CUSTOMER, DATE, kept, only, other, reconciled, said, trade
from tests.support.world import QUOTES, World
from trading.aws.engine import journal
from trading.aws.store import closings, dynamodb, keys

PK = f"CUST#{CUSTOMER}"
TODAY = "2026-11-23"
CUSTOMERS = ("000001", "000002", "000003")


def closed(world: World, customer_id: str = CUSTOMER) -> list[str]:
    """The days that a customer has closings of."""
    return [item["date"] for item in world.items(pk=f"CUST#{customer_id}", sk="CLOSING#")]


def post(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**{"customerId": CUSTOMER} | fields))
    assert status == 202
    order_id: str = answer["orders"][0]["orderId"]
    return order_id


# ------------------------------------------------------------------- the stage


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


# ------------------------------------------------------------------- closings


def test_a_closing_holds_what_there_was_at_the_end_of_its_day_whatever_happens_later(world: World) -> None:
    trade(world)
    before = {item["SK"].removeprefix(keys.POSITION): item for item in world.items(pk=PK, sk=keys.POSITION)}
    account = only(world, PK, "CUST#")
    world.clock.advance(days=1)
    post(world, quantity=10)
    post(world, direction="Sell", quantity=20, price="161.88")
    world.settle()
    assert reconciled(world).breaks == ()
    closing = closings.last_before(world.table("TradesStore"), CUSTOMER, TODAY)
    assert closing.date == DATE
    assert {name: getattr(closing.balances, name) for name in ("cash", "reserved", "fees")} == {
        name: account[name] for name in ("cash", "reserved", "fees")
    }
    assert closing.totals == {name: account[name] for name in closing.totals}
    for ticker, item in before.items():
        fields = {name: value for name, value in item.items() if name not in {"PK", "SK"}}
        assert {name: value for name, value in closing.positions[ticker].items() if value} == {
            name: value for name, value in fields.items() if value
        }


def test_the_next_day_starts_at_the_closing(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    post(world, quantity=10)
    post(world, direction="Sell", quantity=100, price="161.88")
    world.settle()
    world.clock.advance(days=1)
    report = reconciled(world, TODAY)
    assert report.breaks == ()
    assert (report.compared["bookings"], report.compared["entries"]) == (1, 0)
    assert closed(world) == [DATE, TODAY]


def test_an_older_order_that_is_reported_on_is_compared_with_its_whole_life(world: World) -> None:
    ids = trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    for name in ("replaced", "selling"):
        world.change("DELETE", ids[name], of=CUSTOMER)
    world.settle()
    assert reconciled(world, TODAY).breaks == ()
    with other(world, only(world, PK, f"ORDER#{ids['replaced']}"), canceledQuantity=41):
        assert said(reconciled(world, TODAY).breaks, ids) == [
            "order 000003 COIN replaced canceledQuantity: the order 41 / its bookings 40"
        ]


def test_a_customer_with_a_break_and_a_day_that_is_not_over_get_no_closing(world: World) -> None:
    trade(world)
    assert reconciled(world).breaks == ()
    assert world.items(sk="CLOSING#") == []
    world.clock.advance(days=1)
    with other(world, only(world, PK, "CUST#"), cash=Decimal("1.00")):
        reconciled(world)
    assert [closed(world, each) for each in CUSTOMERS] == [[DATE], [DATE], []]


def test_a_customer_without_movements_gets_no_further_closing(world: World) -> None:
    trade(world)
    for _ in range(3):
        world.clock.advance(days=1)
        reconciled(world, DATE)
        reconciled(world, TODAY)
    assert closed(world) == [DATE]


def test_a_closing_that_is_not_what_the_ledger_gives_now_is_a_break(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    closing = only(world, PK, "CLOSING#")
    with other(world, closing, balances=closing["balances"] | {"cash": Decimal("1.00")}):
        [found] = reconciled(world).breaks
    assert (found.kind.value, found.where.customer_id, found.where.reference) == ("closing", CUSTOMER, DATE)
    assert (found.field, found.left.side, found.right.side) == ("balances", "the closing", "the ledger")
    assert "cash 1.00" in str(found.left.value)
    assert "cash 976020.51" in str(found.right.value)


def test_a_closing_that_cannot_be_read_is_a_break_and_all_before_it_is_read_instead(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    reconciled(world)
    closing = only(world, PK, "CLOSING#")
    with other(world, closing, balances=closing["balances"] | {"cash": Decimal("1.00")}):
        [found] = reconciled(world, TODAY).breaks
    assert (found.kind.value, found.where.reference) == ("unreadable", f"CLOSING#{DATE}")
    assert "a posting that does not sum to zero" in str(found.left.value)


# ------------------------------------------------- what is under way meanwhile


@contextmanager
def interrupted(world: World, times: int) -> Iterator[list[str]]:
    """Something changes the customer's account whenever its bookings are read, so many times."""
    happened: list[str] = []

    def change(params: dict[str, Any], **_: Any) -> None:
        values = params["ExpressionAttributeValues"]
        first = values.get(":lowest", {}).get("S", "")
        if values[":pk"]["S"] == PK and first.startswith(keys.TRADE) and len(happened) < times:
            happened.append(first)
            world.client("dynamodb").update_item(
                TableName=world.table("TradesStore"),
                Key=dynamodb.to_item(keys.customer(CUSTOMER)),
                UpdateExpression="ADD changes :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    hooks = world.client("dynamodb").meta.events
    hooks.register("provide-client-params.dynamodb.Query", change)
    yield happened
    hooks.unregister("provide-client-params.dynamodb.Query", change)


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


# ------------------------------------------------------- asked by an operator


def asked(world: World, date: str = DATE, *, repair: bool = False) -> reconcile.Report:
    """The report that an operator is shown who has the day reconciled."""

    def invoke(stage: str, event: dict[str, Any]) -> Any:
        return json.loads(json.dumps(world.stage(stage)(event)))

    return reconcile.run(STACK, date, invoke, repair=repair)


def repaired(world: World, date: str = DATE) -> tuple[str, ...]:
    report = asked(world, date, repair=True)
    assert report in kept(world)
    return tuple(report["published"])


def test_an_operator_is_shown_every_break_in_words_and_where_the_report_is(world: World) -> None:
    trade(world)
    world.clock.advance(days=1)
    with other(world, only(world, PK, "CUST#"), cash=Decimal("1.00")), console.capture() as shown:
        report = asked(world)
    assert kept(world) == [report]
    place = f"s3://{world.stores.archive_bucket}/reconciliation/dt={DATE}/2026-11-23T14:30:00.123Z.json"
    counts = "18 bookings, 3 customers, 7 ledger entries, 18 journal entries, 4 archived objects, 15 orders"
    assert shown.get().splitlines() == [
        f"The reconciler compares all that is stored of {DATE}, in 15 minutes at most.",
        f"{DATE}: compared {counts}, 3 tickers' days. Orders and entries are counted since the last closing.",
        f"balance of customer {CUSTOMER}, cash: the customer (1.00), the ledger (976020.51)",
        f"1 break. The report: {place}",
    ]


def test_an_operator_is_shown_what_was_published_again_and_who_was_busy(world: World) -> None:
    order_id = post(world, quantity=10)
    world.pipeline.run(but_not="lit_pool_matching_engine")
    with console.capture() as shown:
        assert repaired(world) == (order_id,)
    assert f"Published again: {order_id}. Reconcile again to see them answered." in shown.get()
    world.settle()
    with interrupted(world, times=1_000), console.capture() as shown:
        assert repaired(world) == ()
    assert "Published again: nothing.\n" in shown.get()
    assert f"Totals not compared, because these customers traded meanwhile: {CUSTOMER}." in shown.get()


@pytest.mark.parametrize(
    ("engine", "fields"),
    [("lit_pool_matching_engine", {}), ("dark_pool_matching_engine", {"ticker": "AMD", "price": "114.25"})],
)
def test_an_accepted_order_whose_command_was_lost_is_published_again_and_answered(
    world: World, engine: str, fields: dict[str, Any]
) -> None:
    order_id = post(world, quantity=10, **fields)
    world.pipeline.run(but_not=engine)
    assert len(world.pipeline.take(engine)) == 1
    [found] = reconciled(world).breaks
    assert (found.kind.value, found.where.reference) == ("unanswered", order_id)
    assert repaired(world) == (order_id,)
    first, again = (each for each in world.pipeline.published if each.topic == "Orders")
    assert first.body == again.body
    assert first.id != again.id
    world.settle()
    assert world.order(order_id, CUSTOMER)["state"] == "Filled"
    assert reconciled(world).breaks == ()
    assert repaired(world) == ()


def test_a_booking_that_the_archive_lacks_is_archived(world: World) -> None:
    for quantity in (10, 20):
        post(world, quantity=quantity)
    world.settle()
    objects, trades = world.objects("trades/"), world.archived()
    assert len(trades) == 2
    for name in objects:
        world.client("s3").delete_object(Bucket=world.stores.archive_bucket, Key=name)
    world.clock.advance(days=1)
    with console.capture() as shown:
        report = asked(world, repair=True)
    assert report["archived"] == [each.booking_id for each in archived_trades.bookings(objects)]
    assert f"Archived: {', '.join(report['archived'])}." in shown.get()
    assert world.archived() == trades
    assert reconciled(world).breaks == ()
    assert asked(world, repair=True)["archived"] == []


def test_an_order_that_was_only_late_is_executed_once_though_it_was_published_again(world: World) -> None:
    order_id = post(world, quantity=10)
    world.pipeline.run(but_not="lit_pool_matching_engine")
    assert repaired(world) == (order_id,)
    world.settle()
    assert world.order(order_id, CUSTOMER)["cumulativeQuantity"] == 10
    assert len(world.archived()) == 1
    assert reconciled(world).breaks == ()


def test_an_order_of_the_day_before_is_published_again_too(world: World) -> None:
    order_id = post(world, quantity=10, timeInForce="GTC")
    world.pipeline.run(but_not="lit_pool_matching_engine")
    assert len(world.pipeline.take("lit_pool_matching_engine")) == 1
    world.clock.advance(days=1)
    assert repaired(world) == (order_id,)
    world.settle()
    assert world.order(order_id, CUSTOMER)["state"] == "Filled"
    assert reconciled(world).breaks == reconciled(world, TODAY).breaks == ()


# ----------------------------------------------------------------- what it costs


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
