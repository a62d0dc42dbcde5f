"""A customer's orders are found again: by state, ticker, day and client order id, the newest first."""

import base64
import json
from collections.abc import Iterator

import pytest

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.orders import away, entered, listed
from tests.support.world import World

ORDERS = "/customers/{customerId}/orders"
LIFE = {"transitions", "executions", "nextToken"}
TODAY, TOMORROW = "2026-11-22", "2026-11-23"


def names(world: World, **query: str) -> list[str]:
    return [order["clientOrderId"] for order in listed(world, **query)]


@pytest.fixture(scope="module")
def traded(new_world: NewWorld) -> Iterator[World]:
    """Two days of customer 000002: filled, resting, canceled, refused and replaced orders, and another customer's."""
    with new_world() as world:
        world.put_customer("000002", "1000000.00", AMD=100)
        for number, order in enumerate(
            [
                entered(quantity=100),
                away(),
                away(ticker="AMD", direction="Sell", price="200.00"),
                away(ticker="AMD", poolOnly=True),
                away(quantity=1_000_000),
                away(customerId="000001"),
            ]
        ):
            world.post(order | {"clientOrderId": f"a{number}"})
            world.clock.advance(milliseconds=1)
        world.settle()
        world.clock.advance(days=1)
        for number, order in enumerate([away(ticker="F", price="10.00"), entered(quantity=5), away()]):
            world.post(order | {"clientOrderId": f"b{number}"})
            world.clock.advance(milliseconds=1)
        world.settle()
        [canceled] = [order for order in listed(world) if order["clientOrderId"] == "b2"]
        world.change("DELETE", canceled["orderId"])
        world.settle()
        yield world


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "b2 b1 b0 a4 a3 a2 a1 a0"),
        ({"state": "all"}, "b2 b1 b0 a4 a3 a2 a1 a0"),
        ({"state": "open"}, "b0 a3 a2 a1"),
        ({"state": "ended"}, "b2 b1 a4 a0"),
        ({"ticker": "AMD"}, "a3 a2"),
        ({"ticker": "COIN", "state": "open"}, "a1"),
        ({"ticker": "COIN", "state": "ended"}, "b2 b1 a4 a0"),
        ({"ticker": "IBM"}, ""),
        ({"ticker": "NONE", "state": "open"}, ""),
        ({"date": TODAY}, "a4 a3 a2 a1 a0"),
        ({"date": TOMORROW, "state": "open"}, "b0"),
        ({"date": TODAY, "state": "open", "ticker": "AMD"}, "a3 a2"),
        ({"date": "2026-11-21"}, ""),
        ({"clientOrderId": "a2"}, "a2"),
        ({"clientOrderId": "a2", "state": "open", "ticker": "AMD", "date": TODAY}, "a2"),
        ({"clientOrderId": "a2", "state": "ended"}, ""),
        ({"clientOrderId": "a2", "ticker": "COIN"}, ""),
        ({"clientOrderId": "a2", "date": TOMORROW}, ""),
        ({"clientOrderId": "a5"}, ""),
    ],
)
@pytest.mark.parametrize("limit", ["", "1", "2", "500"])
def test_orders_are_found_by_what_is_asked(traded: World, query: dict[str, str], expected: str, limit: str) -> None:
    assert names(traded, **query, **({"limit": limit} if limit else {})) == expected.split()


def test_an_order_is_shown_as_by_itself_without_its_life(traded: World) -> None:
    for order in listed(traded):
        alone = traded.order(order["orderId"])
        assert order == {name: value for name, value in alone.items() if name not in LIFE}


def test_pages_but_the_last_are_full(traded: World) -> None:
    status, answer = traded.get(ORDERS, {"limit": "4", "state": "open"}, customerId="000002")
    assert (status, len(answer["orders"]), "nextToken" in answer) == (200, 4, False)
    status, answer = traded.get(ORDERS, {"limit": "3", "state": "open"}, customerId="000002")
    assert (status, len(answer["orders"]), "nextToken" in answer) == (200, 3, True)


def test_a_customer_sees_its_own_orders_and_nobody_elses(traded: World) -> None:
    own = events.get(ORDERS, {"customerId": "000001"}, caller=events.customer("000001"))
    status, answer = traded.answer("data_extractor", own)
    assert (status, [order["clientOrderId"] for order in answer["orders"]]) == (200, ["a5"])
    status, answer = traded.answer("data_extractor", own | {"pathParameters": {"customerId": "000002"}})
    assert (status, answer["code"]) == (403, "forbidden")


def test_a_customer_without_orders_has_none_and_one_that_is_not_there_is_not_found(traded: World) -> None:
    for query in ({}, {"state": "open"}, {"clientOrderId": "a2"}):
        assert traded.get(ORDERS, query, customerId="000003") == (200, {"orders": []})
        assert traded.get(ORDERS, query, customerId="999999")[0] == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"state": ""}, "state is open or ended or all."),
        ({"state": "OPEN"}, "state is open or ended or all."),
        ({"state": "open,ended"}, "state is open or ended or all."),
        ({"ticker": ""}, "ticker is 1 to 10 capital letters or dots."),
        ({"ticker": "coin"}, "ticker is 1 to 10 capital letters or dots."),
        ({"ticker": "COIN\n"}, "ticker is 1 to 10 capital letters or dots."),
        ({"ticker": "C" * 3000}, "ticker is 1 to 10 capital letters or dots."),
        ({"date": "2026-2-3"}, "date is a date from 2000 to 2999, like 2026-11-22."),
        ({"date": "٢٠٢٦-11-22"}, "date is a date from 2000 to 2999, like 2026-11-22."),
        ({"date": "2026-11-24"}, "date is a day from 2000-01-01 to 2026-11-23."),
        ({"date": "0001-01-01"}, "date is a date from 2000 to 2999, like 2026-11-22."),
        ({"clientOrderId": ""}, "clientOrderId is 1 to 36 letters, digits, dots, colons, hyphens or underscores."),
        ({"clientOrderId": "é"}, "clientOrderId is 1 to 36 letters, digits, dots, colons, hyphens or underscores."),
        (
            {"clientOrderId": "a" * 37},
            "clientOrderId is 1 to 36 letters, digits, dots, colons, hyphens or underscores.",
        ),
        ({"limit": "501"}, "limit is a number from 1 to 500."),
        ({"limit": "٣"}, "limit is a number from 1 to 500."),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(traded: World, query: dict[str, str], said: str) -> None:
    status, answer = traded.get(ORDERS, query, customerId="000002")
    assert (status, answer["code"], answer["detail"]) == (400, "invalid-parameter", said)


@pytest.mark.parametrize("resource", [ORDERS, "/trades/{customerId}", "/customers/{customerId}"])
@pytest.mark.parametrize("values", [["1", "3"], ["1", "1"], ["1"] * 3])
def test_a_parameter_that_is_given_twice_is_refused(traded: World, resource: str, values: list[str]) -> None:
    event = events.get(resource, {"customerId": "000002"}, {"limit": values[-1]})
    event["multiValueQueryStringParameters"]["limit"] = values
    status, answer = traded.answer("data_extractor", event)
    assert (status, answer["code"]) == (400, "invalid-parameter")
    assert answer["detail"] == f"limit is given {len(values)} times, once is the most."


def test_a_token_is_for_its_question_alone(traded: World) -> None:
    questions: list[dict[str, str]] = [
        {},
        {"state": "open"},
        {"state": "ended"},
        {"ticker": "AMD"},
        {"ticker": "AMD", "state": "open"},
        {"date": TODAY},
        {"date": TODAY, "state": "open"},
    ]
    tokens = [traded.get(ORDERS, query | {"limit": "1"}, customerId="000002")[1]["nextToken"] for query in questions]
    for number, token in enumerate(tokens):
        statuses = [traded.get(ORDERS, query | {"nextToken": token}, customerId="000002")[0] for query in questions]
        assert statuses == [200 if own == number else 400 for own in range(len(questions))]
    foreign = traded.get("/trades/{customerId}", {"limit": "1"}, customerId="000002")[1]["nextToken"]
    for token in ("", "x", foreign, _token("all///"), _token("all///~"), _token("open//2026-11-22/" + "0" * 36)):
        status, answer = traded.get(ORDERS, {"nextToken": token}, customerId="000002")
        assert (status, answer["code"]) == (400, "invalid-next-token")


@pytest.mark.parametrize("state", ["all", "open"])
def test_a_token_with_an_order_of_an_earlier_day_than_was_asked_for_has_no_orders(traded: World, state: str) -> None:
    query = {"date": TODAY, "state": state}
    given = traded.get(ORDERS, query | {"limit": "1"}, customerId="000002")[1]["nextToken"]
    key, _ = json.loads(base64.urlsafe_b64decode(given))
    place, _, order = key.rpartition("/")
    other = _token(f"{place}/{'0' * 8}{order[8:]}")
    status, answer = traded.get(ORDERS, query | {"nextToken": other}, customerId="000002")
    assert (status, answer) == (200, {"orders": []})


def _token(key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([key, 0]).encode()).decode()


def test_another_customers_token_shows_nothing_of_that_customer(traded: World) -> None:
    token = traded.get(ORDERS, {"limit": "1"}, customerId="000002")[1]["nextToken"]
    status, answer = traded.get(ORDERS, {"nextToken": token}, customerId="000001")
    assert status == 200
    assert {order["customerId"] for order in answer["orders"]} <= {"000001"}
