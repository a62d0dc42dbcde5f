"""Properties are checked without a network."""

import pytest

from tests.support import examples

examples.repeat()


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A test that opens a socket fails."""
