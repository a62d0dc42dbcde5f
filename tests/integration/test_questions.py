"""The answers of data_extractor, whole."""

from decimal import Decimal
from typing import Any

from tests.support.orders import SEED, enter_day, entered
from tests.support.world import World


def test_a_question_that_dynamodb_cannot_answer_is_answered_by_503(world: World) -> None:
    world.faults.unreachable("dynamodb.Query")
    status, answer = world.get("/trades/{customerId}", customerId="000002")
    assert (status, answer["code"]) == (503, "unavailable")


def test_an_order_is_shown_pending_new_partially_filled_and_filled(world: World) -> None:
    [entry] = world.post(entered(ticker="AMD", quantity=5000, clientOrderId="mine"))[1]["orders"]

    def shown() -> dict[str, Any]:
        path = {"customerId": "000002", "orderId": entry["orderId"]}
        order: dict[str, Any] = world.get("/customers/{customerId}/orders/{orderId}", **path)[1]
        return order

    new = shown()
    world.pipeline.run(but_not="lit_pool_matching_engine")
    part = shown()
    world.settle()
    filled = shown()
    cost = sum(Decimal(trade["price"]) * trade["quantity"] for trade in world.archived())
    average = f"{cost / 5000:.4f}"
    fees = sum(int(trade["fee"].replace(".", "")) for trade in world.archived())
    assert [each["state"] for each in (new, part, filled)] == ["PendingNew", "PartiallyFilled", "Filled"]
    assert part["cumulativeQuantity"] + part["leavesQuantity"] == 5000
    assert {name: value for name, value in filled.items() if name not in {"transitions", "executions"}} == {
        "orderId": entry["orderId"],
        "clientOrderId": "mine",
        "customerId": "000002",
        "direction": "Buy",
        "ticker": "AMD",
        "type": "Limit",
        "quantity": 5000,
        "price": "161.90",
        "orderDate": "2026-11-22T14:30:00.123Z",
        "state": "Filled",
        "cumulativeQuantity": 5000,
        "leavesQuantity": 0,
        "canceledQuantity": 0,
        "averagePrice": average,
        "fees": f"{fees // 100}.{fees % 100:02}",
        "reserved": "0.00",
        "protectionPrice": "161.90",
        "arrival": {"bid": "114.24", "ask": "114.25", "time": "2026-11-22T14:30:00.123Z"},
        "firstPool": "Dark",
        "customerSequence": 2,
    }


def test_positions_are_what_was_held_and_bought_less_what_was_sold(world: World) -> None:
    enter_day(world)
    assert shares(world) == [("AMD", 2500, 0, 2500)]
    world.settle()
    assert shares(world) == [("AMD", 5500, 5500, 0)]


def shares(world: World) -> list[tuple[Any, ...]]:
    """The positions of 000001."""
    positions = world.get("/customers/{customerId}/positions", customerId="000001")[1]["positions"]
    return [tuple(each[name] for name in ("ticker", "quantity", "available", "reserved")) for each in positions]


def test_trades_have_the_seeds_fields_in_the_seeds_order_with_two_decimals(world: World) -> None:
    world.post(SEED | {"price": "161.9", "quantity": 1500, "clientOrderId": "mine"})
    world.settle()
    trades = world.get("/trades/{customerId}", customerId="000002")[1]["trades"]
    assert [trade["quantity"] for trade in trades] == [1000, 500]
    for trade in trades:
        assert list(trade) == [
            "customerId", "direction", "ticker", "type", "quantity", "price", "orderId", "orderDate", "initialQuantity",
            "split", "tradeId", "exchange", "exchangeType", "tradeDate", "fee", "settlementDate", "valueDate",
            "clientOrderId", "arrivalBid", "arrivalAsk",
        ]  # fmt: skip
        assert trade["price"] == "161.90"
        assert len(trade["fee"].rpartition(".")[2]) == 2
