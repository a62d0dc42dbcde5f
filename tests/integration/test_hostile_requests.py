"""Requests that chance writes: whatever is in them, the API answers, and never that it failed."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import events
from tests.support.orders import SEED
from tests.support.run_totals import BAD_INPUTS, run_totals
from tests.support.strategies import json_values, mutations
from tests.support.world import World

fuzzed = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DEPOSIT = {"type": "Deposit", "amount": "0.01", "reference": "wire-1"}
SHARES = {"type": "Deposit", "ticker": "F", "quantity": 1, "cost": "10.00", "reference": "transfer-1"}
LIMITS = {"highestOrderValue": "1000000.00", "highestOpenOrders": 5, "collar": "0.10", "highestShort": 5}
texts = st.text(max_size=60) | st.sampled_from(["NaN", "\ud800", "2026-11-22", "000002", "COIN", "1" * 40, "\x00"])
PATHS = [
    "/trades/{customerId}",
    "/customers/{customerId}",
    "/customers/{customerId}/positions",
    "/customers/{customerId}/ledger",
    "/customers/{customerId}/statements/{date}",
    "/customers/{customerId}/orders",
    "/customers/{customerId}/orders/{orderId}",
    "/customers",
    "/session",
    "/tickers",
    "/tickers/{ticker}",
    "/books/{ticker}",
]
GOOD = {"customerId": "000002", "date": "2026-11-22", "orderId": "01a203a9-f6bb-7060-be1c-26d323ef323f", "ticker": "F"}
QUERIES = ["tradeDate", "limit", "nextToken", "date", "format", "state", "ticker", "clientOrderId", "other"]


@st.composite
def bodies(draw: st.DrawFn, *good: Any) -> str:
    """Text, JSON, or a good body with one part of it changed."""
    whole = st.text() | json_values.map(json.dumps)
    return draw(whole | st.sampled_from(good).flatmap(lambda body: mutations(json.dumps(body))))


def tokens() -> st.SearchStrategy[str]:
    """What somebody may say a page begins at: some of it in the form that is given out."""
    keys = st.one_of(texts, st.sampled_from(["TRADE#2026-11-22#a", "ORDER#a", "TRADE#", "POSITION#F", "ENTRY#~"]))
    positions = st.tuples(keys | json_values, json_values | st.integers()).map(list)
    return texts | positions.map(lambda each: base64.urlsafe_b64encode(json.dumps(each).encode()).decode())


def answered(world: World, stage: str, event: dict[str, Any]) -> int:
    answer = world.stage(stage)(event)
    json.loads(answer["body"]) if answer["headers"]["Content-Type"] != "text/csv; charset=utf-8" else None
    run_totals.count(BAD_INPUTS, answer["statusCode"] >= 400)
    return int(answer["statusCode"])


def denied(world: World, header: str) -> bool:
    answer = world.stage("api_authorizer")(events.token(header))
    run_totals.count(BAD_INPUTS)
    return bool(answer["policyDocument"]["Statement"][0]["Effect"] == "Deny")


@fuzzed
@given(body=bodies(SEED, [SEED, SEED | {"clientOrderId": "a"}]), encoded=st.booleans())
def test_no_body_of_orders_brings_the_entry_down(shared_world: World, body: str, encoded: bool) -> None:
    event = events.post_orders(body)
    if encoded:
        text = base64.b64encode(body.encode(errors="surrogatepass")).decode()
        event |= {"body": text, "isBase64Encoded": True}
    assert answered(shared_world, "order_entry", event) in {202, 400, 422}


@fuzzed
@given(body=bodies({"quantity": 5, "price": "161.90"}), order_id=texts | st.just(GOOD["orderId"]))
def test_no_change_of_an_order_brings_the_entry_down(shared_world: World, body: str, order_id: str) -> None:
    event = events.change("PATCH", {"customerId": "000002", "orderId": order_id}) | {"body": body}
    assert answered(shared_world, "order_entry", event) in {400, 404}


@fuzzed
@given(
    what=st.sampled_from(["cash", "shares", "limits"]),
    body=bodies(DEPOSIT, SHARES, LIMITS),
    customer=texts | st.just("000003"),
)
def test_no_request_about_an_account_brings_its_keeper_down(
    shared_world: World, what: str, body: str, customer: str
) -> None:
    event = events.account("PUT" if what == "limits" else "POST", what, customer, body)
    assert answered(shared_world, "account_keeper", event) in {200, 201, 400, 404, 422}


@fuzzed
@given(body=bodies({"role": "broker"}, {"role": "customer", "customerId": "999999"}))
def test_no_request_for_a_credential_brings_its_keeper_down(shared_world: World, body: str) -> None:
    assert answered(shared_world, "credential_keeper", events.credentials("POST", None, body)) in {201, 400, 404}


@fuzzed
@given(key_id=texts)
def test_no_key_id_brings_the_keeper_of_credentials_down(shared_world: World, key_id: str) -> None:
    assert answered(shared_world, "credential_keeper", events.credentials("DELETE", key_id)) == 404


@settings(fuzzed, max_examples=400)
@given(
    resource=st.sampled_from(PATHS),
    path=st.dictionaries(st.sampled_from(sorted(GOOD)), texts, max_size=1),
    query=st.dictionaries(st.sampled_from(QUERIES) | texts, texts | tokens(), max_size=2),
)
def test_no_question_brings_the_extractor_down(
    shared_world: World, resource: str, path: dict[str, str], query: dict[str, str]
) -> None:
    named = {name: (GOOD | path)[name] for name in GOOD if f"{{{name}}}" in resource}
    assert answered(shared_world, "data_extractor", events.get(resource, named, query)) in {200, 400, 403, 404}


@settings(fuzzed, max_examples=400)
@given(token=tokens(), resource=st.sampled_from(PATHS[:7]))
def test_no_token_brings_the_extractor_down_or_shows_what_is_anothers(
    shared_world: World, token: str, resource: str
) -> None:
    named = {name: value for name, value in GOOD.items() if f"{{{name}}}" in resource}
    event = events.get(resource, named, {"nextToken": token}, caller=events.customer("000002"))
    assert answered(shared_world, "data_extractor", event) in {200, 400, 404}


@settings(fuzzed, max_examples=400)
@given(header=st.text() | st.binary().map(lambda raw: "Basic " + base64.b64encode(raw).decode()))
def test_no_header_opens_the_door_or_breaks_it(shared_world: World, header: str) -> None:
    assert denied(shared_world, header)


@pytest.mark.parametrize("key_id", ["a\x00b", "\ufffe", "é" * 128, "\U0001f600" * 128])
def test_no_key_id_brings_the_authorizer_down(shared_world: World, key_id: str) -> None:
    assert denied(shared_world, events.basic(key_id, "secret"))
