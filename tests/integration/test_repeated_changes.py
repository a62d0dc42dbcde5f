"""Requests to change an order that are sent again, or at the same time: each is made once, and has one answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support import events
from tests.support.changed_orders import resting
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("reconciled")


def test_a_change_under_a_client_order_id_is_made_once(world: World) -> None:
    order_id = resting(world)
    body = {"quantity": 50, "clientOrderId": "change-1"}
    first = world.change("PATCH", order_id, body)
    assert first[0] == 202
    world.settle()
    assert world.change("PATCH", order_id, body) == first
    assert world.change("PATCH", order_id, body | {"quantity": 40})[1]["code"] == "client-order-id-reused"


ALL_THE_CASH = {"quantity": 150, "clientOrderId": "change-1"}
FILLED_BY_IT = {"quantity": 50, "price": "170.00", "clientOrderId": "change-1"}


@pytest.mark.parametrize("executed", [False, True], ids=["stored", "executed"])
@pytest.mark.parametrize(
    ("method", "body", "call"),
    [
        *(("PATCH", body, call) for body in (ALL_THE_CASH, FILLED_BY_IT) for call in (1, 2, 3)),
        *(("DELETE", None, call) for call in (1, 2)),
    ],
)
def test_a_twin_that_overtakes_a_change_at_any_of_its_calls_gets_the_same_answer(
    world: World, method: str, body: dict[str, Any] | None, call: int, *, executed: bool
) -> None:
    world.put_customer("000002", "15150.00")
    order_id = resting(world)
    twins: list[tuple[int, Any]] = []
    calls = 0

    def overtake(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            twins.append(world.change(method, order_id, body))
            if executed:
                world.settle()

    hooks = world.client("dynamodb").meta.events
    hooks.register("provide-client-params.dynamodb", overtake)
    answered = world.change(method, order_id, body)
    hooks.unregister("provide-client-params.dynamodb", overtake)
    assert twins[0][0] == 202
    ended = method == "DELETE" and executed and call == 1  # the second call writes: then it is known as its own request
    assert answered == ((200, twins[0][1] | {"state": "Canceled"}) if ended else twins[0])
    assert len(world.items(sk=f"CHANGE#{order_id}")) == 1
    world.settle()


def test_another_change_that_overtakes_under_the_same_client_order_id_is_told_apart(world: World) -> None:
    order_id = resting(world)
    body = {"quantity": 50, "clientOrderId": "change-1"}

    def overtake(**_: Any) -> None:
        hooks.unregister("provide-client-params.dynamodb.TransactWriteItems", overtake)
        assert world.change("PATCH", order_id, body | {"quantity": 40})[0] == 202

    hooks = world.client("dynamodb").meta.events
    hooks.register("provide-client-params.dynamodb.TransactWriteItems", overtake)
    assert world.change("PATCH", order_id, body)[1]["code"] == "client-order-id-reused"


def test_twenty_equal_changes_at_once_have_one_answer(world: World) -> None:
    order_id = resting(world)
    stages = [world.new_stage("order_entry") for _ in range(20)]
    event = events.change(
        "PATCH", {"customerId": "000002", "orderId": order_id}, {"quantity": 50, "clientOrderId": "change-1"}
    )
    nobody_has_asked = threading.Barrier(len(stages))
    seen: set[int] = set()

    def wait(**_: Any) -> None:
        if threading.get_ident() not in seen:
            seen.add(threading.get_ident())
            nobody_has_asked.wait(timeout=30)

    world.client("dynamodb").meta.events.register("after-call.dynamodb.GetItem", wait)
    with ThreadPoolExecutor(len(stages)) as pool:
        answers = list(pool.map(lambda stage: stage(event), stages))
    assert [answer["statusCode"] for answer in answers] == [202] * 20
    assert len({answer["body"] for answer in answers}) == 1
