"""Events as a journal keeps them: by these names and with these values, which every later release reads again."""

import json
from typing import Any, get_args

import pytest

from tests.support.samples import SEED
from trading.domain.matching.event_codec import event_values, events_from
from trading.domain.matching.pool import (
    Closed,
    Event,
    Followed,
    Forwarded,
    Halted,
    MassCanceled,
    Overtaken,
    Passed,
    Quoted,
    Told,
    Watched,
)
from trading.domain.matching.working_order import (
    Called,
    Canceled,
    Elected,
    Moved,
    Opened,
    Ranked,
    Rejected,
    Replaced,
    Rested,
    Traded,
    Waiting,
    WorkingOrder,
)
from trading.domain.messages.command_codec import command_fields
from trading.domain.messages.commands import NewOrder
from trading.domain.tape import Auction

NEW = NewOrder("01a203a9-f6bb-7060-be1c-26d323ef323f", SEED, 500)
TERMS = command_fields(NEW)
MAKER = WorkingOrder("maker", "000001", buys=False, quantity=300, price=32380, venue="EDGA")
TAKER = WorkingOrder("taker", "000002", buys=True, quantity=500, price=32380, terms=NEW)
TIME = "2026-11-22T14:30:00.123Z"

STORED: list[tuple[Event, list[Any]]] = [
    (Traded(MAKER, TAKER, 200, 32380, 100, 300), ["Traded", "maker", "taker", 200, 32380, 100, 300]),
    (
        Traded(MAKER, TAKER, 200, 32380, 100, 300, auction=Auction.OPENING),
        ["Traded", "maker", "taker", 200, 32380, 100, 300, "Opening"],
    ),
    (Called(TIME), ["Called", TIME]),
    (Opened(TIME), ["Opened", TIME]),
    (Elected(TAKER), ["Elected", "taker"]),
    (Canceled(TAKER, 100, 200, "requested"), ["Canceled", "taker", 100, 200, "requested"]),
    (Replaced(TAKER, 400, 32370, 200, True, NEW, None), ["Replaced", "taker", 400, 32370, 200, True, TERMS]),
    (Moved(TAKER, 32370), ["Moved", "taker", 32370]),
    (Quoted(32376, 32380, TIME), ["Quoted", 32376, 32380, TIME]),
    (Followed(32379), ["Followed", 32379]),
    (Watched(3, on=True, midpoint=None), ["Watched", 3, True, None]),
    (Told(32376, 32380), ["Told", 32376, 32380]),
    (Passed(TAKER, 300), ["Passed", "taker", 300]),
    (Forwarded("a command"), ["Forwarded", "a command"]),
    (Overtaken("an order"), ["Overtaken", "an order"]),
    (Halted("000002", TIME), ["Halted", "000002", TIME]),
    (MassCanceled("000002", TIME), ["MassCanceled", "000002", TIME]),
    (Closed(TIME), ["Closed", TIME]),
    (Rejected("an order", "too-late"), ["Rejected", "an order", "too-late"]),
    (Ranked({"EDGA": 1, "EBS": 2}), ["Ranked", {"EDGA": 1, "EBS": 2}]),
]


def test_every_kind_of_event_is_among_these() -> None:
    kinds = {type(event) for event, _ in STORED} | {Rested, Waiting}
    assert kinds == set(get_args(Event))


@pytest.mark.parametrize(("event", "values"), STORED, ids=lambda each: type(each).__name__)
def test_an_event_is_stored_by_its_name_with_the_ids_of_its_orders(event: Event, values: list[Any]) -> None:
    assert event_values(event) == values


@pytest.mark.parametrize(("event", "values"), STORED, ids=lambda each: type(each).__name__)
def test_a_stored_event_is_read_as_what_it_was(event: Event, values: list[Any]) -> None:
    [read] = events_from(json.loads(json.dumps([values])))
    assert type(read) is type(event)
    assert event_values(read) == values


@pytest.mark.parametrize("event", [Rested(TAKER, 300), Waiting(TAKER)], ids=lambda each: type(each).__name__)
def test_an_order_that_comes_into_the_book_is_stored_whole_with_its_terms(event: Rested | Waiting) -> None:
    values = event_values(event)
    [read] = events_from(json.loads(json.dumps([values])))
    assert isinstance(read, type(event))
    assert read.order.terms == NEW
    fields = ("id", "account", "buys", "quantity", "price")
    assert [getattr(read.order, name) for name in fields] == [getattr(TAKER, name) for name in fields]
    assert (values[0], event_values(read)) == (type(event).__name__, values)


def test_an_order_that_came_without_further_terms_is_stored_with_what_it_has_without_them() -> None:
    order = WorkingOrder("an order", "000002", buys=True, quantity=300, price=32380)
    [_, values, leaves] = event_values(Rested(order, 300))
    stored = ["an order", "000002", True, 300, 32380, "GTC", "CancelNewest", "", 0, False, None, None, 300, 0]
    assert (values, leaves) == (stored, 300)
    order.follows = True
    assert event_values(Rested(order, 300))[1] == [*stored, True]
