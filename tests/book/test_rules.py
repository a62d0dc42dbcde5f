"""Single rules of the book, where one decides between venues or was once broken. All others: test_machine.py."""

import json
from typing import Any

import pytest

from tests.book.journal import read, same, state, written
from trading.domain.matching.book import Book
from trading.domain.matching.price_levels import RANKS
from trading.domain.matching.working_order import (
    Canceled,
    Elected,
    Event,
    Rejected,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.orders import SelfTrade, TimeInForce


def order(id: str, side: str, quantity: int, price: int | None, account: str = "", **terms: Any) -> WorkingOrder:  # noqa: A002 # its name in the book
    return WorkingOrder(id, account or f"account of {id}", side == "buy", quantity, price, **terms)


def book_with(*orders: WorkingOrder) -> Book:
    book = Book()
    for each in orders:
        book.enter(each)
    return book


def fills(events: list[Event]) -> list[tuple[str, int, int]]:
    return [(event.maker.id, event.quantity, event.price) for event in events if isinstance(event, Traded)]


def test_the_better_price_goes_first_then_the_lower_rank_then_who_came_first() -> None:
    book = Book({"EDGA": 0, "IEX": 1})
    for each in (
        order("later", "sell", 1, 101, venue="EDGA"), order("dear", "sell", 1, 100, venue="IEX"),
        order("first", "sell", 1, 100, venue="EDGA"), order("second", "sell", 1, 100, venue="EDGA"),
    ):  # fmt: skip
        book.enter(each)
    assert fills(book.enter(order("taker", "buy", 4, 101))) == [
        ("first", 1, 100), ("second", 1, 100), ("dear", 1, 100), ("later", 1, 101),
    ]  # fmt: skip


def test_new_ranks_order_what_rests_anew() -> None:
    book = Book({"EDGA": 0, "IEX": 1})
    for each in (order("a", "sell", 1, 100, venue="IEX"), order("b", "sell", 1, 100, venue="EDGA")):
        book.enter(each)
    book.rank({"EDGA": 0, "IEX": 0})
    assert fills(book.enter(order("taker", "buy", 2, 100))) == [("a", 1, 100), ("b", 1, 100)]


def test_the_exchange_of_the_last_rank_trades_and_is_displayed_like_any_other() -> None:
    book = Book({"EDGA": 0, "IEX": RANKS - 1})
    for each in (order("a", "sell", 3, 100, venue="EDGA"), order("b", "sell", 5, 100, venue="IEX")):
        book.enter(each)
    book.enter(order("bid", "buy", 7, 99, venue="IEX"))
    assert (book.top(buys=False), book.top(buys=True)) == ((100, 8), (99, 7))
    assert fills(book.enter(order("taker", "buy", 8, 100))) == [("a", 3, 100), ("b", 5, 100)]


@pytest.mark.parametrize("rank", [-1, RANKS])
def test_a_rank_that_would_be_another_price_is_an_error(rank: int) -> None:
    with pytest.raises(ValueError, match="ranks are from 0 to 63"):
        Book({"EDGA": rank})
    with pytest.raises(ValueError, match="ranks are from 0 to 63"):
        Book().rank({"EDGA": rank})


def test_decrement_takes_the_smaller_quantity_off_both_and_goes_on() -> None:
    own, other = order("own", "sell", 30, 100, "A"), order("other", "sell", 50, 100, "B")
    taker = order("taker", "buy", 100, 100, "A", self_trade=SelfTrade.DECREMENT)
    assert book_with(own, other).enter(taker) == [
        Canceled(own, 30, 0, "self-trade"),
        Canceled(taker, 30, 70, "self-trade"),
        Traded(other, taker, 50, 100, 0, 20),
        Rested(taker, 20),
    ]
    assert taker.quantity == 100


def test_a_new_quantity_has_what_decrement_took_off_in_it() -> None:
    own = order("own", "sell", 30, 100, "A")
    taker = order("taker", "buy", 100, 100, "A", self_trade=SelfTrade.DECREMENT)
    book = book_with(own, taker)
    assert book.replace("taker", "A", 90, 100) == [Replaced(taker, 90, 100, 60, kept=True)]
    assert book.replace("taker", "A", 29, 100) == [Rejected("taker", "below-filled")]


def test_an_order_that_rests_and_is_decremented_by_one_command_replays_to_what_is_left() -> None:
    """The stop is elected by the very order that it then meets, so that this order is written as it is after both."""
    book = book_with(
        order("ask", "sell", 10, 100), order("stop", "sell", 30, 90, "A", stop=100, self_trade=SelfTrade.DECREMENT)
    )
    replayed = Book.restored(json.loads(json.dumps(book.snapshot(same))), same)
    events = book.enter(order("taker", "buy", 100, 100, "A"))
    assert [type(event) for event in events] == [Traded, Rested, Elected, Canceled, Canceled]
    replayed.fold(read(written(events)))
    assert state(replayed) == state(book)


def test_fill_or_kill_fills_all_or_nothing() -> None:
    book = book_with(order("a", "sell", 5, 100), order("b", "sell", 5, 101))
    killed = order("killed", "buy", 11, 101, tif=TimeInForce.FOK)
    assert book.enter(killed) == [Canceled(killed, 11, 0, "too-little-to-trade-with")]
    assert fills(book.enter(order("filled", "buy", 10, 101, tif=TimeInForce.FOK))) == [("a", 5, 100), ("b", 5, 101)]


def test_a_minimum_counts_what_stands_behind_an_own_order_that_decrement_leaves_behind() -> None:
    book = book_with(order("own", "sell", 10, 100, "A"), order("other", "sell", 90, 100, "B"))
    taker = order("taker", "buy", 100, 100, "A", minimum=50, self_trade=SelfTrade.DECREMENT, tif=TimeInForce.IOC)
    assert fills(book.enter(taker)) == [("other", 90, 100)]


def test_a_minimum_counts_what_stands_behind_an_own_order_that_is_canceled_or_taken_off_whole() -> None:
    for self_trade, minimum in ((SelfTrade.CANCEL_OLDEST, 90), (SelfTrade.DECREMENT, 90)):
        book = book_with(order("own", "sell", 10, 100, "A"), order("other", "sell", 90, 100, "B"))
        taker = order("taker", "buy", 100, 100, "A", minimum=minimum, self_trade=self_trade, tif=TimeInForce.IOC)
        assert fills(book.enter(taker)) == [("other", 90, 100)]


def test_a_minimum_is_not_met_if_own_orders_together_take_off_too_much() -> None:
    own = (order(name, "sell", 10, 100, "A") for name in ("own", "own too"))
    book = book_with(*own, order("other", "sell", 90, 100, "B"))
    taker = order("taker", "buy", 100, 100, "A", minimum=85, self_trade=SelfTrade.DECREMENT, tif=TimeInForce.IOC)
    assert book.enter(taker) == [Canceled(taker, 100, 0, "too-little-to-trade-with")]


def test_a_minimum_is_not_met_by_what_decrement_takes_off() -> None:
    book = book_with(order("own", "sell", 60, 100, "A"), order("other", "sell", 90, 100, "B"))
    taker = order("taker", "buy", 100, 100, "A", minimum=50, self_trade=SelfTrade.DECREMENT, tif=TimeInForce.IOC)
    assert book.enter(taker) == [Canceled(taker, 100, 0, "too-little-to-trade-with")]


def test_an_order_that_rests_has_met_its_minimum_so_a_new_price_does_not_ask_for_it_again() -> None:
    resting = order("resting", "buy", 100, 100, minimum=50)
    book = book_with(order("ask", "sell", 60, 100), resting)
    assert book.replace("resting", "account of resting", 100, 99) == [
        Replaced(resting, 100, 99, 40, kept=False),
        Rested(resting, 40),
    ]


@pytest.mark.parametrize(
    ("quantity", "price", "first"), [(9, 100, "a"), (10, 100, "a"), (11, 100, "b"), (10, 101, "b")]
)
def test_a_smaller_quantity_keeps_its_place_a_larger_one_or_a_worse_price_does_not(
    quantity: int, price: int, first: str
) -> None:
    book = book_with(order("a", "sell", 10, 100), order("b", "sell", 10, 100))
    book.replace("a", "account of a", quantity, price)
    assert fills(book.enter(order("taker", "buy", 1, 101))) == [(first, 1, 100)]


def test_post_only_is_refused_where_it_would_trade_new_or_replaced() -> None:
    book = book_with(order("ask", "sell", 5, 100))
    assert book.enter(order("crossing", "buy", 5, 100, post_only=True)) == [Rejected("crossing", "would-trade")]
    book.enter(order("behind", "buy", 5, 99, post_only=True))
    before = state(book)
    assert book.replace("behind", "account of behind", 5, 100) == [Rejected("behind", "would-trade")]
    assert state(book) == before


def test_a_post_only_stop_that_is_elected_to_trade_is_canceled() -> None:
    """It has waited, so it is no order that changed nothing."""
    stop = order("stop", "buy", 5, 101, post_only=True, stop=100)
    book = book_with(stop, order("ask", "sell", 10, 100))
    events = book.enter(order("taker", "buy", 1, 100))
    assert events[1:] == [Elected(stop), Canceled(stop, 5, 0, "would-trade")]
    assert stop.leaves == 0


def test_a_post_only_stop_may_get_any_price_while_it_waits() -> None:
    stop = order("stop", "buy", 5, 99, post_only=True, stop=105)
    book = book_with(stop, order("ask", "sell", 10, 100))
    assert book.replace("stop", "account of stop", 5, 101) == [Replaced(stop, 5, 101, 5, kept=True)]


def test_stops_are_elected_buys_up_sells_down_each_done_before_the_next() -> None:
    stops = [
        order("sell 99", "sell", 1, 200, stop=103), order("buy 102", "buy", 1, None, stop=102),
        order("buy 101", "buy", 1, None, stop=101), order("also 101", "buy", 1, None, stop=101),
    ]  # fmt: skip
    book = book_with(order("bid", "buy", 1, 95), order("low", "sell", 1, 102), order("high", "sell", 9, 110), *stops)
    events = book.enter(order("taker", "buy", 1, 102))
    assert [event.order.id for event in events if isinstance(event, Elected)] == [
        "buy 101", "also 101", "buy 102",
    ]  # fmt: skip
    assert fills(events) == [("low", 1, 102), ("high", 1, 110), ("high", 1, 110), ("high", 1, 110)]


def test_a_change_that_lets_an_order_trade_elects_the_stops_that_its_trade_reaches() -> None:
    stop = order("stop", "buy", 5, 100, stop=100)
    book = book_with(order("ask", "sell", 10, 100), order("bid", "buy", 2, 99), stop)
    assert book.replace("bid", "account of bid", 3, 99)[1:] == [Rested(book.orders["bid"], 3)]
    events = book.replace("bid", "account of bid", 3, 100)
    assert [type(event) for event in events] == [Replaced, Traded, Elected, Traded]
    assert stop.leaves == 0


def test_a_new_book_trades_and_knows_no_last_price() -> None:
    snapshot = Book({"EDGA": 3}).snapshot(same)
    assert snapshot == {
        "ranks": {"EDGA": 3}, "orders": [], "stops": [], "held": [], "collects": False, "last": None, "arrivals": 0,
    }  # fmt: skip


def test_a_stop_that_is_reached_already_goes_to_the_market_and_others_wait() -> None:
    book = book_with(order("ask", "sell", 5, 100), order("taker", "buy", 1, 100))
    assert fills(book.enter(order("reached", "buy", 1, 100, stop=99))) == [("ask", 1, 100)]
    waits = order("waits", "buy", 1, 100, stop=101)
    assert book.enter(waits) == [Waiting(waits)]


def test_an_order_that_its_owner_cancels_ends_because_it_was_requested() -> None:
    mine = order("open", "buy", 9, 100, "A")
    assert book_with(mine).cancel("open", "A") == [Canceled(mine, 9, 0, "requested")]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (lambda book: book.cancel("none", "A"), "unknown-order"),
        (lambda book: book.replace("none", "A", 5, 100), "unknown-order"),
        (lambda book: book.cancel("filled", "A"), "unknown-order"),
        (lambda book: book.cancel("open", "B"), "not-owner"),
        (lambda book: book.replace("open", "B", 5, 100), "not-owner"),
        (lambda book: book.replace("open", "A", 3, 100), "below-filled"),
        (lambda book: book.enter(order("open", "buy", 1, 100)), "duplicate-order"),
        (lambda book: book.enter(order("waiting", "buy", 1, 100)), "duplicate-order"),
    ],
)
def test_a_bad_command_is_rejected_with_its_reason_and_changes_nothing(command: Any, reason: str) -> None:
    book = book_with(
        order("filled", "sell", 4, 100, "A"), order("open", "buy", 9, 100, "A", self_trade=SelfTrade.OFF),
        order("waiting", "buy", 1, 100, stop=120),
    )  # fmt: skip
    before = state(book)
    assert [event.reason for event in command(book)] == [reason]
    assert state(book) == before


def test_the_order_in_which_instruments_come_does_not_matter() -> None:
    """A book has nothing that another one has too."""
    streams = {ticker: [order(f"{n}", ("buy", "sell")[n % 2], n, 100 + n % 3) for n in range(1, 20)] for ticker in "AB"}
    one_after_the_other = {ticker: book_with(*map(_again, orders)) for ticker, orders in streams.items()}
    in_turns = {ticker: Book() for ticker in streams}
    for pair in zip(*streams.values(), strict=True):
        for ticker, each in zip(streams, pair, strict=True):
            in_turns[ticker].enter(_again(each))
    assert {t: state(b) for t, b in in_turns.items()} == {t: state(b) for t, b in one_after_the_other.items()}


def _again(each: WorkingOrder) -> WorkingOrder:
    return WorkingOrder.unpacked(each.packed(same), same)


def test_the_depth_is_the_best_prices_of_both_sides_by_exchange_and_no_more() -> None:
    book = Book({"EDGA": 0, "IEX": 1, "BATS": 1})
    for each in (
        order("a", "sell", 10, 103, venue="EDGA"), order("b", "sell", 20, 101, venue="IEX"),
        order("c", "sell", 30, 101, venue="EDGA"), order("d", "sell", 40, 101, venue="BATS"),
        order("e", "sell", 50, 102, venue="IEX"), order("f", "sell", 60, 101, venue="IEX"),
        order("g", "buy", 70, 99, venue="IEX"), order("waits", "buy", 1, 105, stop=104),
        order("taker", "buy", 35, 101),
    ):  # fmt: skip
        book.enter(each)
    bids, asks = book.depth(2)
    assert list(asks.items()) == [(101, {"IEX": (75, 2), "BATS": (40, 1)}), (102, {"IEX": (50, 1)})]
    assert list(bids.items()) == [(99, {"IEX": (70, 1)})]
    assert book.depth(0) == ({}, {})
    assert Book().depth(10) == ({}, {})


def test_the_depth_is_known_without_a_look_at_any_order() -> None:
    book = book_with(*(order(f"{price}", "buy", 1, price) for price in range(1, 1001)))
    book.bids.levels.clear()
    for key in book.bids.keys[:-3]:
        del book.bids.exchanges[key]
    assert list(book.depth(3)[0]) == [1000, 999, 998]
    assert book.top(buys=True) == (1000, 1)
    assert book.anchor(buys=True) == 1000


def test_pegged_orders_do_not_look_at_one_another_to_find_what_they_follow() -> None:
    book = Book()
    for number in range(3):
        peg = order(f"peg {number}", "buy", 10, 100)
        peg.follows = True
        book.enter(peg)
    assert book.anchor(buys=True) is None
    book.enter(order("firm", "buy", 10, 99))
    book.enter(order("at the price of the pegs", "buy", 10, 100))
    for level in book.bids.levels.values():
        level.clear()
    assert book.anchor(buys=True) == 100
    book = Book()
    for each in (order("firm", "buy", 10, 100), peg):
        book.enter(each)
    book.enter(order("taker", "sell", 10, 100))
    assert book.anchor(buys=True) is None


def test_exchanges_with_one_queue_are_displayed_in_the_order_of_their_names_whatever_came_first() -> None:
    resting = [order(venue, "buy", 10, 100, venue=venue) for venue in ("IEX", "BATS", "EDGA")]
    for each in (resting, resting[::-1]):
        book = Book({"EDGA": 0, "IEX": 0, "BATS": 0})
        for it in each:
            book.enter(_again(it))
        assert list(book.depth(1)[0][100]) == ["BATS", "EDGA", "IEX"]
        assert list(book.depth(1)[0][100].values()) == [(10, 1)] * 3
