"""What orders, bookings and entries of the ledger move is what they say, and adds up to what is stored."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciliation.rules.balances import NOTHING
from reconciliation.rules.customer_records import common_breaks, single_breaks
from reconciliation.rules.movements import Movements
from tests.support.balanced_records import (
    BOOKED,
    BOUGHT,
    ENTRIES,
    PLACED,
    RECORDS,
    TODAY,
    TOMORROW,
    WAITING,
    booked,
    says,
    told,
    usd,
)
from trading.domain.accounts.ledger import Shares, settled


@pytest.mark.parametrize(
    ("posting", "found"),
    [
        ({"cash": usd("-1001.00"), "reserved": usd("1001.00")}, []),
        (
            {"cash": usd("-1.00")},
            [
                "posting 000002 COIN bought cash: the posting -1.00 / the order -1001.00",
                "posting 000002 COIN bought reserved: the posting nothing / the order 1001.00",
            ],
        ),
    ],
)
def test_an_order_posts_what_it_holds(posting: Mapping[str, Decimal], found: list[str]) -> None:
    life = replace(RECORDS.histories[0], placed=replace(PLACED["bought"], posting=posting))
    assert told(single_breaks(replace(RECORDS, histories=(life,)))) == found


def test_a_refused_order_posts_nothing() -> None:
    life = replace(RECORDS.histories[2], placed=replace(PLACED["refused"], posting={"cash": usd("-35.07")}))
    assert told(single_breaks(replace(RECORDS, histories=(life,)))) == [
        "posting 000002 COIN refused cash: the posting -35.07 / the order 0.00"
    ]


def test_a_booking_posts_and_moves_what_its_reports_say() -> None:
    assert told(single_breaks(booked("sold", posting={"cash": usd("600.00"), "clearing": usd("-600.00")}))) == [
        "posting 000002 COIN booking of sold cash: the posting 600.00 / the reports 599.75",
        "posting 000002 COIN booking of sold fees: the posting nothing / the reports 0.25",
    ]
    assert told(single_breaks(booked("bought", shares={"available": 99, "settled": 1}))) == [
        "posting 000002 COIN booking of bought shares available: the posting 99 / the reports 100",
        "posting 000002 COIN booking of bought shares settled: the posting 1 / the reports 0",
    ]


def test_bookings_that_claim_the_same_place_are_compared_as_they_come() -> None:
    found = told(common_breaks(says("sold", sequence=5), TODAY))
    assert "position 000002 COIN booking of sold sequence: the booking 5 / the ledger 6" in found


def test_a_settlement_of_a_part_leaves_the_rest_due() -> None:
    part = replace(ENTRIES["settlement"], posting=settled(usd("100.00")), shares=Shares(settled=10))
    entries = tuple(part if each is ENTRIES["settlement"] else each for each in ENTRIES.values())
    found = told(common_breaks(replace(RECORDS, movements=replace(RECORDS.movements, entries=entries)), TODAY))
    assert "position 000002 COIN due 2026-11-20 cash: the position nothing / the ledger 200.00" in found
    assert "position 000002 COIN due 2026-11-20 shares: the position nothing / the ledger 20" in found


def test_a_settlement_of_what_was_not_due_leaves_its_opposite_due() -> None:
    other = replace(ENTRIES["settlement"], reference="2026-11-19")
    entries = tuple(other if each is ENTRIES["settlement"] else each for each in ENTRIES.values())
    found = told(common_breaks(replace(RECORDS, movements=replace(RECORDS.movements, entries=entries)), TODAY))
    assert "position 000002 COIN due 2026-11-19 cash: the position nothing / the ledger -300.00" in found
    assert "position 000002 COIN due 2026-11-19 shares: the position nothing / the ledger -30" in found


def test_a_customer_without_short_positions_was_shorted_nothing() -> None:
    empty = replace(
        RECORDS, account={"shorted": usd("5.00")}, positions={}, opening=NOTHING, openings={}, movements=Movements(),
        histories=(), named={}, reporting={},
    )  # fmt: skip
    assert told(common_breaks(empty, TODAY)) == ["balance 000002 shorted: the customer 5.00 / the ledger 0.00"]


def test_movements_until_a_date_are_those_of_that_date_and_before() -> None:
    until = Movements(tuple(PLACED.values()), tuple(BOOKED.values()), tuple(ENTRIES.values())).until(TODAY)
    assert until == replace(RECORDS.movements, placed=tuple(each for each in PLACED.values() if each.order != WAITING))
    late = replace(ENTRIES["deposit"], time=f"{TOMORROW}T00:00:00.000Z")
    assert Movements(entries=(late,)).until(TODAY) == Movements()


def test_movements_of_a_ticker_are_those_in_it() -> None:
    in_amd = replace(PLACED["bought"], order=replace(BOUGHT, ticker="AMD"))
    sold_amd = replace(BOOKED["sold"], reports=replace(BOOKED["sold"].reports, ticker="AMD"))
    moved = Movements((in_amd, PLACED["sold"]), (BOOKED["bought"], sold_amd), tuple(ENTRIES.values()))
    assert moved.of("AMD") == Movements((in_amd,), (sold_amd,), ())
    assert moved.of("COIN") == Movements(
        (PLACED["sold"],), (BOOKED["bought"],), tuple(ENTRIES[name] for name in ("hold", "transfer", "settlement"))
    )
