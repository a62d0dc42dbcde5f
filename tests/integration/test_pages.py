"""Paging: every trade once whatever the size of the pages, and no token but one's own."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support.cloud import ROOT
from tests.support.orders import entered
from tests.support.world import World

TRADES = "/trades/{customerId}"
POSITIONS = "/customers/{customerId}/positions"
TODAY, TOMORROW = "2026-11-22", "2026-11-23"


@pytest.fixture(scope="module")
def traded(new_world: NewWorld) -> Iterator[World]:
    """Customer 000002 has 22 trades in three bookings of two days, and two positions."""
    with new_world() as world:
        for ticker, quantity in (("COIN", 8614), ("IBM", 3000)):
            world.post(entered(ticker=ticker, quantity=quantity))
        world.settle()
        world.clock.advance(days=1)
        world.post(entered(ticker="COIN", quantity=9500))
        world.post(entered(customerId="000001", quantity=10))
        world.settle()
        yield world


def token_of(*content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def pages(world: World, query: dict[str, str], resource: str = TRADES) -> Iterator[list[Any]]:
    """The pages of an answer, followed to the end."""
    name = "trades" if resource == TRADES else "positions"
    token: dict[str, str] = {}
    while True:
        status, answer = world.get(resource, query | token, customerId="000002")
        assert status == 200
        yield answer[name]
        if "nextToken" not in answer:
            return
        token = {"nextToken": answer["nextToken"]}


@pytest.mark.parametrize("query", [{}, {"tradeDate": TODAY}, {"tradeDate": TOMORROW}])
@pytest.mark.parametrize("limit", [*range(1, 24), 1000])
def test_pages_of_any_size_hold_every_trade_once_and_are_full_but_the_last(
    traded: World, limit: int, query: dict[str, str]
) -> None:
    [whole] = pages(traded, query)
    expected = [trade for trade in whole if not query or trade["tradeDate"].startswith(query["tradeDate"])]
    assert len(whole) == {"": 22, TODAY: 12, TOMORROW: 10}[query.get("tradeDate", "")]
    assert whole == expected
    parts = list(pages(traded, query | {"limit": str(limit)}))
    assert [trade for part in parts for trade in part] == whole
    assert [len(part) for part in parts[:-1]] == [limit] * (len(parts) - 1)
    assert parts[-1]


@pytest.mark.parametrize("query", [{}, {"tradeDate": TODAY}, {"tradeDate": TOMORROW}])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 11, 12, 22, 1000])
def test_pages_of_the_newest_first_hold_every_trade_once_in_the_opposite_order(
    traded: World, limit: int, query: dict[str, str]
) -> None:
    [whole] = pages(traded, query)
    parts = list(pages(traded, query | {"sort": "desc", "limit": str(limit)}))
    assert [trade for part in parts for trade in part] == whole[::-1]
    assert [len(part) for part in parts[:-1]] == [limit] * (len(parts) - 1)
    assert parts[-1]


def test_positions_come_in_pages_too(traded: World) -> None:
    [whole] = pages(traded, {}, POSITIONS)
    parts = list(pages(traded, {"limit": "1"}, POSITIONS))
    assert [position["ticker"] for position in whole] == ["COIN", "IBM"]
    assert parts == [[position] for position in whole]


PATH = {"customerId": "000002", "date": "2026-11-22"}
LIMITS = dict(
    re.findall(r"^\| `GET (/\S+)` \| [a-z ]+ \| (\d+) \|$", (ROOT / "docs/reference/api.md").read_text(), re.MULTILINE)
)


def test_the_page_has_the_highest_limit_of_every_question_that_has_pages(traded: World) -> None:
    order = traded.items(pk="CUST#000002", sk="ORDER#")[0]
    paged = [each for each, (_, names) in traded.stage("data_extractor").module.ROUTES.items() if "limit" in names]
    assert sorted(LIMITS) == sorted(paged)
    for resource, highest in LIMITS.items():
        path = {name: (PATH | order)[name] for name in re.findall(r"{(\w+)}", resource)}
        assert traded.get(resource, {"limit": highest}, **path)[0] == 200
        status, answer = traded.get(resource, {"limit": str(int(highest) + 1)}, **path)
        assert (status, answer["detail"]) == (400, f"limit is a number from 1 to {highest}.")


GARBAGE = {
    "empty": "",
    "no base64": "???",
    "not ASCII": "é",
    "no JSON": base64.urlsafe_b64encode(b"{").decode(),
    "not UTF-8": base64.urlsafe_b64encode(b"\xff\xfe\xfa").decode(),
    "nested deeply": base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    "one member": token_of("TRADE#"),
    "three members": token_of("TRADE#", 0, 0),
    "no key": token_of(None, 0),
    "no offset": token_of("TRADE#", None),
    "a boolean as offset": token_of("TRADE#", True),
    "a fraction as offset": token_of("TRADE#", 0.5),
    "below zero": token_of("TRADE#", -1),
    "another kind of item": token_of("ORDER#", 0),
    "a position": token_of("POSITION#COIN", 0),
    "a key past the last": token_of("TRADE#~~", 0),
    "a key with a surrogate": token_of("TRADE#\ud800", 0),
    "a key longer than any": token_of("TRADE#" + "2" * 2000, 0),
}


def test_a_token_is_taken_as_it_was_given_out_and_in_no_other_spelling(traded: World) -> None:
    token = traded.get(TRADES, {"limit": "1"}, customerId="000002")[1]["nextToken"]
    key, offset = json.loads(base64.urlsafe_b64decode(token))
    assert traded.get(TRADES, {"nextToken": token_of(key, offset)}, customerId="000002")[0] == 200
    spaced = base64.urlsafe_b64encode(json.dumps([key, offset], indent=1).encode()).decode()
    escaped = base64.urlsafe_b64encode(f'["\\u0054{key[1:]}", {offset}]'.encode()).decode()
    for other in (spaced, escaped):
        status, answer = traded.get(TRADES, {"nextToken": other}, customerId="000002")
        assert (status, answer["code"]) == (400, "invalid-next-token")


@pytest.mark.parametrize("token", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_token_that_was_not_given_out_is_refused(traded: World, token: str) -> None:
    status, answer = traded.get(TRADES, {"nextToken": token}, customerId="000002")
    assert (status, answer["code"]) == (400, "invalid-next-token")


def test_a_token_of_another_question_is_refused(traded: World) -> None:
    today = traded.get(TRADES, {"limit": "1", "tradeDate": TODAY}, customerId="000002")[1]["nextToken"]
    held = traded.get(POSITIONS, {"limit": "1"}, customerId="000002")[1]["nextToken"]
    for resource, query in (
        (TRADES, {"tradeDate": TOMORROW, "nextToken": today}),
        (TRADES, {"nextToken": held}),
        (POSITIONS, {"nextToken": today}),
    ):
        status, answer = traded.get(resource, query, customerId="000002")
        assert (status, answer["code"]) == (400, "invalid-next-token")


def test_a_token_of_a_ledger_or_a_statement_is_for_its_day_alone(traded: World) -> None:
    ledger, statement = "/customers/{customerId}/ledger", "/customers/{customerId}/statements/{date}"

    def asked(resource: str, query: dict[str, str]) -> tuple[int, Any]:
        path = {"date": query.pop("day")} if "day" in query else {}
        return traded.get(resource, {"limit": "1"} | query, customerId="000002", **path)

    questions: list[tuple[str, dict[str, str]]] = [
        (ledger, {}),
        (ledger, {"date": TODAY}),
        (ledger, {"date": TOMORROW}),
        (statement, {"day": TODAY}),
        (statement, {"day": TOMORROW}),
        (TRADES, {}),
        (POSITIONS, {}),
    ]
    tokens = [asked(resource, dict(query))[1]["nextToken"] for resource, query in questions]
    for number, token in enumerate(tokens):
        statuses = [asked(resource, query | {"nextToken": token})[0] for resource, query in questions]
        assert statuses == [200 if own == number else 400 for own in range(len(questions))]


@pytest.mark.parametrize(
    "key",
    [
        *("/", "/ENTRY#", "/ENTRY#2026-11-22#x", "/ORDER#~", "ORDER#", "/POSITION#COIN", "/CUST#000002"),
        f"2026-11-23/TRADE#2026-11-22#{'0' * 36}",
        f"/TRADE#2026-11-22#{'0' * 36}~",
        f"/TRADE#٢٠٢٦-11-22#{'0' * 36}",
    ],
)
def test_a_token_that_a_ledger_has_not_given_out_is_refused(traded: World, key: str) -> None:
    token = token_of(key, 0)
    status, answer = traded.get("/customers/{customerId}/ledger", {"nextToken": token}, customerId="000002")
    assert (status, answer["code"]) == (400, "invalid-next-token")


def test_a_token_of_another_customer_shows_nothing_of_that_customer(traded: World) -> None:
    token = traded.get(TRADES, {"limit": "1"}, customerId="000002")[1]["nextToken"]
    answer = traded.get(TRADES, {"nextToken": token}, customerId="000001")[1]
    assert {trade["customerId"] for trade in answer.get("trades", [])} <= {"000001"}
