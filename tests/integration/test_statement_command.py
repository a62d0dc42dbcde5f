"""`make statement`: the pages that the API gives, put together."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from local import commands, system
from local.envfile import Access
from ops import commands as ops_commands
from tests.support import gateway, two_days
from tests.support.two_days import CUSTOMER, SUNDAY
from tests.support.world import World
from trading_client import NotFound

STATEMENT = "/customers/{customerId}/statements/{date}"


@pytest.fixture
def traded(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Pages are small, and what is up is this world."""
    two_days.trade(world)
    monkeypatch.setattr(Access, "api", lambda _: gateway.client(world))
    monkeypatch.setattr(system, "access", lambda: Access(gateway.URL, "ws://127.0.0.1", "broker", "secret"))
    monkeypatch.setitem(world.stage("data_extractor").module.Accounts.statement.__globals__, "ENTRIES_PER_PAGE", 4)
    return world


def said(*arguments: str) -> str:
    result = CliRunner().invoke(commands.cli, ["statement", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def pages_of(world: World) -> list[Any]:
    """The statement of SUNDAY as the API gives it."""
    pages: list[Any] = []
    query: dict[str, str] = {}
    while True:
        status, page = world.get(STATEMENT, query, customerId=CUSTOMER, date=SUNDAY)
        assert status == 200
        pages.append(page)
        if "nextToken" not in page:
            return pages
        query["nextToken"] = page["nextToken"]


def test_a_statement_is_one_document_however_many_pages_it_has(traded: World) -> None:
    before = len(traded.faults.calls)
    pages = pages_of(traded)
    assert len(pages) == 5
    after = len(traded.faults.calls)
    document = json.loads(said(CUSTOMER, "--date", SUNDAY))
    assert traded.faults.calls[after:] == traded.faults.calls[before:after]
    assert (len(document["lines"]), len(document["trades"])) == (11, 8)
    assert document["lines"] == [line for page in pages for line in page["lines"]]
    assert document.keys() == pages[0].keys() - {"nextToken"}
    for name in document.keys() - {"lines", "trades"}:
        assert document[name] == pages[0][name]


def test_a_statement_as_csv_has_one_header(traded: World) -> None:
    rows = said(CUSTOMER, "--date", SUNDAY, "--format", "csv").splitlines()
    assert [number for number, row in enumerate(rows) if row.startswith("dateTime,")] == [0]
    assert len(rows) == 1 + 1 + 19 + 4
    assert all(row.count(",") == rows[0].count(",") for row in rows)


def test_a_statement_that_is_refused_is_an_error_in_words(traded: World) -> None:
    for customer, date, detail in (
        ("999999", SUNDAY, "There is no customer 999999."),
        (CUSTOMER, "2026-02-30", "There is no such date: 2026-02-30"),
        ("../x", SUNDAY, "There is no such customerId: ../x"),
    ):
        with pytest.raises(NotFound) as refused:
            gateway.client(traded).accounts.statement(customer, date)
        assert str(refused.value) == f"404 not-found: {detail}"


@pytest.mark.parametrize("command", ["statement", "reconcile", "restore"])
@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("yesterday", "DATE is a date like 2026-11-24, not 'yesterday'."),
        ("2026-2-3", "DATE is a date like 2026-11-24, not '2026-2-3'."),
        ("2199-01-01", "2199-01-01 is yet to come."),
    ],
)
def test_an_invalid_or_future_day_is_refused_with_the_reason(command: str, date: str, said: str) -> None:
    argument = {"statement": [CUSTOMER], "reconcile": [], "restore": ["statistics"]}[command]
    cli = commands.cli if command in commands.cli.commands else ops_commands.cli
    result = CliRunner().invoke(cli, [command, *argument, "--date", date])
    assert (result.exit_code, said in result.output) == (1, True)
