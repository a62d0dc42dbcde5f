"""What is traded, who trades, and the session."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import NewWorld
from tests.support import events
from tests.support.orders import away, entered
from tests.support.world import QUOTES, World


@pytest.fixture(scope="module")
def traded(new_world: NewWorld) -> Iterator[World]:
    with new_world() as world:
        world.limit(highestOpenOrders=5)
        world.post([entered(quantity=100), away()])
        world.settle()
        world.account("PUT", "halt", of="000003")
        world.settle()
        yield world


def paged(world: World, resource: str, name: str, limit: int) -> list[Any]:
    found: list[Any] = []
    query = {"limit": f"{limit}"}
    while True:
        status, answer = world.get(resource, query)
        assert status == 200
        assert len(answer[name]) <= limit
        found += answer[name]
        if "nextToken" not in answer:
            return found
        query["nextToken"] = answer["nextToken"]


def test_all_tickers_are_shown_as_each_by_itself(traded: World) -> None:
    status, answer = traded.get("/tickers")
    assert status == 200
    assert answer == {"tickers": [traded.get("/tickers/{ticker}", ticker=each)[1] for each in sorted(QUOTES)]}
    assert [each["quantity"] for each in answer["tickers"]] == [0, 100, 0, 0]
    status, before = traded.get("/tickers", {"date": "2026-11-21"})
    assert [(each["date"], each["quantity"]) for each in before["tickers"]] == [("2026-11-21", 0)] * 4


def test_all_customers_are_shown_with_their_totals(traded: World) -> None:
    status, answer = traded.get("/customers")
    assert (status, [each["customerId"] for each in answer["customers"]]) == (200, ["000001", "000002", "000003"])
    for each in answer["customers"]:
        alone = traded.get("/customers/{customerId}", customerId=each["customerId"])[1]
        assert each == {name: alone[name] for name in each}
    first, second, third = answer["customers"]
    assert (first["openOrders"], second["openOrders"], second["limits"]["highestOpenOrders"]) == (0, 1, 5)
    assert (first["halted"], third["halted"]) == (False, True)


@pytest.mark.parametrize(("resource", "name"), [("/tickers", "tickers"), ("/customers", "customers")])
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 500])
def test_pages_of_any_size_have_everything_once(traded: World, resource: str, name: str, limit: int) -> None:
    assert paged(traded, resource, name, limit) == traded.get(resource)[1][name]


def test_only_a_broker_may_ask_who_trades_and_everybody_what_is_traded(traded: World) -> None:
    caller = events.customer("000002")
    status, answer = traded.answer("data_extractor", events.get("/customers", {}, caller=caller))
    assert (status, answer["code"]) == (403, "forbidden")
    for resource in ("/tickers", "/session"):
        assert traded.answer("data_extractor", events.get(resource, {}, caller=caller))[0] == 200


def test_the_session_says_when_it_ends_and_when_a_trade_of_now_settles(traded: World) -> None:
    """It is a Sunday; T+1 in the US, T+2 in Switzerland."""
    assert traded.get("/session") == (
        200,
        {
            "sessionDate": "2026-11-22",
            "state": "Open",
            "ends": "2026-11-22T23:59:59.999Z",
            "hours": {pool: {"hours": "always", "state": "Open"} for pool in ("Dark", "Lit")},
            "valueDates": {"US": "2026-11-23", "CH": "2026-11-24"},
            "streamUrl": traded.cloud.environment("data_extractor")["STREAM_ADDRESS"].replace("https", "wss"),
        },
    )


@pytest.mark.parametrize(
    ("resource", "query", "code"),
    [
        ("/tickers", {"limit": "501"}, "invalid-parameter"),
        ("/tickers", {"date": "today"}, "invalid-parameter"),
        ("/tickers", {"ticker": "COIN"}, "invalid-parameter"),
        ("/tickers", {"nextToken": "WyJDVVNUT01FUlMvMDAwMDAyIiwgMF0="}, "invalid-next-token"),
        ("/tickers", {"nextToken": "x"}, "invalid-next-token"),
        ("/customers", {"nextToken": "WyJUSUNLRVJTL0NPSU4iLCAwXQ=="}, "invalid-next-token"),
        ("/customers", {"date": "2026-11-22"}, "invalid-parameter"),
        ("/session", {"date": "2026-11-22"}, "invalid-parameter"),
    ],
)
def test_what_cannot_be_asked_is_refused(traded: World, resource: str, query: dict[str, str], code: str) -> None:
    status, answer = traded.get(resource, query)
    assert (status, answer["code"]) == (400, code)
