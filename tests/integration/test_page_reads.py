"""A page of an account's history reads what it shows, however long the history is: what is read is paid for."""

import pytest

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
    events = world.client("dynamodb").meta.events
    events.register("after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"]))
    status, answer = world.get(resource, {"limit": "2"}, customerId="000002")
    assert (status, len(answer[name])) == (200, 2)
    assert "nextToken" in answer
    assert sum(read) <= 3


def test_a_page_of_the_ledger_reads_a_hundred_items_at_a_time_as_many_may_move_nothing(world: World) -> None:
    for _ in range(4):
        world.post([entered(quantity=1, price="100.00") for _ in range(45)])
        world.settle()
    read: list[int] = []
    events = world.client("dynamodb").meta.events
    events.register("after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"]))
    status, answer = world.get("/customers/{customerId}/ledger", {"limit": "2"}, customerId="000002")
    assert (status, len(answer["ledger"])) == (200, 2)
    assert "nextToken" in answer
    assert max(read) <= 100
    assert len(read) <= 3
