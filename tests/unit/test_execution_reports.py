"""What an engine tells of its orders: a report by order, what a change led to, what fits into one booking."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.matching import QUIET, QUOTE, always, cancel, command, never, replacement
from trading.domain.executions import ChangeKind, ChangeOutcome, OrderReport
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import Arrived, Conditions, Event, customer_order, house_order
from trading.domain.matching.working_order import Canceled, Rejected, Rested, Traded
from trading.domain.messages.commands import Command, NewOrder, ReplaceOrder
from trading.domain.order_status import OrdStatus
from trading.domain.orders import PoolType


def usd(text: str) -> Decimal:
    return Decimal(text)


def reporter() -> Reporter:
    return Reporter(fees_of(PoolType.LIT, QUIET))


def told(pool: LitPool, asked: Command, arrived: Arrived = never) -> OrderReport:
    """The one report of what the command led to."""
    its = reporter()
    its.add(asked, pool.execute(asked, Conditions(QUIET, QUOTE), arrived))
    [[report]] = its.reports()
    return report


def resting(placed: NewOrder) -> LitPool:
    pool = LitPool()
    assert told(pool, placed) == OrderReport(placed.order, (), usd("0.00"))
    return pool


@pytest.mark.parametrize(
    ("direction", "quantity", "by", "returned"), [("Buy", 80, -20, 20), ("Sell", 150, 50, 0), ("Sell", 70, -30, 30)]
)
def test_a_replacement_tells_the_new_terms_and_the_shares_that_the_order_gave_up(
    direction: str, quantity: int, by: int, returned: int
) -> None:
    placed = command(direction, 100, "161.89")
    change = replacement(placed, quantity, "161.80", "250.05")
    report = told(resting(placed), change)
    new = replace(placed.order, quantity=quantity, price=usd("161.80"), protection_price=usd("161.80"))
    outcome = ChangeOutcome(change.change_id, ChangeKind.REPLACE, None, quantity, usd("161.80"), by, returned)
    released = placed.order.reservation(100) + usd("250.05") - new.reservation(quantity)
    assert report == OrderReport(new, (), released, changes=(outcome,))


def test_a_replacement_that_comes_too_late_gives_back_what_it_reserved_and_leaves_the_order_open() -> None:
    placed = command("Sell", 100, "161.89")
    change = replacement(placed, 130, "161.80", "12.50")
    outcome = ChangeOutcome(change.change_id, ChangeKind.REPLACE, "too-late", returned=30)
    assert told(LitPool(), change, always) == OrderReport(placed.order, (), usd("12.50"), changes=(outcome,))


def test_a_cancel_that_comes_too_late_releases_nothing_and_leaves_the_order_open() -> None:
    asked = cancel(command("Buy", 100, "161.89"))
    outcome = ChangeOutcome(asked.change_id, ChangeKind.CANCEL, "too-late")
    assert told(LitPool(), asked, always) == OrderReport(asked.order, (), usd("0.00"), changes=(outcome,))


def test_an_order_that_its_customer_canceled_is_closed_releases_all_and_answers_the_request() -> None:
    placed = command("Buy", 100, "161.89")
    report = told(resting(placed), cancel(placed))
    assert (report.closed, report.released) == (True, placed.order.reservation(100))
    assert report.ending is not None
    assert (report.ending.quantity, report.ending.status, report.ending.reason) == (100, "Canceled", "requested")
    assert report.changes == (ChangeOutcome(cancel(placed).change_id, ChangeKind.CANCEL),)


def test_in_a_trade_what_rested_pays_the_makers_rate_and_what_came_in_the_takers() -> None:
    bid, sell = command("Buy", 1000, "161.89", "000002"), command("Sell", 1000, "161.89")
    pool, its = resting(bid), reporter()
    its.add(sell, pool.execute(sell, Conditions(QUIET, QUOTE), never))
    venue = QUIET.venues[PoolType.LIT]["IEX"]
    fees = {report.order.order_id: report.executions[0].fee for [report] in its.reports()}
    rates = {bid.order.order_id: venue.maker, sell.order.order_id: venue.taker}
    assert venue.maker != venue.taker
    assert fees == {its_id: rate * 1000 for its_id, rate in rates.items()}


def test_an_order_that_a_rule_forbids_is_rejected_whole_with_the_reason() -> None:
    pool = resting(command("Sell", 10, "161.89", "000002"))
    refused = command("Buy", 100, "161.90", post_only=True)
    report = told(pool, refused)
    assert (report.closed, report.released) == (True, refused.order.reservation(100))
    assert report.ending is not None
    assert (report.ending.quantity, report.ending.status, report.ending.reason) == (100, "Rejected", "would-trade")


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("expired", OrdStatus.EXPIRED),
        ("auction-over", OrdStatus.EXPIRED),
        ("would-trade", OrdStatus.REJECTED),
        ("self-trade", OrdStatus.CANCELED),
    ],
)
def test_how_an_order_ended_follows_from_the_reason(reason: str, status: OrdStatus) -> None:
    placed = command("Buy", 100, "161.89")
    its = reporter()
    its.add(placed, [Canceled(customer_order(placed), 100, 0, reason)])
    [[report]] = its.reports()
    assert report.ending is not None
    assert (report.ending.status, report.ending.quantity) == (status, 100)


def test_what_ends_in_parts_ended_with_all_of_them() -> None:
    placed = command("Buy", 100, "161.89")
    own = customer_order(placed)
    its = reporter()
    its.add(placed, [Canceled(own, 30, 70, "self-trade"), Canceled(own, 70, 0, "expired")])
    [[report]] = its.reports()
    assert report.ending is not None
    assert (report.ending.quantity, report.ending.reason, report.closed) == (100, "expired", True)
    assert report.released == placed.order.reservation(100)


def test_what_the_dark_pools_left_is_told_as_such() -> None:
    for flag in (False, True):
        left = replace(command("Buy", 100, "161.89"), not_matched_in_dark_pool=flag)
        assert told(LitPool(), left).not_matched_in_dark_pool is flag


def test_a_trade_releases_what_it_may_have_cost_at_the_most() -> None:
    placed = command("Buy", 100, "161.90")
    taker = customer_order(placed)
    its = reporter()
    its.add(
        placed,
        [
            Traded(house_order("offer", buys=False, quantity=60, price=32_370, venue="IEX"), taker, 60, 32_370, 0, 40),
            Rested(taker, 40),
        ],
    )
    [[report]] = its.reports()
    [execution] = report.executions
    assert (execution.quantity, execution.price, execution.venue, execution.counted) == (60, usd("161.85"), "IEX", True)
    assert report.released == placed.order.reservation(100) - placed.order.reservation(40)
    assert not report.closed


# ------------------------------------------------------------------- bookings


def sizes(its: Reporter) -> list[int]:
    return [len(reports) for reports in its.reports()]


def test_a_booking_takes_forty_orders_and_the_next_one_begins_another() -> None:
    its = reporter()
    for _ in range(41):
        placed = command("Buy", 1, "1.00")
        its.add(placed, [Rested(customer_order(placed), 1)])
    assert sizes(its) == [40, 1]


def test_a_booking_takes_two_hundred_and_fifty_executions_and_the_next_one_begins_another() -> None:
    placed = command("Buy", 251, "161.90")
    taker = customer_order(placed)
    makers = [house_order(f"{n}", buys=False, quantity=1, price=32_380, venue="IEX") for n in range(251)]
    its = reporter()
    its.add(placed, [Traded(maker, taker, 1, 32_380, 0, 250 - n) for n, maker in enumerate(makers)])
    first, second = its.reports()
    assert [len(each.executions) for each in (*first, *second)] == [250, 1]
    assert [each.closed for each in (*first, *second)] == [False, True]


def test_another_order_that_trades_after_two_hundred_and_fifty_executions_begins_another_booking() -> None:
    its = reporter()
    for quantity in (250, 1):
        placed = command("Buy", quantity, "161.90")
        taker = customer_order(placed)
        makers = [house_order(f"{n}", buys=False, quantity=1, price=32_380, venue="IEX") for n in range(quantity)]
        its.add(placed, [Traded(maker, taker, 1, 32_380, 0, quantity - 1 - n) for n, maker in enumerate(makers)])
    assert [[len(each.executions) for each in reports] for reports in its.reports()] == [[250], [1]]


def test_what_happens_without_a_trade_after_two_hundred_and_fifty_executions_is_in_their_booking() -> None:
    """The order's rest is canceled, and another order is rejected."""
    placed, refused = command("Buy", 251, "161.90"), command("Buy", 5, "161.90")
    taker = customer_order(placed)
    makers = [house_order(f"{n}", buys=False, quantity=1, price=32_380, venue="IEX") for n in range(250)]
    its = reporter()
    trades: list[Event] = [Traded(maker, taker, 1, 32_380, 0, 250 - n) for n, maker in enumerate(makers)]
    its.add(placed, [*trades, Canceled(taker, 1, 0, "immediate-or-cancel")])
    its.add(refused, [Rejected(refused.order.order_id, "unknown-market")])
    [reports] = its.reports()
    assert [(len(each.executions), each.ended) for each in reports] == [(250, 1), (0, 5)]


def test_refused_changes_of_several_orders_are_booked_together() -> None:
    its = reporter()
    for _ in range(3):
        late = cancel(command("Buy", 1, "1.00"))
        its.add(late, LitPool().execute(late, Conditions(QUIET, QUOTE), always))
    assert sizes(its) == [3]


def test_no_order_is_twice_in_a_booking() -> None:
    placed = command("Buy", 100, "161.89")
    changes: list[ReplaceOrder] = [replacement(placed, quantity, "161.80") for quantity in (50, 60)]
    its = reporter()
    for change in changes:
        its.add(change, LitPool().execute(change, Conditions(QUIET, QUOTE), always))
    assert [[each.changes[0].change_id for each in reports] for reports in its.reports()] == [
        [change.change_id] for change in changes
    ]


def test_customers_are_booked_apart() -> None:
    its = reporter()
    for customer in ("000001", "000002", "000001"):
        placed = command("Buy", 1, "1.00", customer)
        its.add(placed, [Rested(customer_order(placed), 1)])
    assert [[each.order.customer_id for each in reports] for reports in its.reports()] == [["000001"] * 2, ["000002"]]


def test_each_time_the_trades_come_back_to_an_earlier_order_is_another_turn() -> None:
    first, second = (customer_order(command("Buy", 100, "161.90")) for _ in range(2))
    its = reporter()
    left = {first.id: 100, second.id: 100}
    for number, taker in enumerate((first, second, first, first, second, first)):
        left[taker.id] -= 10
        maker = house_order(f"{number}", buys=False, quantity=10, price=32_380, venue="IEX")
        its.add(taker.terms, [Traded(maker, taker, 10, 32_380, 0, left[taker.id])])
    [reports] = its.reports()
    assert [[each.turn for each in report.executions] for report in reports] == [[0, 1, 1, 2], [0, 1]]
