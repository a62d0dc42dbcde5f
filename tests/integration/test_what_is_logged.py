"""What is logged names things by their ids: no secret, no message, no price, no text that somebody else has written."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support import events
from tests.support.listener import Listener
from tests.support.orders import entered
from tests.support.poison import OF_COMMANDS, OF_REPORTS
from tests.support.stages import STAGES
from tests.support.world import World
from trading.aws.store import credentials

SECRET = "s3cr3t-of-the-broker"
WRITTEN = ("unusual-client-order-id", "unusual-wire-reference")
MAX_LINE = 2_000
"""Letters. An event is longer, whatever is in it; what AWS answered in an error is in it, with its traceback, once."""


@contextmanager
def listening(world: World) -> Iterator[dict[str, io.StringIO]]:
    """All that each stage logs, as it formats it."""
    logged = {name: io.StringIO() for name in STAGES}
    handlers = {}
    for name in STAGES:
        world.stage(name)
        logger = logging.getLogger(name)
        handlers[name] = logging.StreamHandler(logged[name])
        handlers[name].setFormatter(next(each.formatter for each in logger.handlers if each.formatter))
        logger.addHandler(handlers[name])
    try:
        yield logged
    finally:
        for name, handler in handlers.items():
            logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def logs(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """By stage, of a day of every kind: credentials right, wrong, issued and revoked, orders, cash, a suspension,
    poison, questions, schedules.
    """
    world.put_credential("broker-1", SECRET, role="broker")
    world.put_customer("000002", "10000000.00", COIN=1000)
    monkeypatch.setattr(credentials, "new_secret", lambda: SECRET)
    with listening(world) as logged:
        issued = world.credentials("POST", None, {"role": "customer", "customerId": "000002"})[1]
        assert issued["secret"] == SECRET
        world.credentials("DELETE", issued["keyId"])
        for header in (events.basic("broker-1", SECRET), events.basic("nobody", SECRET), f"Bearer {SECRET}", SECRET):
            world.stage("api_authorizer")(events.token(header))
        world.post(entered(quantity=2500, clientOrderId=WRITTEN[0]))
        world.post(entered(quantity=0, price=WRITTEN[0]))
        world.post(f'{{"{WRITTEN[0]}": ')
        world.post(entered(ticker="AMD", price="114.25", quantity=1500))
        body = {"type": "Deposit", "amount": "25000.00", "reference": WRITTEN[1]}
        world.account("POST", "cash", body)
        world.account("POST", "cash", body | {"amount": WRITTEN[1]})
        for stage, poison in (("lit_pool_matching_engine", OF_COMMANDS), ("post_trade_processor", OF_REPORTS)):
            world.pipeline.run(but_not=stage)
            waiting = world.pipeline.take(stage)
            record = next(each for each in waiting if '"COIN"' in each["body"])
            for number, falsify in enumerate(poison.values()):
                group, body_text = falsify(record["attributes"]["MessageGroupId"], json.loads(record["body"]))
                world.deliver(stage, events.sqs([events.sqs_record(group, body_text, number)]))
            world.deliver(stage, events.sqs(waiting))
        world.settle()
        world.faults.unreachable("dynamodb.GetItem")
        world.get("/customers/{customerId}", customerId="000002")
        world.stage("api_docs")(events.get("/docs", {}))
        world.stage("broker_ui")(events.page(WRITTEN[0]))
        world.list_ticker("NEW", "1.00", "1.02")
        world.quote("COIN", "161.91", "161.93")
        listener = Listener(world, "one").sign_in("broker-1", SECRET)
        listener.send("subscribe", customerId="000002")
        listener.send("authenticate", keyId=WRITTEN[0], secretKey=SECRET)
        listener.send(WRITTEN[0], customerId=WRITTEN[1])
        world.get("/trades/{customerId}", {"nextToken": WRITTEN[0]}, customerId="000002")
        world.close("2026-11-22")
        world.value_date_comes("2026-11-24")
        world.stage("reconciler")({"date": "2026-11-22"})
        world.stage("archive_compactor")({"date": "2026-11-22"})
        world.answer("operations_desk", events.get("/operations/dead-letters", {"date": WRITTEN[0]}))
        world.answer("operations_desk", events.get("/operations/reconciliation", {}))
        world.account("PUT", "halt")
        world.settle()
    return {name: each.getvalue() for name, each in logged.items()}


@pytest.fixture
def log(logs: dict[str, str]) -> str:
    """Of all stages."""
    return "".join(logs.values())


def test_no_secret_and_nothing_that_somebody_wrote_is_logged(logs: dict[str, str], log: str) -> None:
    assert {name for name, its in logs.items() if its} == set(STAGES) - {"snapshot_taker", "trades_data_aggregator"}
    for text in (SECRET, events.basic("broker-1", SECRET).split()[1], "Authorization", *WRITTEN):
        assert text not in log


def test_no_event_and_no_message_is_logged(log: str) -> None:
    for text in ('"Records"', "requestContext", "receiptHandle", "protectionPrice", "initialQuantity", "161.90"):
        assert text not in log.replace('\\"', '"')
    long = [line[:300] for line in log.splitlines() if len(line) > MAX_LINE and '"exception"' not in line]
    assert long == []
