"""Accounts are opened, and shares come in and go out: once per reference, with their cost, and all records agree."""

import threading
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.aws.store import dynamodb, keys

pytestmark = pytest.mark.usefixtures("reconciled")

TRANSACT = "dynamodb.TransactWriteItems"
POSITIONS = "/customers/{customerId}/positions"


def brought(quantity: int, cost: str, reference: str = "t-1", ticker: str = "COIN") -> dict[str, Any]:
    return {"type": "Deposit", "ticker": ticker, "quantity": quantity, "cost": cost, "reference": reference}


def taken(quantity: int, reference: str = "t-2", ticker: str = "COIN") -> dict[str, Any]:
    return {"type": "Withdrawal", "ticker": ticker, "quantity": quantity, "reference": reference}


def transfer(world: World, body: dict[str, Any], of: str = "000002") -> tuple[int, Any]:
    return world.account("POST", "shares", body, of=of)


def position(world: World, of: str = "000002", ticker: str = "COIN") -> dict[str, Any]:
    [found] = [each for each in world.get(POSITIONS, customerId=of)[1]["positions"] if each["ticker"] == ticker]
    names = ("quantity", "available", "reserved", "settled", "cost", "averageCost", "realisedProfit")
    return {name: found[name] for name in names if name in found}


def sell(world: World, quantity: int, price: str = "161.88") -> None:
    assert world.post(entered(direction="Sell", quantity=quantity, price=price))[0] == 202
    world.settle()


def test_an_account_is_opened_once_and_has_nothing(world: World) -> None:
    assert world.account("PUT", "", of="000004") == (201, {"customerId": "000004"})
    before = world.state()
    world.cool_down()
    assert world.account("PUT", "", of="000004") == (200, {"customerId": "000004"})
    assert world.state() == before
    shown = world.get("/customers/{customerId}", customerId="000004")[1]
    assert {shown[name] for name in ("cash", "deposits", "equity")} == {"0.00"}
    assert [item["SK"] for item in world.items(pk="CUSTOMERS")][-1] == "000004"


def test_an_account_that_has_something_keeps_it_when_it_is_opened_again(world: World) -> None:
    world.put_customer("000002", "100.00", COIN=5)
    before = world.state()
    assert world.account("PUT", "")[0] == 200
    assert world.state() == before


def test_an_account_whose_opening_was_not_answered_is_there(world: World) -> None:
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    assert world.account("PUT", "", of="000004")[0] == 503
    assert world.account("PUT", "", of="000004")[0] == 200


@pytest.mark.parametrize("customer_id", ["4", "0000040", "00000\uff14", "CUST#4", "000004 "])
def test_a_customers_id_is_six_digits(world: World, customer_id: str) -> None:
    before = world.state()
    assert world.account("PUT", "", of=customer_id)[0] == 404
    assert world.state() == before


def test_a_new_customer_brings_in_cash_and_shares_and_trades_both(world: World) -> None:
    world.account("PUT", "", of="000004")
    cash = {"type": "Deposit", "amount": "1000.00", "reference": "wire-1"}
    assert world.account("POST", "cash", cash, of="000004")[0] == 201
    assert transfer(world, brought(10, "1000.00"), of="000004")[0] == 201
    sale = entered(customerId="000004", direction="Sell", quantity=4, price="161.88")
    assert world.post([sale, entered(customerId="000004", ticker="F", quantity=10, price="20.30")])[0] == 202
    world.settle()
    left = position(world, of="000004")
    assert (left["quantity"], left["cost"], left["realisedProfit"]) == (6, "600.00", "247.52")
    assert position(world, of="000004", ticker="F")["quantity"] == 10


def test_shares_come_in_with_their_cost_and_go_out_with_their_part_of_it(world: World) -> None:
    status, answer = transfer(world, brought(100, "1000.01"))
    assert (status, answer) == (
        201,
        {
            "customerId": "000002",
            "entryId": answer["entryId"],
            "type": "Deposit",
            "ticker": "COIN",
            "quantity": 100,
            "cost": "1000.01",
            "reference": "t-1",
            "time": "2026-11-22T14:30:00.123Z",
            "available": 100,
        },
    )
    status, answer = transfer(world, taken(50))
    assert (status, answer["cost"], answer["available"]) == (201, "500.00", 50)
    world.clock.advance(seconds=1)
    transfer(world, brought(50, "1500.00", "t-3"))
    assert position(world) == {
        "quantity": 100,
        "available": 100,
        "reserved": 0,
        "settled": 100,
        "cost": "2000.01",
        "averageCost": "20.0001",
        "realisedProfit": "0.00",
    }
    assert transfer(world, taken(100, "t-4"))[1]["cost"] == "2000.01"
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    assert (customer["cash"], customer["deposits"]) == (Decimal("10000000.00"), Decimal("10000000.00"))


def test_the_ledger_and_the_statement_show_what_came_in_and_went_out(world: World) -> None:
    transfer(world, brought(100, "1000.00"))
    transfer(world, taken(30))
    moved = [
        (each["reference"], each["ticker"], each["shares"])
        for each in world.get("/customers/{customerId}/ledger", customerId="000002")[1]["ledger"]
        if each["kind"] == "Transfer"
    ]
    assert sorted(moved) == [
        ("t-1", "COIN", {"available": 100, "settled": 100}),
        ("t-2", "COIN", {"available": -30, "settled": -30}),
    ]
    path = "/customers/{customerId}/statements/{date}"
    [shown] = world.get(path, customerId="000002", date="2026-11-22")[1]["positions"]
    assert (shown["openingQuantity"], shown["quantity"]) == (0, 70)


def test_the_same_transfer_again_has_the_first_answer_and_moves_nothing(world: World) -> None:
    first = transfer(world, brought(100, "1000.00"))
    out = transfer(world, taken(40))
    world.clock.advance(days=1)
    world.cool_down()
    assert transfer(world, taken(40)) == out
    assert transfer(world, brought(100, "1000.0")) == (201, first[1] | {"available": 60})
    assert position(world)["quantity"] == 60


@pytest.mark.parametrize(
    "other",
    [
        brought(101, "1000.00"),
        brought(100, "1000.01"),
        brought(100, "1000.00", ticker="F"),
        taken(100, "t-1"),
    ],
)
def test_another_transfer_under_the_same_reference_is_refused(world: World, other: dict[str, Any]) -> None:
    transfer(world, brought(100, "1000.00"))
    before = world.state()
    status, answer = transfer(world, other)
    assert (status, answer["code"]) == (422, "reference-reused")
    assert world.state() == before


def test_cash_and_shares_have_their_references_in_common(world: World) -> None:
    cash = {"type": "Deposit", "amount": "100.00", "reference": "t-1"}
    transfer(world, brought(100, "100.00"))
    assert world.account("POST", "cash", cash)[1]["code"] == "reference-reused"
    assert world.account("POST", "cash", cash | {"reference": "t-9"})[0] == 201
    assert transfer(world, brought(100, "100.00", "t-9"))[1]["code"] == "reference-reused"


def test_what_is_not_there_or_reserved_or_not_delivered_cannot_go_out(world: World) -> None:
    def code(quantity: int) -> str:
        return str(transfer(world, taken(quantity, "none"))[1]["code"])

    assert code(1) == "insufficient-shares"
    world.put_customer("000002", "10000.00", COIN=10)
    assert world.post(entered(quantity=5))[0] == 202
    assert world.post(entered(direction="Sell", quantity=4, price="200.00"))[0] == 202
    world.settle()
    assert position(world) | {"cost": "", "averageCost": ""} == {
        "quantity": 15,
        "available": 11,
        "reserved": 4,
        "settled": 10,
        "cost": "",
        "averageCost": "",
        "realisedProfit": "0.00",
    }
    status, answer = transfer(world, taken(12, "none"))
    assert (status, answer["detail"]) == (422, "The withdrawal needs 12 COIN, 11 are available.")
    status, answer = transfer(world, taken(7, "none"))
    assert (status, answer["code"]) == (422, "not-settled")
    assert answer["detail"].startswith("The withdrawal needs 7 COIN. Of 11, 6 can be withdrawn")
    assert transfer(world, taken(6))[1]["available"] == 5
    world.value_date_comes("2026-11-24")
    assert transfer(world, taken(5, "t-3"))[1]["available"] == 0


def test_a_ticker_that_is_not_traded_is_refused(world: World) -> None:
    before = world.state()
    assert transfer(world, brought(1, "1.00", ticker="NONE"))[1]["code"] == "unknown-ticker"
    assert world.state() == before


def test_shares_that_come_into_a_short_position_close_it_and_free_what_it_held_back(world: World) -> None:
    world.put_customer("000002", "1000.00")
    world.limit(highestShort=10)
    sell(world, 10)
    [short] = world.items(pk="CUST#000002", sk="CUST#")
    assert short["shorted"] == Decimal("1618.80")
    transfer(world, brought(4, "400.00"))
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    assert customer["shorted"] == Decimal("971.28")
    assert position(world)["realisedProfit"] == "247.52"
    transfer(world, brought(8, "800.00", "t-3"))
    assert (position(world)["quantity"], position(world)["cost"]) == (2, "200.00")
    assert world.items(pk="CUST#000002", sk="CUST#")[0]["shorted"] == 0


def test_of_two_withdrawals_at_once_where_the_shares_suffice_for_one_exactly_one_is_made(world: World) -> None:
    world.put_customer("000002", "100.00", COIN=100)
    stages = [world.new_stage("account_keeper") for _ in range(4)]
    answers: list[int] = []

    def withdraw(number: int) -> None:
        event = events.account("POST", "shares", "000002", taken(60, f"out-{number}"))
        answers.append(stages[number](event)["statusCode"])

    threads = [threading.Thread(target=withdraw, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] + [422] * 3
    assert position(world)["quantity"] == 40


def test_an_order_between_reading_and_writing_keeps_the_shares_that_it_reserved(world: World) -> None:
    world.put_customer("000002", "100.00", COIN=10)

    def order(**_: Any) -> None:
        world.client("dynamodb").meta.events.unregister(f"provide-client-params.{TRANSACT}", order)
        assert world.post(entered(direction="Sell", quantity=5, price="200.00"))[0] == 202

    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", order)
    assert transfer(world, taken(10))[1]["code"] == "insufficient-shares"
    world.settle()


def test_a_trade_between_reading_and_writing_changes_what_the_shares_had_cost(world: World) -> None:
    world.put_customer("000002", "10000.00", COIN=10)

    def trade(**_: Any) -> None:
        world.client("dynamodb").meta.events.unregister(f"provide-client-params.{TRANSACT}", trade)
        world.post(entered(quantity=10))
        world.settle()

    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", trade)
    assert transfer(world, taken(10))[1]["cost"] == "859.50"
    assert position(world)["cost"] == "859.50"


@pytest.mark.parametrize("body", [brought(10, "100.00"), taken(10, "t-1")])
def test_a_transfer_whose_answer_was_lost_is_found(world: World, body: dict[str, Any]) -> None:
    world.put_customer("000002", "100.00", COIN=10)
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    assert transfer(world, body)[0] == 503
    assert transfer(world, body)[0] == 201
    assert position(world)["quantity"] == (20 if body["type"] == "Deposit" else 0)


def test_shares_come_into_an_account_of_before_short_positions_were_counted(world: World) -> None:
    key = dynamodb.to_item({**keys.customer("000002")})
    table = world.table("TradesStore")
    world.client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE shorted, openOrders")
    assert transfer(world, brought(10, "100.00"))[0] == 201
    world.put_customer("000002", "100.00")
