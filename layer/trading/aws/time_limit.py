"""A stage's time limit: no call of AWS begins that may not end before Lambda stops the function.

So a stage ends with an error, and its messages come again in seconds. The messages of a function that was stopped come
again only after the queue's visibility time-out, which is minutes.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError

T = TypeVar("T")
SPARE_SECONDS = 1.0
"""Seconds of the time limit that are kept for everything but calls."""


class OutOfTime(BotoCoreError):
    """There is no time left for this attempt at a call. Like with any failed call, it is not known whether an earlier
    attempt was done.
    """

    fmt = "no time is left for an attempt that may take {seconds} s"


class TimeLimit:
    """When Lambda will stop the function. A process handles one event at a time."""

    def __init__(self) -> None:
        self._ends = math.inf

    @contextmanager
    def until(self, ends: float) -> Iterator[None]:
        """Sets the moment, of time.monotonic(), at which the function is stopped; afterwards there is no limit."""
        self._ends = ends
        try:
            yield
        finally:
            self._ends = math.inf

    @contextmanager
    def earlier(self, seconds: float) -> Iterator[None]:
        """Meanwhile sets the limit earlier by these seconds, which are kept for what comes afterwards."""
        ends = self._ends
        self._ends = ends - seconds
        try:
            yield
        finally:
            self._ends = ends

    def deadline(self, reserved: float) -> float:
        """The moment, of time.monotonic(), at which `reserved` seconds are left."""
        return self._ends - reserved

    def require(self, seconds: float) -> None:
        """Raises OutOfTime unless there is so much time left."""
        if time.monotonic() + seconds + SPARE_SECONDS > self._ends:
            raise OutOfTime(seconds=seconds)


TIME_LIMIT = TimeLimit()


def time_limited(handler: Callable[[dict[str, Any], Any], T]) -> Callable[[dict[str, Any], Any], T]:
    """A handler of Lambda whose calls of AWS all end before the time limit of its context."""

    @wraps(handler)
    def limited(event: dict[str, Any], context: Any) -> T:
        with TIME_LIMIT.until(time.monotonic() + context.get_remaining_time_in_millis() / 1000):
            return handler(event, context)

    return limited
