"""What a new customer needs, from nothing, by the API alone: an account, a credential, money, shares, orders."""

from tests.e2e.system import Caller, Customer, System, eventually

NEW = "777001"


def test_a_new_user_opens_an_account_trades_with_its_own_credential_and_takes_its_money_out(system: System) -> None:
    account = f"/customers/{NEW}"
    assert system.broker.change("PUT", account).status == 201
    assert system.broker.change("PUT", account).status == 200
    whose = {"role": "customer", "customerId": NEW}
    credential = system.broker.change("POST", "/credentials", whose)
    assert (credential.status, credential.body["customerId"]) == (201, NEW)
    key_id, secret = credential.body["keyId"], credential.body["secret"]
    customer = Customer(NEW, Caller(system.url, (key_id, secret)), system)
    assert customer.account()["cash"] == 0

    cash = {"type": "Deposit", "amount": "50000.00", "reference": "wire-1"}
    assert system.broker.change("POST", f"{account}/cash", cash).body["cash"] == "50000.00"
    shares = {"type": "Deposit", "ticker": "COIN", "quantity": 10, "cost": "1500.00", "reference": "transfer-1"}
    assert system.broker.change("POST", f"{account}/shares", shares).body["available"] == 10
    assert customer.caller.change("POST", f"{account}/cash", cash).status == 403
    assert customer.caller.change("POST", "/credentials", whose).status == 403

    bought = customer.accepted(quantity=100)
    customer.settled(bought)
    resting = customer.accepted(quantity=10, price="100.00")
    listed = eventually(lambda: open_orders(customer) or None, "the open order in the list")
    assert [each["orderId"] for each in listed] == [resting]
    assert customer.caller.change("DELETE", f"{account}/orders/{resting}").status == 202
    eventually(lambda: customer.state(resting)["state"] == "Canceled" or None, "the order to end")

    out = {"type": "Withdrawal", "ticker": "COIN", "quantity": 10, "reference": "transfer-2"}
    assert system.broker.change("POST", f"{account}/shares", out).body["available"] == 100
    rest = f"{customer.account()['cash']:f}"
    gone = {"type": "Withdrawal", "amount": rest, "reference": "wire-2"}
    assert system.broker.change("POST", f"{account}/cash", gone).body["cash"] == "0.00"

    assert system.broker.change("DELETE", f"/credentials/{key_id}").body == {"keyId": key_id, "revoked": True}
    # The gateway remembers for a minute who called, by what was sent: written in another way it is asked about anew.
    assert Caller(system.url, (key_id, secret), scheme="basic").get(account).status == 403


def open_orders(customer: Customer) -> list[dict[str, object]]:
    return list(customer.caller.get(f"/customers/{customer.id}/orders?state=open").body["orders"])
