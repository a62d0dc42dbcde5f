"""The tape has every execution once, as the Market topic says it, in dark and lit pools, however often it comes."""

import json
from typing import Any

import pytest

from tests.support.orders import enter_day, entered
from tests.support.world import World

ENGINES = ("dark_pool_matching_engine", "lit_pool_matching_engine")


def tape(world: World, ticker: str, **query: str) -> list[dict[str, Any]]:
    prints: list[dict[str, Any]] = []
    while True:
        status, answer = world.get("/tickers/{ticker}/trades", query, ticker=ticker)
        assert (status, answer["ticker"]) == (200, ticker)
        prints += answer["trades"]
        if "nextToken" not in answer:
            return prints
        query["nextToken"] = answer["nextToken"]


def messages(world: World, ticker: str) -> list[dict[str, Any]]:
    """The market messages about a ticker, each once."""
    told = {each.id: each.content for each in world.pipeline.published if each.topic == "Market"}
    return [each for each in told.values() if each["ticker"] == ticker]


def told(world: World, ticker: str) -> list[dict[str, Any]]:
    """The trades of the market messages, the newest first."""
    updates = sorted(messages(world, ticker), key=lambda each: str(each["updateId"]))
    prints = [
        {
            "printId": f"{update['updateId']}.{each['number']}",
            "time": update["time"],
            "exchangeType": f"{update['poolType']}Pool",
            **{name: value for name, value in each.items() if name != "number"},
        }
        for update in updates
        for each in update.get("trades", [])
    ]
    return prints[::-1]


def of_trades(world: World, ticker: str) -> list[tuple[Any, ...]]:
    trades = [each for each in world.archived() if each["ticker"] == ticker and each.get("counted", True)]
    return sorted((e["tradeDate"], e["quantity"], e["price"], e["exchange"], e["exchangeType"]) for e in trades)


def of_tape(prints: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((e["time"], e["quantity"], e["price"], e["exchange"], e["exchangeType"]) for e in prints)


def test_each_execution_is_on_the_tape_once_newest_first_as_the_topic_says_it(world: World) -> None:
    enter_day(world)
    world.settle()
    for ticker in ("AMD", "COIN", "IBM"):
        prints = tape(world, ticker)
        assert prints == told(world, ticker) == tape(world, ticker, limit="1") == tape(world, ticker, limit="4")
        assert of_tape(prints) == of_trades(world, ticker) != []


def test_a_trade_between_two_customers_is_on_the_tape_once_with_the_side_of_the_incoming_order(world: World) -> None:
    world.put_customer("000001", "1000000.00", COIN=100)
    for direction, customer in (("Sell", "000001"), ("Buy", "000003")):
        world.post(entered(customerId=customer, direction=direction, quantity=100, price="161.89"))
        world.settle()
        world.clock.advance(seconds=1)
    [only] = tape(world, "COIN")
    assert (only["quantity"], only["price"], only["aggressor"]) == (100, "161.89", "Buy")
    assert len(world.archived()) == 2


def test_the_house_that_comes_to_a_resting_order_is_the_aggressor(world: World) -> None:
    world.post(entered(customerId="000003", quantity=100, price="161.80"))
    world.settle()
    world.quote("COIN", "161.70", "161.75")
    world.clock.advance(minutes=2)
    world.post(entered(customerId="000003", quantity=100, price="1.00"))
    world.settle()
    assert [(each["quantity"], each["aggressor"]) for each in tape(world, "COIN")] == [(100, "Sell")]


@pytest.mark.parametrize("simulated", [False, True], ids=["order-book", "simulated"])
def test_what_comes_again_publishes_the_same_and_leaves_the_tape_as_it_is(world: World, simulated: bool) -> None:
    if simulated:
        world.simulate()
    enter_day(world)
    world.settle()
    before = world.state()
    first = {each.id: each for each in world.pipeline.published if each.topic == "Market"}
    assert first
    for cold in (False, True):
        for stage in ENGINES:
            for delivery in world.pipeline.deliveries_to(stage):
                if cold:
                    world.cool_down()
                again = world.deliver(stage, delivery.event)
                assert [first[each.id] for each in again.published if each.topic == "Market"] == [
                    each for each in delivery.published if each.topic == "Market"
                ]
    assert world.state() == before


def test_a_message_says_what_is_displayed_only_if_that_has_changed(world: World) -> None:
    for price in ("150.00", "161.90", "150.00"):
        world.post(entered(customerId="000003", quantity=10, price=price))
        world.settle()
    world.post(entered(ticker="AMD", customerId="000003", quantity=10, price="1.00", poolOnly=True))
    world.settle()
    first, second, third = messages(world, "COIN")
    assert ("trades" in first, "depth" in first) == (False, True)
    assert ("trades" in second, "depth" in second) == (True, False)
    assert ("trades" in third, "depth" in third) == (False, True)
    [begins] = messages(world, "AMD")  # the lit engine learns of the ticker, because the dark one watches its quote
    assert (begins["poolType"], "trades" in begins, begins["best"]["bid"]) == ("Lit", False, "114.24")
    assert "1.00" not in [price for price, _ in begins["depth"]["bids"]]
    status, book = world.get("/books/{ticker}", ticker="COIN")
    assert (status, book["sequence"]) == (200, third["sequence"])
    shown = [
        [each["price"], {name: list(at.values()) for name, at in each["byExchange"].items()}] for each in book["bids"]
    ]
    assert third["depth"]["bids"] == shown
    status, quote = world.get("/tickers/{ticker}", ticker="COIN")
    assert third["best"] == {name: quote[name] for name in ("bid", "bidSize", "ask", "askSize")}


def test_many_trades_of_a_commit_are_several_messages_with_the_display_in_the_last(world: World) -> None:
    world.simulate()
    world.put_customer("000001", "1000000000.00")
    world.post(entered(customerId="000001", quantity=600_000, price="161.90"))
    world.settle()
    parts = messages(world, "COIN")
    assert [len(each["trades"]) for each in parts] == [250, 250, 100]
    assert len({each["sequence"] for each in parts}) == 1
    assert [each["number"] for part in parts for each in part["trades"]] == [*range(600)]
    prints = tape(world, "COIN", limit="70")
    assert prints == told(world, "COIN")
    assert all(len(json.dumps(each)) < 100_000 for each in parts)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "invalid-parameter"),
        ({"date": "2026-11-22"}, "invalid-parameter"),
        ({"nextToken": "x"}, "invalid-next-token"),
    ],
)
def test_what_is_not_a_question_about_the_tape_is_refused(world: World, query: dict[str, str], code: str) -> None:
    status, answer = world.get("/tickers/{ticker}/trades", query, ticker="COIN")
    assert (status, answer["code"]) == (400, code)


def test_a_ticker_without_trades_has_an_empty_tape_and_one_that_is_not_traded_is_not_found(world: World) -> None:
    assert world.get("/tickers/{ticker}/trades", {}, ticker="F") == (200, {"ticker": "F", "trades": []})
    assert world.get("/tickers/{ticker}/trades", {}, ticker="NONE")[0] == 404
