"""Who may do what."""

from tests.e2e.system import Caller, System


def test_without_credentials_the_answer_is_401(system: System) -> None:
    assert system.nobody().get("/customers/000002").status == 401
    assert system.nobody().post({}).status == 401


def test_wrong_credentials_are_403(system: System) -> None:
    key_id, _ = system.broker.credentials or ("", "")
    assert Caller(system.url, (key_id, "wrong")).get("/customers/000002").status == 403
    assert Caller(system.url, ("unknown", "wrong")).get("/customers/000002").status == 403


def test_a_customer_sees_and_trades_only_its_own(system: System) -> None:
    mine, theirs = system.customer(), system.customer()
    order_id = theirs.accepted(quantity=1)
    theirs.settled(order_id)
    for path in ("", "/positions", f"/orders/{order_id}"):
        assert mine.caller.get(f"/customers/{theirs.id}{path}").status == 403
    assert mine.caller.get(f"/trades/{theirs.id}").status == 403
    refused = mine.caller.post(theirs.order(quantity=1))
    assert (refused.status, refused.body["code"]) == (403, "forbidden")
    assert mine.caller.get(f"/customers/{mine.id}/orders/{order_id}").status == 404


def test_a_broker_acts_for_every_customer(system: System) -> None:
    customer = system.customer()
    answer = system.broker.post([customer.order(quantity=1)])
    assert answer.status == 202
    assert customer.settled(answer.body["orders"][0]["orderId"])


def test_a_call_that_is_not_in_the_contract_reaches_no_function(system: System) -> None:
    """The gateway answers it: 403 here, and 404 on AWS, by the template."""
    for method, path in (("OPTIONS", "/session"), ("PUT", "/session"), ("GET", "/nothing"), ("TRACE", "/orders")):
        assert system.broker.change(method, path).status == 403
