"""A quote comes, and all that hangs on the market follows: orders that rest, wait or are pegged, in lit and dark pools,
the day, what is displayed, and what accounts are worth.
"""

from decimal import Decimal
from typing import Any

from tests.support.orders import entered
from tests.support.world import World

DATE = "2026-11-22"


def posted(world: World, **fields: Any) -> str:
    status, answer = world.post(entered(**fields))
    assert status == 202, answer
    world.settle()
    return str(answer["orders"][0]["orderId"])


def outcome(world: World, order_id: str, of: str = "000002") -> tuple[str, str | None]:
    order = world.order(order_id, of)
    return order["state"], order.get("averagePrice")


def test_everything_follows_a_quote_without_another_command(world: World) -> None:
    world.put_customer("000003", "1.00", COIN=50)
    posted(world, quantity=100)
    limit = posted(world, quantity=500, price="161.00")
    sale = {"customerId": "000003", "direction": "Sell", "quantity": 50}
    stop = posted(world, **sale, type="Stop", price=None, stopPrice="161.10")
    pegged = posted(world, customerId="000001", quantity=70, price="165.00", pegToMidpoint=True)
    hidden = posted(world, quantity=20_000, price="161.50", poolOnly=True)
    assert [outcome(world, each)[0] for each in (limit, hidden)] == ["New", "New"]

    world.quote("COIN", "160.00", "160.02")
    world.settle()

    assert outcome(world, limit) == ("Filled", "161.0000")
    assert outcome(world, stop, "000003") == ("Filled", "160.0100")
    assert outcome(world, pegged, "000001")[1] == "160.0100"
    _, ticker = world.get("/tickers/{ticker}", ticker="COIN")
    assert (ticker["bid"], ticker["ask"], ticker["low"]) == ("160.01", "160.02", "160.01")
    in_the_dark = world.order(hidden)
    assert in_the_dark["averagePrice"] == "160.0150"
    assert 0 < in_the_dark["cumulativeQuantity"] < 20_000
    _, book = world.get("/books/{ticker}", ticker="COIN")
    assert (book["bids"][0]["price"], book["bids"][0]["quantity"]) == ("160.01", 20)
    _, account = world.get("/customers/{customerId}", customerId="000002")
    held = 100 + 500 + in_the_dark["cumulativeQuantity"]
    assert Decimal(account["marketValue"]) == held * Decimal("160.00")
    assert world.breaks(DATE) == []
