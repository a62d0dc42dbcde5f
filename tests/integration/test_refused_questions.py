"""Who may not ask, and what cannot be asked."""

import pytest

from tests.support import events
from tests.support.world import World

UNKNOWN_ORDER = "01a203a9-f6bb-7060-be1c-26d323ef323f"
THEIRS: list[tuple[str, dict[str, str]]] = [
    ("/trades/{customerId}", {"customerId": "000002"}),
    ("/customers/{customerId}", {"customerId": "000002"}),
    ("/customers/{customerId}/positions", {"customerId": "000002"}),
    ("/customers/{customerId}/ledger", {"customerId": "000002"}),
    ("/customers/{customerId}/statements/{date}", {"customerId": "000002", "date": "2026-11-22"}),
    ("/customers/{customerId}/orders", {"customerId": "000002"}),
    ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": "any"}),
]


@pytest.mark.parametrize(("resource", "path"), THEIRS)
def test_a_customer_cannot_ask_for_what_is_anothers(shared_world: World, resource: str, path: dict[str, str]) -> None:
    event = events.get(resource, path, caller=events.customer("000001"))
    status, answer = shared_world.answer("data_extractor", event)
    assert (status, answer["code"]) == (403, "forbidden")


def test_a_customer_asks_for_what_is_its_own_and_for_markets(shared_world: World) -> None:
    caller = events.customer("000002")
    markets = [(resource, {"ticker": "COIN"}) for resource in ("/tickers/{ticker}", "/books/{ticker}")]
    for resource, path in [*THEIRS[:6], *markets]:
        assert shared_world.answer("data_extractor", events.get(resource, path, caller=caller))[0] == 200


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ("/customers/{customerId}", {"customerId": "999999"}),
        ("/customers/{customerId}/ledger", {"customerId": "999999"}),
        ("/customers/{customerId}/statements/{date}", {"customerId": "999999", "date": "2026-11-22"}),
        *(
            ("/customers/{customerId}/statements/{date}", {"customerId": "000002", "date": wrong})
            for wrong in (
                *("today", "2026-02-30", "0000-01-01", "2026-11-2", "٢٠٢٦-11-22", "2026-11-22\n", "2" * 3000),
                *("20261122", "2026-W47-7", " 2026-11-22", "2026-11-22T00:00:00Z"),
                *("2026-11-23", "9999-12-31", "1999-12-31", "0001-01-01"),
            )
        ),
        ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": "none"}),
        ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": "0" * 36}),
        ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": UNKNOWN_ORDER}),
        ("/tickers/{ticker}", {"ticker": "NONE"}),
        *(
            ("/trades/{customerId}", {"customerId": wrong})
            for wrong in ("2", "٠٠٠٠٠٢", "0000022", "000002\n", "0" * 3000)
        ),
        *(("/tickers/{ticker}", {"ticker": wrong}) for wrong in ("coin", "COIN#X", ".COIN", "C" * 3000)),
        ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": "0" * 3000}),
        ("/books/{ticker}", {"ticker": "NONE"}),
    ],
)
def test_what_is_not_there_or_cannot_be_there_is_not_found(
    shared_world: World, resource: str, path: dict[str, str]
) -> None:
    status, answer = shared_world.get(resource, None, **path)
    assert (status, answer["code"]) == (404, "not-found")


@pytest.mark.parametrize(("resource", "path"), THEIRS)
def test_every_question_about_a_customer_that_there_is_not_has_one_answer(
    shared_world: World, resource: str, path: dict[str, str]
) -> None:
    asked = path | {"customerId": "999999"} | ({"orderId": UNKNOWN_ORDER} if "orderId" in path else {})
    status, answer = shared_world.get(resource, None, **asked)
    assert (status, answer["code"], answer["detail"]) == (404, "not-found", "There is no customer 999999.")


def test_a_customer_without_trades_and_positions_has_none(shared_world: World) -> None:
    for resource, name in (("/trades/{customerId}", "trades"), ("/customers/{customerId}/positions", "positions")):
        assert shared_world.get(resource, None, customerId="000003") == (200, {name: []})


def test_what_cannot_be_there_is_not_looked_for(shared_world: World) -> None:
    before = list(shared_world.faults.calls)
    shared_world.get("/customers/{customerId}", customerId="0" * 3000)
    shared_world.get("/customers/{customerId}/orders/{orderId}", customerId="000002", orderId="0" * 3000)
    shared_world.get("/tickers/{ticker}", ticker="C" * 3000)
    assert shared_world.faults.calls == before


@pytest.mark.parametrize(
    ("resource", "query", "name"),
    [
        ("/trades/{customerId}", {"limit": "1", "date": "2026-11-22"}, "date"),
        ("/trades/{customerId}", {"Limit": "1"}, "Limit"),
        ("/customers/{customerId}", {"limit": "1"}, "limit"),
        ("/customers/{customerId}/positions", {"tradeDate": "2026-11-22"}, "tradeDate"),
        ("/customers/{customerId}/ledger", {"tradeDate": "2026-11-22"}, "tradeDate"),
    ],
)
def test_a_parameter_that_a_question_does_not_have_is_refused_by_its_name(
    shared_world: World, resource: str, query: dict[str, str], name: str
) -> None:
    status, answer = shared_world.get(resource, query, customerId="000002")
    assert (status, answer["code"]) == (400, "invalid-parameter")
    assert answer["detail"].startswith(f"{name} is not a parameter")


@pytest.mark.parametrize(
    "limit", ["0", "-1", "+1", "1.5", "", "ten", "1001", "٣", "١٢", "1_0", "007", "9" * 5000, "1e2", " 1", "1\n"]
)
def test_an_invalid_limit_is_refused(shared_world: World, limit: str) -> None:
    status, answer = shared_world.get("/trades/{customerId}", {"limit": limit}, customerId="000002")
    assert (status, answer["code"]) == (400, "invalid-parameter")


@pytest.mark.parametrize("date", ["2026-11-23", "2999-12-31"])
def test_a_ledger_has_no_days_to_come(shared_world: World, date: str) -> None:
    status, answer = shared_world.get("/customers/{customerId}/ledger", {"date": date}, customerId="000002")
    assert (status, answer["code"]) == (400, "invalid-parameter")
    assert answer["detail"] == "date is a day from 2000-01-01 to 2026-11-22."


@pytest.mark.parametrize("sort", ["", "ASC", "desc,asc", "newest"])
def test_trades_have_no_other_order(shared_world: World, sort: str) -> None:
    status, answer = shared_world.get("/trades/{customerId}", {"sort": sort}, customerId="000002")
    assert (status, answer["code"], answer["detail"]) == (400, "invalid-parameter", "sort is asc or desc.")


@pytest.mark.parametrize("form", ["", "xml", "CSV", "json,csv"])
def test_a_statement_has_no_other_formats(shared_world: World, form: str) -> None:
    path = {"customerId": "000002", "date": "2026-11-22"}
    status, answer = shared_world.get("/customers/{customerId}/statements/{date}", {"format": form}, **path)
    assert (status, answer["code"]) == (400, "invalid-parameter")


@pytest.mark.parametrize(
    "date",
    [
        *("", "today", "2026-13-01", "2026-02-30", "22-11-2026", "2026-11-22T00:00", "2026-11-22\n"),
        *("2026-2-3", "2026-11-2", "٢٠٢٦-11-22", "20261122", "2026-W47-7", " 2026-11-22"),
        *("0001-01-01", "1999-12-31", "3000-01-01", "9999-12-31"),
    ],
)
def test_an_invalid_date_is_refused(shared_world: World, date: str) -> None:
    for resource, path, name in (
        ("/trades/{customerId}", {"customerId": "000002"}, "tradeDate"),
        ("/tickers/{ticker}", {"ticker": "COIN"}, "date"),
        ("/customers/{customerId}/ledger", {"customerId": "000002"}, "date"),
    ):
        status, answer = shared_world.get(resource, {name: date}, **path)
        assert (status, answer["code"]) == (400, "invalid-parameter")
        assert answer["detail"] == f"{name} is a date from 2000 to 2999, like 2026-11-22."
