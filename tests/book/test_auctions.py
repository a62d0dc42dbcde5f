"""The auction of a book: what it is known to be beforehand is what all orders make it, whatever came before."""

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.book.journal import copied, read, same, written
from trading.domain.matching.auction import uncross
from trading.domain.matching.book import Book
from trading.domain.matching.price_levels import RANKS
from trading.domain.matching.working_order import Event, Traded, WorkingOrder
from trading.domain.orders import TimeInForce
from trading.domain.tape import Auction, Uncross

DAY, IOC, OPG, CLS = TimeInForce.DAY, TimeInForce.IOC, TimeInForce.OPG, TimeInForce.CLS
ACCOUNTS = ["000001", "000002"]
VENUES = ["EDGA", "IEX"]
REFERENCE = 100


def step(book: Book, number: int, chance: Random) -> list[Event]:
    """Any command that may change what stands in the book or is held for an auction."""
    known = [*book.orders.values(), *book.held.values()]
    what = chance.choice(["enter"] * 6 + ["cancel", "replace", "turn"])
    if what == "turn":
        return (book.open if book.collects else book.call)(f"turn {number}", REFERENCE)
    if known and what != "enter":
        order = chance.choice(known)
        if what == "cancel":
            return book.cancel(order.id, order.account)
        price = chance.choice([order.price, chance.randint(90, 110)])
        return book.replace(order.id, order.account, chance.randint(1, 40), price)
    tif = chance.choice([DAY, DAY, CLS, OPG, IOC] if book.collects else [DAY, DAY, CLS, IOC])
    return book.enter(
        WorkingOrder(
            str(number), chance.choice(ACCOUNTS), chance.random() < 0.5, chance.randint(1, 40),
            chance.randint(90, 110), tif, venue=chance.choice(VENUES),
        )
    )  # fmt: skip


def expected(book: Book) -> Uncross | None:
    """By looking at every order."""
    held_for = {OPG, IOC} if book.collects else {CLS}
    taking_part = [*book.orders.values(), *(order for order in book.held.values() if order.tif in held_for)]
    buys, sells = (
        [(order.price, order.leaves) for order in taking_part if order.buys is buying] for buying in (True, False)
    )
    return uncross(buys, sells, REFERENCE)  # type: ignore[arg-type] # all have a price


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_the_next_auction_is_known_as_all_orders_would_make_it(seed: int, steps: int) -> None:
    chance, ranks = Random(seed), {"EDGA": 0, "IEX": RANKS - 1}
    book, follower = Book(ranks), Book(ranks)
    for number in range(steps):
        indicated = book.indication(REFERENCE)
        turns = book.collects
        events = step(book, number, chance)
        follower.fold(read(written(events)))
        assert json.dumps(follower.snapshot(same)) == json.dumps(book.snapshot(same))
        for each in (book, follower, copied(book)):
            assert each.indication(REFERENCE) == expected(book)
        trades = [event for event in events if isinstance(event, Traded) and event.auction]
        if book.collects is not turns:
            volume = sum(trade.quantity for trade in trades)
            assert ({trade.price for trade in trades}, volume) == (
                ({indicated.price}, indicated.volume) if indicated else (set(), 0)
            )
            assert {trade.auction for trade in trades} <= {Auction.OPENING if turns else Auction.CLOSING}


def test_no_price_is_looked_at_that_the_best_of_the_other_side_does_not_reach() -> None:
    book = Book()
    for number in range(1, 1001):
        book.enter(WorkingOrder(f"bid {number}", "a", True, 10, 2 * number))
        book.enter(WorkingOrder(f"ask {number}", "b", False, 10, 2000 + 2 * number))
    for number in range(3):
        book.enter(WorkingOrder(f"held {number}", "c", True, 10, 2004, CLS))
    book.enter(WorkingOrder("held far away", "d", True, 10, 2, CLS))
    held = book._held_by_auction[Auction.CLOSING].bids
    for level in (*book.bids.levels.values(), *book.asks.levels.values(), *held.levels.values()):
        level.clear()
    book.held.clear()
    for side, seen in ((book.bids, 1), (book.asks, 2), (held, 1)):
        for key in side.keys[:-seen]:
            side.exchanges.pop(key)
    assert book.indication(None) == Uncross(2004, 20, 10)
