"""Every store is made to say something else, one after the other: the break is named, with what both sides say."""

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support import archived_trades
from tests.support.reconciled_day import (
    CUSTOMER,
    DATE,
    archived,
    gone,
    only,
    other,
    rearchived,
    reconciled,
    said,
    trade,
)
from tests.support.ticker_days import spoiled
from tests.support.world import World
from trading.aws.engine.journal import Journal
from trading.aws.store.archived_bookings import ArchivedBooking, object_of
from trading.aws.store.packed import pack
from trading.domain.orders import PoolType

PK = f"CUST#{CUSTOMER}"
AT = "2026-11-22T14:30:00.123Z"
BROKEN = "not an object of the archive: Not a gzipped file (b'{}')"


class Day:
    """A day that is over, and how to have its stores say something else."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids = trade(world)
        world.clock.advance(days=1)

    def breaks(self) -> list[str]:
        return said(reconciled(self.world).breaks, self.ids)

    def customer(self, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, only(self.world, PK, "CUST#"), **fields)

    def order(self, name: str, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, self.item("ORDER#", name), **fields)

    def booking(self, name: str, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, self.item("TRADE#", name), **fields)

    def position(self, **fields: Any) -> AbstractContextManager[None]:
        return other(self.world, only(self.world, PK, "POSITION#COIN"), **fields)

    def without(self, kind: str, name: str) -> AbstractContextManager[None]:
        return gone(self.world, self.item(kind, name))

    def without_entry(self, **fields: Any) -> AbstractContextManager[None]:
        return gone(self.world, only(self.world, PK, "ENTRY#", **fields))

    def item(self, kind: str, name: str) -> dict[str, Any]:
        """The order, or its last booking."""
        its_id, booking = self.ids[name], self.ids.get(f"{name} booking")
        keys = {"ORDER#": its_id, "TRADE#": f"{DATE}#{booking}", "REPORT#": f"{DATE}#{booking}"}
        return only(self.world, PK, kind + keys[kind])

    def ticker_day(self) -> dict[str, Any]:
        return next(item for item in self.world.items(pk="TICKER#COIN") if item["SK"] == DATE)

    def archived(self, name: str, *lines: str) -> AbstractContextManager[None]:
        """The archive has these trades of the booking, none of it if there are none."""

        def change(each: ArchivedBooking) -> ArchivedBooking | None:
            if each.booking_id != self.ids[name]:
                return each
            return replace(each, lines=lines) if lines else None

        return rearchived(self.world, change)

    def journal_entry(self) -> dict[str, Any]:
        """The one that took the resting order in."""
        return self.world.items("OrderBooks", pk="lit#COIN")[3]


@pytest.fixture(scope="module")
def day(new_world: NewWorld) -> Iterator[Day]:
    with new_world() as world:
        world.tampered = True
        yield Day(world)


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


@pytest.mark.parametrize("readable", [True, False], ids=["gone", "unreadable"])
def test_a_booking_that_is_gone_or_cannot_be_read_is_missed_by_all_that_rests_on_it(day: Day, readable: bool) -> None:
    with day.without("TRADE#", "bought") if readable else day.booking("bought", content=pack({"orders": []})):
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
        [] if readable else [f"the item reason {reason} / the ledger nothing"]
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
