"""What a broker does with a customer's account, on the deployed system: cash, limits, and the switch that stops it."""

from tests.e2e.system import System, eventually


def test_a_broker_pays_in_and_out_sets_limits_and_stops_a_customer(system: System) -> None:
    customer = system.customer(cash="0.00")
    account = f"/customers/{customer.id}"

    def transfer(kind: str, amount: str, reference: str) -> tuple[int, str]:
        body = {"type": kind, "amount": amount, "reference": reference}
        answer = system.broker.change("POST", f"{account}/cash", body)
        return answer.status, answer.body.get("cash") or answer.body["code"]

    def code(**fields: object) -> str:
        return str(customer.caller.post(customer.order(**fields)).body["code"])

    assert transfer("Deposit", "50000.00", "wire-1") == (201, "50000.00")
    assert transfer("Deposit", "50000.00", "wire-1") == (201, "50000.00")
    assert transfer("Withdrawal", "50000.01", "wire-2") == (422, "insufficient-funds")
    limits = {"highestOrderValue": "20000.00", "highestOpenOrders": 2, "collar": "0.10", "highestShort": 10}
    assert system.broker.change("PUT", f"{account}/limits", limits).body["limits"] == limits
    assert customer.caller.change("PUT", f"{account}/limits", {}).status == 403

    away = {"price": "100.00", "quantity": 100}
    resting = [customer.accepted(**away), customer.accepted(direction="Sell", price="200.00", quantity=10)]
    assert code(price="179.00", quantity=1) == "price-outside-collar"
    assert code(price="161.00", quantity=200) == "order-value-too-large"
    assert code(**away) == "too-many-open-orders"
    change = customer.caller.change("PATCH", f"{account}/orders/{resting[1]}", {"quantity": 11})
    assert change.body["code"] == "insufficient-shares"
    change = customer.caller.change("PATCH", f"{account}/orders/{resting[0]}", {"quantity": 90})
    assert change.status == 202

    assert system.broker.change("PUT", f"{account}/halt").body["halted"] is True
    assert code(**away) == "trading-halted"
    eventually(
        lambda: {customer.state(each)["state"] for each in resting} == {"Canceled"} or None, "open orders to end"
    )
    assert system.broker.change("DELETE", f"{account}/halt").body["halted"] is False
    assert transfer("Withdrawal", "50000.00", "wire-2") == (201, "0.00")
