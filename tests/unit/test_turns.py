"""A test that measures runs alone; the others run beside one another."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event

import pytest

from tests.support import turns

SECONDS = 30.0
SHORT = 0.2


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(turns, "FOLDER", tmp_path)


class Running:
    """A test that runs, once it may, until it is told to end."""

    def __init__(self, pool: ThreadPoolExecutor, turn: AbstractContextManager[None]) -> None:
        self._runs, self._ends = Event(), Event()
        self._done: Future[None] = pool.submit(self._run, turn)

    def _run(self, turn: AbstractContextManager[None]) -> None:
        with turn:
            self._runs.set()
            assert self._ends.wait(SECONDS)

    def runs(self, seconds: float = SECONDS) -> bool:
        return self._runs.wait(seconds)

    def end(self) -> None:
        self._ends.set()
        self._done.result()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as made:
        yield made


def test_tests_run_beside_one_another(pool: ThreadPoolExecutor) -> None:
    running = [Running(pool, turns.among_others()) for _ in range(2)]
    assert all(each.runs() for each in running)
    for each in running:
        each.end()


def test_one_that_runs_alone_waits_for_those_that_run_and_those_that_come_wait_for_it(pool: ThreadPoolExecutor) -> None:
    before = Running(pool, turns.among_others())
    assert before.runs()
    measuring = Running(pool, turns.alone())
    assert not measuring.runs(SHORT)
    behind = Running(pool, turns.among_others())
    assert not behind.runs(SHORT)
    before.end()
    assert measuring.runs()
    assert not behind.runs(SHORT)
    measuring.end()
    assert behind.runs()
    behind.end()
