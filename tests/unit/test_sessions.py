"""A pool with opening hours: orders collect, an auction opens and closes the session, and late commands do no harm."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.support.matching import QUIET, QUOTE, cancel, command, expire, never, replacement, told
from tests.support.samples import MARKET
from trading.domain.hours import ALWAYS_OPEN, OpeningHours, Session, opening_hours
from trading.domain.ids import derived
from trading.domain.market import Market
from trading.domain.matching.dark import DarkPool
from trading.domain.matching.early_ends import EarlyEnds
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.execution_reports import Reporter
from trading.domain.matching.fees import fees_of
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pool import HOUSE, Closed, Conditions, Event
from trading.domain.matching.prints import prints_of
from trading.domain.matching.sessions import overdue
from trading.domain.matching.working_order import Called, Opened, Traded
from trading.domain.messages.commands import Command, NewOrder, OpenSession
from trading.domain.money import rounded_down
from trading.domain.orders import PoolType, Side
from trading.domain.quotes import Quote
from trading.domain.tape import Auction

NEW_YORK = opening_hours("new-york")
ON_COMMAND = opening_hours("on-command")
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"
NIGHT, OPENS, NOON, CLOSES, EVENING = (
    f"{MONDAY}T{time}.000Z" for time in ("02:00:00", "14:30:00", "17:00:00", "21:00:00", "22:00:00")
)
NEXT_OPENS, NEXT_CLOSES = f"{TUESDAY}T14:30:00.000Z", f"{TUESDAY}T21:00:00.000Z"


def entered(
    at: str, direction: str, quantity: int, price: str | None, customer: str = "000001", **terms: Any
) -> NewOrder:
    """A new order that was entered at this time."""
    made = command(direction, quantity, price, customer, **terms)
    return replace(made, order=replace(made.order, order_date=at, session_date=at[:10]))


def opening(time: str) -> OpenSession:
    return OpenSession(derived(time, "opens"), "COIN", time[:10], time)


def closing(time: str) -> Command:
    return expire(time[:10], time)


class Desk:
    """A pool under opening hours, and what customers were told of it. Beside it stands a pool that hears of it only by
    the text of its journal.
    """

    def __init__(self, hours: OpeningHours = NEW_YORK, market: Market = QUIET, pool: PoolType = PoolType.LIT) -> None:
        self.kind = LitPool if pool is PoolType.LIT else DarkPool
        self.pool, self.follower = self.kind(), self.kind()
        self.type, self.hours, self.market = pool, hours, market
        self.events: list[Event] = []
        self.came: list[NewOrder] = []

    def at(self, time: str, asked: Command, quote: Quote | None = QUOTE) -> list[tuple[Any, ...]]:
        """Executes a command at this time; what it led to."""
        if isinstance(asked, NewOrder):
            self.came.append(asked)
        conditions = Conditions(self.market, quote, self.hours.at(time))
        happened = self.pool.execute(asked, conditions, never)
        self.events += happened
        self.follower.fold(events_from(json.loads(json.dumps([event_values(each) for each in happened]))))
        assert self.follower.snapshot() == self.pool.snapshot()
        restored = self.kind()
        restored.restore(json.loads(json.dumps(self.pool.snapshot())))
        assert restored.snapshot() == self.pool.snapshot()
        return told(happened)


@pytest.fixture
def lit() -> Desk:
    return Desk()


def test_orders_collect_until_the_opening_and_trade_there_at_one_price(lit: Desk) -> None:
    assert lit.at(NIGHT, entered(NIGHT, "Buy", 300, "162.50")) == [("rests", 300, "IEX")]
    assert lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00")) == [("rests", 100, "IEX")]
    assert lit.at(NIGHT, entered(NIGHT, "Sell", 350, "161.00", "000002")) == [("rests", 350, "IEX")]
    assert lit.at(OPENS, opening(OPENS)) == [("traded", 300, "162.000", "IEX"), ("traded", 50, "162.000", "IEX")]
    assert lit.at(NOON, entered(NOON, "Sell", 50, "162.00", "000002")) == [("traded", 50, "162.000", "IEX")]


def test_the_first_command_after_the_opening_opens_when_the_schedule_is_late(lit: Desk) -> None:
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00"))
    lit.at(NIGHT, entered(NIGHT, "Sell", 100, "161.00", "000002"))
    assert lit.at(OPENS, entered(OPENS, "Buy", 7, "150.00")) == [
        ("traded", 100, "161.890", "IEX"),
        ("rests", 7, "IEX"),
    ]
    assert lit.at(OPENS, opening(OPENS)) == []
    assert [each for each in lit.events if isinstance(each, Opened)] == [Opened(OPENS)]


def test_an_engine_whose_clock_is_behind_opens_at_the_command(lit: Desk) -> None:
    before = f"{MONDAY}T14:29:59.950Z"
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00"))
    lit.at(before, opening(OPENS))
    assert lit.at(before, entered(before, "Sell", 100, "161.00", "000002")) == [("traded", 100, "162.000", "IEX")]


def test_the_close_has_an_auction_ends_the_day_orders_and_keeps_the_others(lit: Desk) -> None:
    for order in (
        entered(NOON, "Buy", 200, "162.00", time_in_force="CLS"),
        entered(NOON, "Buy", 50, "161.00", time_in_force="CLS"),
    ):
        assert lit.at(NOON, order) == [("waits", order.quantity)]
    lit.at(NOON, entered(NOON, "Sell", 120, "162.00", "000002"))
    lit.at(NOON, entered(NOON, "Sell", 30, "163.00", "000002"))
    lit.at(NOON, entered(NOON, "Sell", 40, "164.00", "000002", time_in_force="GTC"))
    assert lit.at(CLOSES, closing(CLOSES)) == [
        ("traded", 120, "162.000", "IEX"),
        ("ended", 80, "auction-over"),
        ("ended", 50, "auction-over"),
        ("ended", 30, "expired"),
    ]
    assert lit.at(CLOSES, closing(CLOSES)) == []
    assert next(iter(lit.pool.book.orders.values())).quantity == 40  # type: ignore[union-attr]


def test_the_first_command_after_the_close_closes_when_the_schedule_is_late(lit: Desk) -> None:
    lit.at(NOON, entered(NOON, "Buy", 200, "160.00"))
    assert lit.at(EVENING, entered(EVENING, "Buy", 7, "160.00")) == [("ended", 200, "expired"), ("rests", 7, "IEX")]
    assert lit.at(EVENING, closing(CLOSES)) == []


def test_a_pool_that_slept_through_the_close_and_the_opening_makes_up_for_both(lit: Desk) -> None:
    lit.at(NOON, entered(NOON, "Sell", 100, "161.00", "000002", time_in_force="GTC"))
    lit.at(NOON, entered(NOON, "Buy", 60, "161.00", time_in_force="CLS"))
    tuesday = f"{TUESDAY}T15:00:00.000Z"
    assert lit.at(tuesday, entered(tuesday, "Buy", 40, "161.00")) == [
        ("traded", 60, "161.000", "IEX"),
        ("traded", 40, "161.000", "IEX"),
    ]
    turns = [each for each in lit.events if isinstance(each, Called | Opened)]
    assert turns[-2:] == [Called(CLOSES), Opened(NEXT_OPENS)]


def test_an_order_of_the_evening_waits_for_the_next_session_and_ends_with_that(lit: Desk) -> None:
    lit.at(NOON, entered(NOON, "Buy", 1, "150.00"))
    lit.at(CLOSES, closing(CLOSES))
    lit.at(EVENING, entered(EVENING, "Buy", 100, "160.00"))
    assert lit.at(NEXT_OPENS, opening(NEXT_OPENS)) == []
    assert lit.at(NEXT_CLOSES, closing(NEXT_CLOSES)) == [("ended", 100, "expired")]


def test_an_order_of_before_the_close_that_comes_after_it_expires(lit: Desk) -> None:
    lit.at(NOON, entered(NOON, "Buy", 1, "150.00"))
    lit.at(CLOSES, closing(CLOSES))
    assert lit.at(CLOSES, entered(NOON, "Buy", 100, "160.00")) == [("ended", 100, "expired")]
    assert lit.at(CLOSES, entered(NOON, "Buy", 100, "160.00", time_in_force="CLS")) == [("ended", 100, "expired")]


@pytest.mark.parametrize(
    ("terms", "closed", "opened", "always"),
    [
        ({}, ("rests", 10, "IEX"), ("rests", 10, "IEX"), ("rests", 10, "IEX")),
        ({"time_in_force": "GTC"}, ("rests", 10, "IEX"), ("rests", 10, "IEX"), ("rests", 10, "IEX")),
        (
            {"time_in_force": "IOC"},
            ("refused", "market-closed"),
            ("ended", 10, "immediate-or-cancel"),
            ("ended", 10, "immediate-or-cancel"),
        ),
        (
            {"time_in_force": "FOK"},
            ("refused", "market-closed"),
            ("ended", 10, "too-little-to-trade-with"),
            ("ended", 10, "too-little-to-trade-with"),
        ),
        ({"time_in_force": "OPG"}, ("waits", 10), ("refused", "auction-over"), ("refused", "no-auction")),
        ({"time_in_force": "CLS"}, ("waits", 10), ("waits", 10), ("refused", "no-auction")),
        ({"type": "Market"}, ("waits", 10), ("ended", 10, "immediate-or-cancel"), ("ended", 10, "immediate-or-cancel")),
        (
            {"type": "Market", "minimum_quantity": 5},
            ("refused", "market-closed"),
            ("ended", 10, "too-little-to-trade-with"),
            ("ended", 10, "too-little-to-trade-with"),
        ),
        ({"type": "StopLimit", "stop_price": "160.00"}, ("waits", 10), ("waits", 10), ("waits", 10)),
    ],
)
def test_what_becomes_of_an_order_follows_from_its_time_in_force_and_the_phase(
    terms: dict[str, Any], closed: tuple[Any, ...], opened: tuple[Any, ...], always: tuple[Any, ...]
) -> None:
    price = None if terms.get("type") == "Market" else "160.00"
    for hours, time, expected in ((NEW_YORK, NIGHT, closed), (NEW_YORK, NOON, opened)):
        assert Desk(hours).at(time, entered(time, "Buy", 10, price, **terms)) == [expected]
    assert Desk(opening_hours("always")).at(NIGHT, entered(NIGHT, "Buy", 10, price, **terms)) == [always]


def test_what_the_opening_leaves_of_an_order_for_it_ends(lit: Desk) -> None:
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00", time_in_force="OPG"))
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, None, type="Market", protection_price="170.00"))
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "161.00", time_in_force="CLS"))
    lit.at(NIGHT, entered(NIGHT, "Sell", 30, "162.00", "000002", time_in_force="OPG"))
    assert lit.at(OPENS, opening(OPENS)) == [
        ("traded", 30, "170.000", "IEX"),
        ("ended", 100, "auction-over"),
        ("ended", 70, "immediate-or-cancel"),
    ]
    assert [order.leaves for order in lit.pool.book.held.values()] == [100]  # type: ignore[union-attr]


def test_no_stop_is_elected_before_the_opening_whose_price_elects_it(lit: Desk) -> None:
    lit.at(NOON, entered(NOON, "Buy", 10, "161.00"))
    lit.at(NOON, entered(NOON, "Sell", 10, "161.00", "000002"))
    lit.at(CLOSES, closing(CLOSES))
    stop = entered(EVENING, "Buy", 10, "163.00", type="StopLimit", stop_price="160.00")
    assert lit.at(EVENING, stop) == [("waits", 10)]
    lit.at(EVENING, entered(EVENING, "Sell", 10, "162.50", "000002"))
    assert lit.at(NEXT_OPENS, opening(NEXT_OPENS)) == [("traded", 10, "162.500", "IEX")]


def test_an_order_that_collects_can_be_canceled_and_loses_its_place_when_it_is_replaced(lit: Desk) -> None:
    held = entered(NIGHT, "Buy", 100, "162.00", time_in_force="OPG")
    other = entered(NIGHT, "Buy", 100, "162.00")
    lit.at(NIGHT, held)
    lit.at(NIGHT, other)
    assert lit.at(NIGHT, replacement(held, 120, "162.00")) == [("replaced", 120, "162.000", 120, ""), ("waits", 120)]
    assert lit.at(NIGHT, replacement(held, 110, "162.00")) == [("replaced", 110, "162.000", 110, "in its place")]
    lit.at(NIGHT, entered(NIGHT, "Sell", 150, "161.00", "000002"))
    lit.at(OPENS, opening(OPENS))
    assert next((each.quantity, each.maker.id) for each in lit.events if isinstance(each, Traded)) == (
        100,
        other.order.order_id,
    )
    again = Desk()
    again.at(NIGHT, held)
    assert again.at(NIGHT, cancel(held)) == [("ended", 100, "requested")]


def test_the_market_makers_quotes_stand_in_the_auction_so_that_an_order_finds_a_price() -> None:
    lit = Desk(market=MARKET)
    lit.at(NIGHT, entered(NIGHT, "Buy", 300, "165.00"))
    trades = lit.at(OPENS, opening(OPENS))
    assert sum(each[1] for each in trades) == 300
    assert len({each[2] for each in trades}) == 1
    assert Decimal("161.90") <= Decimal(trades[0][2]) < Decimal("162.10")
    house = [each for each in lit.pool.book.orders.values() if each.account == HOUSE]  # type: ignore[union-attr]
    assert all(each.leaves == each.quantity for each in house)


def test_the_tape_names_the_auction_of_each_print(lit: Desk) -> None:
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00", time_in_force="OPG"))
    lit.at(NIGHT, entered(NIGHT, "Sell", 130, "161.00", "000002"))
    lit.at(NIGHT, entered(NIGHT, "Buy", 20, "162.00", "000003", time_in_force="CLS"))
    lit.at(NOON, entered(NOON, "Buy", 10, "162.00"))
    lit.at(EVENING, entered(EVENING, "Buy", 1, "100.00"))
    printed = [(each.quantity, each.auction, each.aggressor) for each in prints_of(lit.events, 0)]
    assert printed == [(100, Auction.OPENING, None), (10, None, Side.BUY), (20, Auction.CLOSING, None)]


def test_both_sides_of_an_auction_pay_the_taker_rate() -> None:
    lit = Desk()
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00"))
    lit.at(NIGHT, entered(NIGHT, "Sell", 100, "162.00", "000002"))
    reporter = Reporter(fees_of(PoolType.LIT, MARKET))
    conditions = Conditions(QUIET, QUOTE, NEW_YORK.at(OPENS))
    reporter.add(opening(OPENS), lit.pool.execute(opening(OPENS), conditions, never))
    taker = MARKET.venues[PoolType.LIT]["IEX"].taker
    executions = [each for orders in reporter.reports() for report in orders for each in report.executions]
    assert [each.fee for each in executions] == [rounded_down(taker * 100)] * 2
    assert sorted(each.counted for each in executions) == [False, True]


def test_commands_open_and_close_where_no_clock_does() -> None:
    lit = Desk(ON_COMMAND)
    assert lit.at(NOON, entered(NOON, "Buy", 100, "162.00")) == [("rests", 100, "IEX")]
    assert lit.at(NOON, closing(NOON)) == [("ended", 100, "expired")]
    later, last = f"{MONDAY}T18:00:00.000Z", f"{MONDAY}T19:00:00.000Z"
    lit.at(later, entered(later, "Buy", 100, "162.00"))
    lit.at(later, entered(later, "Sell", 100, "162.00", "000002"))
    assert lit.at(last, opening(last)) == [("traded", 100, "162.000", "IEX")]


def test_a_late_command_neither_opens_what_was_closed_since_nor_closes_what_was_opened_since() -> None:
    lit = Desk(ON_COMMAND)
    lit.at(CLOSES, closing(CLOSES))
    lit.at(EVENING, opening(NOON))
    assert lit.pool.book.collects  # type: ignore[union-attr]
    lit.at(EVENING, opening(EVENING))
    lit.at(EVENING, closing(NOON))
    lit.at(EVENING, closing(CLOSES))
    assert not lit.pool.book.collects  # type: ignore[union-attr]


def test_of_an_opening_and_a_close_at_the_same_time_only_the_first_happens() -> None:
    lit = Desk(ON_COMMAND)
    lit.at(NOON, closing(NOON))
    lit.at(NOON, opening(NOON))
    assert lit.pool.book.collects  # type: ignore[union-attr]
    lit.at(EVENING, opening(EVENING))
    lit.at(EVENING, closing(EVENING))
    assert not lit.pool.book.collects  # type: ignore[union-attr]


@pytest.mark.parametrize(("opened", "turns"), [(CLOSES, []), (EVENING, [Opened(EVENING)])])
def test_the_clock_opens_what_was_closed_before_the_opening_alone(opened: str, turns: list[Opened]) -> None:
    early_ends = EarlyEnds()
    early_ends.happened(Closed(CLOSES))
    session = Session(has_auctions=True, by_clock=True, closed=CLOSES, opened=opened)
    assert list(overdue(session, early_ends, collects=True)) == turns


def test_a_session_that_was_closed_by_hand_stays_closed_until_the_next_opening(lit: Desk) -> None:
    lit.at(NOON, entered(NOON, "Buy", 100, "162.00"))
    lit.at(NOON, closing(NOON))
    later = f"{MONDAY}T18:00:00.000Z"
    assert lit.at(later, entered(later, "Sell", 100, "162.00", "000002", time_in_force="GTC")) == [
        ("rests", 100, "IEX")
    ]
    assert lit.pool.book.collects  # type: ignore[union-attr]
    lit.at(NEXT_OPENS, entered(NEXT_OPENS, "Buy", 1, "150.00"))
    assert not lit.pool.book.collects  # type: ignore[union-attr]


def test_a_market_that_is_set_to_be_always_open_opens_with_the_next_command() -> None:
    lit = Desk()
    lit.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00"))
    lit.hours = OpeningHours()
    assert lit.at(NIGHT, entered(NIGHT, "Sell", 100, "162.00", "000002")) == [("traded", 100, "162.000", "IEX")]


def test_an_always_open_market_journals_nothing_of_sessions_but_its_close() -> None:
    lit = Desk(OpeningHours())
    lit.at(NOON, entered(NOON, "Buy", 100, "161.00"))
    lit.at(CLOSES, opening(CLOSES))
    lit.at(CLOSES, closing(CLOSES))
    assert [type(each).__name__ for each in lit.events] == ["Quoted", "Ranked", "Rested", "Canceled", "Closed"]


def test_the_dark_pools_cross_nothing_while_they_are_closed_and_what_rests_when_they_open() -> None:
    dark = Desk(pool=PoolType.DARK)
    assert dark.at(NIGHT, entered(NIGHT, "Buy", 100, "162.00")) == [("passed on", 100)]
    resting = [
        entered(NIGHT, side, 100, "161.89", customer, pool_only=True, time_in_force="GTC")
        for side, customer in (("Buy", "000001"), ("Sell", "000002"))
    ]
    for order in resting:
        assert [each[0] for each in dark.at(NIGHT, order)] == ["rests"]
    for terms in ({"time_in_force": "IOC"}, {"time_in_force": "FOK"}, {"type": "Market"}):
        price = None if "type" in terms else "162.00"
        order = entered(NIGHT, "Buy", 100, price, pool_only=True, **terms)
        assert dark.at(NIGHT, order) == [("refused", "market-closed")]
    traded = [each for each in dark.at(OPENS, opening(OPENS)) if each[0] == "traded"]
    assert traded[0][1:3] == (100, "161.890")
    assert {order.order.order_id for order in resting}.isdisjoint(dark.pool.resting)  # type: ignore[union-attr]


def test_commands_open_and_close_the_dark_pools_where_no_clock_does() -> None:
    dark = Desk(ON_COMMAND, pool=PoolType.DARK)
    dark.at(NOON, entered(NOON, "Buy", 100, "160.00", pool_only=True))
    assert dark.at(NOON, closing(NOON)) == [("ended", 100, "expired")]
    later, last = f"{MONDAY}T18:00:00.000Z", f"{MONDAY}T19:00:00.000Z"
    for side, customer in (("Buy", "000001"), ("Sell", "000002")):
        dark.at(later, entered(later, side, 100, "161.89", customer, pool_only=True, time_in_force="GTC"))
    assert dark.at(later, opening(NOON)) == []
    assert dark.at(last, opening(last))[0][:3] == ("traded", 100, "161.890")
    assert dark.at(last, opening(last)) == []


def test_the_dark_pools_close_by_the_clock_and_expire_their_day_orders() -> None:
    dark = Desk(pool=PoolType.DARK)
    dark.at(NOON, entered(NOON, "Buy", 100, "160.00", pool_only=True))
    assert dark.at(CLOSES, closing(CLOSES)) == [("ended", 100, "expired")]
    assert dark.at(EVENING, entered(EVENING, "Buy", 100, "162.00")) == [("passed on", 100)]


def test_conditions_that_differ_in_the_session_alone_are_equal() -> None:
    """So the market makers' quotes are not made anew with every command."""
    other = Session(has_auctions=True, by_clock=True, opened=OPENS)
    assert Conditions(QUIET, QUOTE, ALWAYS_OPEN) == Conditions(QUIET, QUOTE, other)
