"""A customer's limits at the entry: each at its edge, in arrays too, and changed in between."""

from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.store import dynamodb, keys

TRANSACT = "dynamodb.TransactWriteItems"


def codes(world: World, *orders: dict[str, Any]) -> list[str]:
    """Each order's state, or the code of its problem; posted as one array."""
    _, answer = world.post(list(orders))
    return [each.get("problem", {}).get("code", each["state"]) for each in answer["orders"]]


def code(world: World, **fields: Any) -> str:
    return codes(world, entered(**fields))[0]


def away(**fields: Any) -> dict[str, Any]:
    """An order that does not trade, worth 1,000.00."""
    return entered(**{"quantity": 10, "price": "100.00"} | fields)


def open_orders(world: World) -> int:
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    return int(customer["openOrders"])


EDGES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ({"highestOrderValue": "1619.00"}, {"quantity": 10}, {"quantity": 11}, "order-value-too-large"),
    ({"highestOrderValue": "1619.00"}, {"price": "161.90"}, {"price": "161.91"}, "order-value-too-large"),
    (
        {"highestOrderValue": "1699.90"},
        {"type": "Market", "price": None},
        {"type": "Market", "price": None, "quantity": 11},
        "order-value-too-large",
    ),
    (
        {"highestOrderValue": "1618.80"},
        {"direction": "Sell", "price": "1.00"},
        {"direction": "Sell", "price": "161.89"},
        "order-value-too-large",
    ),
    ({"collar": "0.10"}, {"price": "178.09"}, {"price": "178.10"}, "price-outside-collar"),
    (
        {"collar": "0.10"},
        {"direction": "Sell", "price": "145.70"},
        {"direction": "Sell", "price": "145.69"},
        "price-outside-collar",
    ),
    (
        {"collar": "0.10"},
        {"type": "StopLimit", "stopPrice": "200.00", "price": "220.00"},
        {"type": "StopLimit", "stopPrice": "200.00", "price": "220.01"},
        "price-outside-collar",
    ),
]


@pytest.mark.parametrize(("limits", "within", "beyond", "expected"), EDGES)
@pytest.mark.parametrize("warm", [True, False])
def test_an_order_at_its_limit_is_accepted_and_one_beyond_is_stored_as_rejected(
    world: World, limits: dict[str, Any], within: dict[str, Any], beyond: dict[str, Any], expected: str, warm: bool
) -> None:
    world.put_customer("000002", "10000000.00", COIN=1000)
    world.limit(**limits)
    if warm:
        assert code(world, quantity=1) == "PendingNew"
    assert code(world, **{"quantity": 10} | within) == "PendingNew"
    if not warm:
        world.cool_down()
    status, answer = world.post(entered(**{"quantity": 10} | beyond))
    [stored] = [item for item in world.items(sk="ORDER#") if item["acceptance"] == "Rejected"]
    assert (status, answer["code"], answer["orderId"]) == (422, expected, stored["orderId"])
    assert (stored["problem"]["code"], stored["reserved"], stored["leavesQuantity"]) == (expected, 0, 0)
    world.settle()


def test_of_an_array_of_ten_where_there_is_room_for_seven_the_first_seven_are_accepted(world: World) -> None:
    world.limit(highestOpenOrders=9)
    assert codes(world, away(), away()) == ["PendingNew"] * 2
    assert codes(world, *[away()] * 10) == ["PendingNew"] * 7 + ["too-many-open-orders"] * 3
    assert open_orders(world) == 9
    world.settle()
    assert code(world, **away()) == "too-many-open-orders"
    first = world.items(sk="ORDER#")[0]["orderId"]
    world.change("DELETE", first)
    world.settle()
    assert codes(world, away(), away()) == ["PendingNew", "too-many-open-orders"]


def test_an_order_that_is_refused_leaves_its_place_to_the_next_one(world: World) -> None:
    world.limit(highestOpenOrders=2, highestOrderValue="1000.00")
    orders = [away(quantity=11), away(), away(quantity=11), away(), away()]
    expected = ["order-value-too-large", "PendingNew", "order-value-too-large", "PendingNew", "too-many-open-orders"]
    assert codes(world, *orders) == expected
    assert open_orders(world) == 2


def test_room_that_orders_of_the_same_array_under_known_ids_do_not_need_is_for_the_others(world: World) -> None:
    world.limit(highestOpenOrders=3)
    known = [away(clientOrderId=f"c-{number}") for number in range(2)]
    codes(world, *known)
    assert codes(world, *known, away(), away()) == ["PendingNew", "PendingNew", "PendingNew", "too-many-open-orders"]
    assert open_orders(world) == 3


def test_orders_of_more_than_a_transaction_keep_to_the_limit_together(world: World) -> None:
    world.limit(highestOpenOrders=105)
    assert codes(world, *[away(quantity=1)] * 110) == ["PendingNew"] * 105 + ["too-many-open-orders"] * 5
    assert open_orders(world) == 105


def test_each_customer_of_an_array_has_its_own_limits(world: World) -> None:
    world.limit(highestOpenOrders=1)
    world.limit(of="000001", highestOrderValue="1000.00")
    orders = [away(), away(), away(customerId="000001"), away(customerId="000001", quantity=11)]
    assert codes(world, *orders) == ["PendingNew", "too-many-open-orders", "PendingNew", "order-value-too-large"]


def test_limits_that_change_count_from_the_next_order_on_also_for_a_function_that_knew_others(world: World) -> None:
    assert code(world, **away()) == "PendingNew"
    world.limit(highestOrderValue="999.99")
    assert code(world, **away()) == "order-value-too-large"
    world.limit(highestOrderValue="1000.00")
    assert code(world, **away()) == "PendingNew"
    world.limit(highestOpenOrders=2)
    assert code(world, **away()) == "too-many-open-orders"
    world.limit()
    assert code(world, **away(price="1000.00")) == "PendingNew"
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    assert "limits" not in customer


def test_a_rejected_order_is_rejected_again_under_its_client_order_id_whatever_the_limits_are_by_then(
    world: World,
) -> None:
    order = away(clientOrderId="mine-1")
    world.limit(highestOrderValue="999.99")
    first = world.post(order)
    world.limit()
    assert first[1]["code"] == "order-value-too-large"
    assert world.post(order) == first
    accepted = world.post(away(clientOrderId="mine-2"))
    world.limit(highestOrderValue="999.99", highestOpenOrders=1)
    assert world.post(away(clientOrderId="mine-2")) == accepted
    assert open_orders(world) == 1


@pytest.mark.parametrize("limits", [{}, {"highestOrderValue": "5000.00", "highestOpenOrders": 9, "collar": "0.10"}])
def test_an_order_within_limits_that_are_known_takes_one_call(world: World, limits: dict[str, Any]) -> None:
    world.put_customer("000002", "10000000.00", COIN=1000)
    world.limit(**limits)
    codes(world, away())
    before = len(world.faults.calls)
    codes(world, away(), away(direction="Sell", price="200.00"))
    assert world.faults.calls[before:] == [TRANSACT]


def test_a_cold_function_learns_the_limits_from_the_transaction_that_fails(world: World) -> None:
    world.limit(highestOpenOrders=9, highestShort=50)
    world.cool_down()
    before = len(world.faults.calls)
    assert codes(world, away(direction="Sell", price="200.00"), away()) == ["PendingNew", "PendingNew"]
    called = [each for each in world.faults.calls[before:] if each.startswith("dynamodb")]
    assert called == ["dynamodb.BatchGetItem", TRANSACT, TRANSACT]


def test_two_functions_at_once_do_not_exceed_the_room_together(world: World) -> None:
    world.limit(highestOpenOrders=3)
    other = world.new_stage("order_entry")

    def overtake(**_: Any) -> None:
        world.client("dynamodb").meta.events.unregister(f"provide-client-params.{TRANSACT}", overtake)
        assert other(events.post_orders([away(), away()]))["statusCode"] == 202

    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", overtake)
    assert codes(world, away(), away()) == ["PendingNew", "too-many-open-orders"]
    assert open_orders(world) == 3


def test_limits_that_change_without_end_are_answered_by_503(world: World) -> None:
    def change(**_: Any) -> None:
        world.clock.advance(seconds=1)

    failed: dict[str, Any] = {"CancellationReasons": [{"Code": "ConditionalCheckFailed", "Item": ITEM}, {}]}
    world.faults.refused(TRANSACT, "TransactionCanceledException", times=1000, **failed)
    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", change)
    status, answer = world.post(away())
    world.faults.mend()
    assert (status, answer["code"]) == (503, "unavailable")
    assert world.items(sk="ORDER#") == []


ITEM = {"cash": {"N": "1000000"}, "openOrders": {"N": "0"}}


def test_what_is_set_is_answered_and_stored_as_a_whole(world: World) -> None:
    limits = {"highestOrderValue": "1000000", "highestOpenOrders": 100, "collar": "0.10", "highestShort": 1000}
    shown = limits | {"highestOrderValue": "1000000.00"}
    assert world.account("PUT", "limits", limits) == (200, {"customerId": "000002", "limits": shown})
    assert world.account("PUT", "limits", {"collar": "0"}) == (200, {"customerId": "000002", "limits": {"collar": "0"}})
    assert world.account("PUT", "limits", {}) == (200, {"customerId": "000002", "limits": {}})


# ------------------------------------------------------------ replacements


def resting(world: World, **fields: Any) -> str:
    _, answer = world.post(away(**fields))
    world.settle()
    return str(answer["orders"][0]["orderId"])


CHANGES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ({}, {"highestOrderValue": "2000.00"}, {"quantity": 20}, {"quantity": 21}, "order-value-too-large"),
    ({}, {"highestOrderValue": "1010.00"}, {"price": "101.00"}, {"price": "101.01"}, "order-value-too-large"),
    (
        {"direction": "Sell", "price": "200.00"},
        {"highestOrderValue": "2000.00"},
        {"quantity": 10, "price": "150.00"},
        {"quantity": 13, "price": "150.00"},
        "order-value-too-large",
    ),
    ({}, {"collar": "0.10"}, {"price": "178.09"}, {"price": "178.10"}, "price-outside-collar"),
]


@pytest.mark.parametrize(("order", "limits", "within", "beyond", "expected"), CHANGES)
@pytest.mark.parametrize("known", [True, False])
def test_an_order_may_be_replaced_within_the_limits_and_not_beyond(
    world: World,
    order: dict[str, Any],
    limits: dict[str, Any],
    within: dict[str, Any],
    beyond: dict[str, Any],
    expected: str,
    known: bool,
) -> None:
    world.put_customer("000002", "10000000.00", COIN=1000)
    order_id = resting(world, **order)
    world.limit(**limits)
    if known:
        resting(world, quantity=1)
    before = world.state()
    status, answer = world.change("PATCH", order_id, beyond)
    assert (status, answer["code"]) == (422, expected)
    assert world.state() == before
    assert world.change("PATCH", order_id, within)[0] == 202
    world.settle()


def test_a_replacement_is_judged_by_limits_that_were_raised_since_they_were_known(world: World) -> None:
    world.limit(highestOrderValue="1000.00")
    order_id = resting(world)
    world.limit(highestOrderValue="3000.00")
    assert world.change("PATCH", order_id, {"quantity": 30})[0] == 202
    world.settle()
    assert world.change("PATCH", order_id, {"quantity": 31})[1]["code"] == "order-value-too-large"


def test_a_replacement_that_needs_no_cash_keeps_to_limits_that_were_lowered_since_they_were_known(world: World) -> None:
    order_id = resting(world)
    world.limit(highestOrderValue="500.00")
    assert world.change("PATCH", order_id, {"quantity": 6})[1]["code"] == "order-value-too-large"
    assert world.change("PATCH", order_id, {"quantity": 5})[0] == 202
    world.settle()


def test_an_order_whose_quote_is_gone_can_be_replaced_only_where_no_quote_is_needed(world: World) -> None:
    order_id = resting(world)
    world.remove_quote("COIN")
    world.cool_down()
    world.limit(highestOpenOrders=5)
    assert world.change("PATCH", order_id, {"quantity": 9})[0] == 202
    world.settle()
    world.limit(collar="0.10")
    assert world.change("PATCH", order_id, {"quantity": 8})[1]["code"] == "unknown-ticker"


def test_an_order_can_be_canceled_whatever_the_limits_are(world: World) -> None:
    order_id = resting(world)
    world.limit(highestOrderValue="0.01", highestOpenOrders=1)
    assert world.change("DELETE", order_id)[0] == 202
    world.settle()
    assert world.order(order_id)["state"] == "Canceled"


def test_a_customer_whose_open_orders_were_never_counted_has_none(world: World) -> None:
    key = dynamodb.to_item({**keys.customer("000002")})
    table = world.table("TradesStore")
    world.client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE openOrders")
    world.limit(highestOpenOrders=2)
    assert codes(world, away(), away(), away()) == ["PendingNew", "PendingNew", "too-many-open-orders"]
    assert open_orders(world) == 2
