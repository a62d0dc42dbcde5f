"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable

INTERVAL = 0.05


def deadline(seconds: float) -> float:
    """The instant, of time.monotonic(), that is so far away."""
    return time.monotonic() + seconds


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within this time."""
    end = deadline(seconds)
    while not holds():
        if time.monotonic() >= end:
            return False
        time.sleep(INTERVAL)
    return True
