"""What a newcomer does first, on the deployed system."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.e2e.system import System, eventually
from trading.domain.money import notional
from trading.domain.times import session_date
from trading_client import Client

SEED_FIELDS = [
    "customerId",
    "direction",
    "ticker",
    "type",
    "quantity",
    "price",
    "orderId",
    "orderDate",
    "initialQuantity",
    "split",
    "tradeId",
    "exchange",
    "exchangeType",
    "tradeDate",
    "fee",
    "settlementDate",
    "valueDate",
    "arrivalBid",
    "arrivalAsk",
]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
AMOUNT = r"\d+\.\d\d"
FORMS = dict.fromkeys(("orderId", "tradeId"), UUID) | dict.fromkeys(("price", "fee"), AMOUNT)
FORMS |= dict.fromkeys(("orderDate", "tradeDate", "settlementDate"), INSTANT)


def test_the_seeds_order_settles_into_eight_trades_of_a_thousand_and_one_of_the_rest(system: System) -> None:
    customer = system.customer()
    trades = customer.settled(customer.accepted())
    assert sorted(trade["quantity"] for trade in trades) == [614] + [1000] * 8
    for trade in trades:
        assert list(trade) == SEED_FIELDS
        assert all(re.fullmatch(form, trade[name]) for name, form in FORMS.items()), trade
        assert trade["orderDate"] <= trade["tradeDate"] <= trade["settlementDate"]
        assert (trade["price"], trade["initialQuantity"], trade["split"]) == ("161.90", 8614, "Yes")
        assert trade["exchangeType"] == "LitPool"
    assert len({trade["tradeId"] for trade in trades}) == 9


def test_open_orders_are_canceled_replaced_and_expire_with_their_session(system: System) -> None:
    customer = system.customer()
    before = customer.account()
    resting = {"price": "100.00", "quantity": 100}
    fields: list[dict[str, object]] = [{}, {"ticker": "AMD"}, {"poolOnly": True}]
    canceled, replaced, hidden = (customer.accepted(**resting, **each) for each in fields)

    def path(order_id: str) -> str:
        return f"/customers/{customer.id}/orders/{order_id}"

    def becomes(order_id: str, **expected: object) -> None:
        def shown() -> bool | None:
            found = customer.state(order_id)
            return all(found.get(name) == value for name, value in expected.items()) or None

        eventually(shown, f"order {order_id} to become {expected}")

    assert customer.caller.change("DELETE", path(canceled)).body["state"] == "PendingCancel"
    change = customer.caller.change("PATCH", path(replaced), {"quantity": 150, "price": "101.00"})
    assert (change.status, change.body["state"]) == (202, "PendingReplace")
    becomes(canceled, state="Canceled", reason="requested")
    becomes(replaced, state="New", quantity=150, leavesQuantity=150, price="101.00")
    system.aws("lambda").invoke(
        FunctionName="trading-session_close",
        Qualifier="live",
        Payload=json.dumps({"sessionDate": session_date(datetime.now(UTC))}).encode(),
    )
    becomes(replaced, state="Expired")
    becomes(hidden, state="Expired")
    assert customer.account() == before


def test_an_order_on_the_dark_list_trades_in_dark_and_lit_pools(system: System) -> None:
    customer = system.customer()
    trades = customer.settled(customer.accepted(ticker="AMD", price="114.25", quantity=40_000))
    assert sum(trade["quantity"] for trade in trades) == 40_000
    dark = [trade for trade in trades if trade["exchangeType"] == "DarkPool"]
    lit = [trade for trade in trades if trade["exchangeType"] == "LitPool"]
    assert dark
    assert lit
    assert not any("notMatchedInDarkPool" in trade for trade in dark)
    assert all(trade["notMatchedInDarkPool"] is True for trade in lit)


def test_a_million_shares_trade_completely(system: System) -> None:
    customer = system.customer(cash="200000000.00")
    trades = customer.settled(customer.accepted(quantity=1_000_000))
    assert len(trades) == len({trade["tradeId"] for trade in trades}) == 1000
    assert sum(trade["quantity"] for trade in trades) == 1_000_000
    account = customer.account()
    assert account["spent"] == Decimal("161900000.00")
    assert account["fees"] == sum(Decimal(trade["fee"]) for trade in trades)
    assert account["reserved"] == 0


def test_a_sale_brings_its_proceeds(system: System) -> None:
    customer = system.customer(cash="0.00", F=2500)
    trades = customer.settled(customer.accepted(direction="Sell", ticker="F", type="Market", quantity=2500, price=None))
    account = customer.account()
    at_bid, at_midpoint = "20.29", "20.295"
    assert {trade["price"] for trade in trades if trade["exchangeType"] == "DarkPool"} <= {at_midpoint}
    assert {trade["price"] for trade in trades if trade["exchangeType"] == "LitPool"} <= {at_bid}
    worth = [notional(Decimal(trade["price"]), trade["quantity"]) for trade in trades]
    assert account["proceeds"] == sum(worth)
    assert account["cash"] == account["proceeds"] - account["fees"]
    assert customer.caller.get(f"/customers/{customer.id}/positions").body["positions"] == [
        {
            "ticker": "F",
            "quantity": 0,
            "available": 0,
            "reserved": 0,
            "settled": 2500,
            "unsettled": -2500,
            "cost": "0.00",
            "realisedProfit": f"{account['proceeds'] - 25_000:.2f}",
            "commission": f"{account['fees']:.2f}",
            "marketValue": "0.00",
            "unrealisedProfit": "0.00",
        }
    ]


def test_a_statement_explains_the_account_as_json_and_as_csv(system: System) -> None:
    customer = system.customer(cash="2000000.00")
    trades = customer.settled(customer.accepted())
    date = trades[0]["tradeDate"][:10]
    assert customer.caller.credentials
    with Client(system.url, *customer.caller.credentials) as client:
        statement: Any = client.accounts.statement(customer.id, date)
        rows = "".join(client.accounts.statement_csv(customer.id, date)).splitlines()
    account = customer.account()
    assert {name: Decimal(statement["closing"][name]) for name in ("cash", "reserved", "fees")} == {
        name: account[name] for name in ("cash", "reserved", "fees")
    }
    assert statement["trades"] == trades
    kinds = [row.split(",")[1] for row in rows]
    assert kinds == ["kind", "Opening", "Deposit", "Order", "Booking", *["Trade"] * 9, *["Preliminary"] * 2]
    ledger = customer.caller.get(f"/customers/{customer.id}/ledger").body["ledger"]
    assert sorted(ledger, key=str) == sorted(statement["lines"], key=str)


def test_of_ten_orders_at_once_exactly_the_affordable_one_is_accepted(system: System) -> None:
    customer = system.customer(cash="170000.00")
    order = customer.order(quantity=1000)
    warm_up(system)
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(customer.caller.post, [order] * 10))
    assert sorted(answer.status for answer in answers) == [202] + [422] * 9
    assert {answer.body["code"] for answer in answers if answer.status == 422} == {"insufficient-funds"}
    customer.settled(next(answer for answer in answers if answer.status == 202).body["orders"][0]["orderId"])
    assert customer.account()["spent"] == Decimal("161900.00")


def warm_up(system: System) -> None:
    """Has ten workers of the functions behind the API started, a few at a time: all at once take longer than the API's
    time limit.
    """
    for workers in range(2, 11, 2):
        with ThreadPoolExecutor(workers) as threads:
            answers = list(threads.map(system.broker.post, [[]] * workers))
        assert {answer.body["code"] for answer in answers} == {"empty-request"}


def test_the_same_request_twice_trades_once(system: System) -> None:
    customer = system.customer()
    orders = [customer.order(quantity=number, clientOrderId=f"once-{number}") for number in (100, 200)]
    first, second = customer.caller.post(orders), customer.caller.post(orders)
    assert (first.status, first.body) == (second.status, second.body)
    for answer in first.body["orders"]:
        customer.settled(answer["orderId"])
    assert sorted(trade["quantity"] for trade in customer.trades()) == [100, 200]


def test_in_an_array_the_good_orders_trade_and_the_bad_ones_say_why(system: System) -> None:
    customer = system.customer()
    answer = customer.caller.post([customer.order(quantity=10), customer.order(quantity=-10), None])
    good, *bad = answer.body["orders"]
    assert (answer.status, good["state"]) == (202, "PendingNew")
    assert [each["problem"]["errors"][0]["pointer"] for each in bad] == ["/1/quantity", "/2"]
    assert len(customer.settled(good["orderId"])) == 1


def test_a_tickers_day_counts_every_trade_once(system: System) -> None:
    customer = system.customer()
    before = system.broker.get("/tickers/IBM").body
    trades = customer.settled(customer.accepted(ticker="IBM", price="133.58", quantity=4200))

    def counted() -> dict[str, object] | None:
        day = dict(system.broker.get("/tickers/IBM").body)
        return day if day["quantity"] == before["quantity"] + 4200 else None

    day = eventually(counted, "IBM's day to count the trades")
    assert day["trades"] == before["trades"] + len(trades)
    assert (day["high"], day["low"]) == ("133.58", "133.58")
