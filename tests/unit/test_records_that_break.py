"""A customer's records with one thing wrong at a time: which breaks that is, in their words."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reconciliation.rules.breaks import BreakKind, SideRecord, Where, differing
from reconciliation.rules.customer_records import CustomerRecords, OrderHistory, common_breaks, single_breaks
from tests.support.balanced_records import (
    CUSTOMER,
    ENTRIES,
    PLACED,
    RECORDS,
    REPLACED,
    TODAY,
    says,
    told,
    usd,
)
from trading.domain.accounts.ledger import Shares
from trading.domain.accounts.positions import Holding, PositionState
from trading.domain.executions import Due


def account(**fields: Any) -> CustomerRecords:
    return replace(RECORDS, account={**RECORDS.account, **fields})


def booking_without_number() -> CustomerRecords:
    """CustomerRecords in which a booking has lost its number."""
    booked = (*RECORDS.movements.booked[:-1], replace(RECORDS.movements.booked[-1], sequence=None))
    return replace(RECORDS, movements=replace(RECORDS.movements, booked=booked))


def position(ticker: str, **fields: Any) -> CustomerRecords:
    return replace(RECORDS, positions={**RECORDS.positions, ticker: replace(RECORDS.positions[ticker], **fields)})


def stands(name: str, **fields: Any) -> CustomerRecords:
    """Records in which an order stands otherwise."""

    def other(life: OrderHistory) -> OrderHistory:
        if life.placed is not PLACED[name]:
            return life
        return replace(life, placed=replace(life.placed, stands={**life.placed.stands, **fields}))

    return replace(RECORDS, histories=tuple(map(other, RECORDS.histories)))


def without(*entries: str) -> CustomerRecords:
    kept = tuple(each for name, each in ENTRIES.items() if name not in entries)
    return replace(RECORDS, movements=replace(RECORDS.movements, entries=kept))


WRONG: dict[str, tuple[CustomerRecords, list[str]]] = {
    "a customer's cash": (
        account(cash=usd("1.00")),
        ["balance 000002 cash: the customer 1.00 / the ledger 9149.73"],
    ),
    "what a customer has reserved": (
        account(reserved=usd("1.00")),
        ["balance 000002 reserved: the customer 1.00 / the ledger 449.52"],
    ),
    "what a customer paid in fees": (
        account(fees=usd("1.00")),
        ["balance 000002 fees: the customer 1.00 / the ledger 0.75"],
    ),
    "what a customer spent": (
        account(spent=usd("1.00")),
        [
            "balance 000002 spent: the customer 1.00 / the ledger 1300.00",
            "balance 000002 clearing: the customer -899.00 / the ledger 400.00",
        ],
    ),
    "what a customer earned": (
        account(proceeds=usd("1.00")),
        [
            "balance 000002 proceeds: the customer 1.00 / the ledger 600.00",
            "balance 000002 clearing: the customer 999.00 / the ledger 400.00",
        ],
    ),
    "what a customer brought in": (
        account(deposits=usd("1.00")),
        [
            "balance 000002 deposits: the customer 1.00 / the ledger 10500.00",
            "balance 000002 house: the customer 499.00 / the ledger -10000.00",
        ],
    ),
    "what a customer took out": (
        account(withdrawals=usd("1.00")),
        [
            "balance 000002 withdrawals: the customer 1.00 / the ledger 200.00",
            "balance 000002 house: the customer -10199.00 / the ledger -10000.00",
        ],
    ),
    "what is settled": (
        account(settled=usd("1.00")),
        [
            "balance 000002 settled: the customer 1.00 / the ledger 300.00",
            "balance 000002 clearing: the customer 699.00 / the ledger 400.00",
            "balance 000002 house: the customer -10299.00 / the ledger -10000.00",
        ],
    ),
    "how many orders are open": (
        account(openOrders=Decimal("9.0")),
        ["balance 000002 openOrders: the customer 9 / the ledger 2"],
    ),
    "how many bookings have a number": (
        account(customerSequence=Decimal("12.0")),
        ["balance 000002 customerSequence: the customer 12 / the ledger 11"],
    ),
    "how many trades there were": (
        account(trades=Decimal("6.0")),
        ["balance 000002 trades: the customer 6 / the ledger 5"],
    ),
    "a booking whose number is lost": (
        booking_without_number(),
        ["balance 000002 customerSequence: the customer 11 / the ledger 10"],
    ),
    "what short positions were sold for": (
        account(shorted=usd("1.00")),
        ["balance 000002 shorted: the customer 1.00 / the ledger 500.00"],
    ),
    "an account without totals": (
        replace(RECORDS, account={}),
        [
            "balance 000002 cash: the customer 0.00 / the ledger 9149.73",
            "balance 000002 reserved: the customer 0.00 / the ledger 449.52",
            "balance 000002 fees: the customer 0.00 / the ledger 0.75",
            "balance 000002 spent: the customer 0.00 / the ledger 1300.00",
            "balance 000002 proceeds: the customer 0.00 / the ledger 600.00",
            "balance 000002 deposits: the customer 0.00 / the ledger 10500.00",
            "balance 000002 withdrawals: the customer 0.00 / the ledger 200.00",
            "balance 000002 settled: the customer 0.00 / the ledger 300.00",
            "balance 000002 openOrders: the customer 0 / the ledger 2",
            "balance 000002 customerSequence: the customer 0 / the ledger 11",
            "balance 000002 trades: the customer 0 / the ledger 5",
            "balance 000002 shorted: the customer 0.00 / the ledger 500.00",
            "balance 000002 clearing: the customer 0.00 / the ledger 400.00",
            "balance 000002 house: the customer 0.00 / the ledger -10000.00",
        ],
    ),
    "how many shares of an order are filled": (
        stands("bought", cumulativeQuantity=99),
        ["order 000002 COIN bought cumulativeQuantity: the order 99 / its bookings 100"],
    ),
    "how many shares an order has": (
        stands("replaced", orderQuantity=40),
        ["order 000002 COIN replaced orderQuantity: the order 40 / its bookings 42"],
    ),
    "what an order holds": (
        stands("replaced", reserved=usd("1.00")),
        ["order 000002 COIN replaced reserved: the order 1.00 / its bookings 399.42"],
    ),
    "the limit of a replaced order": (
        stands("replaced", price=usd("9.00")),
        ["order 000002 COIN replaced price: the order 9.00 / its bookings 9.50"],
    ),
    "the limit of an order that nobody replaced": (
        stands("bought", price=usd("9.00")),
        ["order 000002 COIN bought price: the order 9.00 / its bookings 10.00"],
    ),
    "how an order that is filled ended": (
        stands("bought", ending="Canceled requested"),
        ["order 000002 COIN bought ending: the order Canceled requested / its bookings nothing"],
    ),
    "what an order took of which nothing was reported": (
        stands("waiting", executedNotional=usd("1.00"), fees=usd("2.00"), canceledQuantity=3, openQuantity=4),
        [
            "order 000002 COIN waiting canceledQuantity: the order 3 / its bookings 0",
            "order 000002 COIN waiting openQuantity: the order 4 / its bookings 10",
            "order 000002 COIN waiting executedNotional: the order 1.00 / its bookings 0.00",
            "order 000002 COIN waiting fees: the order 2.00 / its bookings 0.00",
        ],
    ),
    "what a refused order has open and holds": (
        stands("refused", leavesQuantity=7, reserved=usd("35.07")),
        [
            "order 000002 COIN refused leavesQuantity: the order 7 / its bookings 0",
            "order 000002 COIN refused reserved: the order 35.07 / its bookings 0.00",
        ],
    ),
    "whether an order was answered": (
        stands("replaced", answered=False),
        [
            "order 000002 COIN replaced answered: the order false / its bookings true",
            f"unanswered 000002 COIN replaced whole: the order accepted {REPLACED.order_date} / the engines nothing",
        ],
    ),
    "a booking that its order names twice": (
        replace(RECORDS, named={"sold": ["the booking of sold"] * 2}),
        ["step 000002 sold the booking of sold: the order 2 / the bookings 1"],
    ),
    "a booking that its order does not name": (
        replace(RECORDS, named={}),
        ["step 000002 sold the booking of sold: the order nothing / the bookings 1"],
    ),
    "a booking that an order names and that does not report on it": (
        replace(RECORDS, reporting={}),
        ["step 000002 sold the booking of sold: the order 1 / the bookings nothing"],
    ),
    "the shares of a position": (
        position("COIN", shares=Shares(161, 2, 113)),
        [
            "position 000002 COIN available: the position 161 / the ledger 160",
            "position 000002 COIN reserved: the position 2 / the ledger 0",
            "position 000002 COIN settled: the position 113 / the ledger 110",
        ],
    ),
    "what a position cost and earned": (
        position("COIN", holding=Holding(161, usd("1.00"), usd("2.00"))),
        [
            "position 000002 COIN quantity: the position 161 / the ledger 160",
            "position 000002 COIN cost: the position 1.00 / the ledger 1440.00",
            "position 000002 COIN realised: the position 2.00 / the ledger 150.00",
        ],
    ),
    "the fees of a position, and how often it was changed": (
        position("COIN", fees=usd("0.84"), sequence=8),
        [
            "position 000002 COIN fees: the position 0.84 / the ledger 0.85",
            "position 000002 COIN sequence: the position 8 / the ledger 7",
        ],
    ),
    "what is due of a position": (
        position("COIN", due={"2026-11-23": Due(usd("1.00"), 51)}),
        [
            "position 000002 COIN due 2026-11-23 cash: the position 1.00 / the ledger 400.00",
            "position 000002 COIN due 2026-11-23 shares: the position 51 / the ledger 50",
        ],
    ),
    "a position that is gone": (
        replace(RECORDS, positions={"COIN": RECORDS.positions["COIN"]}),
        [
            "position 000002 AMD available: the position 0 / the ledger -10",
            "position 000002 AMD settled: the position 0 / the ledger -10",
            "position 000002 AMD quantity: the position 0 / the ledger -10",
            "position 000002 AMD cost: the position 0.00 / the ledger -500.00",
            "position 000002 AMD sequence: the position 0 / the ledger 1",
        ],
    ),
    "a position of nothing": (
        replace(RECORDS, positions={**RECORDS.positions, "IBM": PositionState(Shares(5))}),
        ["position 000002 IBM available: the position 5 / the ledger 0"],
    ),
    "what a booking says of the position": (
        says("bought", cost=usd("1889.99"), sequence=5),
        ["position 000002 COIN booking of bought cost: the booking 1889.99 / the ledger 1890.00"],
    ),
    "what a booking says of the position after an entry": (
        says("sold", quantity=159),
        ["position 000002 COIN booking of sold quantity: the booking 159 / the ledger 160"],
    ),
    "what was due before yesterday": (
        position("AMD", due={"2026-11-20": Due(usd("5.00"), -6), "2026-11-19": Due()}),
        [
            "position 000002 AMD due 2026-11-20 cash: the position 5.00 / the ledger nothing",
            "position 000002 AMD due 2026-11-20 shares: the position -6 / the ledger nothing",
            "position 000002 AMD due 2026-11-20 cash: the position 5.00 / the settlement nothing",
            "position 000002 AMD due 2026-11-20 shares: the position -6 / the settlement nothing",
        ],
    ),
    "a deposit that is gone": (
        without("deposit"),
        [
            "balance 000002 cash: the customer 9149.73 / the ledger 8649.73",
            "balance 000002 deposits: the customer 10500.00 / the ledger 10000.00",
            "balance 000002 house: the customer -10000.00 / the ledger -9500.00",
        ],
    ),
    "a settlement that is gone": (
        without("settlement"),
        [
            "balance 000002 settled: the customer 300.00 / the ledger 0.00",
            "balance 000002 clearing: the customer 400.00 / the ledger 700.00",
            "balance 000002 house: the customer -10000.00 / the ledger -10300.00",
            "position 000002 COIN settled: the position 110 / the ledger 80",
            "position 000002 COIN sequence: the position 7 / the ledger 6",
            "position 000002 COIN due 2026-11-20 cash: the position nothing / the ledger 300.00",
            "position 000002 COIN due 2026-11-20 shares: the position nothing / the ledger 30",
            "position 000002 COIN booking of sold sequence: the booking 7 / the ledger 6",
        ],
    ),
    "a transfer that is gone": (
        without("transfer"),
        [
            "position 000002 COIN available: the position 160 / the ledger 150",
            "position 000002 COIN settled: the position 110 / the ledger 100",
            "position 000002 COIN quantity: the position 160 / the ledger 150",
            "position 000002 COIN cost: the position 1440.00 / the ledger 1350.00",
            "position 000002 COIN sequence: the position 7 / the ledger 6",
            "position 000002 COIN booking of bought quantity: the booking 210 / the ledger 200",
            "position 000002 COIN booking of bought cost: the booking 1890.00 / the ledger 1800.00",
        ],
    ),
}  # fmt: skip


def test_records_that_agree_have_no_break() -> None:
    assert told(single_breaks(RECORDS)) == []
    assert told(common_breaks(RECORDS, TODAY)) == []


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_named_with_what_both_sides_say(wrong: str) -> None:
    records, expected = WRONG[wrong]
    assert sorted(told(common_breaks(records, TODAY))) == sorted(expected)


def test_what_cannot_be_read_is_a_break_of_its_own() -> None:
    [unreadable] = differing(
        BreakKind.UNREADABLE, Where(CUSTOMER), SideRecord("the item", {"reason": "no"}), SideRecord("the ledger", None)
    )
    assert [*single_breaks(replace(RECORDS, unreadable=(unreadable,)))] == [unreadable]
    assert str(unreadable) == "unreadable 000002 whole: the item reason no / the ledger nothing"
