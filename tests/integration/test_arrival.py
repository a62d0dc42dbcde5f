"""Each order keeps the quote that was displayed when it arrived, and its trades have its prices."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support import events
from tests.support.clock import START
from tests.support.orders import entered
from tests.support.world import World
from trading.domain.times import iso

MAKER = {"levels": 1, "spread": "0.00", "step": "0.01", "size": 1000}
VENUE = {"fee": ["0.00", "1.00"], "cap": "100.00", "maker": "0.0000", "taker": "0.0009"}
REFERENCE = {"bid": "161.88", "ask": "161.90"}


def posted(world: World, **fields: Any) -> str:
    status, body = world.post(entered(**fields))
    assert status == 202
    world.settle()
    return str(body["orders"][0]["orderId"])


def arrival(world: World, order_id: str, of: str = "000002") -> Any:
    return world.order(order_id, of)["arrival"]


def after(seconds: float) -> str:
    return iso(START + timedelta(seconds=seconds))


@pytest.fixture
def empty_books(world: World) -> World:
    """An exchange without market makers: only customers' orders are displayed."""
    world.change_market(litPools={"IEX": VENUE})
    return world


def test_before_a_tickers_first_order_it_is_the_reference_quote_which_has_no_sizes(world: World) -> None:
    assert arrival(world, posted(world)) == REFERENCE | {"time": after(0)}


def test_it_is_the_best_of_all_exchanges_with_the_sum_of_their_sizes(world: World) -> None:
    world.change_market(litPools={name: VENUE | {"marketMaker": MAKER} for name in ("IEX", "EDGA")})
    posted(world, price="161.89", quantity=70)
    world.clock.advance(seconds=6)
    displayed = {"bid": "161.89", "bidSize": 70, "ask": "161.90", "askSize": 2000, "time": after(6)}
    assert arrival(world, posted(world, quantity=1)) == displayed


def test_a_side_that_is_empty_is_missing_from_the_order_and_its_trades(empty_books: World) -> None:
    world = empty_books
    posted(world, price="161.80", quantity=100)
    world.clock.advance(seconds=6)
    world.put_customer("000001", "1.00", COIN=100)
    sale = posted(world, customerId="000001", direction="Sell", price="161.80", quantity=100)
    assert arrival(world, sale, "000001") == {"bid": "161.80", "bidSize": 100, "time": after(6)}
    [trade] = [trade for trade in world.archived() if trade["orderId"] == sale]
    assert (trade["arrivalBid"], "arrivalAsk" in trade) == ("161.80", False)


def test_both_sides_may_be_empty(empty_books: World) -> None:
    world = empty_books
    world.change("DELETE", posted(world, price="161.80", quantity=100))
    world.settle()
    world.clock.advance(seconds=6)
    assert arrival(world, posted(world, price="161.80", quantity=100)) == {"time": after(6)}


def test_it_is_at_most_a_second_older_than_the_order(world: World) -> None:
    posted(world, ticker="IBM", quantity=1)  # keeps IBM's quote
    posted(world, price="161.89", quantity=70)
    world.clock.advance(seconds=0.999)
    assert arrival(world, posted(world, quantity=1)) == REFERENCE | {"time": after(0)}
    world.clock.advance(seconds=0.001)
    displayed = arrival(world, posted(world, quantity=1))
    assert (displayed["bid"], displayed["time"]) == ("161.89", after(1))


def test_it_is_read_with_the_reference_quotes_in_one_call_however_many_tickers(world: World) -> None:
    world.post([entered(ticker=ticker, quantity=1) for ticker in ("AMD", "COIN", "F", "IBM")])
    assert world.faults.calls.count("dynamodb.BatchGetItem") == 1
    assert world.faults.calls.count("dynamodb.GetItem") == 0


def test_its_prices_are_in_every_trade_archived_and_shown(world: World) -> None:
    order_id = posted(world, ticker="AMD", quantity=5500, price="114.25")
    archived = world.archived()
    assert {(trade["arrivalBid"], trade["arrivalAsk"]) for trade in archived} == {("114.24", "114.25")}
    executions = world.order(order_id)["executions"]
    trades = world.get("/trades/{customerId}", customerId="000002")[1]["trades"]
    assert sorted(executions, key=str) == sorted(trades, key=str) == sorted(archived, key=str)


def test_the_list_of_orders_shows_it_and_a_replacement_leaves_it_as_it_is(world: World) -> None:
    order_id = posted(world, price="150.00", quantity=100)
    world.clock.advance(seconds=60)
    world.put_quote("COIN", "150.10", "150.20")
    assert world.change("PATCH", order_id, {"price": "151.00", "quantity": 200})[0] == 202
    world.settle()
    asked = world.stage("data_extractor")(events.get("/customers/{customerId}/orders", {"customerId": "000002"}))
    [shown] = json.loads(asked["body"])["orders"]
    assert (shown["price"], shown["arrival"]) == ("151.00", REFERENCE | {"time": after(0)})


def test_an_order_that_was_refused_for_its_cash_has_it_too(world: World) -> None:
    world.put_customer("000002", "1.00")
    status, problem = world.post(entered())
    assert status == 422
    assert arrival(world, problem["orderId"]) == REFERENCE | {"time": after(0)}
