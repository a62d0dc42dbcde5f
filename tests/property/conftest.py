"""Properties are checked without a network."""

import os

import pytest
from hypothesis import settings

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=EXAMPLES)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A test that opens a socket fails."""
