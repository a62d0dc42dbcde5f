"""The book is tested without a network."""

import pytest
from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A test that opens a socket fails."""
