"""Deposits and withdrawals: once per reference, and nothing goes out that is not the customer's yet."""

import threading
from decimal import Decimal
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World
from trading.aws.clients import ATTEMPTS
from trading.aws.store import dynamodb, keys

TRANSACT = "dynamodb.TransactWriteItems"
CASH = ("cash", "deposits", "withdrawals")


def asked(kind: str, amount: str, reference: str = "wire-1") -> dict[str, str]:
    return {"type": kind, "amount": amount, "reference": reference}


def transfer(world: World, kind: str, amount: str, reference: str = "wire-1", of: str = "000002") -> tuple[int, Any]:
    return world.account("POST", "cash", asked(kind, amount, reference), of=of)


def balances(world: World, customer_id: str = "000002") -> tuple[Decimal, ...]:
    [customer] = world.items(pk=f"CUST#{customer_id}", sk="CUST#")
    return tuple(customer[name] for name in CASH)


def entries(world: World) -> list[tuple[str, str]]:
    """Kind and reference of what the ledger has beside the opening."""
    found = world.items(pk="CUST#000002", sk="ENTRY#")
    return [(item["kind"], item["reference"]) for item in found if item["reference"] != "opening"]


def sell(world: World, quantity: int) -> None:
    """Sells COIN at 161.88."""
    assert world.post(entered(direction="Sell", quantity=quantity, price="161.88"))[0] == 202
    world.settle()


def test_a_deposit_and_a_withdrawal_are_entries_of_the_ledger_and_change_the_cash(world: World) -> None:
    world.put_customer("000002", "100.00")
    status, answer = transfer(world, "Deposit", "1000.5")
    assert (status, answer) == (
        201,
        {
            "customerId": "000002",
            "entryId": answer["entryId"],
            "type": "Deposit",
            "amount": "1000.50",
            "reference": "wire-1",
            "time": "2026-11-22T14:30:00.123Z",
            "cash": "1100.50",
        },
    )
    status, answer = transfer(world, "Withdrawal", "1100.50", "wire-2")
    assert (status, answer["cash"]) == (201, "0.00")
    assert balances(world) == (Decimal("0.00"), Decimal("1100.50"), Decimal("1100.50"))
    assert sorted(entries(world)) == [("Deposit", "wire-1"), ("Withdrawal", "wire-2")]


def test_the_same_again_has_the_first_answer_and_moves_nothing(world: World) -> None:
    world.put_customer("000002", "100.00")
    first = transfer(world, "Deposit", "50.00")
    taken = transfer(world, "Withdrawal", "150.00", "wire-2")
    world.clock.advance(days=1)
    world.cool_down()
    assert transfer(world, "Withdrawal", "150", "wire-2") == taken
    status, again = transfer(world, "Deposit", "50.0")
    assert (status, again) == (first[0], first[1] | {"cash": "0.00"})
    assert len(entries(world)) == 2


@pytest.mark.parametrize("other", [("Deposit", "50.01"), ("Withdrawal", "50.00")])
def test_something_else_under_the_same_reference_is_refused(world: World, other: tuple[str, str]) -> None:
    transfer(world, "Deposit", "50.00")
    before = world.state()
    status, answer = transfer(world, *other)
    assert (status, answer["code"]) == (422, "reference-reused")
    assert world.state() == before


def test_two_customers_may_have_the_same_reference(world: World) -> None:
    answers = [transfer(world, "Deposit", "50.00", of=customer) for customer in ("000001", "000002")]
    assert [status for status, _ in answers] == [201, 201]
    assert len({answer["entryId"] for _, answer in answers}) == 2


def test_a_withdrawal_that_was_refused_can_be_made_under_its_reference_when_there_is_cash(world: World) -> None:
    world.put_customer("000002", "100.00")
    status, answer = transfer(world, "Withdrawal", "100.01")
    assert (status, answer["code"]) == (422, "insufficient-funds")
    assert answer["detail"] == "The withdrawal needs 100.01 USD, 100.00 USD are available."
    transfer(world, "Deposit", "0.01", "wire-2")
    assert transfer(world, "Withdrawal", "100.01")[0] == 201


def test_what_open_orders_reserve_cannot_be_withdrawn(world: World) -> None:
    world.put_customer("000002", "1000.00")
    world.post(entered(ticker="F", quantity=10, price="20.00"))
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    assert transfer(world, "Withdrawal", "800.00")[1]["code"] == "insufficient-funds"
    assert transfer(world, "Withdrawal", str(customer["cash"]))[1]["cash"] == "0.00"


def test_what_sales_brought_cannot_be_withdrawn_before_it_is_settled(world: World) -> None:
    world.put_customer("000002", "1000.00", COIN=10)
    sell(world, 10)
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    status, answer = transfer(world, "Withdrawal", "1000.01")
    left = customer["cash"] - Decimal("1618.80")
    assert (status, answer["code"]) == (422, "not-settled")
    assert answer["detail"] == (
        f"The withdrawal needs 1000.01 USD. Of {customer['cash']} USD, {left} USD can be withdrawn: the rest was "
        "got for sales that are not settled, or is needed to buy back what was sold short."
    )
    assert transfer(world, "Withdrawal", str(left + Decimal("0.01")))[1]["code"] == "not-settled"
    assert transfer(world, "Withdrawal", str(left))[1]["cash"] == "1618.80"


def test_what_sales_brought_can_buy_before_it_is_settled_and_then_leaves_the_rest_free(world: World) -> None:
    world.put_customer("000002", "1.00", COIN=10)
    sell(world, 10)
    assert world.post(entered(ticker="F", quantity=79, price="20.30"))[0] == 202
    world.settle()
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    assert customer["spent"] == Decimal("1603.70")
    left = customer["cash"] - (customer["proceeds"] - customer["spent"])
    assert transfer(world, "Withdrawal", str(left + Decimal("0.01")))[1]["code"] == "not-settled"
    assert transfer(world, "Withdrawal", str(left))[0] == 201


def test_what_short_positions_were_sold_for_cannot_be_withdrawn(world: World) -> None:
    world.put_customer("000002", "5000.00")
    world.limit(highestShort=10)
    sell(world, 10)
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    left = customer["cash"] - 2 * Decimal("1618.80")  # not settled, and short
    assert transfer(world, "Withdrawal", str(left + Decimal("0.01")))[1]["code"] == "not-settled"
    assert transfer(world, "Withdrawal", str(left))[0] == 201


def test_of_two_withdrawals_at_once_where_the_cash_suffices_for_one_exactly_one_is_made(world: World) -> None:
    world.put_customer("000002", "100.00")
    stages = [world.new_stage("account_keeper") for _ in range(6)]
    answers: list[int] = []

    def withdraw(number: int) -> None:
        event = events.account("POST", "cash", "000002", asked("Withdrawal", "60.00", f"wire-{number}"))
        answers.append(stages[number](event)["statusCode"])

    threads = [threading.Thread(target=withdraw, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] + [422] * 5
    assert balances(world)[0] == Decimal("40.00")


def test_a_withdrawal_whose_twin_is_made_while_it_reads_has_the_twins_answer(world: World) -> None:
    """A batch of reads is no snapshot: the reference may be read before the twin, the customer after it."""
    world.put_customer("000002", "100.00")
    customer = {"Keys": [dynamodb.to_item({**keys.customer("000002")})], "ConsistentRead": True}
    world.faults.answered("dynamodb.BatchGetItem", Responses={}, UnprocessedKeys={world.table("TradesStore"): customer})
    twins: list[tuple[int, Any]] = []
    reads = 0

    def overtake(**_: Any) -> None:
        nonlocal reads
        reads += 1
        if reads == 2:
            twins.append(transfer(world, "Withdrawal", "60.00"))

    world.client("dynamodb").meta.events.register("provide-client-params.dynamodb.BatchGetItem", overtake)
    assert transfer(world, "Withdrawal", "60.00") == twins[0]
    assert (twins[0][0], balances(world)[0]) == (201, Decimal("40.00"))


def test_a_sale_between_reading_and_writing_does_not_let_its_proceeds_out(world: World) -> None:
    world.put_customer("000002", "1000.00", COIN=10)

    def trade(**_: Any) -> None:
        world.client("dynamodb").meta.events.unregister(f"provide-client-params.{TRANSACT}", trade)
        sell(world, 10)
        transfer(world, "Withdrawal", "10.00", "wire-2")

    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", trade)
    assert transfer(world, "Withdrawal", "1000.00")[1]["code"] == "not-settled"
    assert entries(world) == [("Withdrawal", "wire-2")]


def test_what_is_settled_can_be_withdrawn_but_for_what_was_sold_short(world: World) -> None:
    world.put_customer("000002", "1000.00", COIN=10)
    world.limit(highestShort=1)
    sell(world, 11)
    world.value_date_comes("2026-11-24")
    [customer] = world.items(pk="CUST#000002", sk="CUST#")
    left = customer["cash"] - Decimal("161.88")
    assert transfer(world, "Withdrawal", str(left + Decimal("0.01")))[1]["code"] == "not-settled"
    assert transfer(world, "Withdrawal", str(left))[1]["cash"] == "161.88"


@pytest.mark.parametrize("kind", ["Deposit", "Withdrawal"])
def test_a_transfer_whose_answer_was_lost_is_found(world: World, kind: str) -> None:
    world.put_customer("000002", "100.00")
    world.faults.answer_lost(TRANSACT)
    status, answer = transfer(world, kind, "100.00")
    assert (status, answer["cash"]) == (201, "200.00" if kind == "Deposit" else "0.00")
    assert len(entries(world)) == 1


def test_a_transfer_whose_every_answer_was_lost_is_not_known_and_found_under_its_reference(world: World) -> None:
    world.faults.answer_lost(TRANSACT, times=ATTEMPTS)
    status, answer = transfer(world, "Deposit", "100.00")
    assert (status, answer["code"]) == (503, "unavailable")
    assert transfer(world, "Deposit", "100.00")[0] == 201
    assert len(entries(world)) == 1


def test_an_account_that_changes_without_end_is_answered_by_503(world: World) -> None:
    def change(**_: Any) -> None:
        world.clock.advance(seconds=1)

    failed: dict[str, Any] = {"CancellationReasons": [{"Code": "ConditionalCheckFailed"}] * 3}
    world.faults.refused(TRANSACT, "TransactionCanceledException", times=1000, **failed)
    world.client("dynamodb").meta.events.register(f"provide-client-params.{TRANSACT}", change)
    status, answer = transfer(world, "Deposit", "100.00")
    world.faults.mend()
    assert (status, answer["code"]) == (503, "unavailable")
    assert entries(world) == []


def test_cash_goes_in_and_out_of_an_account_of_before_there_was_settlement(world: World) -> None:
    key = dynamodb.to_item({**keys.customer("000002")})
    table = world.table("TradesStore")
    world.client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE settled, openOrders")
    assert transfer(world, "Deposit", "50.00")[0] == 201
    assert transfer(world, "Withdrawal", "10000050.00", "wire-2")[1]["cash"] == "0.00"
    world.put_customer("000002", "100.00")
