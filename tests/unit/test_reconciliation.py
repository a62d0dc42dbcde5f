"""What is compared: breaks, balances, orders and positions, folded from a closing's state."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciliation.rules.balances import NOTHING, amounts, balances_after, posting_breaks
from reconciliation.rules.breaks import MAX_VALUE, Break, BreakKind, Says, SideRecord, Where, differing, text
from reconciliation.rules.customer_records import CustomerRecords, closing_at, common_breaks
from reconciliation.rules.movements import BookingRecord, Movements, OrderRecord
from reconciliation.rules.orders import expected_of, order_breaks
from reconciliation.rules.positions import overdue_breaks, position_after, position_breaks, shorted_of
from tests.support import samples
from trading.domain.accounts.ledger import EntryKind, LedgerEntry, Shares, deposited, held, settled
from trading.domain.accounts.positions import Holding, PositionState
from trading.domain.executions import Due, Ending, Execution, ExecutionReports, OrderReport, effect_of
from trading.domain.messages.events import reports_from
from trading.domain.order_status import OrdStatus
from trading.domain.orders import PoolType, Side

[MESSAGE] = samples.decided(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
REPORTS = reports_from(MESSAGE.body)
CUSTOMER = samples.SEED.customer_id
WHERE = Where(CUSTOMER, "COIN", "1")


def traded(side: Side, quantity: int, price: str, time: str = "2026-11-22T15:00:00.000Z") -> ExecutionReports:
    """One trade, without a fee."""
    order = replace(samples.SEED, side=side, quantity=quantity)
    execution = Execution(quantity, Decimal(price), "EDGA", Decimal("0.00"))
    report = OrderReport(order, (execution,), order.reservation(quantity), closed=True)
    return replace(REPORTS, booking_id=f"{side} {quantity}", time=time, orders=(report,))


def booked(reports: ExecutionReports, sequence: int, holding: Holding | None = None) -> BookingRecord:
    holding = holding or Holding()
    position = {"sequence": sequence} | {name: getattr(holding, name) for name in Holding.__slots__}
    effect = effect_of(reports)
    moved = {name: getattr(effect.shares, name) for name in Shares.__slots__}
    return BookingRecord(reports, effect, reports.time, amounts(effect.posting), moved, position, sequence)


def entry(kind: EntryKind, time: str = "2026-11-22T14:00:00.000Z", **fields: Any) -> LedgerEntry:
    return LedgerEntry(f"{kind} {time}", CUSTOMER, kind, time, **{"reference": "one", **fields})


def placed(**stands: Any) -> OrderRecord:
    """The seed's order, open as it was entered but for what `stands` says."""
    order = samples.SEED
    reserved = order.reservation(order.quantity)
    fresh = {
        "orderQuantity": order.quantity,
        "cumulativeQuantity": 0,
        "canceledQuantity": 0,
        "leavesQuantity": order.quantity,
        "openQuantity": order.quantity,
        "executedNotional": Decimal(0),
        "fees": Decimal(0),
        "reserved": reserved,
        "answered": False,
        "price": order.price,
        "ending": None,
    }
    return OrderRecord(order, True, amounts(held(reserved)), Shares(), fresh | stands, replacing=False)


# --------------------------------------------------------------------- breaks


def test_records_that_say_the_same_have_no_break_and_nothing_is_the_same_as_zero() -> None:
    left, right = (
        SideRecord("one", {"cash": Decimal("1.0"), "fees": Decimal(0)}),
        SideRecord("other", {"cash": Decimal(1)}),
    )
    assert list(differing(BreakKind.BALANCE, WHERE, left, right)) == []


def test_a_field_that_differs_is_a_break_with_both_sides() -> None:
    left, right = SideRecord("one", {"cash": Decimal(1), "spent": 3}), SideRecord("other", {"cash": Decimal("1.01")})
    assert list(differing(BreakKind.BALANCE, WHERE, left, right)) == [
        Break(BreakKind.BALANCE, WHERE, "cash", Says("one", "1.00"), Says("other", "1.01")),
        Break(BreakKind.BALANCE, WHERE, "spent", Says("one", "3"), Says("other", None)),
    ]


def test_a_side_that_knows_nothing_is_one_break() -> None:
    left, right = SideRecord("one", {"a": 1, "b": "two"}), SideRecord("other", None)
    assert list(differing(BreakKind.JOURNAL, WHERE, left, right)) == [
        Break(BreakKind.JOURNAL, WHERE, "whole", Says("one", "a 1, b two"), Says("other", None))
    ]
    assert list(differing(BreakKind.JOURNAL, WHERE, right, replace(right, side="third"))) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, None),
        (Decimal(10), "10.00"),
        (Decimal("114.245"), "114.245"),
        (7, "7"),
        (True, "true"),
        ({"status": "Canceled"}, "status Canceled"),
        ([], "none"),
        ([{"change": "Cancel"}, ["a", 1]], "(change Cancel); (a; 1)"),
        (
            {"order": {"quantity": 1, "price": None}, "executions": []},
            "order (quantity 1, price nothing), executions none",
        ),
        ("x" * MAX_VALUE, "x" * MAX_VALUE),
        ("x" * (MAX_VALUE + 1), "x" * MAX_VALUE + "…"),
    ],
)
def test_values_are_in_words_of_the_wire(value: object, words: str | None) -> None:
    assert text(value) == words


# ------------------------------------------------------------------- balances


def test_balances_are_those_of_the_opening_and_all_that_moved_since() -> None:
    movements = Movements(
        placed=(placed(),),
        booked=(booked(REPORTS, 1),),
        entries=(
            entry(EntryKind.DEPOSIT, posting=deposited(Decimal(100))),
            entry(EntryKind.WITHDRAWAL, posting=deposited(Decimal(-30))),
            entry(EntryKind.SETTLEMENT, posting=settled(Decimal(50))),
            entry(EntryKind.HOLD, posting=held(Decimal(5))),
        ),
    )
    opening = {
        **NOTHING,
        "cash": Decimal(1_394_641),
        "deposits": Decimal(1_394_641),
        "settled": Decimal(7),
        "openOrders": Decimal(1),
        "customerSequence": Decimal(4),
        "trades": Decimal(6),
    }
    bought = REPORTS.spent
    fees = sum(each.fees for each in REPORTS.orders)
    assert balances_after(opening, movements) == {
        "cash": 1_394_641 + 70 - 5 - bought - fees,
        "reserved": 5,
        "fees": fees,
        "clearing": bought - 50,
        "house": -70 + 50,
        "spent": bought,
        "proceeds": 0,
        "deposits": 1_394_741,
        "withdrawals": 30,
        "settled": 57,
        "openOrders": 1,
        "customerSequence": 5,
        "trades": 6 + sum(len(each.executions) for each in REPORTS.orders),
    }


def test_a_posting_is_what_follows_from_its_order_or_booking() -> None:
    assert list(posting_breaks([placed()], [booked(REPORTS, 1)])) == []
    other = replace(placed(), posting={"cash": Decimal(-1), "reserved": Decimal(1)})
    assert {(each.field, each.left.value) for each in posting_breaks([other], [])} == {
        ("cash", "-1.00"),
        ("reserved", "1.00"),
    }


# --------------------------------------------------------------------- orders


def test_an_order_is_what_its_reports_make_of_it_in_whatever_order_they_come() -> None:
    half = OrderReport(samples.SEED, (Execution(4000, Decimal("161.90"), "EDGA", Decimal("1.00")),), Decimal(647_700))
    left = samples.SEED.reservation(8614) - 647_700
    end = OrderReport(samples.SEED, (), left, Ending(4614, OrdStatus.CANCELED, "requested"), closed=True)
    reported = [("2026-11-22T15:00:00.000Z", half), ("2026-11-22T16:00:00.000Z", end)]
    stands = expected_of(placed(ending="Canceled requested"), reported, Decimal(0))
    assert stands == {
        "orderQuantity": 8614,
        "cumulativeQuantity": 4000,
        "canceledQuantity": 4614,
        "leavesQuantity": 0,
        "openQuantity": 0,
        "executedNotional": Decimal(647_600),
        "fees": Decimal("1.00"),
        "reserved": Decimal(0),
        "answered": True,
        "price": Decimal("161.90"),
        "ending": "Canceled requested",
    }
    assert list(order_breaks(placed(**stands), reported[::-1], Decimal(0))) == []


def test_an_order_of_which_nothing_is_open_has_nothing_reserved_whatever_was_released() -> None:
    end = OrderReport(samples.SEED, (), Decimal(1), Ending(8614, OrdStatus.EXPIRED, "expired"), closed=True)
    stands = expected_of(placed(), [("2026-11-22T15:00:00.000Z", end)], Decimal(0))
    assert stands["reserved"] == 0


# ------------------------------------------------------------------ positions


def test_a_position_is_folded_from_its_opening_in_the_order_of_its_changes_and_not_of_their_times() -> None:
    bought, sold = traded(Side.BUY, 100, "10.00", "2026-11-22T16:00:00.000Z"), traded(Side.SELL, 150, "20.00")
    opening = PositionState(Shares(50, 150, 200), Holding(200, Decimal(1000)), Decimal(3), 4)
    first_bought = Movements(booked=(booked(bought, 5), booked(sold, 6)))
    first_sold = Movements(booked=(booked(bought, 6), booked(sold, 5)))
    after = position_after(opening, first_bought)
    assert (after.shares, after.sequence, after.fees) == (Shares(150, 0, 200), 6, Decimal(3))
    assert after.holding == Holding(150, Decimal(1000), Decimal(2000))
    assert position_after(opening, first_sold).holding == Holding(150, Decimal(1250), Decimal(2250))
    assert after.due == {"2026-11-23": Due(Decimal(-2000), -50)}


def test_transfers_and_settlements_have_the_numbers_that_bookings_leave() -> None:
    transfer = entry(EntryKind.TRANSFER, ticker="COIN", shares=Shares(100, 0, 100), cost=Decimal(1000))
    settlement = entry(
        EntryKind.SETTLEMENT,
        "2026-11-23T14:00:00.000Z",
        reference="2026-11-23",
        ticker="COIN",
        posting=settled(Decimal(-1000)),
        shares=Shares(settled=-50),
    )
    hold = entry(EntryKind.HOLD, ticker="COIN", shares=Shares(-10, 10))
    sold = booked(traded(Side.SELL, 50, "20.00"), 2)
    movements = Movements(booked=(sold,), entries=(settlement, hold, transfer))
    after = position_after(PositionState(), movements)
    assert (after.shares, after.sequence, after.due) == (Shares(90, -40, 50), 3, {})
    assert after.holding == Holding(50, Decimal(500), Decimal(500))


def test_transfers_that_have_numbers_count_by_these_whatever_their_times() -> None:
    into = entry(EntryKind.TRANSFER, ticker="COIN", shares=Shares(100, 0, 100), cost=Decimal(1000), sequence=1)
    out = entry(
        EntryKind.TRANSFER,
        "2026-11-22T00:00:00.000Z",
        ticker="COIN",
        shares=Shares(-50, 0, -50),
        cost=Decimal(-500),
        sequence=3,
    )
    sold = booked(traded(Side.SELL, 50, "20.00"), 2)
    after = position_after(PositionState(), Movements(booked=(sold,), entries=(out, into)))
    assert after.holding == Holding(0, Decimal(0), Decimal(500))


def test_the_first_booking_that_says_something_else_of_the_position_is_named_and_none_after_it() -> None:
    right = Holding(100, Decimal(1000))
    wrong = Holding(200, Decimal(1999))
    bookings = (
        booked(traded(Side.BUY, 100, "10.00"), 1, right),
        booked(traded(Side.BUY, 101, "10.00"), 2, wrong),
        booked(traded(Side.BUY, 102, "10.00"), 3, wrong),
    )
    movements = Movements(booked=bookings)
    stored = {"COIN": position_after(PositionState(), movements)}
    found = list(position_breaks(CUSTOMER, stored, {}, movements))
    assert {each.where.reference for each in found} == {"Buy 101"}
    assert [(each.field, each.left.value, each.right.value) for each in found] == [
        ("quantity", "200", "201"),
        ("cost", "1999.00", "2010.00"),
    ]


@pytest.mark.parametrize(("date", "overdue"), [("2026-11-25", True), ("2026-11-24", False)])
def test_what_is_due_is_overdue_a_day_after_the_next(date: str, overdue: bool) -> None:
    state = PositionState(due={"2026-11-23": Due(Decimal(100), 0)})
    found = list(overdue_breaks(CUSTOMER, {"COIN": state}, date))
    assert [(each.field, each.left.value) for each in found] == [("due 2026-11-23 cash", "100.00")] * overdue


def test_what_was_sold_short_is_counted_whether_the_position_was_there_before_or_not() -> None:
    sold = Movements(booked=(booked(traded(Side.SELL, 50, "12.00"), 1),))
    assert shorted_of({}, sold) == 600
    assert shorted_of({"COIN": PositionState(Shares(20), Holding(20, Decimal(100)))}, sold) == 360
    assert shorted_of({"AMD": PositionState(Shares(-10), Holding(-10, Decimal(-500)))}, sold) == 1100


# -------------------------------------------------------------------- closings


def records(movements: Movements) -> CustomerRecords:
    return CustomerRecords(CUSTOMER, {}, {}, NOTHING, {}, movements, (), {}, {}, ())


def test_a_closing_has_what_there_was_at_the_end_of_its_day() -> None:
    today = booked(traded(Side.BUY, 100, "10.00"), 1)
    tomorrow = booked(traded(Side.BUY, 200, "10.00", "2026-11-23T00:00:00.000Z"), 2)
    closing = closing_at(records(Movements(booked=(today, tomorrow))), "2026-11-22")
    assert closing is not None
    assert closing.positions["COIN"].holding == Holding(100, Decimal(1000))
    assert closing.totals["spent"] == 1000
    assert closing.posting.clearing == 1000


def test_a_closing_goes_on_from_the_last_one() -> None:
    before = PositionState(Shares(50, 0, 50), Holding(50, Decimal(400)), Decimal(3), 1)
    today = booked(traded(Side.BUY, 100, "10.00"), 2)
    closing = closing_at(replace(records(Movements(booked=(today,))), openings={"COIN": before}), "2026-11-22")
    assert closing is not None
    assert closing.positions["COIN"].shares == Shares(150, 0, 50)
    assert closing.positions["COIN"].holding == Holding(150, Decimal(1400))


def test_a_day_whose_trades_were_booked_among_those_of_the_next_has_no_closing_of_its_own() -> None:
    late = booked(traded(Side.BUY, 100, "10.00"), 2)
    early = booked(traded(Side.BUY, 200, "10.00", "2026-11-23T00:00:00.000Z"), 1)
    both = records(Movements(booked=(late, early)))
    assert closing_at(both, "2026-11-22") is None
    assert closing_at(both, "2026-11-23") is not None


def test_a_day_without_movements_has_no_closing() -> None:
    assert closing_at(records(Movements()), "2026-11-22") is None


def test_records_of_which_nothing_is_known_have_no_break() -> None:
    assert list(common_breaks(records(Movements()), "2026-11-22")) == []
