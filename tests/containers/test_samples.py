"""Every function, in Lambda's own container, does its work with each of its sample events.

The layer carries all that it imports, and the template's variables and the local cloud are all that it needs.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.containers.conftest import Invocation
from tests.e2e.system import System
from tests.support import samples
from trading.aws.store import items
from trading.aws.store.archived_bookings import bookings_in
from trading.aws.store.days import day_in
from trading.domain.messages.events import reports_of

Invocations = dict[str, Invocation]
SAMPLES = dict(samples.samples())


def answered(invocation: Invocation) -> tuple[int, Any]:
    """Status and body of what a function answered to API Gateway, read if it is JSON."""
    answer = invocation.answer
    is_json = "json" in answer["headers"]["Content-Type"]
    return answer["statusCode"], json.loads(answer["body"]) if is_json else answer["body"]


def bodies(sample: str) -> list[dict[str, Any]]:
    return [json.loads(record["body"]) for record in SAMPLES[sample]["Records"]]


def stored(system: System, order_id: str) -> dict[str, Any]:
    [item] = [each for each in system.items("TRADES_STORE_NAME") if each["SK"] == f"ORDER#{order_id}"]
    return item


@pytest.fixture(scope="module")
def queued(system: System, invocations: Invocations) -> dict[str, list[dict[str, Any]]]:
    """The messages that wait for each stage, taken out of its queue."""
    fed = ("dark_pool_matching_engine", "lit_pool_matching_engine", "post_trade_processor")
    return {stage: list(taken(system, stage)) for stage in fed}


def taken(system: System, stage: str) -> Iterator[dict[str, Any]]:
    sqs, url = system.aws("sqs"), system.queue(stage)
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            yield json.loads(message["Body"])


def with_new_orders(messages: list[dict[str, Any]]) -> set[str]:
    """The tickers of the messages that bring a new order."""
    return {each["ticker"] for each in messages if any(one["command"] == "newOrder" for one in each["commands"])}


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_taken_without_an_error(invocations: Invocations, sample: str) -> None:
    done = invocations[sample]
    assert done.code == 0, done.log
    assert "errorMessage" not in (done.answer or {}), done.log
    assert "batchItemFailures" not in (done.answer or {}) or done.answer == {"batchItemFailures": []}, done.log


def test_the_authorizer_lets_in_who_has_the_secret(invocations: Invocations) -> None:
    effects = {
        name: invocations[f"api_authorizer/{name}"].answer["policyDocument"]["Statement"][0]["Effect"]
        for name in ("credentials", "wrong_secret", "not_basic")
    }
    assert effects == {"credentials": "Allow", "wrong_secret": "Deny", "not_basic": "Deny"}


@pytest.mark.parametrize(("sample", "count"), [("order_entry/order", 1), ("order_entry/array", 2)])
def test_order_entry_stores_the_orders(system: System, invocations: Invocations, sample: str, count: int) -> None:
    status, body = answered(invocations[sample])
    assert (status, len(body["orders"])) == (202, count)
    assert {stored(system, each["orderId"])["acceptance"] for each in body["orders"]} == {"Accepted"}


def test_order_entry_refuses_what_is_not_json(invocations: Invocations) -> None:
    status, body = answered(invocations["order_entry/malformed"])
    assert (status, body["code"]) == (400, "malformed-json")


def test_the_router_publishes_the_orders_to_the_pools_of_their_routes(queued: dict[str, list[dict[str, Any]]]) -> None:
    assert with_new_orders(queued["dark_pool_matching_engine"]) == {"AMD", "F"}
    assert "COIN" in with_new_orders(queued["lit_pool_matching_engine"])


@pytest.mark.parametrize(
    ("sample", "partition"),
    [
        ("dark_pool_matching_engine/new_order", "dark#AMD"),
        ("lit_pool_matching_engine/new_order", "lit#COIN"),
        ("lit_pool_matching_engine/not_matched_in_dark_pool", "lit#AMD"),
    ],
)
def test_an_engine_commits_the_commands_to_its_journal(
    system: System, invocations: Invocations, sample: str, partition: str
) -> None:
    entries = [each for each in system.items("ORDER_BOOKS_NAME") if each["PK"] == partition and each["SK"]]
    committed = [each["commandIds"] for each in entries]
    assert [each["commandId"] for body in bodies(sample) for each in body["commands"]] in committed


def test_the_engines_reports_wait_to_be_booked(queued: dict[str, list[dict[str, Any]]]) -> None:
    assert ("COIN", "Lit") in {(each["ticker"], each["poolType"]) for each in queued["post_trade_processor"]}


def test_the_post_trade_processor_books(system: System, invocations: Invocations) -> None:
    booked = {item["bookingId"]: item for item in system.items("TRADES_STORE_NAME") if item["SK"].startswith("TRADE#")}
    for executed in bodies("post_trade_processor/execution_reports"):
        item = booked[executed["bookingId"]]
        assert items.reports_of(item) == reports_of(executed)


def test_the_archiver_writes_the_bookings_of_a_batch_into_one_object(system: System, invocations: Invocations) -> None:
    wanted = {each["dynamodb"]["NewImage"]["bookingId"]["S"] for each in SAMPLES["archiver/bookings"]["Records"]}
    objects = [list(bookings_in(key.rpartition("/")[2], body)) for key, body in system.archived().items()]
    assert wanted in [{booking.booking_id for booking in bookings} for bookings in objects]


def test_the_aggregator_counts_the_trades_of_the_day(system: System, invocations: Invocations) -> None:
    days = {(item["PK"], item["SK"]): item for item in system.items("TRADES_STORE_NAME")}
    total = day_in(days["TICKER#COIN", samples.SEED.session_date]).statistics.total
    assert (total.trades, total.quantity) == (9, samples.SEED.quantity)


def test_the_extractor_answers_every_question(invocations: Invocations) -> None:
    answers = {name: answered(done) for name, done in invocations.items() if name.startswith("data_extractor/")}
    assert {name: status for name, (status, _) in answers.items()} == dict.fromkeys(answers, 200)
    bodies = {name.split("/")[1]: body for name, (_, body) in answers.items()}
    assert sum(each["quantity"] for each in bodies["trades"]["trades"]) == samples.SEED.quantity
    assert bodies["customer"]["customerId"] == samples.SEED.customer_id
    assert {each["ticker"] for each in bodies["positions"]["positions"]} >= {"COIN", "F"}
    assert (bodies["order"]["orderId"], bodies["order"]["state"]) == (samples.SEED.order_id, "Filled")
    assert bodies["ticker"]["ticker"] == "COIN"
    assert bodies["ledger"]["ledger"]
    assert bodies["statement_csv"].startswith("dateTime,kind,")
