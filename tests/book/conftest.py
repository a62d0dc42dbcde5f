"""The book is tested without a network."""

import os

import pytest
from hypothesis import Phase, settings

PHASES = [phase for phase in Phase if phase is not Phase.shrink or "MUTANT_UNDER_TEST" not in os.environ]
"""Nobody reads the example that fails for a mutant, and making it small takes minutes."""

settings.register_profile("repeatable", deadline=None, derandomize=True, phases=PHASES)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A test that opens a socket fails."""
