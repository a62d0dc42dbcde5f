"""The deployed system, brought up once for all end-to-end tests, apart from one that a developer may have up."""

from collections.abc import Iterator

import pytest

from tests.e2e.deployed import STATE, deployed
from tests.e2e.system import System


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """With `AUTH=true`, as always: a function is denied what its policy forgets."""
    with deployed(STATE) as there:
        yield there
