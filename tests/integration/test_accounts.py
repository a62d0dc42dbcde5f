"""What a customer's positions and its account are worth, as they are shown."""

from typing import Any

from tests.support.orders import entered
from tests.support.world import World


def positions(world: World, customer_id: str = "000002") -> list[dict[str, Any]]:
    status, answer = world.get("/customers/{customerId}/positions", customerId=customer_id)
    assert status == 200
    return list(answer["positions"])


def account(world: World) -> dict[str, Any]:
    status, answer = world.get("/customers/{customerId}", customerId="000002")
    assert status == 200
    return dict(answer)


def trade(world: World, direction: str, quantity: int, price: str) -> None:
    """An order, once all stages know the latest quote."""
    world.clock.advance(minutes=1)
    assert world.post(entered(direction=direction, quantity=quantity, price=price))[0] == 202
    world.settle()


def test_buying_100_at_10_and_selling_50_at_20_leaves_50_at_10_and_500_realised(world: World) -> None:
    world.put_quote("COIN", "9.99", "10.00")
    trade(world, "Buy", 100, "10.00")
    world.quote("COIN", "20.00", "20.02")
    trade(world, "Sell", 50, "20.00")
    [position] = positions(world)
    commission = position.pop("commission")
    assert position == {
        "ticker": "COIN",
        "quantity": 50,
        "available": 50,
        "reserved": 0,
        "settled": 0,
        "unsettled": 50,
        "averageCost": "10.0000",
        "cost": "500.00",
        "realisedProfit": "500.00",
        "marketValue": "1000.00",
        "unrealisedProfit": "500.00",
    }
    assert commission == account(world)["fees"] > "0.00"


def test_a_position_that_is_closed_is_worth_nothing_and_keeps_what_it_earned(world: World) -> None:
    world.put_quote("COIN", "9.99", "10.00")
    trade(world, "Buy", 100, "10.00")
    world.quote("COIN", "20.00", "20.02")
    trade(world, "Sell", 100, "20.00")
    world.remove_quote("COIN")
    [position] = positions(world)
    shown = {name: position.get(name) for name in ("averageCost", "cost", "realisedProfit", "marketValue")}
    assert shown == {"averageCost": None, "cost": "0.00", "realisedProfit": "1000.00", "marketValue": "0.00"}
    assert "withoutQuote" not in account(world)


def test_an_account_shows_its_money_and_what_its_positions_come_to(world: World) -> None:
    world.put_customer("000002", "100000.00", F=500)
    world.put_quote("COIN", "9.99", "10.00")
    trade(world, "Buy", 100, "10.00")
    world.quote("COIN", "20.00", "20.02")
    trade(world, "Sell", 50, "20.00")
    trade(world, "Buy", 10, "1.00")
    assert account(world) == {
        "customerId": "000002",
        "cash": "99989.87",
        "reserved": "10.04",
        "spent": "1000.00",
        "fees": "0.09",
        "proceeds": "1000.00",
        "deposits": "100000.00",
        "withdrawals": "0.00",
        "buyingPower": "99989.87",
        "withdrawable": "99989.87",
        "settledCash": "99999.91",
        "unsettledCash": "0.00",
        "openOrders": 1,
        "halted": False,
        "marketValue": "11145.00",
        "realisedProfit": "500.00",
        "unrealisedProfit": "5645.00",
        "equity": "111144.91",
        "customerSequence": 3,
        "accountSequence": 0,
    }


def test_what_was_sold_and_is_not_settled_cannot_be_withdrawn_and_can_buy(world: World) -> None:
    world.put_customer("000002", "100.00", COIN=100)
    trade(world, "Sell", 100, "161.88")
    shown = account(world)
    assert shown["cash"] == shown["buyingPower"] == "16287.91"
    assert (shown["unsettledCash"], shown["settledCash"], shown["withdrawable"]) == ("16188.00", "99.91", "99.91")


def test_a_position_without_a_quote_is_named_and_not_valued(world: World) -> None:
    world.put_customer("000002", "100.00", COIN=100, F=10)
    world.remove_quote("COIN")
    by_ticker = {each["ticker"]: each for each in positions(world)}
    assert not by_ticker["COIN"].keys() & {"marketValue", "unrealisedProfit"}
    shown = account(world)
    assert shown["withoutQuote"] == ["COIN"]
    assert (shown["marketValue"], shown["unrealisedProfit"], shown["equity"]) == ("202.90", "102.90", "302.90")


def test_an_account_shows_its_limits_and_that_it_is_suspended(world: World) -> None:
    world.client("dynamodb").update_item(
        TableName=world.table("TradesStore"),
        Key={"PK": {"S": "CUST#000002"}, "SK": {"S": "CUST#000002"}},
        UpdateExpression="SET limits = :limits, halted = :halted",
        ExpressionAttributeValues={
            ":limits": {
                "M": {"highestOrderValue": {"N": "5000"}, "collar": {"N": "0.05"}, "highestShort": {"N": "10"}}
            },
            ":halted": {"BOOL": True},
        },
    )
    shown = account(world)
    assert shown["halted"] is True
    assert shown["limits"] == {"highestOrderValue": "5000.00", "collar": "0.05", "highestShort": 10}
