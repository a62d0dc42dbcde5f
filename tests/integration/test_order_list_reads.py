"""What the list of a customer's orders reads, and when an order leaves the list of the open ones."""

from typing import Any

import pytest

from tests.support import bulk
from tests.support.orders import away, entered, listed
from tests.support.world import World
from trading.domain.ids import order_id

ORDERS = "/customers/{customerId}/orders"


def test_an_order_leaves_the_list_of_open_ones_once_it_has_ended_and_a_partly_filled_one_stays(world: World) -> None:
    world.put_customer("000001", "1000.00", COIN=100)
    world.post(entered(quantity=100, price="161.89"))
    assert [order["state"] for order in listed(world, state="open")] == ["PendingNew"]
    for sold, states in ((30, ["PartiallyFilled"]), (70, [])):
        world.post(entered(customerId="000001", direction="Sell", quantity=sold, price="161.89"))
        world.settle()
        assert [order["state"] for order in listed(world, state="open")] == states
    assert [order["state"] for order in listed(world, state="ended")] == ["Filled"]


def ended_before(world: World, number: int) -> None:
    """So many orders that ended at once, as they were refused, older than all others."""
    assert world.post(away(quantity=1_000_000))[1]["code"] == "insufficient-funds"
    [ended] = world.items(pk="CUST#000002", sk="ORDER#")
    ids = (order_id(milliseconds, 0) for milliseconds in range(1_700_000_000_000, 1_700_000_000_000 + number))
    bulk.put(world.table("TradesStore"), ended, [("CUST#000002", f"ORDER#{each}") for each in ids])


@pytest.mark.parametrize("ended", [0, 100_000])
def test_ten_open_orders_are_one_page_of_the_index_however_many_have_ended(world: World, ended: int) -> None:
    """What is read: the ten entries of the index, and the ten orders."""
    ended_before(world, ended)
    assert world.post([away() for _ in range(10)])[0] == 202
    world.settle()
    read: list[Any] = []
    of = world.client("dynamodb").meta.events
    of.register("provide-client-params", lambda params, model, **_: read.append(model.name))
    of.register("after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"]))
    of.register(
        "after-call.dynamodb.BatchGetItem",
        lambda parsed, **_: read.append(sum(map(len, parsed["Responses"].values()))),
    )
    status, answer = world.get(ORDERS, {"state": "open"}, customerId="000002")
    assert (status, len(answer["orders"]), "nextToken" in answer) == (200, 10, False)
    assert read == ["Query", 10, "BatchGetItem", 10]


def test_a_page_looks_at_a_thousand_orders_at_the_most_and_goes_on_behind_them(world: World) -> None:
    ended_before(world, 2_500)
    world.post(away())
    world.settle()
    read: list[int] = []
    of = world.client("dynamodb").meta.events
    of.register("after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"]))
    status, answer = world.get(ORDERS, {"ticker": "IBM", "limit": "10"}, customerId="000002")
    assert (status, answer["orders"], "nextToken" in answer) == (200, [], True)
    assert 1_000 < sum(read) <= 1_100
    assert listed(world, ticker="IBM") == []
    read.clear()
    status, answer = world.get(ORDERS, {"limit": "10"}, customerId="000002")
    assert (status, len(answer["orders"]), read) == (200, 10, [11])
