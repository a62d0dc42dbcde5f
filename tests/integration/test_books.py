"""What the lit pools display: the depth of their book, by exchange, written only where it has changed."""

from typing import Any

import pytest

from tests.support.orders import entered
from tests.support.world import World
from trading.aws.store import keys

LIT = "lit_pool_matching_engine"
MAKER = {"levels": 1, "spread": "0.00", "step": "0.01", "size": 1000}
VENUE = {"fee": ["0.00", "1.00"], "cap": "100.00"}
IEX = VENUE | {"maker": "0.0000", "taker": "0.0009", "marketMaker": MAKER}
EDGA = VENUE | {"maker": "0.0010", "taker": "0.0014", "marketMaker": MAKER}


@pytest.fixture(autouse=True)
def _two_exchanges(world: World) -> None:
    """Each quotes one price a side; customers' orders rest at IEX."""
    world.change_market(litPools={"IEX": IEX, "EDGA": EDGA})
    world.put_customer("000002", "10000000.00", COIN=1000)


def asked(world: World, ticker: str = "COIN") -> dict[str, Any]:
    status, answer = world.get("/books/{ticker}", ticker=ticker)
    assert status == 200
    book: dict[str, Any] = answer
    return book


def enter(world: World, **fields: Any) -> None:
    assert world.post(entered(**fields))[0] == 202
    world.settle()


def written(world: World) -> int:
    return world.faults.calls.count("dynamodb.UpdateItem")


def test_a_book_shows_the_prices_of_both_sides_by_exchange_the_best_first(world: World) -> None:
    for price, quantity in (("161.80", 100), ("161.85", 200), ("161.85", 50)):
        enter(world, price=price, quantity=quantity)
    enter(world, direction="Sell", price="162.00", quantity=70)

    def level(price: str, **exchanges: tuple[int, int]) -> dict[str, Any]:
        by_exchange = {name: {"quantity": shares, "orders": orders} for name, (shares, orders) in exchanges.items()}
        totals = {name: sum(each[name] for each in by_exchange.values()) for name in ("quantity", "orders")}
        return {"price": price, **totals, "byExchange": by_exchange}

    assert asked(world) == {
        "ticker": "COIN",
        "sequence": 4,
        "time": "2026-11-22T14:30:00.123Z",
        "session": "Open",
        "bids": [
            level("161.88", IEX=(1000, 1), EDGA=(1000, 1)),
            level("161.85", IEX=(250, 2)),
            level("161.80", IEX=(100, 1)),
        ],
        "asks": [level("161.90", IEX=(1000, 1), EDGA=(1000, 1)), level("162.00", IEX=(70, 1))],
    }


def test_a_book_shows_the_ten_best_prices_of_a_side(world: World) -> None:
    for cents in range(12):
        enter(world, price=f"161.{70 + cents}", quantity=1)
    assert [each["price"] for each in asked(world)["bids"]] == ["161.88", *(f"161.{81 - cents}" for cents in range(9))]


def test_a_ticker_in_which_nobody_has_traded_has_an_empty_book(world: World) -> None:
    assert asked(world) == {"ticker": "COIN", "sequence": 0, "session": "Open", "bids": [], "asks": []}


def test_stops_and_dark_orders_are_not_displayed(world: World) -> None:
    enter(world, ticker="AMD", type="Stop", price=None, stopPrice="114.50", quantity=100)
    enter(world, ticker="AMD", price="114.20", quantity=200, poolOnly=True)
    book = asked(world, "AMD")
    shown = [(each["price"], each["quantity"], each["orders"]) for each in (*book["bids"], *book["asks"])]
    assert shown == [("114.24", 2000, 2), ("114.25", 2000, 2)]


def test_a_tickers_quote_is_the_books_best(world: World) -> None:
    assert world.get("/tickers/{ticker}", ticker="COIN")[1]["ask"] == "161.90"
    enter(world, direction="Sell", price="161.89", quantity=70)
    ticker = world.get("/tickers/{ticker}", ticker="COIN")[1]
    told = {name: ticker[name] for name in ("bid", "bidSize", "ask", "askSize")}
    assert told == {"bid": "161.88", "bidSize": 2000, "ask": "161.89", "askSize": 70}


def test_a_book_that_changes_is_written_once_and_one_that_does_not_is_not_written(world: World) -> None:
    def writes_of(**fields: Any) -> int:
        assert world.post(entered(**fields))[0] == 202
        world.pipeline.run(but_not=LIT)
        [record] = world.pipeline.take(LIT)
        before = written(world)
        world.deliver(LIT, {"Records": [record]})
        return written(world) - before

    assert writes_of(price="161.90", quantity=10) == 1
    assert writes_of(price="161.90", quantity=10) == 0
    assert writes_of(price="161.89", quantity=10) == 1
    assert writes_of(price="161.87", quantity=10) == 1


def test_a_cold_engine_writes_nothing_over_a_book_that_has_not_changed(world: World) -> None:
    for _ in range(2):
        enter(world, price="161.90", quantity=10)
    [before] = world.items(**_item())
    world.cool_down()
    world.clock.advance(minutes=1)
    enter(world, price="161.90", quantity=10)
    [after] = world.items(**_item())
    assert before["sequence"] == 1
    assert after == before


def test_an_engine_that_was_overtaken_does_not_display_what_was_before(world: World) -> None:
    overtaken = world.new_stage(LIT)
    world.post(entered(price="161.80", quantity=10))
    world.pipeline.run(but_not=LIT)
    [late] = world.pipeline.take(LIT)
    overtaken({"Records": [late]})
    enter(world, price="161.85", quantity=20)
    before = asked(world)
    overtaken({"Records": [late]})
    assert before["sequence"] == 2
    assert asked(world) == before


def _item() -> dict[str, str]:
    key = keys.book("COIN")
    return {"pk": key["PK"], "sk": key["SK"]}
