"""Trades of orders that take turns are in the order in which they happened."""

import pytest

from tests.support.orders import asked, entered
from tests.support.reconciled_day import DATE
from tests.support.world import World
from trading.domain.matching import execution_reports


@pytest.mark.parametrize(("executions", "bookings"), [(250, 1), (2, 2), (1, 3)])
def test_trades_of_orders_that_took_turns_in_one_commit_are_listed_in_turn_however_they_are_booked(
    world: World, monkeypatch: pytest.MonkeyPatch, executions: int, bookings: int
) -> None:
    """The second seller's order is better, and comes when the first has traded half."""
    monkeypatch.setattr(execution_reports, "MAX_BOOKED_EXECUTIONS", executions)
    world.change_market(litPools={"IEX": {"fee": ["0.00", "1.00"], "maker": "0.0", "taker": "0.0", "cap": "1.00"}})
    world.put_customer("000001", "0.00", COIN=15)
    selling = entered(customerId="000001", direction="Sell")
    orders = [
        selling | {"quantity": 10, "price": "162.00", "clientOrderId": "first"},
        entered(quantity=5, price="162.00"),
        selling | {"quantity": 5, "price": "161.95", "clientOrderId": "second"},
        entered(quantity=10, price="162.00"),
    ]
    for order in orders:
        assert world.post(order)[0] == 202
        world.pipeline.run(but_not="lit_pool_matching_engine")
    world.settle()
    assert [entry["SK"] for entry in world.items("OrderBooks", pk="lit#COIN")] == [1]
    assert len(world.items(pk="CUST#000001", sk="TRADE#")) == bookings
    turns = [("first", "162.00"), ("second", "161.95"), ("first", "162.00")]
    listed = {
        "trades": world.get("/trades/{customerId}", customerId="000001")[1]["trades"],
        "statement": world.get("/customers/{customerId}/statements/{date}", date=DATE, customerId="000001")[1][
            "trades"
        ],
        "archive": [trade for trade in world.archived() if trade["customerId"] == "000001"],
    }
    found = {name: [(each["clientOrderId"], each["price"]) for each in trades] for name, trades in listed.items()}
    assert found == dict.fromkeys(listed, turns)
    assert [trade["price"] for trade in asked(world, "first")[1]["executions"]] == ["162.00", "162.00"]
    assert world.breaks(DATE) == []
