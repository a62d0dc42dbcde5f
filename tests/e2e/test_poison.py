"""One message that can never succeed holds up its ticker, or its customer, for less than ten seconds."""

import json
import time
import uuid
from typing import Any

import pytest

from tests.e2e.deployed import said
from tests.e2e.system import System, eventually
from tests.support import samples
from tests.support.poison import OF_ALL
from trading.domain.orders import PoolType

SECONDS = 10.0
POISON = OF_ALL["an order id of 50,000 characters"]
[DARK] = samples.routed(PoolType.DARK, samples.DARK)
[LIT] = samples.routed(PoolType.LIT, samples.SEED)
[REPORTED] = samples.decided(PoolType.LIT, [LIT])
STAGES = {"dark_pool_matching_engine": DARK, "lit_pool_matching_engine": LIT, "post_trade_processor": REPORTED}


@pytest.mark.parametrize("stage", STAGES)
def test_what_comes_behind_poison_goes_its_way_in_less_than_ten_seconds(system: System, stage: str) -> None:
    customer = system.customer()
    ticker = "AMD" if stage.startswith("dark") else "COIN"
    customer.settled(customer.accepted(ticker=ticker, type="Market", price=None, quantity=7))  # nothing is cold
    good = STAGES[stage]
    group = good.group if good.topic == "orders" else customer.id
    _, body = POISON(group, json.loads(good.body))
    dead_lettered = f"{stage}-dlq"
    before = system.waiting(dead_lettered)
    began = time.monotonic()
    send(system.aws("sqs"), system.queue(stage), group, body)
    order_id = customer.accepted(ticker=ticker, type="Market", price=None, quantity=9)
    [trade] = customer.settled(order_id)
    assert time.monotonic() - began < SECONDS
    assert trade["quantity"] == 9
    assert eventually(lambda: system.waiting(dead_lettered) - before or None, "the poison to be dead-lettered") == 1
    sqs = system.aws("sqs")
    for message in sqs.receive_message(QueueUrl=system.queue(dead_lettered))["Messages"]:
        sqs.delete_message(QueueUrl=system.queue(dead_lettered), ReceiptHandle=message["ReceiptHandle"])


def send(sqs: Any, queue: str, group: str, body: str) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=str(uuid.uuid4()))


def test_what_no_stage_subscribes_to_is_listed(system: System) -> None:
    queue = system.queue("topics-unrouted")
    for attributes in ({"poolType": "Grey"}, {"other": "1"}):
        system.aws("sns").publish(
            TopicArn=system.resources["ORDERS_TOPIC_ARN"],
            Message='{"ticker": "COIN"}',
            MessageGroupId="COIN",
            MessageDeduplicationId=str(uuid.uuid4()),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )
    eventually(lambda: system.waiting("topics-unrouted") == 2 or None, "both messages to wait")
    listed = said("dlq")
    assert "topics: unrouted messages: 2" in listed
    assert 'group COIN  no stage subscribes to poolType "Grey"' in listed
    sqs = system.aws("sqs")
    for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
