"""The customer's own order id: the same request again has the first answer, another one under it is refused."""

from collections.abc import Callable

import pytest

from tests.support.orders import entered
from tests.support.world import World

ORDER = entered(quantity=10, clientOrderId="mine-1")


def test_the_same_request_again_has_the_same_answer_and_trades_once(world: World) -> None:
    first = world.post(ORDER)
    again = world.post(ORDER)
    world.settle()
    world.cool_down()
    world.clock.advance(days=1)
    world.put_quote("COIN", "1.00", "2.00")
    later = world.post(ORDER)
    world.settle()
    assert first[0] == 202
    assert first == again == later
    assert [trade["quantity"] for trade in world.archived()] == [10]


def test_a_price_written_otherwise_is_the_same_request(world: World) -> None:
    assert world.post(ORDER | {"price": "161.9"}) == world.post(ORDER | {"price": "161.90"})


@pytest.mark.parametrize("other", [{"quantity": 11}, {"price": "161.91"}, {"direction": "Sell"}, {"ticker": "AMD"}])
def test_another_order_under_the_same_id_is_refused(world: World, other: dict[str, object]) -> None:
    world.post(ORDER)
    before = world.state()
    status, answer = world.post(ORDER | other)
    assert (status, answer["code"], "orderId" in answer) == (422, "client-order-id-reused", False)
    assert world.state() == before


def test_a_rejected_order_is_rejected_again_even_if_it_could_be_paid_now(world: World) -> None:
    order = ORDER | {"quantity": 1_000_000}
    first = world.post(order)
    world.deposit("000002", "1000000000.00")
    assert (first[0], first[1]["code"]) == (422, "insufficient-funds")
    assert world.post(order) == first
    assert len(world.items(sk="ORDER#")) == 1


def test_the_same_order_twice_in_one_array_is_one_order(world: World) -> None:
    status, answer = world.post([ORDER, ORDER | {"quantity": 11}, ORDER])
    first, other, again = answer["orders"]
    assert (status, first["state"], other["problem"]["code"]) == (202, "PendingNew", "client-order-id-reused")
    assert again == first
    assert len(world.items(sk="ORDER#")) == 1


def test_a_rejected_order_twice_in_one_array_is_one_order(world: World) -> None:
    order = ORDER | {"quantity": 1_000_000}
    status, answer = world.post([order, order])
    first, again = answer["orders"]
    assert (status, first["problem"]["code"], again) == (422, "insufficient-funds", first)
    assert len(world.items(sk="ORDER#")) == 1


def test_a_request_that_comes_again_among_new_orders_does_not_hold_them_up(world: World) -> None:
    [first] = world.post(ORDER)[1]["orders"]
    status, answer = world.post([entered(quantity=1), ORDER, entered(quantity=1_000_000), ORDER | {"quantity": 3}])
    new, again, unpaid, other = answer["orders"]
    assert (status, again) == (202, first)
    assert (new["state"], unpaid["problem"]["code"]) == ("PendingNew", "insufficient-funds")
    assert other["problem"]["code"] == "client-order-id-reused"
    assert len(world.items(sk="ORDER#")) == 3


def lower_limits(world: World) -> None:
    world.change_market(limits={"highestQuantity": 5, "collar": "0.05"})


def lose_the_quote(world: World) -> None:
    world.remove_quote("COIN")


CHANGES = [lower_limits, lose_the_quote]


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_request_has_the_same_answer_after_it_would_be_refused(
    world: World, change: Callable[[World], None]
) -> None:
    unpaid = ORDER | {"quantity": 1_000_000, "clientOrderId": "mine-2"}
    first = [world.post(ORDER), world.post(unpaid), world.post([ORDER, unpaid, ORDER])]
    change(world)
    world.cool_down()
    before = world.state()
    assert [world.post(ORDER), world.post(unpaid), world.post([ORDER, unpaid, ORDER])] == first
    assert [each[0] for each in first] == [202, 422, 202]
    status, answer = world.post(ORDER | {"quantity": 11})
    assert (status, answer["code"]) == (422, "client-order-id-reused")
    assert world.post(ORDER | {"clientOrderId": "mine-3"})[1]["code"] in {"quantity-too-large", "unknown-ticker"}
    assert world.state() == before


def test_an_order_that_passes_its_checks_costs_no_reading_of_its_client_order_id(world: World) -> None:
    world.post(ORDER)
    world.post(ORDER)
    assert world.faults.calls.count("dynamodb.BatchGetItem") == 1
    assert "dynamodb.GetItem" not in world.faults.calls


def test_two_customers_may_use_the_same_id(world: World) -> None:
    status, answer = world.post([ORDER, ORDER | {"customerId": "000001"}])
    assert (status, [each["state"] for each in answer["orders"]]) == (202, ["PendingNew", "PendingNew"])
