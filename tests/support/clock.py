"""The clock and chance of a test: time stands still until it is moved, sleeping moves it, ids repeat."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from trading.aws import clock

START = datetime(2026, 11, 22, 14, 30, 0, 123000, tzinfo=UTC)


class Clock:
    """`now` is what the stages take as the time; `advance` moves it and all that they measure."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        self._passed = 0.0
        begun = time.monotonic()
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(clock, "_chance", random.Random(22))
        monkeypatch.setattr(clock, "jitter", lambda seconds: seconds)
        monkeypatch.setattr(time, "monotonic", lambda: begun + self._passed)
        monkeypatch.setattr(time, "sleep", self._sleep)

    def advance(self, **time_to_pass: float) -> None:
        self.now += timedelta(**time_to_pass)
        self._passed += timedelta(**time_to_pass).total_seconds()

    def _sleep(self, seconds: float) -> None:
        self._passed += seconds
