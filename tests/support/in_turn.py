"""Stages that make calls in parallel make them one after the other: the same calls in the same order, every time."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Self
from unittest import mock


@contextmanager
def in_turn() -> Iterator[None]:
    """For stages that start meanwhile."""
    with mock.patch("concurrent.futures.ThreadPoolExecutor", InTurn):
        yield


class InTurn:
    """What a pool of threads does, one after the other: what raises holds up none of the others, and is raised when its
    result is asked for. What ends the process, ends it.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, work: Callable[[Any], Any], *values: Any) -> Iterator[Any]:
        done: list[Future[Any]] = [_done(work, each) for each in zip(*values, strict=True)]
        return (each.result() for each in done)


def _done(work: Callable[..., Any], values: tuple[Any, ...]) -> Future[Any]:
    future: Future[Any] = Future()
    try:
        future.set_result(work(*values))
    except Exception as error:  # noqa: BLE001 # whatever it is, it is raised where the result is asked for
        future.set_exception(error)
    return future
