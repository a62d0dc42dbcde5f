"""Every store is made to say something else, one after the other: the break is named, with what both sides say."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest

from tests.support.altered_day import AT, Day
from tests.support.reconciled_day import (
    DATE,
    archived,
    other,
    reconciled,
)
from tests.support.ticker_days import spoiled

BROKEN = "not an object of the archive: Not a gzipped file (b'{}')"
Corruption = Callable[[Day], AbstractContextManager[None]]
CORRUPTIONS: dict[str, tuple[Corruption, list[str]]] = {
    "a customer's cash": (
        lambda day: day.customer(cash=Decimal("1.00")),
        ["balance 000003 cash: the customer 1.00 / the ledger 976020.51"],
    ),
    "what a customer has reserved": (
        lambda day: day.customer(reserved=Decimal("1.00")),
        ["balance 000003 reserved: the customer 1.00 / the ledger 51586.95"],
    ),
    "what a customer has spent": (
        lambda day: day.customer(spent=Decimal("1.00")),
        [
            "balance 000003 clearing: the customer -59987.00 / the ledger -27608.00",
            "balance 000003 spent: the customer 1.00 / the ledger 32380.00",
        ],
    ),
    "a customer's open orders": (
        lambda day: day.customer(openOrders=9),
        ["balance 000003 openOrders: the customer 9 / the ledger 4"],
    ),
    "what is open of an order": (
        lambda day: day.order("resting", leavesQuantity=49),
        ["order 000003 COIN resting leavesQuantity: the order 49 / its bookings 50"],
    ),
    "what is filled of an order": (
        lambda day: day.order("bought", cumulativeQuantity=199),
        ["order 000003 COIN bought cumulativeQuantity: the order 199 / its bookings 200"],
    ),
    "what a replaced order has reserved": (
        lambda day: day.order("replaced", reserved=Decimal("1.00")),
        ["order 000003 COIN replaced reserved: the order 1.00 / its bookings 6040.16"],
    ),
    "how an order ended": (
        lambda day: day.order("canceled", ending={"status": "Expired", "reason": "expired"}),
        ["order 000003 COIN canceled ending: the order Expired expired / its bookings Canceled requested"],
    ),
    "an order's posting": (
        lambda day: day.order("replaced", posting={"cash": Decimal(-1), "reserved": Decimal(2)}),
        [
            "balance 000003 cash: the customer 976020.51 / the ledger 983469.71",
            "balance 000003 reserved: the customer 51586.95 / the ledger 44138.75",
            "posting 000003 COIN replaced cash: the posting -1.00 / the order -7450.20",
            "posting 000003 COIN replaced reserved: the posting 2.00 / the order 7450.20",
        ],
    ),
    "an order that is gone": (
        lambda day: day.without("ORDER#", "replaced"),
        [
            "balance 000003 cash: the customer 976020.51 / the ledger 983470.71",
            "balance 000003 openOrders: the customer 4 / the ledger 3",
            "balance 000003 reserved: the customer 51586.95 / the ledger 44136.75",
            "order 000003 replaced whole: the order nothing / its bookings order replaced",
        ],
    ),
    "an order without an answer": (
        lambda day: day.order("resting", answered=None),
        [
            "order 000003 COIN resting answered: the order false / its bookings true",
            f"unanswered 000003 COIN resting whole: the order accepted {AT} / the engines nothing",
        ],
    ),
    "a booking's posting": (
        lambda day: day.booking("sold", posting={"cash": Decimal("48563.82"), "clearing": Decimal("-48563.82")}),
        [
            "balance 000003 cash: the customer 976020.51 / the ledger 976020.60",
            "balance 000003 clearing: the customer -27608.00 / the ledger -27607.82",
            "balance 000003 fees: the customer 0.54 / the ledger 0.27",
            "posting 000003 COIN sold booking cash: the posting 48563.82 / the reports 48563.73",
            "posting 000003 COIN sold booking clearing: the posting -48563.82 / the reports -48564.00",
            "posting 000003 COIN sold booking fees: the posting nothing / the reports 0.27",
        ],
    ),
    "a booking's shares": (
        lambda day: day.booking("bought", shares={"available": 199}),
        [
            "position 000003 COIN available: the position 300 / the ledger 299",
            "posting 000003 COIN bought booking shares available: the posting 199 / the reports 200",
        ],
    ),
    "what a booking says of the position": (
        lambda day: day.booking("bought", position={"sequence": 2, "quantity": 700, "cost": 2, "realised": 0}),
        ["position 000003 COIN bought booking cost: the booking 2.00 / the ledger 37380.00"],
    ),
    "what a position cost": (
        lambda day: day.position(cost=Decimal("1.00")),
        ["position 000003 COIN cost: the position 1.00 / the ledger 21360.00"],
    ),
    "what a position earned": (
        lambda day: day.position(realised=Decimal("1.00")),
        ["position 000003 COIN realised: the position 1.00 / the ledger 32544.00"],
    ),
    "a position's shares": (
        lambda day: day.position(available=301),
        [
            "position 000003 COIN available: the position 301 / the ledger 300",
            "position 000003 COIN quantity: the position 401 / the ledger 400",
        ],
    ),
    "a position's settled shares": (
        lambda day: day.position(settled=1),
        ["position 000003 COIN settled: the position 1 / the ledger 500"],
    ),
    "what is due of a position": (
        lambda day: day.position(**{"due:2026-11-23:cash": Decimal("1.00")}),
        ["position 000003 COIN due 2026-11-23 cash: the position 1.00 / the ledger -16184.00"],
    ),
    "what was due long ago": (
        lambda day: day.position(**{"due:2026-11-20:cash": Decimal("1.00"), "due:2026-11-20:shares": Decimal(0)}),
        [
            "position 000003 COIN due 2026-11-20 cash: the position 1.00 / the ledger nothing",
            "position 000003 COIN due 2026-11-20 cash: the position 1.00 / the settlement nothing",
        ],
    ),
    "a booking that its order does not name": (
        lambda day: day.order("sold", bookings=None),
        [f"step 000003 sold TRADE#{DATE}#sold booking: the order nothing / the bookings 1"],
    ),
    "a booking of another order that an order names": (
        lambda day: day.order("sold", bookings=bytes(day.item("ORDER#", "bought")["bookings"])),
        [
            f"step 000003 sold TRADE#{DATE}#bought booking: the order 1 / the bookings nothing",
            f"step 000003 sold TRADE#{DATE}#sold booking: the order nothing / the bookings 1",
        ],
    ),
    "an entry that is gone": (
        lambda day: day.without_entry(kind="Hold"),
        [
            "balance 000003 cash: the customer 976020.51 / the ledger 977630.55",
            "balance 000003 reserved: the customer 51586.95 / the ledger 49976.91",
            "order 000003 COIN replaced reserved: the order 6040.16 / its bookings 4430.12",
        ],
    ),
    "a deposit that is gone": (
        lambda day: day.without_entry(kind="Deposit"),
        [
            "balance 000003 cash: the customer 976020.51 / the ledger -23979.49",
            "balance 000003 deposits: the customer 1000000.00 / the ledger 0.00",
            "balance 000003 house: the customer -1000000.00 / the ledger 0.00",
        ],
    ),
    "a ticker's day": (
        lambda day: other(day.world, day.ticker_day(), **spoiled(day.ticker_day(), trades=3, high="170.00")),
        [
            "tickerDay COIN high: the ticker's day 170.00 / the bookings 161.90",
            "tickerDay COIN total:trades: the ticker's day 3 / the bookings 11",
        ],
    ),
    "an object that nobody booked": (
        lambda day: archived(day.world, f"trades/dt={DATE}/nobody.jsonl", "{}\n"),
        ["archive nobody whole: the archive booking nobody / the bookings nothing"],
    ),
    "an object that cannot be read": (
        lambda day: archived(day.world, f"trades/dt={DATE}/broken.jsonl.gz", "{}"),
        [
            f"unreadable broken.jsonl.gz whole: the archive reason {BROKEN} / the bookings nothing",
        ],
    ),
}


def test_a_day_reconciles_without_a_break(day: Day) -> None:
    report = reconciled(day.world)
    assert (report.date, report.breaks, report.busy) == (DATE, (), ())
    assert report.compared == {
        "customers": 3,
        "orders": 15,
        "bookings": 18,
        "entries": 7,
        "journalEntries": 18,
        "objects": len(day.world.objects("trades/")),
        "tickerDays": 3,
    }


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_a_break_is_named_with_what_both_sides_say(day: Day, corruption: str) -> None:
    corrupt, expected = CORRUPTIONS[corruption]
    with corrupt(day):
        assert day.breaks() == expected
