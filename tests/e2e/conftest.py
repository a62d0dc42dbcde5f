"""The deployed system, brought up once for all end-to-end tests, apart from one that a developer may have up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import Desk, signed_in, started
from tests.e2e.deployed import STATE, deployed
from tests.e2e.system import Customer, System

HERE = Path(__file__).parent
FIRST = ("test_access.py", "test_recovery.py", "test_promises.py", "test_reconciliation.py", "test_settlement.py")
"""Files whose tests read all that is stored, or send it again: while that is little."""
LAST = ("test_deployment.py", "test_nothing_lost.py", "test_traffic.py")
"""Files whose tests leave hundreds of orders behind. The last of them reconciles everything."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    before = -len(FIRST)
    turns = dict(zip((*FIRST, *LAST), (*range(before, 0), *range(1, len(LAST) + 1)), strict=True))

    def turn(item: pytest.Item) -> int:
        """What is no end-to-end test comes first: it may build what they deploy."""
        return turns.get(item.path.name, 0) if item.path.parent == HERE else before - 1

    items.sort(key=turn)


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """With `AUTH=true`, as always: a function is denied what its policy forgets."""
    with deployed(STATE) as there:
        yield there


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def customer(system: System) -> Iterator[Customer]:
    """Its open orders end with the test: the promises are held against a system in which all is settled."""
    new = system.customer()
    yield new
    assert new.caller.change("DELETE", f"/customers/{new.id}/orders").status == 202


@pytest.fixture
def desk(browser: Browser, customer: Customer) -> Iterator[Desk]:
    """A browser of its own in which the customer is signed in."""
    with signed_in(browser, customer.id) as signed:
        yield signed
