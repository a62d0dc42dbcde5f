"""A system of its own for every test, on moto: nothing leaves the process."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import boto3
import pytest

from ops import dead_letter_queues, redrive
from tests.support import new_world as worlds
from tests.support.altered_day import Day
from tests.support.reconciled_day import DATE
from tests.support.world import World

NewWorld = Callable[..., AbstractContextManager[World]]


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """A call that moto does not answer fails."""


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One for all tests: it keeps what it has read of AWS's service descriptions."""
    return worlds.new_session()


@pytest.fixture(scope="session")
def new_world(session: boto3.Session) -> NewWorld:
    return partial(worlds.new_world, session)


@pytest.fixture
def world(new_world: NewWorld) -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks at dead letters, or redrives them, waits neither for more of them nor for what becomes of them."""
    monkeypatch.setattr(dead_letter_queues, "WAIT_SECONDS", 0)
    monkeypatch.setattr(redrive, "TAKEN_SECONDS", 0)


@pytest.fixture
def reconciled(world: World) -> Iterator[None]:
    """In the end the day is reconciled: for tests that leave nothing under way."""
    yield
    assert world.breaks(DATE) == []


@pytest.fixture(scope="module")
def shared_world(new_world: NewWorld) -> Iterator[World]:
    """One for all tests of a module that only ask, or only ask for what is refused."""
    with new_world() as made:
        yield made


@pytest.fixture(scope="module")
def day(new_world: NewWorld) -> Iterator[Day]:
    """A day that is over, in a world of the module's own."""
    with new_world() as world:
        world.tampered = True
        yield Day(world)
