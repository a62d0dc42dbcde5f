"""Promise 1 at the entry: who may order, what is reserved, who gets the money that does not suffice for all."""

import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.account_invariants import open_ends
from tests.support.orders import entered
from tests.support.world import World

RATE = Decimal("0.0040")
"""The highest fee a share of any venue in the template."""


def states(answer: dict[str, Any]) -> list[str]:
    """Each order's state, or the code of its problem."""
    return [each.get("problem", {}).get("code", each["state"]) for each in answer["orders"]]


def account(world: World, customer_id: str) -> dict[str, Any]:
    [item] = world.items(pk=f"CUST#{customer_id}", sk="CUST#")
    return item


def test_a_buy_reserves_its_limit_and_the_highest_fee_of_each_share(world: World) -> None:
    status, answer = world.post(entered(quantity=2500, price="161.9"))
    [order] = world.items(sk="ORDER#")
    expected = 2500 * (Decimal("161.90") + RATE)
    assert (status, answer) == (202, {"orders": [{"orderId": order["orderId"], "state": "PendingNew"}]})
    assert order["reserved"] == account(world, "000002")["reserved"] == expected


@pytest.mark.parametrize(
    ("order", "protection"),
    [
        (entered(type="Market", price=None), Decimal("169.99")),
        (entered(type="Market", price=None, direction="Sell"), Decimal("153.79")),
    ],
)
def test_a_market_order_is_protected_by_the_quote_and_five_per_cent(
    world: World, order: dict[str, Any], protection: Decimal
) -> None:
    world.put_customer("000002", "10000000.00", COIN=10000)
    assert world.post(order)[0] == 202
    [item] = world.items(sk="ORDER#")
    assert item["protectionPrice"] == protection


def test_a_sell_reserves_its_shares_and_no_cash(world: World) -> None:
    world.put_customer("000002", "100.00", F=10, COIN=10)
    status, _ = world.post(
        [entered(direction="Sell", ticker=ticker, quantity=5, price="1.00") for ticker in ("F", "COIN")]
    )
    positions = {item["SK"]: (item["available"], item["reserved"]) for item in world.items(sk="POSITION#")}
    assert status == 202
    assert account(world, "000002")["reserved"] == 0
    assert positions == {"POSITION#COIN": (5, 5), "POSITION#F": (5, 5)}


def test_an_order_that_cannot_be_paid_is_stored_as_rejected_and_goes_nowhere(world: World) -> None:
    status, answer = world.post(entered(quantity=1_000_000, clientOrderId="too-much"))
    world.settle()
    [order] = world.items(sk="ORDER#")
    assert (status, answer["code"], answer["orderId"]) == (422, "insufficient-funds", order["orderId"])
    assert (order["acceptance"], order["problem"]["code"]) == ("Rejected", "insufficient-funds")
    assert open_ends(world) == []
    assert world.pipeline.delivered == []
    shown = world.get("/customers/{customerId}/orders/{orderId}", customerId="000002", orderId=order["orderId"])[1]
    assert (shown["state"], shown["leavesQuantity"], shown["problem"]) == ("Rejected", 0, order["problem"])


def test_a_sell_without_the_shares_is_stored_as_rejected(world: World) -> None:
    world.put_customer("000002", "100.00", COIN=9)
    status, answer = world.post(entered(direction="Sell", quantity=10))
    [order] = world.items(sk="ORDER#")
    assert (status, answer["code"], order["acceptance"]) == (422, "insufficient-shares", "Rejected")


def test_cash_goes_to_the_orders_of_an_array_in_their_order(world: World) -> None:
    world.put_customer("000002", "1000.00", COIN=30)
    buys = [entered(ticker="F", quantity=quantity, price="20.30") for quantity in (25, 30, 10, 15)]
    sells = [entered(direction="Sell", quantity=quantity, price="161.88") for quantity in (20, 15, 10)]
    status, answer = world.post([buys[0], sells[0], buys[1], sells[1], buys[2], sells[2], buys[3]])
    assert status == 202
    assert states(answer) == [
        "PendingNew", "PendingNew", "insufficient-funds",
        "insufficient-shares", "PendingNew", "PendingNew", "insufficient-funds",
    ]  # fmt: skip
    stored = {order["orderId"]: order["acceptance"] for order in world.items(sk="ORDER#")}
    accepted = {
        each["orderId"]: "Accepted" if each["state"] == "PendingNew" else "Rejected" for each in answer["orders"]
    }
    assert stored == accepted
    world.settle()
    assert open_ends(world) == []


def test_an_array_is_answered_in_its_order_whatever_is_wrong_with_its_orders(world: World) -> None:
    status, answer = world.post(
        [
            entered(quantity=0),
            entered(quantity=1),
            entered(ticker="NONE"),
            entered(customerId="999999"),
            entered(customerId="000001", quantity=10_000_000),
            entered(customerId="000003", quantity=2, clientOrderId="mine"),
            17,
        ]
    )
    assert status == 202
    assert states(answer) == [
        "invalid-order", "PendingNew", "unknown-ticker",
        "not-found", "insufficient-funds", "PendingNew", "invalid-order",
    ]  # fmt: skip
    assert [each.get("clientOrderId") for each in answer["orders"]] == [None] * 5 + ["mine", None]


def test_an_array_of_refusals_alone_is_answered_by_422_even_if_no_customer_in_it_exists(world: World) -> None:
    status, answer = world.post([entered(customerId="999999")])
    assert (status, states(answer), answer["orders"][0]["problem"]["status"]) == (422, ["not-found"], 404)
    status, answer = world.post([entered(quantity=0), entered(quantity=1_000_000)])
    assert (status, states(answer)) == (422, ["invalid-order", "insufficient-funds"])


@pytest.mark.parametrize(
    ("caller", "status"),
    [(events.customer("000001"), 403), (events.customer("000002"), 202), (events.BROKER, 202)],
)
def test_credentials_are_for_one_customer_unless_they_are_a_brokers(
    world: World, caller: Mapping[str, str], status: int
) -> None:
    assert world.post(entered(quantity=1), caller)[0] == status
    assert len(world.items(sk="ORDER#")) == (status == 202)


def test_in_an_array_only_another_customers_orders_are_forbidden(world: World) -> None:
    orders = [entered(quantity=1), entered(customerId="000001", quantity=1)]
    status, answer = world.post(orders, events.customer("000001"))
    assert (status, states(answer)) == (202, ["forbidden", "PendingNew"])
    assert [order["customerId"] for order in world.items(sk="ORDER#")] == ["000001"]


def test_of_ten_orders_at_once_where_the_cash_suffices_for_one_exactly_one_is_accepted(world: World) -> None:
    world.put_customer("000002", "2030.40")
    stages = [world.new_stage("order_entry") for _ in range(10)]
    answers: list[int] = []

    def post(number: int) -> None:
        event = events.post_orders(entered(ticker="F", quantity=100, price="20.30"))
        answers.append(stages[number](event)["statusCode"])

    threads = [threading.Thread(target=post, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [202] + [422] * 9
    customer = account(world, "000002")
    assert (customer["cash"], customer["reserved"]) == (0, Decimal("2030.40"))
    world.settle()
    assert [trade["quantity"] for trade in world.archived()] == [100]


def test_more_orders_than_a_transaction_holds_are_all_accepted_and_settled(world: World) -> None:
    orders = [entered(quantity=1, clientOrderId=f"c-{number}") for number in range(110)]
    status, answer = world.post(orders)
    ids = [each["orderId"] for each in answer["orders"]]
    assert (status, states(answer)) == (202, ["PendingNew"] * 110)
    assert ids == sorted(set(ids))
    world.settle()
    assert len(world.archived()) == 110
    assert open_ends(world) == []
