"""A stage's time limit: no call of AWS is begun that may not end before Lambda stops the function.

So a stage ends with an error, and what it was given comes again in seconds. What a stopped function had received comes
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
"""What is kept of the time limit for all that is no call."""


class OutOfTime(BotoCoreError):
    """There is no time left for this attempt at a call. It is no more known than of any other call that failed."""

    fmt = "no time is left for an attempt that may take {seconds} s"


class TimeLimit:
    """When the function is stopped that is at work in this process: Lambda gives it one event at a time."""

    def __init__(self) -> None:
        self._ends = math.inf

    @contextmanager
    def until(self, ends: float) -> Iterator[None]:
        """Meanwhile the function is stopped at this moment, of time.monotonic(); afterwards nothing is at work."""
        self._ends = ends
        try:
            yield
        finally:
            self._ends = math.inf

    @contextmanager
    def earlier(self, seconds: float) -> Iterator[None]:
        """Meanwhile so much is kept of the time, for what comes afterwards."""
        ends = self._ends
        self._ends = ends - seconds
        try:
            yield
        finally:
            self._ends = ends

    def deadline(self, reserved: float) -> float:
        """The moment, of time.monotonic(), from which no more than `reserved` seconds are left."""
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
