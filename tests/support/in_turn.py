"""Stages that make calls in parallel make them one after the other: the same calls in the same order, every time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from unittest import mock


@contextmanager
def in_turn() -> Iterator[None]:
    """For stages that start meanwhile."""
    with mock.patch("concurrent.futures.ThreadPoolExecutor", InTurn):
        yield


class InTurn:
    """What a pool of threads does, one after the other."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, work: Callable[[Any], Any], *values: Any) -> Iterator[Any]:
        return iter([work(*each) for each in zip(*values, strict=True)])
