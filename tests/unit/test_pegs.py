"""Pegged orders follow the displayed quote, never beyond their limit, and lose their place when they move."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.support.matching import QUIET, QUOTE, cancel, command, never, quoted, replacement
from tests.support.samples import MARKET
from trading.domain import money
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.lit import LitPool
from trading.domain.matching.pegs import price_of
from trading.domain.matching.pool import Conditions
from trading.domain.matching.working_order import Canceled, Moved, Rejected, Replaced, Rested, Traded
from trading.domain.messages.commands import Command, NewOrder
from trading.domain.orders import Peg, Side

MIDPOINT, PRIMARY = Peg.MIDPOINT, Peg.PRIMARY
MAKERS = Conditions(MARKET, QUOTE)
CUSTOMERS = Conditions(QUIET, None)
"""Without a reference quote no market maker quotes."""


def ticks(price: str) -> int:
    return money.half_ticks(Decimal(price))


class Book:
    """A lit pool, and what its journal says of it: every entry is written, read and folded into a second pool."""

    def __init__(self, conditions: Conditions = CUSTOMERS) -> None:
        self.conditions = conditions
        self.pool, self.replayed = LitPool(), LitPool()

    def execute(self, asked: Command) -> list[Any]:
        cold = LitPool()
        cold.restore(self.pool.snapshot())
        events = self.pool.execute(asked, self.conditions, never)
        assert [*map(event_values, cold.execute(asked, self.conditions, never))] == [*map(event_values, events)]
        self.replayed.fold(events_from([event_values(event) for event in events]))
        assert self.replayed.snapshot() == self.pool.snapshot()
        restored = LitPool()
        restored.restore(self.pool.snapshot())
        assert restored.snapshot() == self.pool.snapshot()
        assert restored.book.pegs.keys() == self.pool.book.pegs.keys()
        return events

    def enter(self, side: str, quantity: int, price: str, customer: str = "000001", **terms: Any) -> NewOrder:
        new = command(side, quantity, price, customer, **terms)
        self.events = self.execute(new)
        return new

    def cancel(self, of: NewOrder) -> list[Any]:
        return self.execute(cancel(of))

    def price(self, of: NewOrder) -> str | None:
        found = self.pool.book.find(of.order.order_id)
        return None if found is None or found.price is None else f"{money.from_half_ticks(found.price):.2f}"


@pytest.fixture
def book() -> Book:
    """Bid 100.00, ask 100.10."""
    made = Book()
    made.enter("Buy", 100, "100.00", "000008")
    made.enter("Sell", 100, "100.10", "000009")
    return made


@pytest.mark.parametrize(
    ("side", "peg", "offset", "limit", "price"),
    [
        ("Buy", PRIMARY, "0.00", "200.00", "100.00"),
        ("Sell", PRIMARY, "0.00", "1.00", "100.10"),
        ("Buy", PRIMARY, "0.03", "200.00", "99.97"),
        ("Sell", PRIMARY, "0.03", "1.00", "100.13"),
        ("Buy", PRIMARY, "0.00", "99.50", "99.50"),
        ("Sell", PRIMARY, "0.00", "100.50", "100.50"),
        ("Buy", MIDPOINT, "0.00", "200.00", "100.05"),
        ("Sell", MIDPOINT, "0.00", "1.00", "100.05"),
        ("Buy", MIDPOINT, "0.02", "200.00", "100.03"),
        ("Sell", MIDPOINT, "0.02", "1.00", "100.07"),
        ("Buy", MIDPOINT, "0.00", "100.02", "100.02"),
        ("Sell", MIDPOINT, "0.00", "100.08", "100.08"),
    ],
)
def test_an_order_stands_at_what_it_is_pegged_to_less_its_offset_within_its_limit(
    book: Book, side: str, peg: Peg, offset: str, limit: str, price: str
) -> None:
    order = book.enter(side, 50, limit, peg=peg, peg_offset=Decimal(offset))
    assert book.price(order) == price
    assert [type(event) for event in book.events] == [Rested]


@pytest.mark.parametrize(("side", "price"), [("Buy", "100.02"), ("Sell", "100.03")])
def test_a_midpoint_between_two_ticks_is_rounded_away_from_the_other_side(side: str, price: str) -> None:
    book = Book()
    book.enter("Buy", 100, "100.00", "000008")
    book.enter("Sell", 100, "100.05", "000009")
    assert book.price(book.enter(side, 50, "1.00" if side == "Sell" else "200.00", peg=MIDPOINT)) == price


def test_orders_follow_the_quote_up_and_down(book: Book) -> None:
    primary = book.enter("Buy", 50, "100.03", "000001", peg=PRIMARY)
    middle = book.enter("Sell", 50, "1.00", "000002", peg=MIDPOINT)
    better = book.enter("Buy", 10, "100.04", "000003")
    assert (book.price(primary), book.price(middle)) == ("100.03", "100.07")
    book.cancel(better)
    assert (book.price(primary), book.price(middle)) == ("100.00", "100.05")


def test_an_order_that_moves_goes_to_the_end_of_the_queue(book: Book) -> None:
    pegged = book.enter("Buy", 50, "200.00", "000001", peg=PRIMARY)
    better = book.enter("Buy", 10, "100.01", "000003")
    later = book.enter("Buy", 30, "100.01", "000004")
    book.cancel(better)
    book.enter("Sell", 40, "100.01", "000005")
    trades = [(event.maker.id, event.quantity) for event in book.events if isinstance(event, Traded)]
    assert trades == [(pegged.order.order_id, 40)]  # it moved before the later one came
    last = book.enter("Buy", 20, "100.02", "000006")
    book.cancel(last)
    book.enter("Sell", 35, "100.01", "000005")
    trades = [(event.maker.id, event.quantity) for event in book.events if isinstance(event, Traded)]
    assert trades == [(later.order.order_id, 30), (pegged.order.order_id, 5)]


def test_pegs_do_not_follow_each_other(book: Book) -> None:
    pegs = [book.enter("Buy", 10, "200.00", f"00001{n}", peg=PRIMARY) for n in range(3)]
    assert {book.price(each) for each in pegs} == {"100.00"}
    best = next(iter(book.pool.book.bids.best_first()))
    book.cancel(best.terms)
    assert {book.price(each) for each in pegs} == {"100.00"}
    assert book.pool.book.anchor(buys=True) is None


@pytest.mark.parametrize(("side", "peg"), [("Buy", PRIMARY), ("Sell", PRIMARY), ("Buy", MIDPOINT), ("Sell", MIDPOINT)])
def test_without_a_quote_to_follow_an_order_is_rejected(side: str, peg: Peg) -> None:
    book = Book()
    order = book.enter(side, 50, "100.00", peg=peg)
    assert book.events[-1:] == [Rejected(order.order.order_id, "no-quote-to-follow")]


@pytest.mark.parametrize(("bid", "ask"), [("100.00", "100.00"), ("100.01", "100.00")])
@pytest.mark.parametrize("peg", Peg)
def test_a_locked_or_crossed_quote_is_none_to_follow(peg: Peg, bid: str, ask: str) -> None:
    order = command("Buy", 1, "200.00", peg=peg).order
    assert price_of(order, ticks(bid), ticks(ask)) is None


def test_a_price_below_one_tick_is_none_to_have(book: Book) -> None:
    order = book.enter("Buy", 50, "200.00", peg=PRIMARY, peg_offset=Decimal("100.00"))
    assert book.events[-1:] == [Rejected(order.order.order_id, "no-quote-to-follow")]


def test_midpoint_pegs_of_both_sides_meet_where_the_midpoint_is_a_tick(book: Book) -> None:
    buy = book.enter("Buy", 50, "100.04", "000001", peg=MIDPOINT)
    sell = book.enter("Sell", 30, "100.05", "000002", peg=MIDPOINT)
    better = book.enter("Sell", 10, "100.06", "000003")  # 100.03 between
    assert (book.price(buy), book.price(sell)) == ("100.03", "100.05")
    book.cancel(better)
    assert (book.price(buy), book.price(sell)) == ("100.04", "100.05")
    book.execute(replacement(sell, 30, "1.00"))
    assert (book.price(buy), book.price(sell)) == ("100.04", "100.05")
    events = book.execute(replacement(buy, 50, "200.00"))
    assert [(each.quantity, each.price) for each in events if isinstance(each, Traded)] == [(30, ticks("100.05"))]
    assert isinstance(events[0], Replaced)


def test_an_order_that_moves_trades_with_what_it_meets_as_the_incoming_one() -> None:
    book = Book()
    book.enter("Buy", 100, "100.00", "000008")
    book.enter("Sell", 100, "100.05", "000009")
    buy = book.enter("Buy", 50, "200.00", "000001", peg=MIDPOINT)
    sell = book.enter("Sell", 30, "1.00", "000002", peg=MIDPOINT)
    assert (book.price(buy), book.price(sell)) == ("100.02", "100.03")
    book.enter("Buy", 10, "100.01", "000003")  # now the midpoint is 100.03
    moved, traded = book.events[-2:]
    assert (type(moved), moved.order.id, moved.price) == (Moved, buy.order.order_id, ticks("100.03"))
    assert (traded.maker.id, traded.taker.id, traded.quantity, traded.price) == (
        sell.order.order_id, buy.order.order_id, 30, ticks("100.03"),
    )  # fmt: skip
    assert (book.price(buy), book.price(sell)) == ("100.03", None)


def test_self_trade_prevention_holds_for_an_order_that_moves() -> None:
    book = Book()
    book.enter("Buy", 100, "100.00", "000008")
    book.enter("Sell", 100, "100.05", "000009")
    buy = book.enter("Buy", 50, "200.00", "000001", peg=MIDPOINT)
    sell = book.enter("Sell", 30, "1.00", "000001", peg=MIDPOINT)
    book.enter("Buy", 10, "100.01", "000003")
    assert [each.reason for each in book.events if isinstance(each, Canceled)] == ["self-trade"]
    assert (book.price(buy), book.price(sell)) == (None, "100.03")


def test_a_moved_reference_quote_moves_the_orders_before_the_market_makers_come_back() -> None:
    book = Book(MAKERS)
    order = book.enter("Buy", 50, "200.00", peg=PRIMARY)
    before = book.price(order)
    events = book.execute(quoted(str(QUOTE.bid - 1), str(QUOTE.ask - 1)))
    assert [event for event in events if isinstance(event, Traded)] == []
    after = book.price(order)
    assert before is not None
    assert after == f"{Decimal(before) - 1:.2f}"


@pytest.mark.parametrize(
    ("side", "limit", "rests", "by", "price"),
    [("Buy", "200.00", "161.50", Decimal(-2), "159.89"), ("Sell", "1.00", "162.50", Decimal(2), "163.89")],
)
def test_it_moves_before_them_also_if_an_order_that_rests_is_about_to_trade(
    side: str, limit: str, rests: str, by: Decimal, price: str
) -> None:
    book = Book(MAKERS)
    order = book.enter(side, 50, limit, peg=MIDPOINT)
    book.enter(side, 10, rests, "000002")
    events = book.execute(quoted(str(QUOTE.bid + by), str(QUOTE.ask + by)))
    met = [(each.maker.account, each.quantity, each.price) for each in events if isinstance(each, Traded)]
    assert met == [("000002", 10, ticks(rests))]
    assert book.price(order) == price


@pytest.mark.parametrize("seed", range(20))
def test_random_books_with_pegs_replay_and_every_peg_stands_at_its_price(seed: int) -> None:
    chance, book = Random(seed), Book()
    orders: list[NewOrder] = []
    for _ in range(120):
        customer = f"00000{chance.randrange(1, 7)}"
        side, cents = chance.choice(["Buy", "Sell"]), chance.randrange(9_990, 10_011)
        if orders and chance.random() < 0.2:
            book.cancel(chance.choice(orders))
            continue
        peg = chance.choice([None, None, MIDPOINT, PRIMARY])
        offset = Decimal(chance.choice([0, 0, 1, 2])) / 100 if peg else Decimal(0)
        order = book.enter(side, chance.randrange(1, 200), f"{cents / 100:.2f}", customer, peg=peg, peg_offset=offset)
        orders.append(order)
        levels = book.pool.book
        bid, ask = levels.anchor(buys=True), levels.anchor(buys=False)
        for each in levels.pegs.values():
            wanted = price_of(each.terms.order, bid, ask)
            assert wanted in {None, each.price}
            limit = money.half_ticks(each.terms.order.price)
            assert (each.price or 0) <= limit if each.terms.order.side is Side.BUY else (each.price or 0) >= limit
