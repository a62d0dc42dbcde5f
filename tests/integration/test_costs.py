"""The page of costs says what the system asks of AWS, and that is no more than it may be."""

import pytest

from benchmarks.counted import counted, counted_archived, counted_quotes, counted_updates, counted_watch
from benchmarks.load import CASES, Case
from benchmarks.targets import MOST, MOST_OF_ARCHIVED, MOST_OF_QUOTES, MOST_OF_UPDATES
from tests.support import costs
from tests.support.cost_page import PAGE

WAITS = {
    "single": {"lit_pool_matching_engine": (3, 2), "post_trade_processor": (3, 3)},
    "mixed.array50": {"lit_pool_matching_engine": (24, 16), "trades_data_aggregator": (16, 2)},
}
"""Calls, and how many of them are waited for one after the other: the lit engine publishes to two topics at the same
time, for each of eight tickers; the aggregator counts the days of eight tickers at the same time.
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_page_has_what_is_counted_and_nothing_is_past_its_budget(case: Case) -> None:
    counts, orders = counted(case)
    table = costs.table(counts, orders)
    assert table in PAGE.read_text(), f"\n{table}"
    an_order = {name: sum(count[name] for count in counts.values()) / orders for name in costs.SHOWN}
    assert {name: much for name, much in an_order.items() if much > MOST[case.key][name]} == {}
    waits = WAITS.get(case.key, {})
    assert {stage: (counts[stage]["calls"], counts[stage]["waits"]) for stage in waits} == waits


@pytest.mark.parametrize(("number", "watched"), MOST_OF_QUOTES)
def test_the_page_has_what_quotes_ask_and_none_is_past_its_budget(number: int, *, watched: bool) -> None:
    counts = counted_quotes(number, watched=watched)
    table = costs.table(counts, number, "quotes")
    assert table in PAGE.read_text(), f"\n{table}"
    a_quote = {name: sum(count[name] for count in counts.values()) / number for name in costs.SHOWN}
    assert {name: much for name, much in a_quote.items() if much > MOST_OF_QUOTES[number, watched][name]} == {}


def test_the_page_has_what_it_takes_to_watch_the_quote() -> None:
    table = costs.table(counted_watch(), 1)
    assert table in PAGE.read_text(), f"\n{table}"


@pytest.mark.parametrize("number", MOST_OF_ARCHIVED)
def test_the_page_has_what_archiving_asks_and_it_is_not_past_its_budget(number: int) -> None:
    counts = counted_archived(number)
    table = costs.table(counts, number, "bookings")
    assert table in PAGE.read_text(), f"\n{table}"
    a_booking = {name: sum(count[name] for count in counts.values()) / number for name in costs.SHOWN}
    assert {name: much for name, much in a_booking.items() if much > MOST_OF_ARCHIVED[number][name]} == {}


@pytest.mark.parametrize("listeners", MOST_OF_UPDATES)
def test_the_page_has_what_live_updates_ask_and_none_is_past_its_budget(listeners: int) -> None:
    counts = counted_updates(listeners)
    table = costs.table(counts, 1)
    assert table in PAGE.read_text(), f"\n{table}"
    an_order = {name: sum(count[name] for count in counts.values()) for name in costs.SHOWN}
    assert {name: much for name, much in an_order.items() if much > MOST_OF_UPDATES[listeners][name]} == {}
