"""`make reconcile`: what an operator is shown, and what is repaired."""

import json
from decimal import Decimal
from typing import Any

import pytest

from ops import reconcile
from ops.console import console
from tests.support import archived_trades
from tests.support.cloud import STACK
from tests.support.reconciled_day import (
    CUSTOMER,
    DATE,
    PK,
    TODAY,
    interrupted,
    kept,
    only,
    other,
    post,
    reconciled,
    trade,
)
from tests.support.world import World


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
