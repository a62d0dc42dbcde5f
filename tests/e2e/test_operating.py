"""Something breaks on the deployed system; an operator sees what, and mends it by the commands there are for it."""

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.e2e.deployed import said
from tests.e2e.system import System, eventually

POST_TRADE, LIT = "post_trade_processor", "lit_pool_matching_engine"
MOVED_AFTER = 20
"""The queue's maxReceiveCount."""


def test_what_a_stage_failed_with_too_often_is_listed_and_given_again_and_all_orders_settle(system: System) -> None:
    customers = [system.customer() for _ in range(2)]
    with cut_off(system, POST_TRADE):
        orders = [
            (customer, customer.accepted(ticker=ticker, type="Market", price=None, quantity=7))
            for ticker in ("COIN", "IBM", "F")
            for customer in customers
        ]
        eventually(lambda: all_given_up(system, POST_TRADE, len(orders)), "all to be dead-lettered")
    listed = said("dlq", "--stage", POST_TRADE)
    for customer, order_id in orders:
        assert f"group {customer.id}  it failed too often" in listed
        assert order_id in listed
        assert customer.state(order_id)["state"] == "PendingNew"
    assert f"{POST_TRADE}: dlq messages: {len(orders)}\n" in listed
    assert said("redrive", POST_TRADE) == f"dlq messages: {len(orders)} given again\n"
    for customer, order_id in orders:
        [trade] = customer.settled(order_id)
        assert trade["quantity"] == 7
        assert customer.account()["reserved"] == 0
    assert said("dlq", "--stage", POST_TRADE) == "Nothing is dead-lettered.\n"


def test_poison_is_given_again_once_is_dead_lettered_again_with_its_reason_and_can_be_discarded(system: System) -> None:
    system.aws("sqs").send_message(
        QueueUrl=system.queue(LIT),
        MessageBody="{broken",
        MessageGroupId="COIN",
        MessageDeduplicationId=str(uuid.uuid4()),
    )
    dead_lettered = f"{LIT}-dlq"
    eventually(lambda: system.waiting(dead_lettered) == 1 or None, "the message to be dead-lettered")
    first, second, reason = said("redrive", LIT, code=1).splitlines()
    assert (first, second) == ("dlq messages: 1 given again", "dead-lettered again: 1")
    assert "not a message of the Orders topic: it is not JSON: " in reason
    listed = said("dlq", "--stage", LIT)
    assert "group COIN  not a message of the Orders topic: it is not JSON: " in listed
    [message_id] = re.findall(r" id (\S+)$", listed, re.MULTILINE)
    discarded = said("discard", LIT, "--id", message_id)
    assert f"kept as discarded/{LIT}/dlq/{message_id}.json\n1 discarded" in discarded
    assert said("dlq", "--stage", LIT) == "Nothing is dead-lettered.\n"


def test_a_trace_tells_the_life_of_an_order_over_all_stages(system: System) -> None:
    customer = system.customer()
    order_id = customer.accepted(ticker="AMD", price="114.25", quantity=12_500)
    customer.settled(order_id)
    wanted = [
        ("order_entry", "accepted, goes to the dark pools first"),
        ("order_entry", "log: orders entered"),
        ("smart_order_router", "log: commands routed"),
        ("dark_pool_matching_engine", "log: commands executed"),
        ("lit_pool_matching_engine", "log: commands executed"),
        ("post_trade_processor", ", archived"),
        ("post_trade_processor", "log: reports booked"),
        ("lit_pool_matching_engine", ", on the tape"),
        ("settlement", "due from here on: the trades booked above"),
    ]

    untold = list(wanted)

    def told() -> str | None:
        text = said("trace", order_id)
        untold[:] = [(a, b) for a, b in wanted if not any(a in line and b in line for line in text.splitlines())]
        return None if untold else text

    first, *lines = eventually(told, untold, 120.0).splitlines()
    assert first == f"Order {order_id} of customer {customer.id}: Buy 12,500 AMD, Limit"
    assert lines == said("trace", f"{customer.id}/{order_id}").splitlines()[1:]
    assert "There is no order" not in said("trace", order_id, "--customer", customer.id)
    said("trace", order_id, "--customer", "999999", code=1)


@contextmanager
def cut_off(system: System, stage: str) -> Iterator[None]:
    """The stage gets nothing from its queue meanwhile."""
    arn = system.aws("sqs").get_queue_attributes(QueueUrl=system.queue(stage), AttributeNames=["QueueArn"])
    of_lambda = system.aws("lambda")
    source = arn["Attributes"]["QueueArn"]
    [mapping] = of_lambda.list_event_source_mappings(EventSourceArn=source)["EventSourceMappings"]
    of_lambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        of_lambda.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def all_given_up(system: System, stage: str, count: int) -> bool | None:
    """Takes what waits for the stage and gives it back, as a stage does that fails, until SQS has given up so many."""
    for _ in range(MOVED_AFTER):
        system.aws("sqs").receive_message(QueueUrl=system.queue(stage), MaxNumberOfMessages=10, VisibilityTimeout=0)
    return system.waiting(f"{stage}-dlq") == count or None


def test_a_page_of_another_origin_cannot_reset_the_local_cloud_and_one_that_is_served_here_is_answered(
    system: System,
) -> None:
    def asked(method: str, url: str, **headers: str) -> int:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(method, url, headers=fields, timeout=30).status_code

    customer = system.customer()
    reset = f"{system.endpoint}/_ministack/reset"
    assert asked("POST", reset, Origin="https://example.com") == 403
    assert asked("POST", reset, Sec_Fetch_Site="cross-site") == 403
    assert asked("POST", reset, Host="example.com") == 403
    assert customer.account()["cash"] > 0
    unknown = f"{system.url}/customers/{customer.id}"
    assert asked("GET", unknown, Origin="https://example.com") == 403
    assert asked("GET", unknown, Origin=system.endpoint, Sec_Fetch_Site="same-origin") == 401


def test_a_file_of_orders_is_followed_to_what_trades_and_what_rests(system: System, tmp_path: Path) -> None:
    customer = system.customer()
    file = tmp_path / "orders.json"
    trading, resting, wrong = (
        customer.order(quantity=100, **each) for each in ({}, {"price": "1.00"}, {"price": "-1"})
    )
    file.write_text(json.dumps([resting, trading]))
    done = said("order", str(file))
    assert ": Filled, 100 shares at 161.9000" in done
    assert ": New, 0 shares; 100 shares at 1.00 rest in the order book\nOpen: " in done
    [still_open] = done.partition("\nOpen: ")[2].split()
    assert customer.caller.change("DELETE", f"/customers/{customer.id}/orders/{still_open}").status == 202
    eventually(lambda: customer.state(still_open)["state"] == "Canceled" or None, "the order to be canceled")
    file.write_text(json.dumps([trading, wrong]))
    assert ": Filled, 100 shares at 161.9000" in said("order", str(file), code=1)
