"""Days that are closed: their statements are final, and the next day opens with what was kept of them."""

from typing import Any

import pytest

from tests.support import events, two_days
from tests.support.two_days import CUSTOMER, MONDAY, SUNDAY
from tests.support.world import World
from trading.aws.store import closings

STATEMENT = "/customers/{customerId}/statements/{date}"


@pytest.fixture(autouse=True)
def _traded(world: World) -> None:
    two_days.trade(world)


def statement(world: World, date: str) -> dict[str, Any]:
    status, answer = world.get(STATEMENT, customerId=CUSTOMER, date=date)
    assert status == 200
    return dict(answer)


def test_a_day_that_is_closed_is_final_and_changes_nothing_of_the_next_one(world: World) -> None:
    before = statement(world, MONDAY)
    two_days.close(world, SUNDAY)
    assert (statement(world, SUNDAY)["final"], statement(world, MONDAY)) == (True, before)
    event = events.get(STATEMENT, {"customerId": CUSTOMER, "date": SUNDAY}, {"format": "csv"})
    last_row = world.stage("data_extractor")(event)["body"].splitlines()[-1]
    assert last_row.startswith("2026-11-22T23:59:59.999Z,Closing,,,,F,")


def test_a_quiet_day_has_the_balances_of_the_last_one_that_was_not(world: World) -> None:
    two_days.close(world, SUNDAY)
    closing = statement(world, MONDAY)["closing"]
    world.clock.advance(days=2)
    quiet = statement(world, "2026-11-25")
    assert (quiet["opening"], quiet["closing"], quiet["lines"]) == (closing, closing, [])


def test_the_ledger_before_a_closing_is_not_read_again(world: World) -> None:
    two_days.close(world, SUNDAY)
    table = world.table("TradesStore")
    before = closings.balances_at_start(table, CUSTOMER, MONDAY)
    calls = len(world.faults.calls)
    assert before.accounts.clearing > 0
    assert closings.balances_at_start(table, CUSTOMER, MONDAY) == before
    assert world.faults.calls[calls:] == ["dynamodb.Query"]
