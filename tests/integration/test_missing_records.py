"""Records that are gone or cannot be read: who misses them, and what is not held up."""

import json
import zlib
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest

from tests.support import archived_trades
from tests.support.altered_day import AT, Day
from tests.support.reconciled_day import (
    CUSTOMER,
    DATE,
    PK,
    archived,
    gone,
    only,
    other,
)
from trading.aws.engine.journal import Journal
from trading.aws.store.archived_bookings import ArchivedBooking, object_of
from trading.aws.store.packed import pack
from trading.domain.orders import PoolType


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "unreadable"])
def test_a_booking_that_is_gone_or_cannot_be_read_is_missed_by_all_that_rests_on_it(day: Day, is_gone: bool) -> None:
    with day.without("TRADE#", "bought") if is_gone else day.booking("bought", content=pack({"orders": []})):
        found = day.breaks()
    whole = {line.split(" whole: ")[0] for line in found if " whole: " in line}
    assert whole - {f"unreadable 000003 COIN TRADE#{DATE}#bought booking"} == {
        "archive bought booking",
        "journal 000003 COIN bought booking",
    }
    assert f"step 000003 bought TRADE#{DATE}#bought booking: the order 1 / the bookings nothing" in found
    assert [line for line in found if line.startswith("balance")] == [
        "balance 000003 cash: the customer 976020.51 / the ledger 976019.89",
        "balance 000003 clearing: the customer -27608.00 / the ledger -59988.00",
        "balance 000003 customerSequence: the customer 12 / the ledger 11",
        "balance 000003 fees: the customer 0.54 / the ledger 0.36",
        "balance 000003 openOrders: the customer 4 / the ledger 5",
        "balance 000003 reserved: the customer 51586.95 / the ledger 83967.75",
        "balance 000003 spent: the customer 32380.00 / the ledger 0.00",
        "balance 000003 trades: the customer 3 / the ledger 2",
    ]
    reason = "not a booking: no order is reported on"
    assert [line.split(" whole: ")[1] for line in found if line.startswith("unreadable")] == (
        [] if is_gone else [f"the item reason {reason} / the ledger nothing"]
    )
    assert "order 000003 COIN bought cumulativeQuantity: the order 200 / its bookings 0" in found
    assert "position 000003 COIN sold booking quantity: the booking 400 / the ledger 200" in found
    assert "tickerDay COIN total:quantity: the ticker's day 9114 / the bookings 8914" in found


def test_a_booking_that_is_gone_and_traded_nothing_is_missed(day: Day) -> None:
    with day.without("REPORT#", "immediate"):
        found = day.breaks()
    [journal] = [line for line in found if line.startswith("journal")]
    assert journal.startswith("journal 000003 COIN immediate booking whole: the booking nothing / the journal customer")
    assert "order 000003 COIN immediate leavesQuantity: the order 0 / its bookings 10" in found


def test_a_transfer_that_is_gone_is_missed_by_the_position_and_by_what_bookings_say_of_it(day: Day) -> None:
    with day.without_entry(kind="Transfer", ticker="COIN"):
        found = day.breaks()
    assert "position 000003 COIN quantity: the position 400 / the ledger -100" in found
    assert "position 000003 COIN bought booking quantity: the booking 700 / the ledger 200" in found
    assert "balance 000003 shorted: the customer 0.00 / the ledger 16188.00" in found
    assert {line.split()[0] for line in found} == {"balance", "position"}


def test_an_entry_that_does_not_sum_to_zero_is_not_counted(day: Day) -> None:
    deposit = only(day.world, PK, "ENTRY#", kind="Deposit")
    with other(day.world, deposit, posting={"cash": Decimal(5)}):
        [*balances, unreadable] = day.breaks()
    assert [line.split(":")[0] for line in balances] == [
        f"balance 000003 {name}" for name in ("cash", "deposits", "house")
    ]
    assert unreadable.startswith(
        f"unreadable 000003 {deposit['SK']} whole: the item reason not an entry of the ledger: "
    )
    assert "a posting that does not sum to zero" in unreadable


def test_an_entry_of_a_journal_that_is_gone_is_missed_by_its_bookings_and_by_those_around_it(day: Day) -> None:
    with gone(day.world, day.journal_entry(), "OrderBooks"):
        [booking, entry] = day.breaks()
    assert booking.startswith("journal 000003 COIN resting booking whole: the booking customer 000003, ticker COIN")
    assert booking.endswith(" / the journal nothing")
    assert entry == "journal COIN lit#COIN#4 whole: the entries after it entry 4 / the journal nothing"


def test_what_was_published_for_a_customer_who_is_not_listed_is_missed(day: Day) -> None:
    with gone(day.world, only(day.world, "CUSTOMERS", CUSTOMER)):
        found = day.breaks()
    bookings = [item for item in day.world.items(pk=PK) if "bookingId" in item]
    assert sum(line.startswith("journal 000003 ") for line in found) == len(bookings)
    assert sum(line.startswith("archive ") for line in found) == sum(
        item["SK"].startswith("TRADE#") for item in bookings
    )
    assert {line.split()[0] for line in found} == {"archive", "journal", "tickerDay"}


def test_a_message_of_a_journal_that_cannot_be_read_is_named(day: Day) -> None:
    entry = Journal(day.world.table("OrderBooks"), PoolType.LIT)
    [message] = [each for each in entry.messages("COIN", 4) if each.topic == "trades"]
    item = day.journal_entry()
    unreadable = {"events": [], "messages": [asdict(message) | {"body": "{}"}]}
    with other(day.world, item, "OrderBooks", content=zlib.compress(json.dumps(unreadable).encode())):
        [booking, journal] = day.breaks()
    assert booking.startswith("journal 000003 COIN resting booking whole: the booking customer 000003")
    assert journal.startswith("unreadable 000003 whole: the journal reason not a message of executionReports")


def test_a_position_that_cannot_be_read_is_named_and_holds_up_nothing(day: Day) -> None:
    with day.position(available=None):
        found = day.breaks()
    assert {line.split(": ")[0] for line in found if not line.startswith("position 000003 COIN ")} == {
        "unreadable 000003 POSITION#COIN whole"
    }


def test_a_tickers_day_that_is_gone_is_missed(day: Day) -> None:
    with gone(day.world, day.ticker_day()):
        [found] = day.breaks()
    assert found.startswith(
        "tickerDay COIN whole: the ticker's day nothing / the bookings total:trades 11, total:quantity"
    )


def line_of(day: Day, **fields: Any) -> str:
    """A line of an object, which says these things of the bought booking's trade."""
    return json.dumps({"settlementDate": AT, **fields, "bookingId": day.ids["bought booking"]})


def test_a_booking_that_is_not_archived_is_missed(day: Day) -> None:
    with day.archived("bought booking"):
        [found] = day.breaks()
    assert found.startswith("archive 000003 COIN bought booking whole: the booking ")
    assert '"quantity": 200, "price": "161.90"' in found
    assert found.endswith(" / the archive nothing")


def test_the_archive_is_compared_line_by_line(day: Day) -> None:
    with day.archived("bought booking", line_of(day, quantity=201), line_of(day)):
        found = day.breaks()
    assert [line.split(": ")[0] for line in found] == [
        f"archive 000003 COIN bought booking line {number}" for number in (1, 2)
    ]
    assert found[0].endswith(
        ' / the archive {"settlementDate": "' + AT + '", "quantity": 201, "bookingId": "bought booking"}'
    )


@pytest.mark.parametrize(
    ("same", "text"),
    [(True, None), (False, "{}\n"), (False, ""), (False, "no trade\n")],
    ids=["as it was", "another", "empty", "text"],
)
def test_an_object_of_one_booking_as_it_was_written_before_is_compared_too(
    day: Day, same: bool, text: str | None
) -> None:
    booking = next(
        each
        for each in archived_trades.bookings(day.world.objects("trades/"))
        if each.booking_id == day.ids["bought booking"]
    )
    trades = [json.loads(line) for line in booking.lines]
    before = "".join(json.dumps({name: each[name] for name in each if name != "bookingId"}) + "\n" for each in trades)
    name = f"trades/dt={DATE}/{booking.booking_id}.jsonl"
    with day.archived("bought booking"), archived(day.world, name, before if text is None else text):
        found = day.breaks()
    assert [line.split(": ")[0] for line in found] == ([] if same else ["archive 000003 COIN bought booking line 1"])


def test_a_booking_that_two_objects_have_counts_as_it_was_made_last(day: Day) -> None:
    older = ArchivedBooking(
        day.ids["bought booking"],
        "2026-11-22T14:29:00.000Z",
        (line_of(day, settlementDate="2026-11-22T14:29:00.000Z"),),
    )
    again = object_of([older])
    with archived(day.world, f"trades/dt={DATE}/{again.name}", again.body):
        assert day.breaks() == []
