"""A broker stops a customer: nothing new is accepted, all that is open ends, until it is let in again."""

from typing import Any

import pytest

from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.orders import entered
from tests.support.world import World

TRANSACT = "dynamodb.TransactWriteItems"
ROUTER = "smart_order_router"


def away(**fields: Any) -> dict[str, Any]:
    """An order that does not trade."""
    return entered(**{"quantity": 10, "price": "100.00"} | fields)


def suspend(world: World) -> dict[str, Any]:
    status, answer = world.account("PUT", "halt")
    assert status == 200
    return dict(answer)


def resting(world: World, **fields: Any) -> str:
    status, answer = world.post(away(**fields))
    assert status == 202
    world.settle()
    return str(answer["orders"][0]["orderId"])


def test_a_suspension_refuses_new_orders_and_ends_open_ones_until_it_is_lifted(world: World) -> None:
    lit, dark = resting(world), resting(world, ticker="AMD", poolOnly=True)
    others = resting(world, customerId="000001")
    answer = suspend(world)
    assert answer == {"customerId": "000002", "halted": True, "requestId": answer["requestId"]}
    status, refused = world.post(away())
    assert (status, refused["code"], refused["detail"]) == (
        422,
        "trading-halted",
        "Customer 000002 is suspended.",
    )
    assert world.post(away(customerId="000001"))[0] == 202
    world.settle()
    shown = [world.order(each) for each in (lit, dark)]
    assert [(each["state"], each["reason"]) for each in shown] == [("Canceled", "halted")] * 2
    assert world.order(refused["orderId"])["state"] == "Rejected"
    assert world.order(others, "000001")["state"] == "New"
    assert [each for each in open_ends(world) if "000002" in each] == []
    assert world.account("DELETE", "halt") == (200, {"customerId": "000002", "halted": False})
    assert world.post(away())[0] == 202
    world.settle()


def test_all_orders_of_a_suspended_customer_in_an_array_are_refused_and_those_of_another_are_not(world: World) -> None:
    suspend(world)
    status, answer = world.post([away(), away(customerId="000001"), away(direction="Sell")])
    states = [each.get("problem", {}).get("code", each["state"]) for each in answer["orders"]]
    assert (status, states) == (202, ["trading-halted", "PendingNew", "trading-halted"])


def test_a_request_that_was_answered_before_the_suspension_is_answered_the_same(world: World) -> None:
    accepted = world.post(away(clientOrderId="mine-1"))
    suspend(world)
    assert world.post(away(clientOrderId="mine-1")) == accepted
    mixed = world.post([away(clientOrderId="mine-1"), away(clientOrderId="mine-2")])
    assert mixed[1]["orders"][0]["state"] == "PendingNew"
    assert mixed[1]["orders"][1]["problem"]["code"] == "trading-halted"
    world.cool_down()
    assert world.post([away(clientOrderId="mine-1"), away(clientOrderId="mine-2")]) == mixed
    world.account("DELETE", "halt")
    assert world.post(away(clientOrderId="mine-2"))[1]["code"] == "trading-halted"


def test_a_suspended_customers_orders_can_be_canceled_but_not_replaced(world: World) -> None:
    world.put_customer("000002", "10000.00", COIN=100)
    buy, sell = resting(world), resting(world, direction="Sell", price="200.00")
    world.account("PUT", "halt")
    for order_id, body in ((buy, {"quantity": 5}), (buy, {"price": "120.00"}), (sell, {"quantity": 20})):
        before = world.state()
        status, answer = world.change("PATCH", order_id, body)
        assert (status, answer["code"]) == (422, "trading-halted")
        assert world.state() == before
    assert world.change("DELETE", buy)[0] == 202
    world.settle()
    assert {world.order(each)["state"] for each in (buy, sell)} == {"Canceled"}


def test_a_replacement_that_was_answered_before_the_suspension_is_answered_the_same(world: World) -> None:
    order_id = resting(world)
    body = {"quantity": 5, "clientOrderId": "change-1"}
    first = world.change("PATCH", order_id, body)
    suspend(world)
    assert first[0] == 202
    assert world.change("PATCH", order_id, body) == first
    world.settle()


def test_a_suspension_between_two_attempts_counts_for_the_second(world: World) -> None:
    def overtake(**_: Any) -> None:
        world.client("dynamodb").meta.events.unregister(f"provide-client-params.{TRANSACT}", overtake)
        suspend(world)

    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", overtake)
    assert world.post(away())[1]["code"] == "trading-halted"


def test_an_order_that_is_accepted_while_the_suspension_is_written_ends_even_if_the_engines_hear_of_that_first(
    world: World,
) -> None:
    entered_meanwhile = []

    def overtake(**_: Any) -> None:
        world.client("dynamodb").meta.events.unregister(f"provide-client-params.{TRANSACT}", overtake)
        world.clock.advance(milliseconds=5)
        entered_meanwhile.append(world.post(away())[1]["orders"][0]["orderId"])
        world.clock.advance(milliseconds=5)

    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", overtake)
    suspend(world)
    [order_id] = entered_meanwhile
    order, *suspended = world.pipeline.unread(ROUTER)
    for each in (*suspended, order):
        world.deliver(ROUTER, {"Records": [each]})
        world.pipeline.run(but_not=ROUTER)
    assert world.order(order_id)["state"] == "Canceled"
    world.settle()


def test_a_suspension_whose_request_was_not_stored_holds_and_must_be_sent_again(world: World) -> None:
    order_id = resting(world)
    world.faults.unreachable(TRANSACT, skipped=1)
    status, answer = world.account("PUT", "halt")
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.post(away())[1]["code"] == "trading-halted"
    suspend(world)
    world.settle()
    assert world.order(order_id)["state"] == "Canceled"


def test_a_repeated_suspension_asks_the_engines_again_and_keeps_its_first_time(world: World) -> None:
    first = suspend(world)
    world.clock.advance(minutes=5)
    second = suspend(world)
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    assert customer["halted"] == "2026-11-22T14:30:00.123Z"
    stored = [item["requestId"] for item in world.items(pk="CUST#000002", sk="HALT#")]
    assert stored == [first["requestId"], second["requestId"]]
    world.settle()


def test_resuming_needs_no_suspension_and_a_suspension_whose_answer_was_lost_is_made_once(world: World) -> None:
    assert world.account("DELETE", "halt") == (200, {"customerId": "000002", "halted": False})
    world.faults.answer_lost(TRANSACT)
    suspend(world)
    assert len(world.items(pk="CUST#000002", sk="HALT#")) == 1


@pytest.mark.parametrize(("method", "what", "body"), [("PUT", "halt", None), ("PUT", "limits", {"highestShort": 1})])
def test_what_cannot_be_stored_is_answered_by_503(world: World, method: str, what: str, body: Any) -> None:
    world.faults.unreachable(TRANSACT)
    status, answer = world.account(method, what, body)
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.items(pk="CUST#000002", sk="HALT#") == []
    assert world.post(away())[0] == 202
    assert world.stage("account_keeper")(events.account("PUT", "halt", "000002"))["statusCode"] == 200
