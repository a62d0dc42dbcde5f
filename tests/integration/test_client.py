"""The client on a whole system: every call of the contract, pages, changes, refusals."""

from decimal import Decimal
from itertools import islice
from typing import Any

import httpx
import pytest

from tests.support import events, gateway, two_days
from tests.support.contract import calls
from tests.support.gateway import Gateway
from tests.support.orders import away, entered
from tests.support.two_days import SUNDAY
from tests.support.world import World
from trading_client import (
    AccountChanged,
    Client,
    Forbidden,
    InsufficientFunds,
    Malformed,
    NewOrder,
    NotFound,
    TooLate,
    UnknownTicker,
    problem_of,
)

CUSTOMER = "000002"
BUY: NewOrder = {
    "customerId": CUSTOMER,
    "direction": "Buy",
    "ticker": "COIN",
    "type": "Limit",
    "quantity": 10,
    "price": Decimal("100.00"),
    "timeInForce": "GTC",
}


OF_THE_PAGE = {("GET", "/docs"), ("GET", "/ui"), ("GET", "/ui/{proxy+}"), ("POST", "/sign-ins")}
"""Calls that only a browser makes."""


def order(**fields: object) -> Any:
    return {**BUY, **fields}


def test_a_client_makes_every_call_of_the_contract(world: World) -> None:
    api = Gateway(world)
    client = Client(gateway.URL, "key", "secret", transport=api)
    assert client.accounts.deposit(CUSTOMER, Decimal("5.5"), "wire-1")["amount"] == "5.50"
    assert client.accounts.withdraw(CUSTOMER, "0.50", "wire-2")["cash"] == "10000005.00"
    limits = client.accounts.set_limits(
        CUSTOMER, highest_order_value=Decimal(5000), highest_open_orders=9, collar="0.5"
    )
    assert limits == {"highestOrderValue": "5000.00", "highestOpenOrders": 9, "collar": "0.5"}
    first, second, third = (
        client.orders.enter(order(price=price))["orderId"] for price in ("100.00", "101.00", "102.00")
    )
    world.settle()
    assert client.orders.replace(CUSTOMER, first, quantity=5, price=Decimal("99.5"))["state"] == "PendingReplace"
    assert client.orders.cancel(CUSTOMER, second)["state"] == "PendingCancel"
    world.settle()
    changed = client.orders.get(CUSTOMER, first)
    assert (changed["quantity"], changed["price"], changed["state"]) == (5, "99.50", "New")
    assert [each["orderId"] for each in client.orders.list(CUSTOMER, state="open")] == [third, first]
    assert [each["orderId"] for each in client.orders.list(CUSTOMER, state="ended")] == [second]
    assert "102.00" in [level["price"] for level in client.market.book("COIN")["bids"]]
    assert client.orders.cancel_all(CUSTOMER, ticker="COIN")["ticker"] == "COIN"
    world.settle()
    assert list(client.orders.list(CUSTOMER, state="open")) == []
    assert client.accounts.suspend(CUSTOMER)["halted"]
    assert client.accounts.get(CUSTOMER)["halted"]
    assert not client.accounts.resume(CUSTOMER)["halted"]
    assert [each["customerId"] for each in client.accounts.list()] == ["000001", "000002", "000003"]
    assert {each["kind"] for each in client.accounts.ledger(CUSTOMER, date=SUNDAY)} >= {"Deposit", "Withdrawal"}
    assert client.accounts.statement(CUSTOMER, SUNDAY)["closing"]["cash"] == "10000005.00"
    assert next(client.accounts.statement_csv(CUSTOMER, SUNDAY)).startswith("dateTime,")
    assert [each["ticker"] for each in client.market.tickers()] == ["AMD", "COIN", "F", "IBM"]
    assert client.market.ticker("COIN")["ask"] == "161.90"
    assert client.market.session()["sessionDate"] == SUNDAY
    assert list(client.accounts.positions(CUSTOMER)) == []
    assert list(client.accounts.trades(CUSTOMER)) == []
    assert client.orders.cancel(CUSTOMER, second)["state"] == "Canceled"
    assert client.accounts.open("000004") == {"customerId": "000004"}
    assert client.accounts.deposit_shares("000004", "COIN", 10, Decimal(1500), "transfer-1")["cost"] == "1500.00"
    assert client.accounts.withdraw_shares("000004", "COIN", 4, "transfer-2")["available"] == 6
    issued = client.credentials.issue_customer("000004")
    assert (issued["role"], issued["customerId"]) == ("customer", "000004")
    assert client.credentials.issue_broker()["role"] == "broker"
    assert client.credentials.revoke(issued["keyId"]) == {"keyId": issued["keyId"], "revoked": True}
    assert client.credentials.caller()["role"] == "broker"
    assert client.orders.preview(order())["reserves"]
    operations_answer(client)
    assert client.market.list("NEW", bid="9.98", ask="10.02")["ticker"] == "NEW"
    client.market.put_quote("NEW", bid="9.99", ask="10.02", bid_size=100, ask_size=100, source="test")
    assert list(client.market.bars("COIN", "1m")) == []
    assert list(client.market.trades("COIN")) == []
    assert client.contract()["openapi"] == "3.1.0"
    assert set(calls()) - set(api.calls) == OF_THE_PAGE


def operations_answer(client: Client) -> None:
    assert {each["waiting"] for each in client.operations.stages()["stages"]} == {0}
    assert {each["count"] for each in client.operations.dead_letters()["queues"]} == {0}
    with pytest.raises(NotFound):
        client.operations.reconciliation()


def test_lists_ask_for_a_page_when_they_come_to_it(world: World) -> None:
    api = Gateway(world)
    client = Client(gateway.URL, "key", "secret", transport=api)
    ids = [each["orderId"] for each in client.orders.enter_many([order(quantity=number) for number in range(1, 8)])]
    del api.calls[:]
    listed = client.orders.list(CUSTOMER, page_size=3)
    assert [each["orderId"] for each in islice(listed, 3)] == ids[:3:-1]
    assert len(api.calls) == 1
    assert [each["orderId"] for each in listed] == ids[3::-1]
    assert len(api.calls) == 3


def test_an_order_is_read_with_all_of_its_executions(world: World) -> None:
    client = gateway.client(world)
    world.put_customer(CUSTOMER, "100000000.00")
    [done] = client.orders.enter_many([order(quantity=150_000, price="161.90", timeInForce="Day")])
    world.simulate()
    world.settle()
    shown = client.orders.get(CUSTOMER, done["orderId"])
    assert (shown["state"], len(shown["executions"])) == ("Filled", 150)
    assert shown["transitions"][-1]["state"] == "Filled"
    assert "nextToken" not in shown


def test_of_many_orders_each_says_what_came_of_it(world: World) -> None:
    client = gateway.client(world)
    good, poor, unknown = client.orders.enter_many(
        [order(), order(price="200.00", quantity=500_000), order(ticker="NONE")]
    )
    assert (good["state"], poor["state"], unknown["state"]) == ("PendingNew", "Rejected", "Rejected")
    assert [type(problem_of(each["problem"])) for each in (poor, unknown)] == [InsufficientFunds, UnknownTicker]
    [alone] = client.orders.enter_many([order(ticker="NONE")])
    assert alone["problem"]["code"] == "unknown-ticker"


def test_what_is_refused_is_an_exception_of_its_own(world: World) -> None:
    client = gateway.client(world)
    with pytest.raises(InsufficientFunds):
        client.orders.enter(order(price="999999.00", quantity=1000))
    with pytest.raises(Malformed) as faults:
        client.orders.enter(order(quantity=0, price="1.234"))
    assert [each["pointer"] for each in faults.value.errors] == ["/price", "/quantity"]
    with pytest.raises(Malformed, match="price is a text"):
        client.orders.enter(order(price=161.9))
    with pytest.raises(NotFound):
        client.accounts.get("999999")
    with pytest.raises(Forbidden):
        gateway.client(world, events.customer("000001")).accounts.get(CUSTOMER)
    order_id = client.orders.enter(order())["orderId"]
    world.settle()
    client.orders.cancel(CUSTOMER, order_id)
    world.settle()
    with pytest.raises(TooLate):
        client.orders.replace(CUSTOMER, order_id, quantity=11)


def test_an_order_whose_answer_is_lost_is_entered_once(world: World) -> None:
    api = Gateway(world)

    def lost(request: httpx.Request) -> httpx.Response:
        answer = api.handle_request(request)
        if len(api.calls) == 1:
            raise httpx.ReadTimeout("the answer is lost", request=request)
        return answer

    client = Client(gateway.URL, "key", "secret", transport=httpx.MockTransport(lost))
    client.orders.enter(order(clientOrderId="once"))
    assert len(api.calls) == 2
    assert [each.get("clientOrderId") for each in client.orders.list(CUSTOMER)] == ["once"]


def test_who_polls_gets_what_changes_and_is_told_what_does_not_without_the_text(world: World) -> None:
    api = Gateway(world)
    statuses: list[int] = []

    def noting(request: httpx.Request) -> httpx.Response:
        answer = api.handle_request(request)
        statuses.append(answer.status_code)
        return answer

    client = Client(gateway.URL, "key", "secret", transport=httpx.MockTransport(noting))
    before = [client.accounts.get(CUSTOMER) for _ in range(2)]
    world.post(away())
    after = [client.accounts.get(CUSTOMER) for _ in range(2)]
    assert statuses == [200, 304, 200, 304]
    assert (before[0], after[0]) == (before[1], after[1])
    assert (before[0]["openOrders"], after[0]["openOrders"]) == (0, 1)


def test_an_account_that_changes_while_its_statement_is_read_has_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_days.trade(world)
    monkeypatch.setitem(world.stage("data_extractor").module.Accounts.statement.__globals__, "ENTRIES_PER_PAGE", 4)
    api = Gateway(world)
    date = world.clock.now.date().isoformat()

    def booking(request: httpx.Request) -> httpx.Response:
        world.post(entered(quantity=1, price="100.00"))
        return api.handle_request(request)

    with pytest.raises(AccountChanged):
        Client(gateway.URL, "key", "secret", transport=httpx.MockTransport(booking)).accounts.statement(CUSTOMER, date)
