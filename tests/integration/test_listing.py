"""`PUT /tickers/{ticker}`: a broker lists a ticker with its first quote, once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World

LISTED = {"ticker": "NEW", "bid": "9.98", "ask": "10.02"}


def test_a_listed_ticker_is_shown_and_traded_at_its_first_quote(world: World) -> None:
    assert world.post(entered(ticker="NEW", price="10.02"))[1]["code"] == "unknown-ticker"
    assert world.list_ticker("NEW", "9.98", "10.02") == (201, LISTED)
    assert "NEW" in [each["ticker"] for each in world.get("/tickers")[1]["tickers"]]
    status, answer = world.post(entered(ticker="NEW", price="10.02", quantity=100))
    assert status == 202
    world.settle()
    shown = world.order(answer["orders"][0]["orderId"])
    assert (shown["state"], shown["averagePrice"]) == ("Filled", "10.0200")


@pytest.mark.parametrize(("bid", "ask"), [("9.98", "10.02"), ("1.00", "2.00")])
def test_a_second_listing_changes_nothing_and_is_told_the_quote_that_there_is(world: World, bid: str, ask: str) -> None:
    world.list_ticker("NEW", "9.98", "10.02")
    before = world.state()
    assert world.list_ticker("NEW", bid, ask) == (200, LISTED)
    assert world.state() == before


def test_of_many_listings_at_once_one_is_the_first_and_all_are_told_its_quote(world: World) -> None:
    stages = [world.new_stage("ticker_keeper") for _ in range(8)]
    together = threading.Barrier(len(stages))

    def ask(number: int) -> dict[str, Any]:
        together.wait()
        return dict(stages[number](events.listing("NEW", {"bid": f"{number + 1}.00", "ask": f"{number + 2}.00"})))

    with ThreadPoolExecutor(len(stages)) as pool:
        answers = list(pool.map(ask, range(len(stages))))
    assert sorted(each["statusCode"] for each in answers) == [200] * 7 + [201]
    assert len({each["body"] for each in answers}) == 1


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"bid": "10.02", "ask": "10.02"}, (422, "quote-crossed")),
        ({"bid": "10.03", "ask": "10.02"}, (422, "quote-crossed")),
        ({"bid": "0.00", "ask": "10.02"}, (400, "invalid-request")),
        ({"bid": "9.981", "ask": "10.02"}, (400, "invalid-request")),
        ({"bid": 9.98, "ask": "10.02"}, (400, "invalid-request")),
        ({"ask": "10.02"}, (400, "invalid-request")),
        ({"bid": "9.98", "ask": "10.02", "last": "1.00"}, (400, "invalid-request")),
        ("{", (400, "malformed-json")),
        (None, (400, "empty-request")),
    ],
)
def test_a_quote_that_is_none_lists_nothing(shared_world: World, body: object, refused: tuple[int, str]) -> None:
    before = shared_world.state()
    status, answer = shared_world.answer("ticker_keeper", events.listing("NEW", body))
    assert (status, answer["code"]) == refused
    assert shared_world.state() == before


@pytest.mark.parametrize("ticker", ["new", "", "ELEVENCHARS", "A B", ".A", "A\n"])
def test_a_ticker_is_one_to_ten_capital_letters_or_dots(shared_world: World, ticker: str) -> None:
    status, answer = shared_world.list_ticker(ticker, "9.98", "10.02")
    assert (status, answer["code"]) == (400, "invalid-parameter")


def test_only_brokers_list_tickers(shared_world: World) -> None:
    status, answer = shared_world.list_ticker("NEW", "9.98", "10.02", caller=events.customer("000002"))
    assert (status, answer["code"]) == (403, "forbidden")
