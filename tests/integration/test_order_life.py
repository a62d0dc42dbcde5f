"""An order's own resource: its transitions with their times and its executions, read from its bookings alone."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support.orders import asked, entered, life
from tests.support.world import World

IEX = {"fee": ["0.00", "1.00"], "maker": "0.0000", "taker": "0.0009", "cap": "100.00"}


@pytest.fixture(scope="module")
def traded(new_world: NewWorld) -> Iterator[World]:
    """At one exchange without market makers, 000001 sells 300 COIN a hundred at a time to 000002, a minute apart; both
    have other orders, 000002 two of them in one booking.
    """
    with new_world() as world:
        world.change_market(litPools={"IEX": IEX})
        world.put_customer("000001", "10000000.00", COIN=1000, IBM=1000)
        enter(world, entered(quantity=300, clientOrderId="bought"))
        for number in range(3):
            world.clock.advance(minutes=1)
            enter(world, sold(quantity=100, price="161.85", clientOrderId=f"sold-{number}"))
        enter(
            world, *(entered(ticker="IBM", price="133.00", quantity=each, clientOrderId=f"{each}") for each in (1, 2))
        )
        enter(world, sold(ticker="IBM", price="133.00", quantity=3))
        yield world


def sold(**fields: Any) -> dict[str, Any]:
    return entered(customerId="000001", direction="Sell", **fields)


def enter(world: World, *orders: dict[str, Any]) -> None:
    assert world.post(list(orders))[0] == 202
    world.settle()


def test_an_order_that_rests_is_pending_new_partially_filled_and_filled_with_the_times(traded: World) -> None:
    assert life(traded, "bought") == [
        ("30", "PendingNew", 0, 300, None),
        ("30", "New", 0, 300, None),
        ("31", "PartiallyFilled", 100, 200, None),
        ("32", "PartiallyFilled", 200, 100, None),
        ("33", "Filled", 300, 0, None),
    ]


def test_an_orders_executions_are_its_trades(traded: World) -> None:
    trades = traded.get("/trades/{customerId}", customerId="000002")[1]["trades"]
    for name, quantities in (("bought", [100, 100, 100]), ("1", [1]), ("2", [2])):
        order = asked(traded, name)[1]
        its_own = [trade for trade in trades if trade["orderId"] == order["orderId"]]
        assert sorted(order["executions"], key=str) == sorted(its_own, key=str)
        assert [trade["quantity"] for trade in order["executions"]] == quantities
        assert "nextToken" not in order


@pytest.mark.parametrize("limit", range(1, 9))
def test_pages_of_any_size_hold_every_transition_and_execution_once(traded: World, limit: int) -> None:
    whole = asked(traded, "bought")[1]
    parts: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while not parts or token:
        _, part = asked(traded, "bought", limit=str(limit), **token)
        parts.append(part)
        token = {"nextToken": part["nextToken"]} if "nextToken" in part else {}
    for name in ("transitions", "executions"):
        assert [each for part in parts for each in part[name]] == whole[name]
    sizes = [len(part["transitions"]) + len(part["executions"]) for part in parts]
    assert sizes[:-1] == [limit] * (len(parts) - 1)
    assert 0 < sizes[-1] <= limit


def test_an_order_is_read_without_the_customers_other_bookings(traded: World) -> None:
    read: list[int] = []
    events = traded.client("dynamodb").meta.events

    def count(parsed: dict[str, Any], **_: Any) -> None:
        read.extend(map(len, parsed["Responses"].values()))

    events.register("after-call.dynamodb.BatchGetItem", count)
    before = len(traded.faults.calls)
    asked(traded, "sold-1")
    events.unregister("after-call.dynamodb.BatchGetItem", count)
    assert traded.faults.calls[before:] == ["dynamodb.GetItem", "dynamodb.BatchGetItem"]
    assert read == [1]


def token_of(*content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def test_a_token_of_another_order_or_of_nothing_is_refused(traded: World) -> None:
    others = asked(traded, "1", limit="1")[1]["nextToken"]
    order_id = asked(traded, "bought")[1]["orderId"]
    for token in (others, "???", token_of(f"{order_id}#", 0), token_of(f"{order_id}#~", 0)):
        status, answer = asked(traded, "bought", nextToken=token)
        assert (status, answer["code"]) == (400, "invalid-next-token")
