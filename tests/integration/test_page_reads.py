"""A page of an account's history reads what it shows, however long the history is: what is read is paid for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support import events
from tests.support.orders import entered
from tests.support.world import World


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("/trades/{customerId}", "trades"),
        ("/customers/{customerId}/positions", "positions"),
    ],
)
def test_a_page_reads_no_more_items_than_it_needs(world: World, resource: str, name: str) -> None:
    """The customer has twelve trades and four positions."""
    read: list[int] = []
    for ticker in ("AMD", "COIN", "F", "IBM"):
        world.post([entered(ticker=ticker, quantity=1, type="Market", price=None) for _ in range(3)])
        world.settle()
    world.client("dynamodb").meta.events.register(
        "after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"])
    )
    status, answer = world.get(resource, {"limit": "2"}, customerId="000002")
    assert (status, len(answer[name])) == (200, 2)
    assert "nextToken" in answer
    assert sum(read) <= 3


def test_a_page_of_the_ledger_reads_a_hundred_items_at_a_time_as_many_may_move_nothing(world: World) -> None:
    for _ in range(4):
        world.post([entered(quantity=1, price="100.00") for _ in range(45)])
        world.settle()
    read: list[int] = []
    world.client("dynamodb").meta.events.register(
        "after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"])
    )
    status, answer = world.get("/customers/{customerId}/ledger", {"limit": "2"}, customerId="000002")
    assert (status, len(answer["ledger"])) == (200, 2)
    assert "nextToken" in answer
    assert max(read) <= 100
    assert len(read) <= 3


STATEMENT = "/customers/{customerId}/statements/{date}"
SUNDAY = "2026-11-22"
A_ROUND, FEW, MANY = 4, 8, 64
PAGES = ("first", "second", "csv")


def busy(world: World, orders: int) -> None:
    """So many orders that trade, and as many that rest and are canceled."""
    for _ in range(orders // A_ROUND):
        world.post([entered(quantity=2, type="Market", price=None) for _ in range(A_ROUND)])
        world.settle()
        world.clock.advance(seconds=1)
        world.post([entered(quantity=2, price="100.00") for _ in range(A_ROUND)])
        world.settle()
        world.clock.advance(seconds=1)
    assert world.stage("order_entry")(events.cancel_all("000002", {}))["statusCode"] == 202
    world.settle()


def test_a_page_of_a_statement_costs_what_it_shows_however_busy_the_day_was(world: World) -> None:
    busy(world, FEW)
    beside_few = [read_for(world, page) for page in PAGES]
    busy(world, MANY)
    assert [read_for(world, page) for page in PAGES] == beside_few
    require_whole(world)


def read_for(world: World, page: str) -> tuple[int, int]:
    """How many items a page with one entry takes out of the table, and in how many calls."""
    query = {"limit": "1", "format": "csv" if page == "csv" else "json"}
    path = {"customerId": "000002", "date": SUNDAY}
    if page == "second":
        query["nextToken"] = world.get(STATEMENT, query, **path)[1]["nextToken"]
    with taken(world) as items:
        assert world.stage("data_extractor")(events.get(STATEMENT, path, query))["statusCode"] == 200
    return sum(items), len(items)


@contextmanager
def taken(world: World) -> Iterator[list[int]]:
    """The number of items in each answer of the table."""
    items: list[int] = []

    def count(parsed: Any, **_: Any) -> None:
        items.append(parsed.get("Count", 0) + ("Item" in parsed) + sum(map(len, parsed.get("Responses", {}).values())))

    hooks = world.client("dynamodb").meta.events
    hooks.register("after-call.dynamodb.*", count)
    yield items
    hooks.unregister("after-call.dynamodb.*", count)


def require_whole(world: World) -> None:
    """The pages of the day are together what a page of all of it is, and each has the same balances."""
    path = {"customerId": "000002", "date": SUNDAY}
    _, whole = world.get(STATEMENT, {}, **path)
    parts: list[Any] = []
    token: dict[str, str] = {}
    while not parts or token:
        parts.append(world.get(STATEMENT, {"limit": "37"} | token, **path)[1])
        token = {"nextToken": parts[-1]["nextToken"]} if "nextToken" in parts[-1] else {}
    for name in ("lines", "trades"):
        assert [each for part in parts for each in part[name]] == whole[name]
    for part in parts:
        for name in ("opening", "closing", "changes", "totals", "positions"):
            assert part[name] == whole[name], name
