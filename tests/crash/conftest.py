"""Nothing leaves the process; AWS's service descriptions are read once."""

import boto3
import pytest

from tests.support.new_world import new_session


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A call that moto does not answer fails."""


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return new_session()
