"""What the list of a customer's orders reads, and when an order leaves the list of the open ones."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support import bulk
from tests.support.account_invariants import mistakes
from tests.support.orders import away, entered, into_the_index, listed
from tests.support.world import World
from trading.aws.store import customer_items
from trading.domain.ids import order_id

ORDERS = "/customers/{customerId}/orders"


@pytest.mark.parametrize("indexed", [False, True], ids=["named by the customer's item", "in the index"])
def test_an_order_leaves_the_list_of_open_ones_once_it_has_ended_and_a_partly_filled_one_stays(
    world: World, *, indexed: bool
) -> None:
    world.put_customer("000001", "1000.00", COIN=100)
    world.post(entered(quantity=100, price="161.89"))
    if indexed:
        assert len(into_the_index(world)) == 1
    assert [order["state"] for order in listed(world, state="open")] == ["PendingNew"]
    for sold, states in ((30, ["PartiallyFilled"]), (70, [])):
        world.post(entered(customerId="000001", direction="Sell", quantity=sold, price="161.89"))
        world.settle()
        assert [order["state"] for order in listed(world, state="open")] == states
        assert mistakes(world) == []
    assert [order["state"] for order in listed(world, state="ended")] == ["Filled"]


def ended_before(world: World, number: int) -> None:
    """So many orders that ended at once, as they were refused, older than all others."""
    assert world.post(away(quantity=1_000_000))[1]["code"] == "insufficient-funds"
    [ended] = world.items(pk="CUST#000002", sk="ORDER#")
    ids = (order_id(milliseconds, 0) for milliseconds in range(1_700_000_000_000, 1_700_000_000_000 + number))
    bulk.put(world.table("TradesStore"), ended, [("CUST#000002", f"ORDER#{each}") for each in ids])


@contextmanager
def reading(world: World) -> Iterator[list[Any]]:
    """The calls, and how many items each of those reads that may read several."""
    read: list[Any] = []
    of = world.client("dynamodb").meta.events
    of.register("provide-client-params", lambda params, model, **_: read.append(model.name))
    of.register("after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"]))
    of.register(
        "after-call.dynamodb.BatchGetItem",
        lambda parsed, **_: read.append(sum(map(len, parsed["Responses"].values()))),
    )
    yield read


@pytest.mark.parametrize("ended", [0, 5_000])
def test_ten_open_orders_are_read_from_the_customer_s_item_however_many_have_ended(world: World, ended: int) -> None:
    ended_before(world, ended)
    assert world.post([away() for _ in range(10)])[0] == 202
    world.settle()
    with reading(world) as read:
        status, answer = world.get(ORDERS, {"state": "open"}, customerId="000002")
    assert (status, len(answer["orders"]), "nextToken" in answer) == (200, 10, False)
    assert read == ["GetItem", "BatchGetItem", 10]


def test_further_open_orders_are_a_page_of_the_index_and_all_are_listed_newest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as an array brings are named, those after them are in the index, until there is room again. That is tried
    again after a minute, not with every order.
    """
    first = [each["orderId"] for each in world.post([away() for _ in range(customer_items.FEW + 8)])[1]["orders"]]
    world.settle()
    second = [each["orderId"] for each in world.post([away(), away(ticker="AMD")])[1]["orders"]]
    with reading(world) as called:
        second.append(world.post(away())[1]["orders"][0]["orderId"])
    assert called == ["TransactWriteItems"]
    in_the_index = {each["orderId"] for each in world.items(sk="ORDER#") if "openOrder" in each}
    assert in_the_index == {*second}
    assert mistakes(world) == []
    newest_first = sorted([*first, *second], reverse=True)
    with reading(world) as read:
        _, answer = world.get(ORDERS, {"state": "open"}, customerId="000002")
    assert [each["orderId"] for each in answer["orders"]] == newest_first
    assert read == ["GetItem", "Query", 3, "BatchGetItem", len(newest_first)]
    assert [each["orderId"] for each in listed(world, state="open", limit="7")] == newest_first
    assert [each["orderId"] for each in listed(world, state="open", ticker="AMD")] == second[1:2]
    for each in first[:9]:
        assert world.change("DELETE", each)[0] == 202
    world.settle()
    assert mistakes(world) == []
    assert [each["orderId"] for each in listed(world, state="open")] == sorted([*first[9:], *second], reverse=True)
    assert "openOrder" in stored(world, world.post(away())[1])
    monotonic = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: monotonic() + 61)
    assert "openOrder" not in stored(world, world.post(away())[1])
    assert mistakes(world) == []


def stored(world: World, answer: dict[str, Any]) -> dict[str, Any]:
    """The item of the one order that was entered."""
    [entered_order] = answer["orders"]
    [item] = world.items(sk=f"ORDER#{entered_order['orderId']}")
    return item


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
