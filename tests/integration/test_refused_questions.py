"""Who may not ask, and what cannot be asked."""

import pytest

from tests.support import events
from tests.support.world import World

THEIRS: list[tuple[str, dict[str, str]]] = [
    ("/trades/{customerId}", {"customerId": "000002"}),
    ("/customers/{customerId}", {"customerId": "000002"}),
    ("/customers/{customerId}/positions", {"customerId": "000002"}),
    ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": "any"}),
]


@pytest.mark.parametrize(("resource", "path"), THEIRS)
def test_a_customer_cannot_ask_for_what_is_anothers(shared_world: World, resource: str, path: dict[str, str]) -> None:
    event = events.get(resource, path, caller=events.customer("000001"))
    status, answer = shared_world.answer("data_extractor", event)
    assert (status, answer["code"]) == (403, "forbidden")


def test_a_customer_asks_for_what_is_its_own_and_for_tickers(shared_world: World) -> None:
    caller = events.customer("000002")
    for resource, path in [*THEIRS[:3], ("/tickers/{ticker}", {"ticker": "COIN"})]:
        assert shared_world.answer("data_extractor", events.get(resource, path, caller=caller))[0] == 200


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ("/customers/{customerId}", {"customerId": "999999"}),
        ("/customers/{customerId}/orders/{orderId}", {"customerId": "000002", "orderId": "none"}),
        ("/tickers/{ticker}", {"ticker": "NONE"}),
    ],
)
def test_what_is_not_there_is_not_found(shared_world: World, resource: str, path: dict[str, str]) -> None:
    status, answer = shared_world.get(resource, None, **path)
    assert (status, answer["code"]) == (404, "not-found")


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "", "ten", "1001", "٣", "9" * 5000, "1e2", " 1"])
def test_a_limit_that_is_none_is_refused(shared_world: World, limit: str) -> None:
    status, answer = shared_world.get("/trades/{customerId}", {"limit": limit}, customerId="000002")
    assert (status, answer["code"]) == (400, "invalid-parameter")


@pytest.mark.parametrize(
    "date", ["", "today", "2026-13-01", "2026-02-30", "22-11-2026", "2026-11-22T00:00", "2026-11-22\n"]
)
def test_a_date_that_is_none_is_refused(shared_world: World, date: str) -> None:
    for resource, path, name in (
        ("/trades/{customerId}", {"customerId": "000002"}, "tradeDate"),
        ("/tickers/{ticker}", {"ticker": "COIN"}, "date"),
    ):
        status, answer = shared_world.get(resource, {name: date}, **path)
        assert (status, answer["code"]) == (400, "invalid-parameter")
